import { describe, expect, it } from 'vitest';
import type { PredictionChoice } from '../../../../contract/agreement.ts';
import type { MosSet } from '../../../../contract/mos.ts';
import {
  chooseComparison,
  keyOfPrediction,
  orderChoices,
} from '../../../../renderer/screens/agreement/choose-comparison.ts';

function setOf(id: number, dimensions: string[], images = 5): MosSet {
  return {
    id,
    name: `set ${id}`,
    kind: 'imported',
    studyId: null,
    method: '',
    dimensions,
    images,
    withFiles: 0,
    leftOutRows: 0,
    scales: [],
    createdAt: 0,
  };
}

function headOf(headId: number, target: string, isActive: boolean): PredictionChoice {
  return {
    prediction: { kind: 'head', headId },
    label: `head ${headId}`,
    target,
    isActive,
    higherIsBetter: true,
    images: 5,
  };
}

const niqe: PredictionChoice = {
  prediction: { kind: 'signal', packId: 'classic', signal: 'niqe' },
  label: 'NIQE',
  target: null,
  isActive: false,
  higherIsBetter: false,
  images: 5,
};
const choices = [niqe, headOf(1, 'quality', false), headOf(2, 'alignment', true), headOf(3, 'quality', true)];
const nothing = { mos: null, dimension: null, prediction: null };

describe('what is compared', () => {
  it('offers the active head of the dimension first, then its other heads', () => {
    expect(orderChoices(choices, 'quality').map(({ prediction }) => keyOfPrediction(prediction))).toEqual([
      'head:3',
      'head:1',
      'head:2',
      'signal:classic:niqe',
    ]);
  });

  it('begins with the newest set that has MOS, quality, and the active head', () => {
    const sets = [setOf(9, ['quality'], 0), setOf(8, ['alignment', 'quality'])];
    expect(chooseComparison(sets, choices, nothing)).toEqual({
      mosSetId: 8,
      dimension: 'quality',
      prediction: { kind: 'head', headId: 3 },
    });
  });

  it('does what the address says where that exists', () => {
    const sets = [setOf(8, ['quality']), setOf(7, ['alignment', 'appeal'])];
    expect(
      chooseComparison(sets, choices, { mos: '7', dimension: 'appeal', prediction: 'signal:classic:niqe' }),
    ).toEqual({
      mosSetId: 7,
      dimension: 'appeal',
      prediction: niqe.prediction,
    });
    expect(
      chooseComparison(sets, choices, { mos: '99', dimension: 'x', prediction: 'head:77' }),
    ).toMatchObject({
      mosSetId: 8,
      dimension: 'quality',
      prediction: { headId: 3 },
    });
  });

  it('has nothing to compare without MOS or without predictions', () => {
    expect(chooseComparison([], choices, nothing)).toBeNull();
    expect(chooseComparison([setOf(1, ['quality'])], [], nothing)).toBeNull();
  });
});
