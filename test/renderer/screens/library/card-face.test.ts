import { describe, expect, test } from 'vitest';
import {
  chooseFace,
  countLines,
  fitFace,
  isPartShown,
  listCardParts,
} from '../../../../renderer/screens/library/card-face.ts';

const shown = {
  packTitle: 'A pack',
  branches: [],
  heads: { quality: 'Q head', overall: 'P head' },
  warning: null,
};
const known = { targets: ['quality', 'alignment', 'overall'], dimensions: ['quality', 'alignment'], shown };

describe('What a card tells', () => {
  test('each target has the numbers that the pack and the MOS set can give: a gap where there are both', () => {
    expect(chooseFace(known, {}).rows).toEqual([
      { target: 'quality', figures: ['score', 'mos', 'gap'] },
      { target: 'alignment', figures: ['mos'] },
      { target: 'overall', figures: ['score'] },
    ]);
  });

  test('what a person hides is not there, and takes no line', () => {
    const face = chooseFace(known, { mos: false, 'of:overall': false, votes: false });
    expect(face.rows).toEqual([{ target: 'quality', figures: ['score', 'gap'] }]);
    expect([face.showsVotes, face.showsMarks]).toEqual([false, true]);
    expect(countLines(chooseFace(known, { 'of:quality': false }), 400)).toBe(2);
  });

  test('numbers that nothing gives are not offered, and of many targets the first four are shown', () => {
    const many = { targets: ['a', 'b', 'c', 'd', 'e'], dimensions: ['a', 'b', 'c', 'd', 'e'], shown: null };
    expect(listCardParts(many).map(({ id }) => id)).not.toContain('gap');
    expect(isPartShown('of:d', many, {})).toBe(true);
    expect(isPartShown('of:e', many, {})).toBe(false);
    expect(isPartShown('of:e', many, { 'of:e': true })).toBe(true);
  });

  test('a narrow card has the numbers of its first target, below each other where they find no room beside', () => {
    const face = chooseFace(known, {});
    expect(fitFace(face, 400)).toBe(face);
    const small = fitFace(face, 96);
    expect(small.rows.map(({ target }) => target)).toEqual(['quality']);
    expect(countLines(small, 96)).toBe(3);
    expect(countLines(face, 400)).toBe(3);
  });
});
