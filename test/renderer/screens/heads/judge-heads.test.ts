import { describe, expect, it } from 'vitest';
import type { Head } from '../../../../contract/heads.ts';
import {
  describeReads,
  describeTraining,
  describeValues,
  judgeHead,
  listPartners,
} from '../../../../renderer/screens/heads/judge-heads.ts';

function differenceOf(value: number, low: number | null, high: number | null) {
  return { value, low, high, n: 100, method: 'paired bootstrap by prompt' };
}

describe('the verdict on a new head', () => {
  it('is better or worse only where the paired interval leaves out zero', () => {
    expect(judgeHead({ srccDifference: differenceOf(0.04, 0.01, 0.07) })).toBe('better');
    expect(judgeHead({ srccDifference: differenceOf(-0.04, -0.07, -0.01) })).toBe('worse');
  });

  it('says not significant where the interval holds zero, however large the difference', () => {
    expect(judgeHead({ srccDifference: differenceOf(0.2, -0.01, 0.41) })).toBe('notSignificant');
    expect(judgeHead({ srccDifference: differenceOf(0.02, 0, 0.04) })).toBe('notSignificant');
  });

  it('does not judge without an interval', () => {
    expect(judgeHead({ srccDifference: differenceOf(0.2, null, null) })).toBe('unknown');
    expect(judgeHead({ srccDifference: { reason: 'There is no parent.', n: 0 } })).toBe('unknown');
  });
});

describe('beside a parent that learnt from the same images', () => {
  it('only a lead of the new head tells something', () => {
    const judge = (low: number, high: number) =>
      judgeHead({ srccDifference: differenceOf((low + high) / 2, low, high), parentSaw: true });
    expect(judge(-0.07, -0.01)).toBe('unfair');
    expect(judge(-0.01, 0.03)).toBe('unfair');
    expect(judge(0.01, 0.07)).toBe('better');
  });
});

describe('how near the values lie, which ranks do not show', () => {
  it('is said only where the paired interval of the RMSE leaves out zero', () => {
    expect(describeValues({ rmseDifference: differenceOf(-0.277, -0.3, -0.25) })).toContain(
      'nearer to your raters’ MOS: the RMSE is 0.277 less',
    );
    expect(describeValues({ rmseDifference: differenceOf(0.1, 0.05, 0.15) })).toContain('0.100 more');
    expect(describeValues({ rmseDifference: differenceOf(0.1, -0.05, 0.15) })).toBeNull();
    expect(describeValues({ rmseDifference: { reason: 'There is no parent head.', n: 4 } })).toBeNull();
  });
});

describe('a head in words', () => {
  const plain: Head = {
    ...{ id: 1, packId: 'sfiqa', name: 'Plain', kind: 'network', inputs: 'signals', target: 'overall' },
    ...{ parentId: null, isShipped: true, isActive: true, createdAt: 0, dataHash: null, note: '' },
    ...{ trainedOn: null, heldOut: null, training: null, ensembleOf: [] },
  };
  const training = {
    ...{ method: 'tuned+layer' as const, candidates: [], loss: 'mse' as const, form: 'released' as const },
    ...{ epochs: 100, seed: 1, folds: [], curve: [] },
    conformal: { coverage: 0.9, halfWidth: 1, rows: 20 },
  };
  const layered: Head = { ...plain, id: 2, isShipped: false, training };
  const mean: Head = { ...plain, id: 3, isShipped: false, ensembleOf: [2, 4] };
  const heads = [plain, layered, mean, { ...layered, id: 4 }];

  it('says what it reads, and what it is the mean of', () => {
    expect(describeReads(plain, heads)).toBe('network on signals');
    expect(describeReads(mean, heads)).toBe('network on signals and the features behind Q');
    expect(describeTraining(mean)).toBe('mean of 2 heads');
    expect(describeTraining(plain)).toBe('comes with the pack');
  });

  it('is averaged with heads that read the same', () => {
    expect(listPartners(heads, 2).map(({ id }) => id)).toEqual([2, 3, 4]);
    expect(listPartners(heads, 1).map(({ id }) => id)).toEqual([1]);
  });
});
