/** The scores on their way out, pack by pack: everything as a table, or the lines that the challenge takes. */
import { Group, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Head } from '../../../contract/heads.ts';
import type { PackInfo } from '../../../contract/pack.ts';
import { orpc } from '../../api/client.ts';
import { ExportLink } from '../../shared/export-link.tsx';
import { describeOutputs, nameWithState, precisionWarning } from '../../shared/pack-words.ts';
import { Card } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import { ChallengeButton } from './challenge-button.tsx';

export function ScoresCard() {
  const packs = useQuery(orpc.packs.list.queryOptions());
  const heads = useQuery(orpc.heads.list.queryOptions()).data ?? [];
  return (
    <Card
      title="Scores"
      note="One row a file: prompt, signals, the scores of the active heads and their names. What does not exist is empty. The challenge’s lines (name,score) follow the prompt list that was imported last, such as info_test.xlsx."
    >
      <QueryGate query={packs}>
        {(all) => (
          <Table aria-label="Scores" verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Pack</Table.Th>
                <Table.Th>Gives</Table.Th>
                <Table.Th>Active heads</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {all.map((pack) => (
                <PackRow key={pack.id} pack={pack} heads={heads.filter(({ packId }) => packId === pack.id)} />
              ))}
            </Table.Tbody>
          </Table>
        )}
      </QueryGate>
    </Card>
  );
}

function PackRow({ pack, heads }: { pack: PackInfo; heads: Head[] }) {
  const { id, title, isUntrained, network } = pack;
  const warning = precisionWarning(pack);
  const active = heads.filter(({ isActive }) => isActive);
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={500}>
          {nameWithState(pack)}
        </Text>
        {network !== null && (
          <Text size="xs" c="dimmed">
            {network.precision}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {describeOutputs(pack)}
        {warning !== null && (
          <Text size="xs" maw={420}>
            {warning}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{active.map(({ name, target }) => `${name} (${target})`).join(', ') || 'none'}</Table.Td>
      <Table.Td>
        {isUntrained ? (
          <Text size="xs" c="dimmed" ta="right">
            Its numbers are not scores.
          </Text>
        ) : (
          <Group gap={6} justify="flex-end" wrap="nowrap">
            <ExportLink request={{ kind: 'scores', packId: id }} label="Scores CSV" about={title} />
            {'overall' in pack.activeHeads && <ChallengeButton pack={pack} />}
          </Group>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
