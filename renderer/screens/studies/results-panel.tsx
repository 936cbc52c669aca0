/** What the votes say on one question: methods side by side, reliability, screening, every image; or scores of pairs. */
import { Group, Stack, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Study } from '../../../contract/studies.ts';
import { orpc } from '../../api/client.ts';
import { QueryGate } from '../../shared/query-gate.tsx';
import { DimensionChoice } from './dimension-choice.tsx';
import { type Bt500, EstimatesCard } from './estimates-card.tsx';
import { ImageTable } from './image-table.tsx';
import { PairScores } from './pair-scores.tsx';
import { ReliabilityCard } from './reliability-card.tsx';
import { ScreeningCard } from './screening-card.tsx';
import classes from './studies.module.css';

export function ResultsPanel({ study }: { study: Study }) {
  const { dimensions, plan } = study.design;
  const [dimension, setDimension] = useState(dimensions[0]!.key);
  return (
    <Stack>
      <Group justify="space-between">
        <DimensionChoice dimensions={dimensions} value={dimension} onChange={setDimension} />
        <Text size="xs" c="dimmed">
          Follows every vote.
        </Text>
      </Group>
      {plan.method === 'pairs' ? (
        <PairScores study={study} dimension={dimension} />
      ) : (
        <Statistics study={study} dimension={dimension} />
      )}
    </Stack>
  );
}

function Statistics({ study, dimension }: { study: Study; dimension: string }) {
  const [bt500, setBt500] = useState<Bt500>({ bt500Variant: 'recommendation', bt500Share: 'own' });
  const statistics = useQuery({
    ...orpc.studies.statistics.queryOptions({
      input: { studyId: study.id, dimension, withReliability: false, withImages: false, ...bt500 },
    }),
    placeholderData: keepPreviousData,
  });
  return (
    <QueryGate query={statistics}>
      {(known) => (
        <Stack>
          <ScreeningCard study={study} statistics={known} />
          <div className={classes['halves']}>
            <EstimatesCard statistics={known} bt500={bt500} onBt500={setBt500} />
            <ReliabilityCard study={study} dimension={dimension} sos={known.sos} />
          </div>
          <ImageTable study={study} statistics={known} bt500={bt500} />
        </Stack>
      )}
    </QueryGate>
  );
}
