/** One comparison, seen in several ways: the overview first, the paper's tables and what explains the figures beside it. */
import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Comparison, PredictionChoice } from '../../../contract/agreement.ts';
import { orpc } from '../../api/client.ts';
import { trainedOnly, usePacks } from '../../shared/packs.ts';
import { AblationView } from './ablation-view.tsx';
import { CalibrationView } from './calibration-view.tsx';
import { keyOfPrediction, sourceOf } from './choose-comparison.ts';
import { CompareView } from './compare-view.tsx';
import { ImagePanel } from './image-panel.tsx';
import { OppositeView } from './opposite-view.tsx';
import { Overview } from './overview.tsx';
import { PackNotes } from './pack-notes.tsx';
import { RankingView } from './ranking-view.tsx';
import { ResidualView } from './residual-view.tsx';
import { SplitView } from './split-view.tsx';
import { TargetNote } from './target-note.tsx';
import { TierView } from './tier-view.tsx';
import { TrainingNote } from './training-note.tsx';

interface ComparisonViewProps {
  comparison: Comparison;
  choices: PredictionChoice[];
  /** As the address says them. */
  view: string | null;
  other: string | null;
  onChange: (part: Record<string, string>) => void;
}

const views = {
  overview: 'Overview',
  ranking: 'Ranking',
  tiers: 'By tier',
  branches: 'Branches',
  distributions: 'Distributions',
  compare: 'Compare two',
  residuals: 'Residuals',
  calibration: 'Calibration',
  pairs: 'Opposite pairs',
} as const;
type View = keyof typeof views;

function isView(word: string | null): word is View {
  return word !== null && word in views;
}

export function ComparisonView({ comparison, choices, view: wanted, other, onChange }: ComparisonViewProps) {
  const [imageId, setImageId] = useState<number | null>(null);
  const view = isView(wanted) ? wanted : 'overview';
  const key = keyOfPrediction(comparison.prediction);
  const choice = choices.find(({ prediction }) => keyOfPrediction(prediction) === key);
  const packs = usePacks();
  const heads = useQuery(orpc.heads.list.queryOptions()).data ?? [];
  const source = choice === undefined ? undefined : sourceOf(choice, packs, heads);
  const label = [choice?.label ?? key, ...(source === undefined ? [] : [source.title])].join(' · ');
  const seen = { comparison, onSelect: setImageId };
  const show: Record<View, () => ReactNode> = {
    overview: () => <Overview {...seen} label={label} selected={imageId} />,
    ranking: () => <RankingView comparison={comparison} />,
    tiers: () => <TierView comparison={comparison} choices={choices} />,
    branches: () => (
      <AblationView comparison={comparison} packs={trainedOnly(packs)} packId={source?.packId} />
    ),
    distributions: () => <SplitView comparison={comparison} />,
    compare: () => (
      <CompareView
        comparison={comparison}
        choices={choices}
        other={other}
        onOther={(name) => onChange({ with: name })}
      />
    ),
    residuals: () => <ResidualView {...seen} />,
    calibration: () => <CalibrationView comparison={comparison} />,
    pairs: () => <OppositeView {...seen} />,
  };
  return (
    <>
      <TrainingNote comparison={comparison} />
      <TargetNote choice={choice} dimension={comparison.dimension} />
      <PackNotes pack={packs.find(({ id }) => id === source?.packId)} />
      <Tabs
        value={view}
        onChange={(to) => to !== null && onChange({ view: to })}
        keepMounted={false}
        variant="outline"
      >
        <Tabs.List mb="md" aria-label="Ways to look at this comparison">
          {Object.entries(views).map(([name, title]) => (
            <Tabs.Tab key={name} value={name}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={view}>{show[view]()}</Tabs.Panel>
      </Tabs>
      <ImagePanel imageId={imageId} onClose={() => setImageId(null)} />
    </>
  );
}
