/** The coefficients for each generator alone: agreement across generators can hide that there is none within them. */
import { Table } from '@mantine/core';
import type { Agreement } from '../../../contract/agreement.ts';
import { Estimate } from '../../shared/estimate.tsx';
import { formatCount } from '../../shared/format.ts';
import { EstimateBar } from './estimate-bar.tsx';
import { ScrollBox } from './scroll-box.tsx';

const columns = [
  { key: 'mainScore', label: 'Main score' },
  { key: 'srcc', label: 'SRCC' },
  { key: 'plcc', label: 'PLCC' },
  { key: 'krcc', label: 'KRCC' },
  { key: 'rmseMapped', label: 'RMSE mapped' },
] as const;

export function GeneratorTable({ agreement }: { agreement: Agreement }) {
  return (
    <ScrollBox label="Coefficients by generator">
      <Table aria-label="Coefficients by generator" verticalSpacing={5}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Generator</Table.Th>
            <Table.Th ta="right">n</Table.Th>
            {columns.map(({ key, label }) => (
              <Table.Th key={key}>{label}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {agreement.byGenerator.map(({ generator, coefficients }) => (
            <Table.Tr key={generator ?? ''}>
              <Table.Th scope="row" fw={500}>
                {generator ?? 'not known'}
              </Table.Th>
              <Table.Td ta="right" className="numbers">
                {formatCount(coefficients.n)}
              </Table.Td>
              {columns.map(({ key }) => (
                <Table.Td key={key}>
                  <Estimate estimate={coefficients[key]} />
                  {key === 'rmseMapped' ? null : (
                    <EstimateBar estimate={coefficients[key]} ceiling={agreement.humanCeiling} />
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollBox>
  );
}
