/** The same votes under each method, side by side, and how much each changes. */
import { Group, NativeSelect, Table, Text } from '@mantine/core';
import type { AskStatistics, StudyStatistics } from '../../../contract/study-statistics.ts';
import { formatCoefficient, formatScore } from '../../shared/format.ts';
import { thumbnailUrl } from '../../shared/image-url.ts';
import { Card } from '../../shared/page.tsx';
import { estimateNames } from './estimate-names.ts';
import classes from './studies.module.css';

export type Bt500 = Pick<AskStatistics, 'bt500Variant' | 'bt500Share'>;

const recoveryNames: Record<StudyStatistics['recovery']['method'], string> = {
  projection: 'alternating projection (P.910 Annex E)',
  biasRemoval: 'bias removal (P.913 §12.4)',
  mean: 'the plain mean',
};

interface EstimatesCardProps {
  statistics: StudyStatistics;
  bt500: Bt500;
  onBt500: (bt500: Bt500) => void;
}

export function EstimatesCard({ statistics, bt500, onBt500 }: EstimatesCardProps) {
  const { estimates, recovery } = statistics;
  return (
    <Card
      title="MOS under each method"
      note="Beside the plain mean of all raters; changes in units of the scale."
      actions={<Bt500Choice value={bt500} onChange={onBt500} />}
    >
      <Table aria-label="MOS under each method" verticalSpacing={5}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Method</Table.Th>
            <Table.Th ta="right">Raters</Table.Th>
            <Table.Th ta="right">RMS change</Table.Th>
            <Table.Th ta="right">Largest</Table.Th>
            <Table.Th ta="right">SRCC</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody className="numbers">
          {estimates.map(({ name, raters, rmsChange, largest, srcc }) => (
            <Table.Tr key={name}>
              <Table.Td>{estimateNames[name].full}</Table.Td>
              <Table.Td ta="right">{raters}</Table.Td>
              <Table.Td ta="right">{name === 'mos' ? '–' : formatScore(rmsChange, 3)}</Table.Td>
              <Table.Td>
                {largest === null || Math.abs(largest.change) < 1e-9 ? null : (
                  <Group gap={6} justify="flex-end" wrap="nowrap">
                    <img
                      className={classes['dot']}
                      src={thumbnailUrl(largest.imageId)}
                      alt=""
                      loading="lazy"
                    />
                    {`${largest.change > 0 ? '+' : ''}${formatScore(largest.change)}`}
                  </Group>
                )}
              </Table.Td>
              <Table.Td ta="right">{name === 'mos' ? '–' : formatCoefficient(srcc)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed" mt="xs">
        Recovered by {recoveryNames[recovery.method]}. {recovery.why}
      </Text>
    </Card>
  );
}

/** How BT.500 is read: what the recommendation leaves open, and what the reference implementation does. */
function Bt500Choice({ value, onChange }: { value: Bt500; onChange: (bt500: Bt500) => void }) {
  return (
    <NativeSelect
      size="xs"
      aria-label="BT.500 rejects by"
      value={`${value.bt500Variant} ${value.bt500Share}`}
      onChange={(event) => {
        const chosen = bt500Choices.find(({ key }) => key === event.currentTarget.value);
        if (chosen !== undefined) onChange(chosen.bt500);
      }}
      data={bt500Choices.map(({ key, label }) => ({ value: key, label }))}
    />
  );
}

const bt500Choices = (
  [
    ['recommendation', 'own', 'BT.500: share of the rater’s images'],
    ['recommendation', 'all', 'BT.500: share of all images'],
    ['reference', 'all', 'BT.500: as sureal does'],
  ] as const
).map(([bt500Variant, bt500Share, label]) => ({
  ...{ key: `${bt500Variant} ${bt500Share}`, label },
  bt500: { bt500Variant, bt500Share },
}));
