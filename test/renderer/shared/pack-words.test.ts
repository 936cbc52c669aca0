import { describe, expect, test } from 'vitest';
import type { PackVerification } from '../../../contract/pack.ts';
import { describeOutputs, precisionWarning } from '../../../renderer/shared/pack-words.ts';
import { makePack } from '../support/make-pack.ts';

const verification: PackVerification = {
  precision: 'int8',
  images: 32,
  q: { max: 0.1, mean: 0.01 },
  s: { max: 0.4, mean: 0.05 },
  overall: null,
  srcc: { q: 0.998, s: 0.9712, overall: null },
  bound: 0.99,
  isGood: false,
  checkedAt: 0,
};

describe('Words about packs', () => {
  test('a precision that orders images differently is named with its worst figure and the bound', () => {
    const warning = precisionWarning(makePack({ title: 'Mine', verification }));
    expect(warning).toMatch(/Mine runs in int8.*SRCC 0\.971.*0\.99/);
  });

  test('nothing is said of a precision that is good, or was not compared', () => {
    expect(precisionWarning(makePack({ verification: { ...verification, isGood: true } }))).toBeNull();
    expect(precisionWarning(makePack())).toBeNull();
  });

  test('what is undefined for too few images is no figure', () => {
    const srcc = { q: null, s: null, overall: null };
    expect(precisionWarning(makePack({ verification: { ...verification, srcc } }))).not.toContain('SRCC');
  });

  test('a pack without signals and heads gives features', () => {
    expect(describeOutputs(makePack())).toContain('features');
    expect(describeOutputs(makePack({ activeHeads: { overall: 1, quality: 2 } }))).toBe('quality, overall');
  });
});
