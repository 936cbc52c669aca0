/** Held-out SRCC by number of labels: whether more of them help. */
import { Text } from '@mantine/core';
import type { CurvePoint } from '../../../contract/heads.ts';
import { formatCoefficient, formatCount } from '../../shared/format.ts';
import { Plot } from '../../shared/plot.tsx';
import classes from './heads.module.css';

export function LearningCurve({ points }: { points: CurvePoint[] }) {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) {
    return (
      <Text size="sm">There is no learning curve: it was not asked for, or there are too few labels.</Text>
    );
  }
  const low = Math.min(...points.map((point) => point.low));
  const high = Math.max(...points.map((point) => point.high));
  const edge = (high - low || 0.1) * 0.08;
  return (
    <>
      <Plot
        label={`Held-out SRCC from ${formatCoefficient(first.srcc)} with ${first.labels} labels to ${formatCoefficient(last.srcc)} with ${last.labels}`}
        x={{
          low: Math.log(first.labels),
          high: Math.log(last.labels),
          label: 'labels',
          ticks: points.map(({ labels }) => ({ at: Math.log(labels), text: formatCount(labels) })),
        }}
        y={{ low: low - edge, high: high + edge, label: 'held-out SRCC' }}
      >
        {(px, py) => (
          <>
            <polygon
              className={classes['band']}
              points={[
                ...points.map((point) => `${px(Math.log(point.labels))},${py(point.high)}`),
                ...points.toReversed().map((point) => `${px(Math.log(point.labels))},${py(point.low)}`),
              ].join(' ')}
            />
            <polyline
              className={classes['line']}
              points={points.map(({ labels, srcc }) => `${px(Math.log(labels))},${py(srcc)}`).join(' ')}
            />
            {points.map(({ labels, srcc }) => (
              <circle key={labels} className={classes['dot']} cx={px(Math.log(labels))} cy={py(srcc)} r={3} />
            ))}
          </>
        )}
      </Plot>
      <Text size="xs" c="dimmed">
        Mean over folds, with the lowest and the highest fold as the band. A curve that still rises says that
        more labels help.
      </Text>
    </>
  );
}
