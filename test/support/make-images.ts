/** Pictures that tests make themselves: drawn from a seed, written as files with or without generation metadata. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { createRandom } from '../../core/maths/random.ts';

export interface SceneSize {
  width: number;
  height: number;
}

/** Pixels of a drawn scene, interleaved RGB: a sky, hills, a sun, grain; each seed another one. */
export function drawScene(seed: number, { width, height }: SceneSize): Uint8Array {
  const random = createRandom(seed);
  const hue = Array.from({ length: 9 }, () => random.next());
  const sun = {
    x: random.next() * width,
    y: random.next() * height * 0.5,
    r: (0.06 + 0.1 * random.next()) * height,
  };
  const grain = random.next() * 12;
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const hill =
        height * (0.55 + 0.12 * Math.sin((x / width) * 7 + 6 * hue[6]!) + 0.05 * Math.sin((x / width) * 23));
      const isSun = Math.hypot(x - sun.x, y - sun.y) < sun.r;
      const base = y > hill ? 0 : 3;
      const shade = y > hill ? 1.1 - (0.7 * (y - hill)) / height : 0.6 + (0.5 * y) / height;
      const noise = grain * random.normal();
      for (let c = 0; c < 3; c++) {
        const tone = isSun ? 235 - 20 * c : 40 + 190 * hue[base + c]! * shade;
        rgb[3 * (y * width + x) + c] = Math.max(0, Math.min(255, tone + noise));
      }
    }
  }
  return rgb;
}

/** A scene as an encoded picture. */
export async function encodeScene(
  seed: number,
  size: SceneSize,
  format: 'png' | 'jpeg' | 'webp' | 'avif' | 'tiff' | 'gif' = 'png',
): Promise<Buffer> {
  const image = sharp(drawScene(seed, size), { raw: { ...size, channels: 3 } });
  return await image.toFormat(format, format === 'png' ? { compressionLevel: 1 } : {}).toBuffer();
}

/** A PNG with a text chunk after its header, as AUTOMATIC1111 writes `parameters`. */
export function withPngText(png: Buffer, keyword: string, text: string): Buffer {
  const data = Buffer.concat([Buffer.from(`tEXt${keyword}\0`, 'latin1'), Buffer.from(text, 'utf8')]);
  const chunk = Buffer.alloc(data.length + 8);
  chunk.writeUInt32BE(data.length - 4);
  data.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(data), data.length + 4);
  const headerEnd = 8 + 25;
  return Buffer.concat([png.subarray(0, headerEnd), chunk, png.subarray(headerEnd)]);
}

/** Writes `count` PNG scenes with prompts, `scene-000.png` …, four images a prompt; gives their paths. */
export async function writeScenes(folder: string, count: number, size: SceneSize): Promise<string[]> {
  const paths: string[] = [];
  for (let at = 0; at < count; at++) {
    const path = join(folder, `scene-${String(at).padStart(3, '0')}.png`);
    const prompt = `${subjects[Math.floor(at / 4) % subjects.length]!}, variation ${Math.floor(at / 4)}`;
    const parameters = `${prompt}\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: ${at + 1}, Size: ${size.width}x${size.height}, Model: ${at % 2 === 0 ? 'painter' : 'sketcher'}`;
    writeFileSync(path, withPngText(await encodeScene(at + 1, size), 'parameters', parameters));
    paths.push(path);
  }
  return paths;
}

const subjects = [
  'green hills at dusk',
  'a red sun over the sea',
  'a quiet valley in the morning',
  'mountains under a pale sky',
  'a desert before the storm',
  'fields in late summer',
];
