/** Pictures worth looking at, painted from a seed: landscapes, seas, nights, still lifes; some of them spoilt. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { createRandom } from '../../../core/maths/random.ts';
import { withPngText } from '../../support/make-images.ts';

type Random = () => number;

/** In the documentation one looks at the pictures; what a test does with them takes a third of the time on a quarter of the pixels. */
const usualSidePx = process.env['SFIQA_SCREENS'] === '1' ? 512 : 256;

interface Painted {
  svg: string;
  prompt: string;
}

const kinds = [paintMountains, paintSea, paintNight, paintStillLife, paintDunes];
const models = ['painter-xl', 'sketcher-1.5', 'dreamer-2'];

/** What happens to a picture after it is painted, so that a library holds good and bad ones. */
const spoilers: { name: string; spoil: (image: Sharp) => Sharp }[] = [
  { name: 'as painted', spoil: (image) => image },
  { name: 'as painted', spoil: (image) => image.sharpen({ sigma: 1 }) },
  { name: 'blurred', spoil: (image) => image.blur(5) },
  { name: 'low contrast', spoil: (image) => image.linear(0.45, 70) },
  { name: 'as painted', spoil: (image) => image.modulate({ saturation: 1.2 }) },
];

/**
 * Writes pictures with AUTOMATIC1111 metadata: `<model>_<number>.png`.
 *
 * @returns names and prompts, in order
 */
export async function paintFolder(
  folder: string,
  count: number,
  longSidePx = usualSidePx,
): Promise<{ name: string; prompt: string }[]> {
  const painted = [];
  for (let at = 0; at < count; at += 1) {
    const source = createRandom(1000 + at);
    const random = () => source.next();
    const shape = [1, 1, 1.5, 0.67][at % 4]!;
    const width = Math.round(shape >= 1 ? longSidePx : longSidePx * shape);
    const height = Math.round(shape >= 1 ? longSidePx / shape : longSidePx);
    const { svg, prompt } = kinds[at % kinds.length]!(random, width, height);
    const model = models[at % models.length]!;
    const name = `${model}_${String(at).padStart(4, '0')}.png`;
    const { spoil } = spoilers[Math.floor(at / kinds.length) % spoilers.length]!;
    const png = await spoil(sharp(Buffer.from(svg)))
      .removeAlpha()
      .png({ compressionLevel: 3 })
      .toBuffer();
    const text = `${prompt}\nNegative prompt: blurry, lowres, watermark\nSteps: ${20 + (at % 3) * 10}, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: ${9007199254740993n + BigInt(at)}, Size: ${width}x${height}, Model: ${model}`;
    writeFileSync(join(folder, name), withPngText(png, 'parameters', text));
    painted.push({ name, prompt });
  }
  return painted;
}

