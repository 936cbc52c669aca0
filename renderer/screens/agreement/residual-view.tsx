/** Where a score errs: prediction less MOS by the values or ranges of any field. */
import { Button, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Comparison } from '../../../contract/agreement.ts';
import type { Residuals } from '../../../contract/agreement-views.ts';
import { orpc } from '../../api/client.ts';
import { Estimate } from '../../shared/estimate.tsx';
import { FieldSelect } from '../../shared/field-select.tsx';
import { formatCount, formatScore } from '../../shared/format.ts';
import { Card } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import classes from './agreement.module.css';
import { ScrollBox } from './scroll-box.tsx';
import { ThumbnailList } from './thumbnail-list.tsx';

interface ResidualViewProps {
  comparison: Comparison;
  onSelect: (imageId: number) => void;
}

export function ResidualView({ comparison, onSelect }: ResidualViewProps) {
  const [field, setField] = useState('generator');
  const residuals = useQuery(
    orpc.agreement.residuals.queryOptions({
      input: { ...comparison, field },
      placeholderData: keepPreviousData,
    }),
  );
  return (
    <Card
      title="Residuals"
      note="Mean of mapped prediction − MOS, in MOS units: above 0 the score over-rates. The bars are 95 % intervals."
      actions={<FieldSelect size="xs" label="By" choice={comparison} value={field} onChange={setField} />}
    >
      <QueryGate query={residuals}>{(all) => <Groups residuals={all} onSelect={onSelect} />}</QueryGate>
    </Card>
  );
}

function Groups({ residuals, onSelect }: { residuals: Residuals; onSelect: (imageId: number) => void }) {
  const { groups, withoutValue, field } = residuals;
  const [shown, setShown] = useState<string | null>(null);
  const images = groups.find(({ label }) => label === shown)?.imageIds ?? [];
  const span = Math.max(
    ...groups.flatMap(({ mean }) =>
      'value' in mean ? [mean.value, mean.low ?? 0, mean.high ?? 0].map(Math.abs) : [],
    ),
    0.01,
  );
  return (
    <>
      <ScrollBox label={`Residuals by ${field.label}`}>
        <Table aria-label={`Residuals by ${field.label}`} verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{field.label}</Table.Th>
              <Table.Th ta="right">n</Table.Th>
              <Table.Th>Under-rated · over-rated</Table.Th>
              <Table.Th>Mean</Table.Th>
              <Table.Th ta="right">SD</Table.Th>
              <Table.Th ta="right">MAE</Table.Th>
              <Table.Th ta="right">Quartiles</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {groups.map(({ label, n, mean, sd, mae, quartiles }) => (
              <Table.Tr key={label}>
                <Table.Th scope="row" fw={500} maw={320}>
                  {label}
                </Table.Th>
                <Table.Td ta="right" className="numbers">
                  {formatCount(n)}
                </Table.Td>
                <Table.Td>
                  <ResidualBar mean={mean} span={span} />
                </Table.Td>
                <Table.Td>
                  <Estimate estimate={mean} isSigned />
                </Table.Td>
                <Table.Td ta="right" className="numbers">
                  {formatScore(sd, 3)}
                </Table.Td>
                <Table.Td ta="right" className="numbers">
                  {formatScore(mae, 3)}
                </Table.Td>
                <Table.Td ta="right" className="numbers">
                  {quartiles.map((one) => formatScore(one)).join(' · ')}
                </Table.Td>
                <Table.Td ta="right">
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-expanded={shown === label}
                    aria-label={`${shown === label ? 'Hide images' : 'Images'} of “${label}”`}
                    onClick={() => setShown(shown === label ? null : label)}
                  >
                    {shown === label ? 'Hide' : 'Images'}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollBox>
      {withoutValue > 0 && (
        <Text size="xs" c="dimmed" mt="xs" className="numbers">
          {formatCount(withoutValue)} images have no value.
        </Text>
      )}
      {images.length > 0 && <ThumbnailList label={`Images of “${shown}”`} ids={images} onSelect={onSelect} />}
    </>
  );
}

const width = 200;
const height = 12;

/** The mean on both sides of zero with its interval; the numbers stand beside it. */
function ResidualBar({ mean, span }: { mean: Residuals['groups'][number]['mean']; span: number }) {
  if (!('value' in mean)) return null;
  const x = (value: number) => width / 2 + (value / span) * (width / 2 - 4);
  const { value, low, high } = mean;
  return (
    <svg className={classes['residual']} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <line className={classes['track']} x1={width / 2} x2={width / 2} y1={0} y2={height} />
      {low !== null && high !== null && (
        <line className={classes['whisker']} x1={x(low)} x2={x(high)} y1={height / 2} y2={height / 2} />
      )}
      <circle className={classes['dot']} cx={x(value)} cy={height / 2} r={3} />
    </svg>
  );
}
