/** The coefficients of a comparison, each with its intervals and n, drawn beside the human ceiling. */
import { Table, Text } from '@mantine/core';
import type { Agreement, Coefficients } from '../../../contract/agreement.ts';
import type { EstimateOrReason } from '../../../contract/common.ts';
import { Estimate, formatInterval } from '../../shared/estimate.tsx';
import { formatCount } from '../../shared/format.ts';
import { EstimateBar } from './estimate-bar.tsx';

/** `isCorrelation`: it has the scale of the human ceiling. */
const rows: {
  key: Exclude<keyof Coefficients, 'n'>;
  label: string;
  about: string;
  isCorrelation?: true;
}[] = [
  { key: 'mainScore', label: 'Main score', about: '(SRCC + PLCC) / 2', isCorrelation: true },
  { key: 'srcc', label: 'SRCC', about: 'rank correlation', isCorrelation: true },
  { key: 'plcc', label: 'PLCC', about: 'linear correlation', isCorrelation: true },
  { key: 'plccMapped', label: 'PLCC mapped', about: '4-parameter logistic', isCorrelation: true },
  { key: 'plccMapped5', label: 'PLCC mapped, 5', about: '5-parameter logistic', isCorrelation: true },
  { key: 'krcc', label: 'KRCC', about: 'Kendall’s τ-b', isCorrelation: true },
  { key: 'rmse', label: 'RMSE', about: 'both scales as they are' },
  { key: 'rmseMapped', label: 'RMSE mapped', about: '4 parameters, MOS units' },
  { key: 'rmseMapped5', label: 'RMSE mapped, 5', about: '5 parameters, MOS units' },
  { key: 'mae', label: 'MAE', about: 'both scales as they are' },
  { key: 'outlierRatio', label: 'Outlier ratio', about: 'outside their MOS interval' },
];

export function CoefficientTable({ agreement }: { agreement: Agreement }) {
  const { overall, humanCeiling, missingPrediction, higherIsBetter } = agreement;
  return (
    <>
      <Table aria-label="Coefficients" verticalSpacing={4}>
        <Table.Tbody>
          {rows.map(({ key, label, about, isCorrelation }) => (
            <Row
              key={key}
              label={label}
              about={about}
              estimate={overall[key]}
              ceiling={isCorrelation ? humanCeiling : null}
            />
          ))}
          <Row
            label="Human ceiling"
            about="raters against raters"
            estimate={humanCeiling}
            ceiling={humanCeiling}
          />
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed" mt="xs" className="numbers">
        {'value' in humanCeiling
          ? 'The upright mark on each drawing is the human ceiling. '
          : `No human ceiling is drawn: ${humanCeiling.reason} `}
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

interface RowProps {
  label: string;
  about: string;
  estimate: EstimateOrReason;
  /** Null where the number is no correlation. */
  ceiling: EstimateOrReason | null;
}

function Row({ label, about, estimate, ceiling }: RowProps) {
  const analytic = 'value' in estimate ? estimate.analytic : undefined;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        {label}
        <Text size="xs" c="dimmed" fw={400} style={{ whiteSpace: 'nowrap' }}>
          {about}
        </Text>
      </Table.Th>
      <Table.Td>
        <Estimate estimate={estimate} />
        {ceiling === null ? null : <EstimateBar estimate={estimate} ceiling={ceiling} />}
        {'value' in estimate && estimate.low === null && (
          <Text size="xs" c="dimmed">
            {estimate.method}
          </Text>
        )}
        {analytic === undefined ? null : (
          <Text size="xs" c="dimmed" className="numbers" title={analytic.method}>
            closed form {formatInterval(analytic)}
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right" c="dimmed" className="numbers">
        <Text size="xs" style={{ whiteSpace: 'nowrap' }}>
          n {formatCount(estimate.n)}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