function frame(width: number, height: number, defs: string, body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs>${defs}</defs>${body}</svg>`;
}

function hsl(hue: number, saturation: number, lightness: number): string {
  return `hsl(${Math.round(hue) % 360},${Math.round(saturation)}%,${Math.round(lightness)}%)`;
}

function sky(top: string, bottom: string): string {
  return `<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient><radialGradient id="glow"><stop offset="0" stop-color="#fff8e0"/><stop offset=".25" stop-color="#ffe9b0" stop-opacity=".9"/><stop offset="1" stop-color="#ffd080" stop-opacity="0"/></radialGradient>`;
}

/** A ridge across the picture: sums of sines, closed at the foot. */
function ridge(random: Random, width: number, height: number, at: number, rough: number): string {
  const waves = Array.from({ length: 5 }, (_, k) => ({
    f: (k + 1) * (1.2 + random()),
    a: rough / (k + 1),
    p: random() * 6.3,
  }));
  const points = [];
  for (let x = 0; x <= width; x += width / 96) {
    const y = waves.reduce((sum, { f, a, p }) => sum + a * Math.sin((x / width) * f * 3 + p), height * at);
    points.push(`${x.toFixed(1)},${y.toFixed(1)}`);
  }
  return `M0,${height} L${points.join(' L')} L${width},${height} Z`;
}

function paintMountains(random: Random, width: number, height: number): Painted {
  const hue = 190 + random() * 160;
  const sunX = width * (0.2 + 0.6 * random());
  const layers = Array.from({ length: 6 }, (_, k) => {
    const path = ridge(random, width, height, 0.38 + k * 0.1, height * (0.09 - k * 0.008));
    return `<path d="${path}" fill="${hsl(hue + k * 7, 22 + k * 6, 64 - k * 10)}"/>`;
  });
  const sun = `<circle cx="${sunX}" cy="${height * 0.3}" r="${width * 0.32}" fill="url(#glow)"/>`;
  const svg = frame(
    width,
    height,
    sky(hsl(hue + 20, 45, 48), hsl(hue + 150, 70, 82)),
    `<rect width="100%" height="100%" fill="url(#sky)"/>${sun}${layers.join('')}`,
  );
  return { svg, prompt: 'layers of misty mountains at sunrise, soft light, wide view' };
}

function paintSea(random: Random, width: number, height: number): Painted {
  const hue = 10 + random() * 35;
  const horizon = height * 0.55;
  const x = width * (0.3 + 0.4 * random());
  const glints = Array.from({ length: 160 }, () => {
    const depth = random() ** 1.5;
    const y = horizon + depth * (height - horizon);
    const w = width * (0.02 + 0.12 * depth * random());
    const cx = x + (random() - 0.5) * width * (0.12 + depth * 0.7);
    return `<rect x="${cx - w / 2}" y="${y}" width="${w}" height="${1 + depth * 4}" rx="2" fill="${hsl(hue + 20, 90, 78)}" opacity="${0.25 + 0.5 * random()}"/>`;
  });
  const svg = frame(
    width,
    height,
    sky(hsl(hue + 215, 45, 30), hsl(hue, 85, 64)),
    `<rect width="100%" height="${horizon}" fill="url(#sky)"/><circle cx="${x}" cy="${horizon}" r="${width * 0.34}" fill="url(#glow)"/><circle cx="${x}" cy="${horizon * 0.94}" r="${width * 0.07}" fill="#fff3d0"/><rect y="${horizon}" width="100%" height="${height - horizon}" fill="${hsl(hue + 205, 48, 24)}"/>${glints.join('')}`,
  );
  return { svg, prompt: 'a low sun over a calm sea, long reflections, golden hour photograph' };
}

function paintNight(random: Random, width: number, height: number): Painted {
  const hue = 215 + random() * 50;
  const stars = Array.from(
    { length: 220 },
    () =>
      `<circle cx="${random() * width}" cy="${random() * height * 0.75}" r="${0.4 + 1.3 * random() ** 3}" fill="#fff" opacity="${0.3 + 0.7 * random()}"/>`,
  );
  const houses = Array.from({ length: 16 }, (_, k) => {
    const w = width / 14;
    const h = height * (0.12 + 0.3 * random());
    const left = (k - 1) * w * 1.02;
    const windows = Array.from({ length: 18 }, (_unused, i) =>
      random() < 0.45
        ? `<rect x="${left + w * (0.16 + 0.26 * (i % 3))}" y="${height - h + 8 + Math.floor(i / 3) * (h / 7)}" width="${w * 0.16}" height="${h / 14}" fill="${hsl(42, 95, 70)}"/>`
        : '',
    );
    return `<rect x="${left}" y="${height - h}" width="${w}" height="${h}" fill="${hsl(hue, 30, 9 + (k % 3) * 3)}"/>${windows.join('')}`;
  });
  const svg = frame(
    width,
    height,
    sky(hsl(hue, 60, 8), hsl(hue + 45, 55, 34)),
    `<rect width="100%" height="100%" fill="url(#sky)"/>${stars.join('')}<circle cx="${width * 0.72}" cy="${height * 0.22}" r="${width * 0.22}" fill="url(#glow)" opacity=".5"/><circle cx="${width * 0.72}" cy="${height * 0.22}" r="${width * 0.07}" fill="#fdf6e0"/>${houses.join('')}`,
  );
  return { svg, prompt: 'a small city under a clear night sky, lit windows, full moon' };
}

function paintStillLife(random: Random, width: number, height: number): Painted {
  const table = height * 0.62;
  const fruits = Array.from({ length: 7 }, (_, k) => {
    const r = width * (0.07 + 0.07 * random());
    const cx = width * (0.12 + 0.13 * k);
    const cy = table + r * 0.5 * random();
    const hue = random() * 75;
    return `<radialGradient id="f${k}" cx=".36" cy=".3" r=".8"><stop offset="0" stop-color="${hsl(hue, 90, 82)}"/><stop offset=".45" stop-color="${hsl(hue, 78, 50)}"/><stop offset="1" stop-color="${hsl(hue + 340, 80, 17)}"/></radialGradient><ellipse cx="${cx + r * 0.5}" cy="${cy + r * 0.92}" rx="${r * 1.15}" ry="${r * 0.26}" fill="#000" opacity=".35"/><circle cx="${cx}" cy="${cy}" r="${r}" fill="url(#f${k})"/>`;
  });
  const svg = frame(
    width,
    height,
    sky(hsl(24 + random() * 30, 22, 20), hsl(30, 25, 38)),
    `<rect width="100%" height="100%" fill="url(#sky)"/><rect y="${table}" width="100%" height="${height - table}" fill="${hsl(24, 38, 26)}"/>${fruits.join('')}`,
  );
  return { svg, prompt: 'still life of fruit on a wooden table, chiaroscuro, oil painting' };
}

function paintDunes(random: Random, width: number, height: number): Painted {
  const hue = 24 + random() * 20;
  const layers = Array.from({ length: 7 }, (_, k) => {
    const path = ridge(random, width, height, 0.45 + k * 0.085, height * 0.05);
    return `<path d="${path}" fill="${hsl(hue - k * 2, 62, 70 - k * 7)}"/>`;
  });
  const svg = frame(
    width,
    height,
    sky(hsl(205, 60, 62), hsl(45, 70, 88)),
    `<rect width="100%" height="100%" fill="url(#sky)"/>${layers.join('')}`,
  );
  return { svg, prompt: 'sand dunes in the late afternoon, long shadows, a single line of footprints' };
}
