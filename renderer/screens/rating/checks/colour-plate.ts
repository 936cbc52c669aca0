/**
 * Colour plates of our own: a digit of dots that differs from its ground along a confusion line, so that it is seen by those who have all
 * three kinds of cones; lightness varies from dot to dot, so that it gives nothing away.
 */
import { seeded } from '../../../shared/seeded-random.ts';

export type Deficiency = 'protan' | 'deutan' | 'tritan';

/** `control`: the digit differs in lightness, and everybody sees it. */
export interface Plate {
  kind: Deficiency | 'control';
  digit: number;
  seed: number;
}

type Rgb = readonly [number, number, number];

/** Linear RGB with the primaries of BT.709 → LMS (Viénot, Brettel and Mollon 1999, equation 4), scaled to white = (1, 1, 1). */
const toCones: readonly Rgb[] = normalise([
  [0.17882, 0.43516, 0.04119],
  [0.03456, 0.27155, 0.03867],
  [0.0003, 0.00184, 0.01467],
]);

function normalise(rows: readonly Rgb[]): Rgb[] {
  return rows.map(([r, g, b]) => {
    const white = r + g + b;
    return [r / white, g / white, b / white];
  });
}

/** The change of linear RGB that moves one kind of cones by 1 and leaves the other two alone. */
export function confusionDirection(kind: Deficiency): Rgb {
  const [l, m, s] = toCones as [Rgb, Rgb, Rgb];
  const across: Record<Deficiency, Rgb> = { protan: cross(m, s), deutan: cross(s, l), tritan: cross(l, m) };
  const direction = across[kind];
  const cone = { protan: l, deutan: m, tritan: s }[kind];
  const scale = direction.reduce((sum, value, at) => sum + value * cone[at]!, 0);
  return [direction[0] / scale, direction[1] / scale, direction[2] / scale];
}

function cross(a: Rgb, b: Rgb): Rgb {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** The cones' answer to linear RGB, white being (1, 1, 1). */
export function conesOf(rgb: Rgb): Rgb {
  const [l, m, s] = toCones.map((row) => row.reduce((sum, weight, at) => sum + weight * rgb[at]!, 0));
  return [l!, m!, s!];
}

/** Ground and digit in linear RGB, as far apart as the screen's colours allow, at most by half of the ground's answer. */
export function plateColours(kind: Plate['kind']): { ground: Rgb; figure: Rgb } {
  if (kind === 'control') return { ground: [0.3, 0.3, 0.3], figure: [0.12, 0.12, 0.12] };
  // A ground from which there is room both ways along the line.
  const middle: Rgb = [0.32, 0.3, 0.3];
  const direction = confusionDirection(kind);
  const most = 0.9;
  const reach = Math.min(
    0.5,
    ...direction.map((change, at) => {
      const room = Math.min(middle[at]! - 0.03, most - 0.35 - middle[at]!);
      return change === 0 ? 0.5 : (2 * room) / Math.abs(change);
    }),
  );
  const move = (by: number): Rgb => [
    middle[0] + by * direction[0],
    middle[1] + by * direction[1],
    middle[2] + by * direction[2],
  ];
  return { ground: move(-reach / 2), figure: move(reach / 2) };
}

/** sRGB transfer function (IEC 61966-2-1), to eight bits. */
export function encode(linear: number): number {
  const value = Math.min(1, Math.max(0, linear));
  return Math.round(255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055));
}

export interface Dot {
  x: number;
  y: number;
  r: number;
}

/** Dots that do not overlap in a circle of diameter 1, of four sizes; drawn from `random`. */
export function placeDots(random: () => number, count = 900): Dot[] {
  const dots: Dot[] = [];
  for (let attempt = 0; attempt < 12_000 && dots.length < count; attempt += 1) {
    const r = [0.02, 0.016, 0.012, 0.009][Math.min(3, Math.floor((attempt / 12_000) * 6))]!;
    const [x, y] = [random(), random()];
    if (Math.hypot(x - 0.5, y - 0.5) > 0.5 - r) continue;
    if (dots.some((dot) => Math.hypot(dot.x - x, dot.y - y) < dot.r + r + 0.002)) continue;
    dots.push({ x, y, r });
  }
  return dots;
}

/** Draws a plate into a canvas of `side` pixels. */
export function drawPlate(
  context: CanvasRenderingContext2D,
  side: number,
  { kind, digit, seed }: Plate,
): void {
  const random = seeded(seed);
  const isFigure = drawMask(side, digit);
  const { ground, figure } = plateColours(kind);
  context.fillStyle = '#000';
  context.fillRect(0, 0, side, side);
  for (const { x, y, r } of placeDots(random)) {
    const colour = isFigure(x, y) ? figure : ground;
    // Lightness varies by a factor of two and more.
    const light = 0.55 + 0.75 * random();
    context.fillStyle = `rgb(${colour.map((value) => encode(value * light)).join(' ')})`;
    context.beginPath();
    context.arc(x * side, y * side, r * side, 0, 2 * Math.PI);
    context.fill();
  }
}

/** Whether a place of the plate (0 to 1) lies in the digit. */
function drawMask(side: number, digit: number): (x: number, y: number) => boolean {
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d')!;
  context.font = `800 ${side * 0.82}px sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(String(digit), side / 2, side * 0.54);
  const { data } = context.getImageData(0, 0, side, side);
  return (x, y) => data[4 * (Math.floor(y * side) * side + Math.floor(x * side)) + 3]! > 127;
}
