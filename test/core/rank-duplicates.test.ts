/** The best of a group of near-duplicates: what a person said, else the score, the pixels, the order of adding. */
import { expect, test } from 'vitest';
import { rankDuplicates } from '../../core/rank-duplicates.ts';
import type { GroupedImage } from '../../db/duplicates.ts';

function image(imageId: number, known: Partial<GroupedImage> = {}): GroupedImage {
  return { groupId: 1, imageId, pixels: 100, flag: null, hasFile: 1, score: null, ...known };
}

test.each([
  ['score', [image(1, { score: 2 }), image(2, { score: 3 }), image(3, { pixels: 900 })], [2, 1, 3]],
  ['pixels', [image(1, { score: 2 }), image(2, { score: 2, pixels: 200 })], [2, 1]],
  ['added', [image(2), image(1)], [1, 2]],
  ['flag', [image(1, { score: 3 }), image(2, { score: 2, flag: 'pick' })], [2, 1]],
] as const)('by %s', (reason, images, imageIds) => {
  expect(rankDuplicates(images)).toEqual({ reason, imageIds, rest: imageIds.slice(1) });
});

test('an image that was rejected is never kept in place of one that was not, however high its score', () => {
  const images = [image(1, { score: 5, flag: 'reject' }), image(2, { score: 1 }), image(3, { score: 2 })];
  expect(rankDuplicates(images)).toEqual({ reason: 'score', imageIds: [3, 1, 2], rest: [2] });
});

test('what was picked is not among those that go; of a group of one picked and rejected ones nothing goes', () => {
  const picked = [image(1, { flag: 'pick' }), image(2, { flag: 'pick' }), image(3)];
  expect(rankDuplicates(picked)).toMatchObject({ imageIds: [1, 2, 3], rest: [3] });
  const settled = [image(1, { flag: 'reject' }), image(2, { flag: 'pick' })];
  expect(rankDuplicates(settled)).toEqual({ reason: 'flag', imageIds: [2, 1], rest: [] });
});

test('an image whose file is gone is not kept in place of one whose file is there, picked or not', () => {
  const images = [image(1, { score: 3, hasFile: 0 }), image(2, { score: 1 })];
  expect(rankDuplicates(images)).toEqual({ reason: 'file', imageIds: [2, 1], rest: [1] });
  const picked = [image(1, { flag: 'pick', hasFile: 0 }), image(2)];
  expect(rankDuplicates(picked)).toEqual({ reason: 'file', imageIds: [2, 1], rest: [] });
});
