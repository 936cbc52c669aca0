import { describe, expect, test } from 'vitest';
import type { PackInfo } from '../../../../../contract/pack.ts';
import { groupSignals } from '../../../../../renderer/screens/library/viewer/signal-groups.ts';
import { makePack } from '../../../support/make-pack.ts';

const classic = makePack({ id: 'classic', title: 'Classic' });
const network = makePack({
  id: 'sfiqa',
  title: 'SF-IQA',
  network: {
    precision: 'float32',
    members: ['base', 'rank'],
    hasQuality: true,
    hasSimilarity: true,
    files: [],
  },
});
const untrained: PackInfo = { ...network, id: 'untrained', isUntrained: true };
const packs = [classic, network, untrained];

const values = {
  signals: [
    { packId: 'classic', name: 'niqe', value: 4.1 },
    { packId: 'sfiqa', name: 'q', value: 0.5 },
    { packId: 'sfiqa', name: 'q_base', value: 0.4 },
    { packId: 'sfiqa', name: 'q_rank', value: 0.6 },
    { packId: 'untrained', name: 'q', value: 7 },
  ],
  missingSignals: [
    { packId: 'sfiqa', name: 's', reason: 'no prompt' },
    { packId: 'sfiqa', name: 's_base', reason: 'no prompt' },
    { packId: 'classic', name: 's', reason: 'none' },
  ],
};

describe('The signals of an image', () => {
  test('come by pack, the shown one first; those of untrained packs not at all', () => {
    expect(groupSignals(values, packs, 'sfiqa').map(({ title }) => title)).toEqual(['SF-IQA', 'Classic']);
    expect(groupSignals(values, packs, 'classic').map(({ title }) => title)).toEqual(['Classic', 'SF-IQA']);
  });

  test('of trained sets stand beside each other; what is absent is said once', () => {
    const [group] = groupSignals(values, packs, 'sfiqa');
    expect(group!.signals.map(({ name, value }) => [name, value])).toEqual([['q', 0.5]]);
    expect(group!.members).toEqual([
      { name: 'base', q: 0.4, s: undefined },
      { name: 'rank', q: 0.6, s: undefined },
    ]);
    expect(group!.missing).toEqual([{ name: 's', label: 'S', reason: 'no prompt' }]);
  });

  test('a pack that never looked at the image has no part, unless it is the shown one', () => {
    const some = { signals: values.signals.slice(0, 1), missingSignals: values.missingSignals };
    expect(groupSignals(some, packs, 'classic').map(({ title }) => title)).toEqual(['Classic']);
    expect(groupSignals(some, packs, 'sfiqa').map(({ title }) => title)).toEqual(['SF-IQA', 'Classic']);
  });
});
