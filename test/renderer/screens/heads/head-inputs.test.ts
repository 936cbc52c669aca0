import { describe, expect, test } from 'vitest';
import type { PackSignal } from '../../../../contract/pack.ts';
import { firstInputs, listInputs } from '../../../../renderer/screens/heads/head-inputs.ts';
import { makePack } from '../../support/make-pack.ts';

function signal(name: string, label: string): PackSignal {
  return {
    name,
    label,
    description: '',
    higherIsBetter: true,
    range: [null, null],
    from: 'backbone',
    needsPrompt: false,
  };
}

const network = {
  precision: 'float32',
  members: ['base'],
  hasQuality: true,
  hasSimilarity: true,
  files: [],
} as const;
const sfiqa = makePack({
  network: { ...network, members: ['base'], files: [] },
  fusion: ['q', 's'],
  signals: [signal('s', 'S'), signal('q', 'Q')],
});
const classic = makePack({ absent: [{ name: 's', reason: 'It never reads the prompt.' }] });
const clip = makePack({
  network: { ...network, members: ['base'], files: [], hasQuality: false },
  absent: [{ name: 'q', reason: 'It has no quality branch.' }],
});

describe('The inputs of a head', () => {
  test('of SF-IQA are the signals that its fusion reads, in that order', () => {
    expect(listInputs(sfiqa).signals).toEqual({ whyNot: null, reads: ['Q', 'S'], hasLayer: true });
    expect(firstInputs(sfiqa)).toBe('signals');
  });

  test('without S, or without Q, are not the signals; the pack’s own reason is said', () => {
    expect(listInputs(classic).signals.whyNot).toContain('It never reads the prompt.');
    expect(listInputs(clip).signals.whyNot).toContain('It has no quality branch.');
    expect(firstInputs(classic)).toBe('features');
  });

  test('are features only where features of quality are stored', () => {
    expect(listInputs(classic).features.whyNot).toBeNull();
    expect(listInputs(sfiqa).features.whyNot).toBeNull();
    expect(listInputs(clip).features.whyNot).not.toBeNull();
  });
});
