/** What a paired difference says: in words, with how much it would take where it says nothing yet. */
import { Badge } from '@mantine/core';
import type { PairedDifference } from '../../contract/agreement-tables.ts';
import { formatCount } from './format.ts';

/** A p-value: three decimals, `< 0.001` below. */
export function formatP(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

const words = { better: 'better', worse: 'worse', undecided: 'not told apart' };

/** `better`, `worse`, or that the two cannot be told apart. */
export function VerdictBadge({ verdict }: Pick<PairedDifference, 'verdict'>) {
  const colour = { better: 'jade', worse: 'red', undecided: 'gray' }[verdict];
  return (
    <Badge size="sm" color={colour} variant={verdict === 'undecided' ? 'default' : 'filled'}>
      {words[verdict]}
    </Badge>
  );
}

/** Two digits: more would say more than is known. Few images tell nothing of others, many nobody rates. */
function round(count: number): string {
  if (count < 30) return 'fewer than 30';
  if (count > 50_000) return 'more than 50,000';
  return formatCount(Number(count.toPrecision(2)));
}

/** How many it takes to tell: this difference, one of 0.05, one of 0.02. */
export function describeNeed(
  what: 'images' | 'labels',
  { observed, gain005, gain002 }: PairedDifference['imagesToTell'],
): string | null {
  const parts = [
    ...(observed === null ? [] : [`${round(observed)} for the difference seen here`]),
    ...(gain005 === null ? [] : [`${round(gain005)} for one of 0.05`]),
    ...(gain002 === null ? [] : [`${round(gain002)} for one of 0.02`]),
  ];
  return parts.length === 0 ? null : `To tell, about as many ${what} are needed: ${parts.join(', ')}.`;
}
