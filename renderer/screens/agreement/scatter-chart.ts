/** Draws the scatter on a canvas with both margins: tens of thousands of points stay fluid, and each can be pointed at. */
import { LineChart, ScatterChart as Points } from 'echarts/charts';
import { DataZoomInsideComponent, GridComponent, LegendComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { AgreementPoints } from '../../../contract/agreement.ts';
import type { Histogram, PointDensity } from '../../../contract/agreement-views.ts';
import { type Region, spanRegion, wholeRegion } from './region.ts';

use([Points, LineChart, GridComponent, LegendComponent, DataZoomInsideComponent, CanvasRenderer]);

export type PointColours = 'generator' | 'density';

export interface ScatterDrawing {
  points: AgreementPoints;
  /** Null while it is not known: no margins are drawn then, and points have the colours of generators. */
  density: PointDensity | null;
  colours: PointColours;
  xLabel: string;
  yLabel: string;
  scheme: 'light' | 'dark';
}

export type Pixel = [x: number, y: number];

export interface ScatterChart {
  draw: (drawing: ScatterDrawing) => void;
  /** Puts a ring around an image, and a frame around a region; none where null. */
  mark: (imageId: number | null, region: Region | null) => void;
  /** Whether a place of the canvas lies among the points. */
  isAmongPoints: (pixel: Pixel) => boolean;
  regionBetween: (from: Pixel, to: Pixel) => Region;
  close: () => void;
}

/** Ten hues that stay apart for colour-blind readers and on both schemes (after Okabe and Ito, lightened or darkened). */
const hues = [
  '#3b8fd1',
  '#e08a1e',
  '#2fa37c',
  '#c95fa0',
  '#b5a31a',
  '#d3542b',
  '#7a6fd0',
  '#4fb3c9',
  '#8a8a8a',
  '#9c6b3f',
];

/** From sparse to dense: the denser, the farther from the ground. */
const densities = {
  dark: ['#46508e', '#3b6fa0', '#2d8a9c', '#2fa58c', '#57bd72', '#9bcf52', '#d8dc4a', '#fff08a'],
  light: ['#b7c94b', '#7fbb5c', '#4aa873', '#2b9082', '#287688', '#325a88', '#3e3c7c', '#40155e'],
};

/** Above this many points a series is drawn as one shape: several times as fast, still clickable. */
const largeThreshold = 2000;

/** A chart that fills `place` and follows its size; `onSelect` is called with the image of a point that is clicked. */
export function createScatterChart(place: HTMLElement, onSelect: (imageId: number) => void): ScatterChart {
  const chart = init(place, null, { renderer: 'canvas' });
  let shown: AgreementPoints | null = null;
  let clouds: Cloud[] = [];
  chart.on('click', ({ seriesType, seriesIndex, dataIndex }) => {
    if (seriesType !== 'scatter' || seriesIndex === undefined) return;
    const point = clouds[seriesIndex]?.places[dataIndex];
    if (point !== undefined) onSelect(shown!.imageIds[point]!);
  });
  const observer = new ResizeObserver(() => chart.resize());
  observer.observe(place);
  const axes = { xAxisIndex: 0, yAxisIndex: 0 };
  return {
    draw: (drawing) => {
      shown = drawing.points;
      clouds = listClouds(drawing);
      drawAll(chart, drawing, clouds);
    },
    mark: (imageId, region) => {
      const at = shown?.imageIds.indexOf(imageId ?? -1) ?? -1;
      const ring = at === -1 ? [] : [[shown!.predicted[at]!, shown!.mos[at]!]];
      chart.setOption({
        series: [
          { id: 'mark', data: ring },
          { id: 'region', data: region === null ? [] : cornersOf(region) },
        ],
      });
    },
    isAmongPoints: (pixel) => chart.containPixel({ gridIndex: 0 }, pixel),
    regionBetween: (from, to) =>
      spanRegion(toPair(chart.convertFromPixel(axes, from)), toPair(chart.convertFromPixel(axes, to))),
    close: () => {
      observer.disconnect();
      chart.dispose();
    },
  };
}

function toPair([x = 0, y = 0]: number[]): [number, number] {
  return [x, y];
}

function cornersOf({ predicted: [left, right], mos: [low, high] }: Region): [number, number][] {
  return [
    [left, low],
    [right, low],
    [right, high],
    [left, high],
    [left, low],
  ];
}

interface Cloud {
  name: string;
  colour: string;
  /** Where its points stand among all. */
  places: number[];
}

function listClouds({ points, density, colours, scheme }: ScatterDrawing): Cloud[] {
  if (colours === 'density' && density !== null) {
    const levels = densities[scheme];
    const clouds = levels.map((colour, at): Cloud => ({ name: `density ${at}`, colour, places: [] }));
    for (const [at, value] of density.density.entries()) {
      clouds[Math.min(levels.length - 1, Math.floor(value * levels.length))]!.places.push(at);
    }
    return clouds;
  }
  const clouds = points.generators.map(
    (generator, at): Cloud => ({
      name: generator ?? 'generator not known',
      colour: hues[at % hues.length]!,
      places: [],
    }),
  );
  for (const [at, index] of points.generator.entries()) clouds[index]!.places.push(at);
  return clouds;
}

/** Where the points lie, and the two margins, in pixels from the edges. */
const body = { left: 56, right: 66, top: 88, bottom: 48 };

function drawAll(chart: EChartsType, drawing: ScatterDrawing, clouds: readonly Cloud[]): void {
  const { points, density, xLabel, yLabel, scheme, colours } = drawing;
  const ink = scheme === 'dark' ? '#c8c8c8' : '#333';
  const rule = scheme === 'dark' ? '#3a3a3a' : '#ddd';
  const whole = wholeRegion(points);
  const axis = {
    type: 'value' as const,
    nameLocation: 'middle' as const,
    nameTextStyle: { color: ink },
    axisLabel: { color: ink, showMinLabel: false, showMaxLabel: false },
    axisLine: { show: true, lineStyle: { color: rule } },
    splitLine: { lineStyle: { color: rule } },
  };
  const hidden = { type: 'value' as const, show: false };
  const [xRange, yRange] = [withEdge(whole.predicted), withEdge(whole.mos)];
  const zoom = {
    type: 'inside' as const,
    filterMode: 'none' as const,
    zoomOnMouseWheel: 'ctrl' as const,
    moveOnMouseMove: 'shift' as const,
    moveOnMouseWheel: false,
  };
  chart.setOption(
    {
      animation: false,
      textStyle: { fontFamily: 'Inter Variable, system-ui, sans-serif' },
      grid: [
        body,
        { left: body.left, right: body.right, top: 44, height: 40 },
        { right: 14, width: 48, top: body.top, bottom: body.bottom },
      ],
      legend: {
        show: colours === 'generator',
        // One line, however many generators there are and however long their names: the margin begins below it.
        type: 'scroll',
        formatter: shortenName,
        tooltip: { show: true },
        pageTextStyle: { color: ink },
        pageIconColor: ink,
        top: 0,
        textStyle: { color: ink },
        inactiveColor: rule,
        data: clouds.map(({ name }) => name),
      },
      xAxis: [
        { ...axis, ...xRange, name: xLabel, nameGap: 28 },
        { ...hidden, ...xRange, gridIndex: 1 },
        { ...hidden, min: 0, gridIndex: 2 },
      ],
      yAxis: [
        { ...axis, ...yRange, name: yLabel, nameGap: 38 },
        { ...hidden, min: 0, gridIndex: 1 },
        { ...hidden, ...yRange, gridIndex: 2 },
      ],
      dataZoom: [
        { ...zoom, xAxisIndex: [0, 1] },
        { ...zoom, yAxisIndex: [0, 2] },
      ],
      series: [
        ...clouds.map((cloud) => describeCloud(points, cloud)),
        describeLine('curve', points.curve, ink),
        describeMark(ink),
        {
          ...describeLine('region', [], ink),
          lineStyle: { color: ink, width: 1.5, type: 'dashed' as const },
        },
        ...(density === null ? [] : describeMargins(density, ink)),
      ],
    },
    { notMerge: true },
  );
}

function withEdge([low, high]: [number, number]): { min: number; max: number } {
  const edge = (high - low || 1) * 0.04;
  return { min: low - edge, max: high + edge };
}

function describeCloud(points: AgreementPoints, { name, colour, places }: Cloud) {
  return {
    id: `cloud ${name}`,
    name,
    type: 'scatter' as const,
    data: places.map((at) => [points.predicted[at]!, points.mos[at]!]),
    symbolSize: points.imageIds.length > largeThreshold ? 4 : 6,
    itemStyle: { color: colour, opacity: 0.7 },
    large: true,
    largeThreshold,
    emphasis: { disabled: true },
  };
}

function describeLine(id: string, data: readonly (readonly [number, number])[], ink: string) {
  return {
    id,
    type: 'line' as const,
    data: [...data],
    symbol: 'none',
    silent: true,
    lineStyle: { color: ink, width: 1.5 },
    itemStyle: { color: ink },
    z: 5,
  };
}

/** The ring around the image that is looked at; empty until there is one. */
function describeMark(ink: string) {
  return {
    id: 'mark',
    type: 'scatter' as const,
    data: [],
    silent: true,
    symbolSize: 16,
    itemStyle: { color: 'transparent', borderColor: ink, borderWidth: 2 },
    z: 6,
  };
}

function describeMargins({ predicted, mos }: PointDensity, ink: string) {
  const across = outline(predicted);
  const up = outline(mos).map(([value, count]): [number, number] => [count, value]);
  return [
    { ...describeLine('margin across', across, ink), xAxisIndex: 1, yAxisIndex: 1 },
    { ...describeLine('margin up', up, ink), xAxisIndex: 2, yAxisIndex: 2 },
  ];
}

/** A histogram's steps, from the ground and back to it. */
function outline({ edges, counts }: Histogram): [number, number][] {
  const steps = counts.flatMap((count, at): [number, number][] => [
    [edges[at]!, count],
    [edges[at + 1]!, count],
  ]);
  const [first, last] = [edges[0], edges.at(-1)];
  return first === undefined || last === undefined ? [] : [[first, 0], ...steps, [last, 0]];
}

const longestName = 28;

/** Both ends of a long name: checkpoints of one family differ at either. */
export function shortenName(name: string): string {
  if (name.length <= longestName) return name;
  return `${name.slice(0, longestName - 11)}…${name.slice(-10)}`;
}
