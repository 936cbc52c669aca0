/** The coefficients of a comparison, each with its interval and n, and the human ceiling beside them. */
import { Table, Text } from '@mantine/core';
import type { Agreement, Coefficients } from '../../../contract/agreement.ts';
import { Estimate } from '../../shared/estimate.tsx';
import { formatCount } from '../../shared/format.ts';

const rows: { key: Exclude<keyof Coefficients, 'n'>; label: string; about: string }[] = [
  { key: 'mainScore', label: 'Main score', about: '(SRCC + PLCC) / 2' },
  { key: 'srcc', label: 'SRCC', about: 'rank correlation' },
  { key: 'plcc', label: 'PLCC', about: 'linear correlation' },
  { key: 'krcc', label: 'KRCC', about: 'Kendall’s τ-b' },
  { key: 'rmse', label: 'RMSE', about: 'both scales as they are' },
  { key: 'plccMapped', label: 'PLCC mapped', about: 'after the mapping' },
  { key: 'rmseMapped', label: 'RMSE mapped', about: 'in MOS units' },
];

export function CoefficientTable({ agreement }: { agreement: Agreement }) {
  const { overall, humanCeiling, missingPrediction, higherIsBetter } = agreement;
  return (
    <>
      <Table aria-label="Coefficients" verticalSpacing={5}>
        <Table.Tbody>
          {rows.map(({ key, label, about }) => (
            <Table.Tr key={key}>
              <Table.Th scope="row" fw={500}>
                {label}
                <Text size="xs" c="dimmed" fw={400} style={{ whiteSpace: 'nowrap' }}>
                  {about}
                </Text>
              </Table.Th>
              <Table.Td ta="right">
                <Estimate estimate={overall[key]} />
              </Table.Td>
              <Table.Td ta="right" c="dimmed" className="numbers">
                <Text size="xs" style={{ whiteSpace: 'nowrap' }}>
                  n {formatCount(overall[key].n)}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
          <Table.Tr>
            <Table.Th scope="row" fw={500}>
              Human ceiling
              <Text size="xs" c="dimmed" fw={400} style={{ whiteSpace: 'nowrap' }}>
                raters against raters
              </Text>
            </Table.Th>
            <Table.Td ta="right">
              <Estimate estimate={humanCeiling} />
            </Table.Td>
            <Table.Td ta="right" c="dimmed" className="numbers">
              <Text size="xs" style={{ whiteSpace: 'nowrap' }}>
                n {formatCount(humanCeiling.n)}
              </Text>
            </Table.Td>
          </Table.Tr>
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed" mt="xs" className="numbers">
        {missingPrediction === 0
          ? 'Every image with a MOS has a prediction.'
          : `${formatCount(missingPrediction)} images with a MOS have no prediction and are left out.`}
        {higherIsBetter
          ? ''
          : ' Less is better for this prediction, so its sign is turned in the coefficients.'}
      </Text>
    </>
  );
}
