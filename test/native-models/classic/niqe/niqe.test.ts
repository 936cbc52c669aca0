import { describe, expect, it } from 'vitest';
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
