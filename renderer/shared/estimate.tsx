/** A number with its 95 % interval, or the reason why there is none. */
import { Text, Tooltip } from '@mantine/core';
import type { EstimateOrReason } from '../../contract/common.ts';
import { formatCount, formatScore } from './format.ts';

interface EstimateProps {
  estimate: EstimateOrReason;
  decimals?: number;
  /** Shows the plus sign of a difference. */
  isSigned?: boolean;
}

/** `0.823 [0.801, 0.845]`; how the interval was made on hover. */
export function Estimate({ estimate, decimals = 3, isSigned = false }: EstimateProps) {
  if (!('value' in estimate)) {
    return (
      <Text span size="xs" c="dimmed">
        {estimate.reason}
      </Text>
    );
  }
  const { value, n, method, analytic } = estimate;
  const beside =
    analytic === undefined
      ? ''
      : `; in closed form ${formatInterval(analytic, decimals)} (${analytic.method})`;
  const sign = isSigned && value > 0 ? '+' : '';
  const interval = formatInterval(estimate, decimals);
  return (
    <Tooltip label={`n = ${formatCount(n)}; interval: ${method}${beside}`} multiline maw={360}>
      <span className="numbers" style={{ whiteSpace: 'nowrap' }}>
        <b>
          {sign}
          {formatScore(value, decimals)}
        </b>{' '}
        <Text span size="xs" c="dimmed">
          {interval === '' ? 'no interval' : interval}
        </Text>
      </span>
    </Tooltip>
  );
}

/** `[0.801, 0.845]`, `up to 0.845` or `from 0.801` where it has one end; empty where there is no interval. */
export function formatInterval(
  { low, high }: { low: number | null; high: number | null },
  decimals = 3,
): string {
  if (low !== null && high !== null) return `[${formatScore(low, decimals)}, ${formatScore(high, decimals)}]`;
  if (high !== null) return `up to ${formatScore(high, decimals)}`;
  return low === null ? '' : `from ${formatScore(low, decimals)}`;
}
