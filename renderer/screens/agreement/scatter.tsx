/** The scatter of predictions against MOS; the drawing library is fetched only when this is shown. */
import { useComputedColorScheme } from '@mantine/core';
import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { AgreementPoints } from '../../../contract/agreement.ts';
import type { PointDensity } from '../../../contract/agreement-views.ts';
import { formatCount } from '../../shared/format.ts';
import classes from './agreement.module.css';
import type { Region } from './region.ts';
import type { Pixel, PointColours, ScatterChart } from './scatter-chart.ts';

interface ScatterProps {
  points: AgreementPoints;
  density: PointDensity | null;
  colours: PointColours;
  xLabel: string;
  yLabel: string;
  /** The image to mark. */
  selected: number | null;
  onSelect: (imageId: number) => void;
  region: Region | null;
  onRegion: (region: Region) => void;
}

export function Scatter(props: ScatterProps) {
  const { points, density, colours, xLabel, yLabel, selected, region, onSelect, onRegion } = props;
  const place = useRef<HTMLDivElement>(null);
  const chart = useChart(place, onSelect);
  const scheme = useComputedColorScheme('dark');
  useEffect(() => {
    // While other points come, the density is still that of the old ones.
    const fits = density !== null && density.density.length === points.imageIds.length;
    chart?.draw({ points, density: fits ? density : null, colours, xLabel, yLabel, scheme });
  }, [chart, points, density, colours, xLabel, yLabel, scheme]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new drawing has no marks
  useEffect(() => {
    chart?.mark(selected, region);
  }, [chart, selected, region, points, density, colours, xLabel, yLabel, scheme]);
  const brush = useBrush(chart, onRegion);
  return (
    <div className={classes['brushed']} {...brush.handlers}>
      <div
        className={classes['scatter']}
        ref={place}
        role="img"
        aria-label={`${formatCount(points.imageIds.length)} images: ${xLabel} across, ${yLabel} up. The largest disagreements are listed below.`}
        data-testid="scatter"
      />
      <div ref={brush.frame} className={classes['frame']} hidden />
    </div>
  );
}

/** Less than this is a click. */
const leastPx = 5;

/** A rectangle that is drawn over the points by dragging; its frame follows without a render. */
function useBrush(chart: ScatterChart | null, onRegion: (region: Region) => void) {
  const frame = useRef<HTMLDivElement>(null);
  const start = useRef<Pixel | null>(null);
  function toPixel({ currentTarget, clientX, clientY }: PointerEvent<HTMLDivElement>): Pixel {
    const { left, top } = currentTarget.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }
  function isDragged([x0, y0]: Pixel, [x1, y1]: Pixel): boolean {
    return Math.abs(x1 - x0) >= leastPx && Math.abs(y1 - y0) >= leastPx;
  }
  function end(): void {
    start.current = null;
    if (frame.current !== null) frame.current.hidden = true;
  }
  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => {
      const pixel = toPixel(event);
      const isBrush = event.button === 0 && !event.shiftKey && chart?.isAmongPoints(pixel) === true;
      start.current = isBrush ? pixel : null;
    },
    onPointerMove: (event: PointerEvent<HTMLDivElement>) => {
      const [from, to] = [start.current, toPixel(event)];
      if (from === null || frame.current === null || !isDragged(from, to)) return;
      if (!event.currentTarget.hasPointerCapture(event.pointerId)) {
        event.currentTarget.setPointerCapture(event.pointerId);
      }
      const { style } = frame.current;
      frame.current.hidden = false;
      style.left = `${Math.min(from[0], to[0])}px`;
      style.top = `${Math.min(from[1], to[1])}px`;
      style.width = `${Math.abs(to[0] - from[0])}px`;
      style.height = `${Math.abs(to[1] - from[1])}px`;
    },
    onPointerUp: (event: PointerEvent<HTMLDivElement>) => {
      const [from, to] = [start.current, toPixel(event)];
      end();
      if (from !== null && chart !== null && isDragged(from, to)) onRegion(chart.regionBetween(from, to));
    },
    onPointerCancel: end,
  };
  return { frame, handlers };
}

/** The chart in its place; null until the library is there. */
function useChart(
  place: RefObject<HTMLDivElement | null>,
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
