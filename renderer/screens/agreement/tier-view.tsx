/** The paper's Table 1 on the user's images: scores on all of them and on each tier of generators. */
import { Checkbox, Group, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AgreementPoints, Comparison, PredictionChoice } from '../../../contract/agreement.ts';
import type { Tier, TierTable } from '../../../contract/agreement-tables.ts';
import { orpc } from '../../api/client.ts';
import { formatCount } from '../../shared/format.ts';
import { Card } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import classes from './agreement.module.css';
import { keyOfPrediction } from './choose-comparison.ts';
import { DrawnEstimate } from './estimate-bar.tsx';
import { ScrollBox } from './scroll-box.tsx';
import { TierEditor } from './tier-editor.tsx';
import { suggestTiers, useTiers } from './tiers.ts';

interface TierViewProps {
  comparison: Comparison;
  choices: PredictionChoice[];
}

/** As many as the engine takes at once. */
const mostScores = 30;

export function TierView({ comparison, choices }: TierViewProps) {
  const points = useQuery(orpc.agreement.points.queryOptions({ input: comparison }));
  return (
    <QueryGate query={points}>
      {(all) => <Tiers comparison={comparison} choices={choices} points={all} />}
    </QueryGate>
  );
}

function Tiers({ comparison, choices, points }: TierViewProps & { points: AgreementPoints }) {
  const { chosen, choose } = useTiers();
  const [isAll, setIsAll] = useState(false);
  const suggested = suggestTiers(points);
  const tiers = chosen ?? suggested.tiers;
  const known = points.generators.flatMap((name) => (name === null ? [] : [name]));
  return (
    <div className={classes['stack']}>
      <TierEditor
        tiers={tiers}
        known={known}
        source={chosen === null ? suggested.source : null}
        onChange={choose}
      />
      <Card
        title="By generator tier"
        note="SF-IQA, Table 1: SRCC and PLCC on all images and within each tier, with 95 % intervals."
        actions={
          <Checkbox
            size="xs"
            label="Every score"
            checked={isAll}
            onChange={(event) => setIsAll(event.currentTarget.checked)}
          />
        }
      >
        {points.generators.every((name) => name === null) ? (
          <Text size="sm">No generator of these images is known, so there are no tiers.</Text>
        ) : (
          <Measured comparison={comparison} choices={isAll ? choices : []} tiers={tiers} />
        )}
      </Card>
    </div>
  );
}

function Measured({ comparison, choices, tiers }: TierViewProps & { tiers: Tier[] }) {
  const { mosSetId, dimension, prediction } = comparison;
  const key = keyOfPrediction(prediction);
  const others = choices
    .map((choice) => choice.prediction)
    .filter((one) => keyOfPrediction(one) !== key)
    .slice(0, mostScores - 1);
  const named = tiers.filter(({ name }) => name.trim() !== '');
  const table = useQuery(
    orpc.agreement.tiers.queryOptions({
      input: { mosSetId, dimension, predictions: [prediction, ...others], tiers: named },
      placeholderData: keepPreviousData,
      retry: false,
    }),
  );
  return <QueryGate query={table}>{(all) => <TierRows table={all} />}</QueryGate>;
}

function TierRows({ table: { tiers, rows, leftOver, humanCeiling } }: { table: TierTable }) {
  const left = leftOver.map(
    ({ generator, images }) => `${generator ?? 'generator not known'} (${formatCount(images)})`,
  );
  return (
    <>
      <ScrollBox label="Coefficients by tier">
        <Table aria-label="Coefficients by tier" verticalSpacing={5}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th rowSpan={2}>Score</Table.Th>
              <Table.Th colSpan={2}>All</Table.Th>
              {tiers.map(({ name, images }) => (
                <Table.Th key={name} colSpan={2}>
                  {name}{' '}
                  <Text span size="xs" c="dimmed">
                    {formatCount(images)} images
                  </Text>
                </Table.Th>
              ))}
            </Table.Tr>
            <Table.Tr>
              {['All', ...tiers.map(({ name }) => name)].map((name) => (
                <MeasureHeads key={name} />
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ prediction, label, all, byTier }) => (
              <Table.Tr key={keyOfPrediction(prediction)}>
                <Table.Th scope="row" fw={500}>
                  {label}
                </Table.Th>
                {[all, ...byTier].flatMap((coefficients, at) =>
                  (['srcc', 'plcc'] as const).map((measure) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: tiers have an order and nothing else
                    <Table.Td key={`${at} ${measure}`}>
                      <DrawnEstimate estimate={coefficients[measure]} ceiling={humanCeiling} />
                      <Text size="xs" c="dimmed" className="numbers">
                        n {formatCount(coefficients[measure].n)}
                      </Text>
                    </Table.Td>
                  )),
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollBox>
      {left.length > 0 && (
        <Group mt="xs">
          <Text size="xs" c="dimmed" className="numbers">
            In no tier: {left.join(', ')}.
          </Text>
        </Group>
      )}
    </>
  );
}

function MeasureHeads() {
  return (
    <>
      <Table.Th>SRCC</Table.Th>
      <Table.Th>PLCC</Table.Th>
    </>
  );
}
