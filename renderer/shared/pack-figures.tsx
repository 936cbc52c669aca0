/** What the shipped heads of a pack were worth where they were judged: SRCC and PLCC by condition. */
import { Table, Text } from '@mantine/core';
import type { ShippedHead } from '../../contract/pack.ts';
import { formatCoefficient } from './format.ts';

const conditionNames: Record<string, string> = {
  clean: 'as they are',
  resized400: 'resized to 400 px and back',
  jpeg50: 'saved as JPEG of quality 50',
};

export function PackFigures({ heads }: { heads: readonly ShippedHead[] }) {
  const conditions = [...new Set(heads.flatMap(({ figures }) => Object.keys(figures)))];
  if (conditions.length === 0) return null;
  return (
    <div>
      <Table withRowBorders={false} verticalSpacing={3} className="numbers" w="auto" fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Images</Table.Th>
            {heads.map(({ target }) => [
              <Table.Th key={`${target} srcc`} ta="right">
                {target} SRCC
              </Table.Th>,
              <Table.Th key={`${target} plcc`} ta="right">
                {target} PLCC
              </Table.Th>,
            ])}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {conditions.map((condition) => (
            <Table.Tr key={condition}>
              <Table.Td>{conditionNames[condition] ?? condition}</Table.Td>
              {heads.map(({ target, figures }) => [
                <Table.Td key={`${target} srcc`} ta="right">
                  {formatCoefficient(figures[condition]?.srcc)}
                </Table.Td>,
                <Table.Td key={`${target} plcc`} ta="right">
                  {formatCoefficient(figures[condition]?.plcc)}
                </Table.Td>,
              ])}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed" mt={4}>
        Agreement with human scores on prompts that were not used for training (cross-validated). 1 is
        perfect, 0 is chance.
      </Text>
    </div>
  );
}
