/** The paper's Table 5 on the user's images: every head, signal and metric by main score. */
import { Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Comparison } from '../../../contract/agreement.ts';
import type { Ranking } from '../../../contract/agreement-tables.ts';
import { orpc } from '../../api/client.ts';
import { formatCount } from '../../shared/format.ts';
import { Card } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import { keyOfPrediction } from './choose-comparison.ts';
import { DifferenceCell } from './difference-cell.tsx';
import { DrawnEstimate } from './estimate-bar.tsx';
import { ScrollBox } from './scroll-box.tsx';

export function RankingView({ comparison }: { comparison: Comparison }) {
  const { mosSetId, dimension, prediction } = comparison;
  const ranking = useQuery(
    orpc.agreement.ranking.queryOptions({
      input: { mosSetId, dimension },
      placeholderData: keepPreviousData,
    }),
  );
  return (
    <Card
      title="Ranking by main score"
      note="SF-IQA, Table 5: every head, signal and imported metric on the images that it has scored. The lead of the best one is measured on the images that both have."
    >
      <QueryGate query={ranking}>
        {(all) => <RankingRows ranking={all} shown={keyOfPrediction(prediction)} />}
      </QueryGate>
    </Card>
  );
}

function RankingRows({ ranking: { rows, humanCeiling }, shown }: { ranking: Ranking; shown: string }) {
  return (
    <ScrollBox label="Scores by main score">
      <Table aria-label="Scores by main score" verticalSpacing={5}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Rank</Table.Th>
            <Table.Th>Score</Table.Th>
            <Table.Th ta="right">n</Table.Th>
            <Table.Th>Main score</Table.Th>
            <Table.Th>SRCC</Table.Th>
            <Table.Th>PLCC</Table.Th>
            <Table.Th>The best is ahead by, SRCC</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ rank, prediction, label, coefficients, missingPrediction, difference }) => {
            const key = keyOfPrediction(prediction);
            return (
              <Table.Tr key={key} aria-current={key === shown ? 'true' : undefined}>
                <Table.Td className="numbers">{rank}</Table.Td>
                <Table.Th scope="row" fw={key === shown ? 700 : 500}>
                  {label}
                  <Text size="xs" c="dimmed" fw={400}>
                    {key === shown ? 'the one shown in the overview' : ''}
                  </Text>
                </Table.Th>
                <Table.Td ta="right" className="numbers">
                  {formatCount(coefficients.n)}
                  {missingPrediction > 0 && (
                    <Text size="xs" c="dimmed">
                      {formatCount(missingPrediction)} missing
                    </Text>
                  )}
                </Table.Td>
                {(['mainScore', 'srcc', 'plcc'] as const).map((measure) => (
                  <Table.Td key={measure}>
                    <DrawnEstimate estimate={coefficients[measure]} ceiling={humanCeiling} />
                  </Table.Td>
                ))}
                <Table.Td>{difference === null ? null : <DifferenceCell difference={difference} />}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </ScrollBox>
  );
}
