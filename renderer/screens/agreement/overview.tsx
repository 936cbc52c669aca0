/** The overview of a comparison: scatter and coefficients side by side, then generators and the largest disagreements. */
import { SegmentedControl } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AgreementPoints, Comparison } from '../../../contract/agreement.ts';
import { orpc } from '../../api/client.ts';
import { Card } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import classes from './agreement.module.css';
import { BrushedImages } from './brushed-images.tsx';
import { CoefficientTable } from './coefficient-table.tsx';
import { DisagreementList } from './disagreement-list.tsx';
import { GeneratorTable } from './generator-table.tsx';
import type { Region } from './region.ts';
import { Scatter } from './scatter.tsx';
import type { PointColours } from './scatter-chart.ts';

interface OverviewProps {
  comparison: Comparison;
  /** What is compared, in words. */
  label: string;
  selected: number | null;
  onSelect: (imageId: number) => void;
}

const listed = 50;

export function Overview({ comparison, label, selected, onSelect }: OverviewProps) {
  const placeholderData = keepPreviousData;
  const measured = useQuery(orpc.agreement.measure.queryOptions({ input: comparison, placeholderData }));
  const points = useQuery(orpc.agreement.points.queryOptions({ input: comparison, placeholderData }));
  const worst = useQuery(
    orpc.agreement.disagreements.queryOptions({ input: { ...comparison, limit: listed }, placeholderData }),
  );
  return (
    <div className={classes['grid']} aria-busy={measured.isPlaceholderData}>
      <QueryGate query={points}>
        {(all) => (
          <ScatterCards
            points={all}
            comparison={comparison}
            label={label}
            selected={selected}
            onSelect={onSelect}
          />
        )}
      </QueryGate>
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
          <QueryGate query={worst}>{(all) => <DisagreementList all={all} onSelect={onSelect} />}</QueryGate>
        </Card>
      </div>
    </div>
  );
}

function ScatterCards({
  points,
  comparison,
  label,
  selected,
  onSelect,
}: OverviewProps & { points: AgreementPoints }) {
  const [colours, setColours] = useState<PointColours>('generator');
  const [region, setRegion] = useState<Region | null>(null);
  const density = useQuery(orpc.agreement.density.queryOptions({ input: comparison }));
  return (
    <Card
      title="Scatter"
      note="One point an image: click one to see it, drag to choose a region, ctrl and wheel to zoom, shift and drag to move. The line maps predictions to the MOS scale (4-parameter logistic)."
      actions={
        <SegmentedControl
          size="xs"
          flex="none"
          aria-label="Colours of the points"
          value={colours}
          onChange={setColours}
          data={[
            { value: 'generator', label: 'Generators' },
            { value: 'density', label: 'Density' },
          ]}
        />
      }
    >
      <Scatter
        points={points}
        density={density.data ?? null}
        colours={colours}
        xLabel={`${label} (prediction)`}
        yLabel={`MOS, ${comparison.dimension} (units of its scale)`}
        selected={selected}
        onSelect={onSelect}
        region={region}
        onRegion={setRegion}
      />
      <BrushedImages points={points} region={region} onRegion={setRegion} onSelect={onSelect} />
    </Card>
  );
}
