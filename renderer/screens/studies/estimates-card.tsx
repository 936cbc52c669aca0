/** The same votes under each method, side by side, and how much each changes. */
import { Group, Table, Text } from '@mantine/core';
import type { StudyStatistics } from '../../../contract/study-statistics.ts';
import { formatCoefficient, formatScore } from '../../shared/format.ts';
import { thumbnailUrl } from '../../shared/image-url.ts';
import { Card } from '../../shared/page.tsx';
import classes from './studies.module.css';

const names: Record<StudyStatistics['estimates'][number]['name'], string> = {
  mos: 'Mean of all raters',
  withoutFlagged: 'Without raters in doubt',
  withoutBt500: 'Without those BT.500 rejects',
  biasRemoval: 'Biases removed (P.913 §12.4)',
  recovered: 'Recovered (P.910 Annex E)',
};

const recoveryNames: Record<StudyStatistics['recovery']['method'], string> = {
  projection: 'alternating projection (P.910 Annex E)',
  biasRemoval: 'bias removal (P.913 §12.4)',
  mean: 'the plain mean',
};

export function EstimatesCard({ statistics }: { statistics: StudyStatistics }) {
  const { estimates, recovery } = statistics;
  return (
    <Card title="MOS under each method" note="Beside the plain mean; changes in units of the scale.">
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
              <Table.Td>{names[name]}</Table.Td>
              <Table.Td ta="right">{raters}</Table.Td>
              <Table.Td ta="right">{name === 'mos' ? '–' : formatScore(rmsChange, 3)}</Table.Td>
              <Table.Td>
                {name === 'mos' || largest === null ? null : (
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
