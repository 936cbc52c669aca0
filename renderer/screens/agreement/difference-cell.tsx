/** A paired difference of two scores in a table's cell. */
import { Text } from '@mantine/core';
import type { PairedDifference } from '../../../contract/agreement-tables.ts';
import { Estimate } from '../../shared/estimate.tsx';
import { formatCount } from '../../shared/format.ts';
import { formatP } from '../../shared/verdict.tsx';

/** Interval, Steiger and Williams, n. */
export function DifferenceCell({ difference }: { difference: PairedDifference }) {
  const { srcc, tests, n } = difference;
  return (
    <>
      <Estimate estimate={srcc} isSigned />
      <Text size="xs" c="dimmed" className="numbers">
        {'reason' in tests.srcc
          ? tests.srcc.reason
          : `Steiger p ${formatP(tests.srcc.steiger.p)} · Williams p ${formatP(tests.srcc.williams.p)}`}
      </Text>
      <Text size="xs" c="dimmed" className="numbers">
        n {formatCount(n)}
      </Text>
    </>
  );
}
