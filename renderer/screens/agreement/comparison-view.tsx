/** One comparison: scatter and coefficients side by side, then generators and the largest disagreements. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Comparison, PredictionChoice } from '../../../contract/agreement.ts';
import { orpc } from '../../api/client.ts';
import { usePacks } from '../../shared/packs.ts';
import { Card } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import classes from './agreement.module.css';
import { keyOfPrediction, sourceOf } from './choose-comparison.ts';
import { CoefficientTable } from './coefficient-table.tsx';
import { DisagreementList } from './disagreement-list.tsx';
import { GeneratorTable } from './generator-table.tsx';
import { ImagePanel } from './image-panel.tsx';
import { PrecisionNote } from './precision-note.tsx';
import { Scatter } from './scatter.tsx';
import { TrainingNote } from './training-note.tsx';

interface ComparisonViewProps {
  comparison: Comparison;
  choices: PredictionChoice[];
}

const listed = 50;

export function ComparisonView({ comparison, choices }: ComparisonViewProps) {
  const [imageId, setImageId] = useState<number | null>(null);
  const placeholderData = keepPreviousData;
  const measured = useQuery(orpc.agreement.measure.queryOptions({ input: comparison, placeholderData }));
  const points = useQuery(orpc.agreement.points.queryOptions({ input: comparison, placeholderData }));
  const worst = useQuery(
    orpc.agreement.disagreements.queryOptions({ input: { ...comparison, limit: listed }, placeholderData }),
  );
  const key = keyOfPrediction(comparison.prediction);
  const choice = choices.find(({ prediction }) => keyOfPrediction(prediction) === key);
  const packs = usePacks();
  const heads = useQuery(orpc.heads.list.queryOptions()).data ?? [];
  const source = choice === undefined ? undefined : sourceOf(choice, packs, heads);
  const label = [choice?.label ?? key, ...(source === undefined ? [] : [source.title])].join(' · ');
  return (
    <div className={classes['grid']} aria-busy={measured.isPlaceholderData}>
      <TrainingNote comparison={comparison} />
      <PrecisionNote pack={packs.find(({ id }) => id === source?.packId)} />
      <Card
        title="Scatter"
        note="One point an image; click one to see it. The line maps predictions to the MOS scale (4-parameter logistic)."
      >
        <QueryGate query={points}>
          {(all) => (
            <Scatter
              points={all}
              xLabel={`${label} (prediction)`}
              yLabel={`MOS, ${comparison.dimension} (units of its scale)`}
              selected={imageId}
              onSelect={setImageId}
            />
          )}
        </QueryGate>
      </Card>
      <Card title="Coefficients" note="With 95 % intervals; hover for how each was made.">
        <QueryGate query={measured}>{(agreement) => <CoefficientTable agreement={agreement} />}</QueryGate>
      </Card>
      <div className={classes['wide']}>
        <Card title="By generator">
          <QueryGate query={measured}>{(agreement) => <GeneratorTable agreement={agreement} />}</QueryGate>
        </Card>
      </div>
      <div className={classes['wide']}>
        <Card
          title="Largest disagreements"
          note="By the difference between the prediction, mapped to the MOS scale, and the MOS."
        >
          <QueryGate query={worst}>{(all) => <DisagreementList all={all} onSelect={setImageId} />}</QueryGate>
        </Card>
      </div>
      <ImagePanel imageId={imageId} onClose={() => setImageId(null)} />
    </div>
  );
}
