/** Draws the scatter on a canvas: tens of thousands of points stay fluid, and each can be pointed at. */
import { LineChart, ScatterChart as Points } from 'echarts/charts';
import { DataZoomInsideComponent, GridComponent, LegendComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { AgreementPoints } from '../../../contract/agreement.ts';

use([Points, LineChart, GridComponent, LegendComponent, DataZoomInsideComponent, CanvasRenderer]);

export interface ScatterDrawing {
  points: AgreementPoints;
  xLabel: string;
  yLabel: string;
  scheme: 'light' | 'dark';
}

export interface ScatterChart {
  draw: (drawing: ScatterDrawing) => void;
  /** Puts a ring around an image; none where null. */
  mark: (imageId: number | null) => void;
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

/** Above this many points a series is drawn as one shape: several times as fast, still clickable. */
const largeThreshold = 2000;

/** A chart that fills `place` and follows its size; `onSelect` is called with the image of a point that is clicked. */
export function createScatterChart(place: HTMLElement, onSelect: (imageId: number) => void): ScatterChart {
  const chart = init(place, null, { renderer: 'canvas' });
  let shown: AgreementPoints | null = null;
  let indices: number[][] = [];
  chart.on('click', ({ seriesType, seriesIndex, dataIndex }) => {
    if (seriesType !== 'scatter' || seriesIndex === undefined) return;
    const point = indices[seriesIndex]?.[dataIndex];
    if (point !== undefined) onSelect(shown!.imageIds[point]!);
  });
  const observer = new ResizeObserver(() => chart.resize());
  observer.observe(place);
  return {
    draw: (drawing) => {
      shown = drawing.points;
      indices = indexByGenerator(shown);
      drawAll(chart, drawing, indices);
    },
    mark: (imageId) => {
      const at = shown?.imageIds.indexOf(imageId ?? -1) ?? -1;
      const data = at === -1 ? [] : [[shown!.predicted[at]!, shown!.mos[at]!]];
      chart.setOption({ series: [{ id: 'mark', data }] });
    },
    close: () => {
      observer.disconnect();
      chart.dispose();
    },
  };
}

/** For each generator the places of its points. */
function indexByGenerator({ generator, generators }: AgreementPoints): number[][] {
  const indices: number[][] = generators.map(() => []);
  for (const [at, index] of generator.entries()) indices[index]!.push(at);
  return indices;
}

function drawAll(chart: EChartsType, drawing: ScatterDrawing, indices: number[][]): void {
  const { points, xLabel, yLabel, scheme } = drawing;
  const ink = scheme === 'dark' ? '#c8c8c8' : '#333';
  const rule = scheme === 'dark' ? '#3a3a3a' : '#ddd';
  const clouds = describeClouds(points, indices);
  const curve = describeCurve(points, ink);
  const axis = {
    type: 'value' as const,
    scale: true,
    nameLocation: 'middle' as const,
    nameTextStyle: { color: ink },
    axisLabel: { color: ink },
    axisLine: { show: true, lineStyle: { color: rule } },
    splitLine: { lineStyle: { color: rule } },
  };
  const names = clouds.map(({ name }) => name);
  const zoom = {
    type: 'inside' as const,
    filterMode: 'none' as const,
    zoomOnMouseWheel: 'ctrl' as const,
    moveOnMouseWheel: false,
  };
  chart.setOption(
    {
      animation: false,
      textStyle: { fontFamily: 'Inter Variable, system-ui, sans-serif' },
      grid: { left: 56, right: 16, top: 40, bottom: 48 },
      legend: { type: 'plain', top: 0, textStyle: { color: ink }, inactiveColor: rule, data: names },
      xAxis: { ...axis, name: xLabel, nameGap: 28 },
      yAxis: { ...axis, name: yLabel, nameGap: 38 },
      dataZoom: [
        { ...zoom, xAxisIndex: 0 },
        { ...zoom, yAxisIndex: 0 },
      ],
      series: [...clouds, curve, describeMark(ink)],
    },
    { notMerge: true },
  );
}

function describeClouds(points: AgreementPoints, indices: number[][]) {
  return points.generators.map((generator, at) => ({
    id: `cloud ${at}`,
    name: generator ?? 'generator not known',
    type: 'scatter' as const,
    data: indices[at]!.map((point) => [points.predicted[point]!, points.mos[point]!]),
    symbolSize: points.imageIds.length > largeThreshold ? 4 : 6,
    itemStyle: { color: hues[at % hues.length]!, opacity: 0.7 },
    large: true,
    largeThreshold,
    emphasis: { disabled: true },
  }));
}

function describeCurve(points: AgreementPoints, ink: string) {
  return {
    id: 'curve',
    type: 'line' as const,
    data: points.curve,
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
