/** The scatter of predictions against MOS; the drawing library is fetched only when this is shown. */
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { AgreementPoints } from '../../../contract/agreement.ts';
import { formatCount } from '../../shared/format.ts';
import classes from './agreement.module.css';
import type { ScatterChart } from './scatter-chart.ts';

interface ScatterProps {
  points: AgreementPoints;
  xLabel: string;
  yLabel: string;
  /** The image to mark. */
  selected: number | null;
  onSelect: (imageId: number) => void;
}

export function Scatter({ points, xLabel, yLabel, selected, onSelect }: ScatterProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useChart(place, onSelect);
  const scheme = useComputedColorScheme('dark');
  useEffect(() => {
    chart?.draw({ points, xLabel, yLabel, scheme });
  }, [chart, points, xLabel, yLabel, scheme]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new points move the mark
  useEffect(() => {
    chart?.mark(selected);
  }, [chart, selected, points]);
  return (
    <div
      className={classes['scatter']}
      ref={place}
      role="img"
      aria-label={`${formatCount(points.imageIds.length)} images: ${xLabel} across, ${yLabel} up. The largest disagreements are listed below.`}
      data-testid="scatter"
    />
  );
}

/** The chart in its place; null until the library is there. */
function useChart(
  place: React.RefObject<HTMLDivElement | null>,
  onSelect: (imageId: number) => void,
): ScatterChart | null {
  const [chart, setChart] = useState<ScatterChart | null>(null);
  const select = useRef(onSelect);
  select.current = onSelect;
  useEffect(() => {
    let made: ScatterChart | null = null;
    let isGone = false;
    void import('./scatter-chart.ts').then(({ createScatterChart }) => {
      if (isGone || place.current === null) return;
      made = createScatterChart(place.current, (imageId) => select.current(imageId));
      setChart(made);
    });
    return () => {
      isGone = true;
      made?.close();
    };
  }, [place]);
  return chart;
}
