/** What was recognised in the files, and what adding costs on disk. */
import { List, Table, Text } from '@mantine/core';
import type { PackPlan, PackWeights } from '../../../../contract/pack.ts';
import { formatBytes, formatCount } from '../../../shared/format.ts';
import classes from '../models.module.css';

/** What becomes of the weights. */
const fates: Record<PackWeights, string> = {
  linked: 'linked, not copied',
  inPlace: 'read where they lie',
  copied: 'copied into the library',
  converted: 'converted once',
};

export function PlanView({ plan }: { plan: PackPlan }) {
  const { parts, writesBytes, weights, freeBytes, graphFolder, notes } = plan;
  const readsBytes = parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return (
    <div>
      <Table aria-label="What was recognised" verticalSpacing={4} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Recognised as</Table.Th>
            <Table.Th>File</Table.Th>
            <Table.Th ta="right">Tensors</Table.Th>
            <Table.Th ta="right">Size</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody className="numbers">
          {parts.map(({ what, path, sizeBytes, tensors, sets }) => (
            <Table.Tr key={`${what} ${path}`}>
              <Table.Td>
                {what}
                {sets.length > 0 && (
                  <Text size="xs" c="dimmed">
                    {sets.join(', ')}
                  </Text>
                )}
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{path}</Table.Td>
              <Table.Td ta="right">{formatCount(tensors)}</Table.Td>
              <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                {formatBytes(sizeBytes)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <dl className={classes['facts']} style={{ marginTop: 10 }}>
        <dt>Written</dt>
        <dd className="numbers">
          <b>{formatBytes(writesBytes)}</b>{' '}
          <Text span size="sm" c="dimmed">
            of {formatBytes(freeBytes)} that are free; the {formatBytes(readsBytes)} of your files are{' '}
            {fates[weights]}
          </Text>
        </dd>
        <dt>Where</dt>
        <dd>{graphFolder}</dd>
      </dl>
      {notes.length > 0 && (
        <List size="sm" spacing={2} mt={8}>
          {notes.map((note) => (
            <List.Item key={note}>{note}</List.Item>
          ))}
        </List>
      )}
    </div>
  );
}
