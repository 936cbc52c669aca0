/** How far each rater of a study is. */
import { Progress, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { orpc } from '../../api/client.ts';
import { formatCount, formatTime } from '../../shared/format.ts';
import { Card } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';

export function RaterTable({ studyId }: { studyId: number }) {
  const raters = useQuery(orpc.studies.raters.queryOptions({ input: { studyId } }));
  return (
    <Card title="Raters">
      <QueryGate query={raters}>
        {(all) =>
          all.length === 0 ? (
            <Text size="sm" c="dimmed">
              Nobody has rated yet.
            </Text>
          ) : (
            <Table aria-label="Raters" verticalSpacing={4} className="numbers">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>Done</Table.Th>
                  <Table.Th>Last vote</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {all.map(({ id, name, done, total, lastVoteAt }) => (
                  <Table.Tr key={id}>
                    <Table.Td>{name}</Table.Td>
                    <Table.Td>
                      {formatCount(done)} of {formatCount(total)}
                      <Progress
                        size={3}
                        mt={3}
                        value={total === 0 ? 0 : (done / total) * 100}
                        aria-label={`Progress of ${name}`}
                      />
                    </Table.Td>
                    <Table.Td>{lastVoteAt === null ? '–' : formatTime(lastVoteAt)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </QueryGate>
    </Card>
  );
}
