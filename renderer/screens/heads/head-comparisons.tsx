/** A head beside its parent and beside the mean of Q and S, on rows that none of them was trained on; the head's note says it in words. */
import { Stack, Table, Text } from '@mantine/core';
import type { Head, HeadComparison } from '../../../contract/heads.ts';
import { Estimate } from '../../shared/estimate.tsx';
import { describeNeed, formatP, VerdictBadge } from '../../shared/verdict.tsx';
import { judgeHead, verdictWords } from './judge-heads.ts';

const names: Record<HeadComparison['against'], string> = {
  parent: 'its parent',
  meanOfSignals: 'the mean of Q and S',
};

/** Nothing where it was compared with nothing. */
export function HeadComparisons({ head }: { head: Head }) {
  const comparisons = head.heldOut?.comparisons ?? [];
  if (comparisons.length === 0) return null;
  const isUnfair = (against: HeadComparison['against']) =>
    against === 'parent' && head.heldOut !== null && judgeHead(head.heldOut) === 'unfair';
  return (
    <Stack gap="sm">
      <Table aria-label="Compared on the same held-out images" verticalSpacing={5}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>This head less</Table.Th>
            <Table.Th>SRCC, paired</Table.Th>
            <Table.Th>PLCC, paired</Table.Th>
            <Table.Th>Tests on SRCC</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {comparisons.map(({ against, srcc, plcc, williamsP, steigerP, verdict }) => (
            <Table.Tr key={against} data-against={against} data-verdict={verdict}>
              <Table.Th scope="row" fw={500}>
                {names[against]}
              </Table.Th>
              <Table.Td>
                <Estimate estimate={srcc} decimals={4} isSigned />
              </Table.Td>
              <Table.Td>
                <Estimate estimate={plcc} decimals={4} isSigned />
              </Table.Td>
              <Table.Td className="numbers">
                <Text size="xs">
                  {steigerP === null ? 'no test' : `Steiger p ${formatP(steigerP)}`}
                  {williamsP === null ? '' : `, Williams p ${formatP(williamsP)}`}
                </Text>
              </Table.Td>
              <Table.Td miw={124}>
                {isUnfair(against) ? (
                  <Text size="xs">{verdictWords.unfair}</Text>
                ) : (
                  <VerdictBadge verdict={verdict} />
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {comparisons.map(({ against, verdict, labelsToTell }) =>
        verdict === 'undecided' && !isUnfair(against) ? (
          <Text key={against} size="xs" c="dimmed" className="numbers">
            Beside {names[against]} it is not told apart. {describeNeed('labels', labelsToTell)}
          </Text>
        ) : null,
      )}
    </Stack>
  );
}
