/** How sure a head's value is: its conformal interval and what it was measured on, or why there is none. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { orpc } from '../../api/client.ts';
import { formatScore } from '../../shared/format.ts';
import { QueryGate } from '../../shared/query-gate.tsx';

export function HeadIntervalView({ headId }: { headId: number }) {
  const interval = useQuery(orpc.heads.interval.queryOptions({ input: { id: headId } }));
  return (
    <QueryGate query={interval}>
      {({ coverage, halfWidth, sentence }) => (
        <>
          {halfWidth !== null && (
            <Text size="sm" className="numbers">
              ± {formatScore(halfWidth)} around a value holds the label in {formatScore(coverage * 100, 0)} %
              of images like these.
            </Text>
          )}
          <Text size="sm" c="dimmed">
            {sentence}
          </Text>
        </>
      )}
    </QueryGate>
  );
}
