/** Small drawings for reports: scatter, histogram, bars; plain SVG in text, without scripts. */
import type { Histogram } from '../../contract/agreement-views.ts';
import { type Range as Axis, rangeOf } from '../maths/histogram.ts';

const width = 420;
const height = 300;
const left = 44;
const bottom = 34;
const top = 10;
const right = 10;
/** More points than this are drawn as an even sample. */
const mostPoints = 3000;

interface Frame {
  x: Axis;
  y: Axis;
  labels: [x: string, y: string];
}

function place({ low, high }: Axis, from: number, to: number): (value: number) => number {
  return (value) => from + ((to - from) * (value - low)) / (high - low || 1);
}

function draw({ x, y, labels }: Frame, inside: string): string {
  const px = place(x, left, width - right);
  const py = place(y, height - bottom, top);
  const xs = ticksOf(x).map(
    ({ value, text }) =>
      `<text x="${px(value).toFixed(1)}" y="${height - bottom + 14}" text-anchor="middle">${text}</text>`,
  );
  const ys = ticksOf(y).map(
    ({ value, text }) =>
      `<text x="${left - 5}" y="${(py(value) + 3).toFixed(1)}" text-anchor="end">${text}</text><line class="grid" x1="${left}" x2="${width - right}" y1="${py(value).toFixed(1)}" y2="${py(value).toFixed(1)}"/>`,
  );
  const names = `<text x="${(left + width - right) / 2}" y="${height - 4}" text-anchor="middle">${labels[0]}</text><text transform="translate(11 ${(height - bottom + top) / 2}) rotate(-90)" text-anchor="middle">${labels[1]}</text>`;
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${labels[1]} against ${labels[0]}">${ys.join('')}${xs.join('')}${names}${inside}</svg>`;
}

/** Round numbers inside an axis, four to nine of them: steps of 1, 2 or 5 times a power of ten. */
function ticksOf({ low, high }: Axis): { value: number; text: string }[] {
  const rough = (high - low) / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([5, 2].find((times) => times * power <= rough) ?? 1);
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, at) => {
    const value = (first + at) * step;
    return { value, text: value.toFixed(digits) };
  });
}

function axisOf(values: readonly number[]): Axis {
  return rangeOf(Float64Array.from(values)) ?? { low: 0, high: 1 };
}

/** Predictions against MOS with the mapping's curve. Labels must be safe for HTML. */
export function drawScatter(
  points: { x: readonly number[]; y: readonly number[]; curve: readonly (readonly [number, number])[] },
  labels: [string, string],
): string {
  const frame = { x: axisOf(points.x), y: axisOf(points.y), labels };
  const px = place(frame.x, left, width - right);
  const py = place(frame.y, height - bottom, top);
  const step = Math.max(1, Math.ceil(points.x.length / mostPoints));
  const dots = points.x
    .map((x, at) => [x, points.y[at]!] as const)
    .filter((_, at) => at % step === 0)
    .map(([x, y]) => `<circle cx="${px(x).toFixed(1)}" cy="${py(y).toFixed(1)}" r="1.6"/>`);
  const line = points.curve.map(([x, y]) => `${px(x).toFixed(1)},${py(y).toFixed(1)}`).join(' ');
  return draw(frame, `<g class="dots">${dots.join('')}</g><polyline class="curve" points="${line}"/>`);
}

/** Two histograms on the same bins, as shares of their sides (Figure 3). */
export function drawHistograms(
  sides: readonly { name: string; histogram: Histogram }[],
  label: string,
): string {
  const shares = sides.map(({ histogram: { counts } }) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count) => (total === 0 ? 0 : count / total));
  });
  const edges = sides[0]?.histogram.edges ?? [];
  const frame: Frame = {
    x: axisOf(edges),
    y: { low: 0, high: Math.max(0.01, ...shares.flat()) },
    labels: [label, 'share of images'],
  };
  const px = place(frame.x, left, width - right);
  const py = place(frame.y, height - bottom, top);
  const bars = shares.map((side, index) =>
    side.map((share, at) => {
      const [from, to] = [px(edges[at]!), px(edges[at + 1] ?? edges[at]!)];
      const wide = Math.max(1, (to - from) / sides.length - 1);
      return `<rect class="side-${index}" x="${(from + index * wide).toFixed(1)}" y="${py(share).toFixed(1)}" width="${wide.toFixed(1)}" height="${(height - bottom - py(share)).toFixed(1)}"/>`;
    }),
  );
  return draw(frame, bars.flat().join(''));
}
