import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../core/maths/random.ts';
import { measureNiqe } from '../../../../native-models/classic/niqe/niqe.ts';
import { decode } from '../../../../native-models/images/decode.ts';
import { hasShared, readSharedJson, sharedPath } from '../../../support/shared.ts';

interface Case {
  file: string;
  niqe?: number | null;
  error?: string;
}

const limits = { maxPixels: 64_000_000, maxBytes: 1 << 28 };

/** The tolerance that the golden README states, relative. */
const tolerance = 1e-3;

function readCases(): { path: string; expected: Case }[] {
  if (!hasShared) return [];
  const golden = readSharedJson<Record<string, unknown>>('golden/classic/niqe.json');
  return Object.entries(golden).flatMap(([name, cases]) => {
    const folder = name.startsWith('golden') ? 'golden/public/images/' : 'data/agiqa-3k/images/';
    return Array.isArray(cases)
      ? (cases as Case[]).map((expected) => ({ path: folder + expected.file, expected }))
      : [];
  });
}

describe.skipIf(!hasShared)('NIQE of the golden pictures', () => {
  const cases = readCases();

  it('is checked on all 35', () => {
    expect(cases.length).toBe(35);
  });

  it.each(cases)('$path', async ({ path, expected }) => {
    const measured = measureNiqe(await decode(sharedPath(path), limits));
    if (typeof expected.niqe !== 'number') {
      expect(measured).toHaveProperty('reason');
      return;
    }
    if (!('score' in measured)) throw new Error(measured.reason);
    expect(Math.abs(measured.score / expected.niqe - 1)).toBeLessThan(tolerance);
  });
});

describe('NIQE', () => {
  it('has no score for a picture without two whole blocks, and says why', () => {
    const image = { rgb: new Uint8Array(150 * 150 * 3).fill(90), width: 150, height: 150 };
    expect(measureNiqe(image)).toEqual({ reason: expect.stringContaining('150 × 150') });
  });

  it('has no score for a flat picture, and says why', () => {
    const image = { rgb: new Uint8Array(384 * 384 * 3).fill(128), width: 384, height: 384 };
    expect(measureNiqe(image)).toEqual({ reason: expect.stringContaining('flat') });
  });
});

function scoreOf(image: Parameters<typeof measureNiqe>[0]): number {
  const measured = measureNiqe(image);
  if (!('score' in measured)) throw new Error(measured.reason);
  return measured.score;
}

describe.skipIf(!hasShared)('NIQE of a photograph', () => {
  const photograph = () => decode(sharedPath('golden/public/images/p01_astronaut_512x512.png'), limits);

  it('rises with noise', async () => {
    const { rgb, width, height } = await photograph();
    const scores = [0, 10, 30].map((deviation) => {
      const random = createRandom(5);
      const noisy = rgb.map((level) =>
        Math.min(255, Math.max(0, Math.round(level + deviation * random.normal()))),
      );
      return scoreOf({ rgb: noisy, width, height });
    });
    expect(scores[1]).toBeGreaterThan(scores[0]! + 0.5);
    expect(scores[2]).toBeGreaterThan(scores[1]! + 0.5);
  });

  it('rises with the damage of JPEG', async () => {
    const { rgb, width, height } = await photograph();
    const scores = [];
    for (const quality of [90, 20, 5]) {
      const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } })
        .jpeg({ quality })
        .toBuffer();
      scores.push(scoreOf(await decode(jpeg, limits)));
    }
    expect(scores[1]).toBeGreaterThan(scores[0]!);
    expect(scores[2]).toBeGreaterThan(scores[1]! + 0.5);
  });

  it('rises with blur', async () => {
    const { rgb, width, height } = await photograph();
    const blurred = await sharp(rgb, { raw: { width, height, channels: 3 } })
      .blur(3)
      .raw()
      .toBuffer();
    expect(scoreOf({ rgb: blurred, width, height })).toBeGreaterThan(scoreOf({ rgb, width, height }) + 0.5);
  });
});
