/** The first rows of a table that comes in or goes out, as they stand in the file. */
import { Table } from '@mantine/core';
import classes from './first-rows.module.css';

const shownRows = 5;

interface FirstRowsProps {
  header: readonly string[];
  rows: readonly (readonly string[])[];
}

export function FirstRows({ header, rows }: FirstRowsProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section className={classes['rows']} aria-label="First rows" tabIndex={0}>
      <Table fz="xs" verticalSpacing={3} withColumnBorders>
        <Table.Thead>
          <Table.Tr>
            {header.map((column, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have the same name
              <Table.Th key={at} className={classes['cell']} title={column}>
                {column}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.slice(0, shownRows).map((row, line) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are known by their place
            <Table.Tr key={line}>
              {row.map((cell, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <Table.Td key={at} className={classes['cell']}>
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
