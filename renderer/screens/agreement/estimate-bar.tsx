/** A coefficient drawn: its value, its 95 % interval, and the human ceiling, that is where raters stand against raters. */
import type { EstimateOrReason } from '../../../contract/common.ts';
import { Estimate } from '../../shared/estimate.tsx';
import classes from './agreement.module.css';

interface EstimateBarProps {
  estimate: EstimateOrReason;
  ceiling: EstimateOrReason;
}

const width = 120;
const height = 12;
const edge = 4;

/** From 0 to 1, from −1 where the interval goes below 0; nothing where the coefficient does not exist. */
export function EstimateBar({ estimate, ceiling }: EstimateBarProps) {
  if (!('value' in estimate)) return null;
  const { value, low, high } = estimate;
  const from = Math.min(value, low ?? value) < 0 ? -1 : 0;
  const x = (at: number) =>
    edge + ((width - 2 * edge) * (Math.min(1, Math.max(from, at)) - from)) / (1 - from);
  const middle = height / 2;
  return (
    <svg className={classes['bar']} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <line className={classes['track']} x1={x(from)} x2={x(1)} y1={middle} y2={middle} />
      {from < 0 && <line className={classes['track']} x1={x(0)} x2={x(0)} y1={2} y2={height - 2} />}
      {low !== null && high !== null && (
        <line className={classes['whisker']} x1={x(low)} x2={x(high)} y1={middle} y2={middle} />
      )}
      <circle className={classes['dot']} cx={x(value)} cy={middle} r={3} />
      {'value' in ceiling && (
        <line className={classes['ceiling']} x1={x(ceiling.value)} x2={x(ceiling.value)} y1={0} y2={height} />
      )}
    </svg>
  );
}

/** The number over its drawing, for tables. */
export function DrawnEstimate({ estimate, ceiling }: EstimateBarProps) {
  return (
    <>
      <Estimate estimate={estimate} />
      <EstimateBar estimate={estimate} ceiling={ceiling} />
    </>
  );
}
