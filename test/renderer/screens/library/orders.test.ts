import { describe, expect, test } from 'vitest';
import type { MosSet } from '../../../../contract/mos.ts';
import type { PackInfo } from '../../../../contract/pack.ts';
import { directionLabels, listOrders, listTargets } from '../../../../renderer/screens/library/orders.ts';

const pack: Pick<PackInfo, 'activeHeads' | 'signals'> = {
  activeHeads: { alignment: 2, quality: 1 },
  signals: [
    {
      name: 'niqe',
      label: 'NIQE',
      description: 'Naturalness',
      higherIsBetter: false,
      range: [0, null],
      from: 'backbone',
      needsPrompt: false,
    },
  ],
};
const mosSet: Pick<MosSet, 'dimensions'> = { dimensions: ['authenticity', 'quality'] };

describe('The menu of orders', () => {
  test('without packs and MOS it offers what every image has', () => {
    const values = listOrders(undefined, undefined).flatMap(({ items }) => items.map(({ value }) => value));
    expect(values).toEqual([
      ...['pictures', 'added', 'name', 'prompt', 'generator', 'votes', 'votesMissing', 'duplicates'],
    ]);
  });

  test('scores, MOS, gaps and signals come as packs and MOS sets have them; a gap needs both', () => {
    const values = listOrders(pack, mosSet).flatMap(({ items }) => items.map(({ value }) => value));
    expect(values.slice(8)).toEqual([
      'score:quality',
      'score:alignment',
      'mos:quality',
      'mos:authenticity',
      'ci:quality',
      'ci:authenticity',
      'gap:quality',
      'signal:niqe',
    ]);
  });

  test('cards show the standard targets first', () => {
    expect(listTargets(pack, mosSet)).toEqual(['quality', 'alignment', 'authenticity']);
  });

  test('a direction is called by what it puts first', () => {
    expect(directionLabels('added').descending).toBe('Newest first');
    expect(directionLabels('name').ascending).toBe('A to Z');
    expect(directionLabels('score:quality').descending).toBe('Highest first');
  });
});
