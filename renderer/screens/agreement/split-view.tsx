/** The paper's Figures 3 and 4 on the user's images: MOS and generators of both sides of a split by group. */
import { Group, NumberInput, Stack, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Comparison } from '../../../contract/agreement.ts';
import type { Distributions, Histogram } from '../../../contract/agreement-views.ts';
import { orpc } from '../../api/client.ts';
import { FieldSelect } from '../../shared/field-select.tsx';
import { formatCount, formatScore } from '../../shared/format.ts';
import { Notice } from '../../shared/notice.tsx';
import { Card } from '../../shared/page.tsx';
import { Plot } from '../../shared/plot.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import classes from './agreement.module.css';

export function SplitView({ comparison }: { comparison: Comparison }) {
  const { mosSetId, dimension } = comparison;
  const [groupBy, setGroupBy] = useState('prompt');
  const [percent, setPercent] = useState(20);
  const [seed, setSeed] = useState(1);
  const split = useQuery(
    orpc.agreement.split.queryOptions({
      input: { mosSetId, dimension, groupBy, share: percent / 100, seed },
      placeholderData: keepPreviousData,
    }),
  );
  return (
    <Card
      title="Distributions"
      note="SF-IQA, Figures 3 and 4. Images of one group are on one side only."
      actions={
        <Group gap="xs" align="end">
          <FieldSelect
            size="xs"
            label="Grouped by"
            choice={comparison}
            value={groupBy}
            onChange={setGroupBy}
          />
          <NumberInput
            size="xs"
            w={100}
            label="Held out, %"
            min={5}
            max={95}
            value={percent}
            onChange={(value) => typeof value === 'number' && value >= 5 && value <= 95 && setPercent(value)}
          />
          <NumberInput
            size="xs"
            w={90}
            label="Seed"
            min={0}
            max={0xffffffff}
            allowDecimal={false}
            value={seed}
            onChange={(value) => typeof value === 'number' && setSeed(value)}
          />
        </Group>
      }
    >
      <QueryGate query={split}>{(all) => <Sides split={all} dimension={dimension} />}</QueryGate>
    </Card>
  );
}

function Sides({ split, dimension }: { split: Distributions; dimension: string }) {
  const { all, train, test, problem } = split;
  const sides =
    problem === null
      ? [
          { name: 'Training', className: 'sideA', side: train },
          { name: 'Held out', className: 'sideB', side: test },
        ]
      : [{ name: 'All', className: 'sideA', side: all }];
  return (
    <Stack>
      {problem !== null && (
        <Notice tone="warning" title="This set cannot be split so">
          {problem}
        </Notice>
      )}
      <Group gap="md">
        {sides.map(({ name, className, side }) => (
          <Text key={name} size="sm" className="numbers">
            <span className={`${classes['key']} ${classes[className]}`} aria-hidden="true" /> {name}:{' '}
            {formatCount(side.images)} images, {formatCount(side.groups)} groups, mean{' '}
            {formatScore(side.mean)}, SD {formatScore(side.sd)}
          </Text>
        ))}
      </Group>
      <Group align="flex-start" gap="xl">
        <div className={classes['half']}>
          <MosHistogram sides={sides} dimension={dimension} />
        </div>
        <div className={classes['half']}>
          <GeneratorShares sides={sides} generators={split.generators} />
        </div>
      </Group>
    </Stack>
  );
}

interface ShownSide {
  name: string;
  className: string;
  side: Distributions['all'];
}

/** Shares of each side, so that sides of unlike size can be compared. */
function MosHistogram({ sides, dimension }: { sides: ShownSide[]; dimension: string }) {
  const [first] = sides;
  const edges = first?.side.mos.edges ?? [];
  const shares = sides.map(({ side }) => sharesOf(side.mos, side.images));
  const most = Math.max(...shares.flat(), 0.01);
  return (
    <Plot
      label={`Distribution of the MOS of ${sides.map(({ name }) => name).join(' and ')}`}
      x={{ low: edges[0] ?? 0, high: edges.at(-1) ?? 1, label: `MOS, ${dimension}` }}
      y={{ low: 0, high: most * 100, label: '% of the side' }}
    >
      {(px, py) =>
        sides.flatMap(({ name, className }, of) =>
          shares[of]!.map((share, at) => {
            const [left, right] = [px(edges[at]!), px(edges[at + 1]!)];
            const width = (right - left) / sides.length;
            return (
              <rect
                key={`${name} ${edges[at]}`}
                className={classes[className]}
                x={left + of * width}
                y={py(share * 100)}
                width={Math.max(0, width - 0.5)}
                height={py(0) - py(share * 100)}
              />
            );
          }),
        )
      }
    </Plot>
  );
}

function sharesOf({ counts }: Histogram, images: number): number[] {
  return counts.map((count) => (images === 0 ? 0 : count / images));
}

function GeneratorShares({ sides, generators }: { sides: ShownSide[] } & Pick<Distributions, 'generators'>) {
  return (
    <Table aria-label="Generators of both sides" verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Generator</Table.Th>
          {sides.map(({ name }) => (
            <Table.Th key={name} ta="right">
              {name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {generators.map((generator, at) => (
          <Table.Tr key={generator ?? ''}>
            <Table.Th scope="row" fw={500}>
              {generator ?? 'not known'}
            </Table.Th>
            {sides.map(({ name, side }) => (
              <Table.Td key={name} ta="right" className="numbers">
                {formatCount(side.generators[at] ?? 0)}{' '}
                <Text span size="xs" c="dimmed">
                  {formatScore((100 * (side.generators[at] ?? 0)) / (side.images || 1), 1)} %
                </Text>
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
