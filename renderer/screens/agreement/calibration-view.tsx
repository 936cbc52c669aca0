/** Whether raters say what the score says, from low to high. */
import { Group, Stack, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Comparison } from '../../../contract/agreement.ts';
import type { Calibration } from '../../../contract/agreement-views.ts';
import { orpc } from '../../api/client.ts';
import { Estimate } from '../../shared/estimate.tsx';
import { formatCount, formatScore } from '../../shared/format.ts';
import { Card } from '../../shared/page.tsx';
import { Plot } from '../../shared/plot.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import classes from './agreement.module.css';

export function CalibrationView({ comparison }: { comparison: Comparison }) {
  const calibration = useQuery(
    orpc.agreement.calibration.queryOptions({ input: comparison, placeholderData: keepPreviousData }),
  );
  return (
    <Card
      title="Calibration"
      note="Images in equal numbers from low to high prediction; each half of the prompts is mapped by the curve fitted to the other half. Calibrated is slope 1 and intercept 0."
    >
      <QueryGate query={calibration}>
        {(all) =>
          all.bins.length === 0 ? (
            <Text size="sm">{'reason' in all.slope ? all.slope.reason : 'There are too few images.'}</Text>
          ) : (
            <Calibrated calibration={all} dimension={comparison.dimension} />
          )
        }
      </QueryGate>
    </Card>
  );
}

function Calibrated({ calibration, dimension }: { calibration: Calibration; dimension: string }) {
  const { bins, slope, intercept, error } = calibration;
  const ends = bins.flatMap(({ predicted, mos }) =>
    'value' in mos ? [predicted, mos.low ?? mos.value, mos.high ?? mos.value] : [predicted],
  );
  const range = { low: Math.min(...ends), high: Math.max(...ends) };
  return (
    <Group align="flex-start" gap="xl">
      <div className={classes['half']}>
        <Plot
          label={`Calibration in ${bins.length} bins; the numbers stand in the table`}
          x={{ ...range, label: 'prediction, mapped to the MOS scale' }}
          y={{ ...range, label: `MOS, ${dimension}` }}
        >
          {(px, py) => (
            <>
              <line
                className={classes['ideal']}
                x1={px(range.low)}
                x2={px(range.high)}
                y1={py(range.low)}
                y2={py(range.high)}
              />
              {bins.map(({ predicted, mos }) =>
                'value' in mos ? (
                  <g key={predicted}>
                    <line
                      className={classes['whisker']}
                      x1={px(predicted)}
                      x2={px(predicted)}
                      y1={py(mos.low ?? mos.value)}
                      y2={py(mos.high ?? mos.value)}
                    />
                    <circle className={classes['dot']} cx={px(predicted)} cy={py(mos.value)} r={3.5} />
                  </g>
                ) : null,
              )}
            </>
          )}
        </Plot>
      </div>
      <Stack className={classes['half']} gap="xs">
        <Text size="sm" component="div">
          Slope <Estimate estimate={slope} /> · intercept <Estimate estimate={intercept} />
        </Text>
        <Text size="sm" className="numbers">
          Mean distance of the bins from the line: {formatScore(error, 3)} in MOS units.
        </Text>
        <Table aria-label="Calibration by bin" verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Prediction</Table.Th>
              <Table.Th>MOS</Table.Th>
              <Table.Th ta="right">n</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {bins.map(({ predicted, mos, n }) => (
              <Table.Tr key={predicted}>
                <Table.Td className="numbers">{formatScore(predicted, 3)}</Table.Td>
                <Table.Td>
                  <Estimate estimate={mos} />
                </Table.Td>
                <Table.Td ta="right" className="numbers">
                  {formatCount(n)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Stack>
    </Group>
  );
}
