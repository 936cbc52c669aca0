/** The signals of a pack with their meaning, and those it cannot give, with the reason. */
import { Table } from '@mantine/core';
import type { PackInfo } from '../../../contract/pack.ts';

export function SignalTable({ pack: { signals, absent } }: { pack: PackInfo }) {
  return (
    <Table fz="sm" verticalSpacing={4} aria-label="Signals">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Signal</Table.Th>
          <Table.Th>Meaning</Table.Th>
          <Table.Th>Better</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {signals.map(({ name, label, description, higherIsBetter }) => (
          <Table.Tr key={name}>
            <Table.Td style={{ whiteSpace: 'nowrap' }}>{label}</Table.Td>
            <Table.Td>{description}</Table.Td>
            <Table.Td>{higherIsBetter === null ? 'neither' : higherIsBetter ? 'higher' : 'lower'}</Table.Td>
          </Table.Tr>
        ))}
        {absent.map(({ name, reason }) => (
          <Table.Tr key={name}>
            <Table.Td>{name.toUpperCase()}</Table.Td>
            <Table.Td>{reason}</Table.Td>
            <Table.Td>
              <b>absent</b>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
