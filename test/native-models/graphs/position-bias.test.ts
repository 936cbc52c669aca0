/** What is computed from weights and sizes alone, against the official constants (../shared/golden/public/quality/constants.json). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formulaTensor } from '../../../native-models/checkpoints/formula.ts';
import { openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import {
  logSpacedOffsets,
  readCosineAttention,
  shiftRegions,
  tokenNumbers,
} from '../../../native-models/graphs/position-bias.ts';
import { sinePositions } from '../../../native-models/graphs/transformer-encoder.ts';
import { WeightPlan } from '../../../native-models/graphs/weight-plan.ts';
import { hasShared, readSharedJson } from '../../support/shared.ts';
import { writeWeights } from './run-graph.ts';

interface Samples {
  shape: number[];
  idx: number[];
  val: number[];
}
interface BiasConstant extends Samples {
  window: [number, number];
  num_heads: number;
  logit_scale_clamped_exp: number[];
}
interface MaskConstant extends Samples {
  nonzero: number;
  /** How many of its pairs are kept apart. */
  rowsum_per_window: number[];
}

/** The mask as timm stores it: [windows, window², window²]. */
function buildMask(side: number, window: number, shift: number): Float32Array {
  const regions = shiftRegions(side, { window, shift });
  const tokens = window * window;
  return Float32Array.from({ length: side * side * tokens }, (_, at) => {
    const query = Math.floor(at / tokens);
    const key = Math.floor(query / tokens) * tokens + (at % tokens);
    return regions[query] === regions[key] ? 0 : -100;
  });
}

describe('without anyone’s data', () => {
  test('offsets are log-spaced, odd, and a whole window is sign · log₂ 9 / log₂ 8', () => {
    const offsets = logSpacedOffsets(16, 16);
    expect(offsets).toHaveLength(31);
    expect(offsets[15]).toBe(0);
    expect(offsets[30]).toBeCloseTo(Math.log2(9) / 3, 12);
    expect([...offsets].reverse()).toEqual([...offsets].map((offset) => 0 - offset));
  });

  test('weights tuned to a larger window keep the coordinates of pre-training: the same offset, the same coordinate', () => {
    const [small, large] = [logSpacedOffsets(12, 12), logSpacedOffsets(24, 12)];
    expect([...large.subarray(12, 35)]).toEqual([...small]);
  });

  test('two tokens’ numbers differ by their offset’s place in the table, counted from its middle', () => {
    const window = 3;
    const numbers = tokenNumbers(window);
    const middle = 2 * window * (window - 1);
    // Query at the lower right, key at the upper left: offset (2, 2), the last of 5 × 5.
    expect(numbers[8]! - numbers[0]! + middle).toBe(24);
    expect(numbers[0]! - numbers[8]! + middle).toBe(0);
    // Offset (1, −2): row 3, column 0.
    expect(numbers[3]! - numbers[2]! + middle).toBe(15);
  });

  test('the mask keeps apart what only the roll brought together', () => {
    // Side 4, window 2, shift 1: the first window is whole, the last holds four corners of the unrolled grid.
    const mask = buildMask(4, 2, 1);
    expect([...mask.subarray(0, 16)].every((value) => value === 0)).toBe(true);
    expect(mask.subarray(48).filter((value) => value === 0)).toHaveLength(4);
  });
});

describe.skipIf(!hasShared)('the official constants', () => {
  const constants = hasShared
    ? readSharedJson<Record<string, Samples>>('golden/public/quality/constants.json')
    : {};
  const biasNames = Object.keys(constants).filter((name) => name.endsWith('relative_position_bias'));
  let folder: string;
  let plan: WeightPlan;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bias-'));
    const tensors = biasNames.flatMap((name) => {
      const block = name.replace('.relative_position_bias', '');
      const heads = constants[name]!.shape[0]!;
      return Object.entries({
        'cpb_mlp.0.weight': [512, 2],
        'cpb_mlp.0.bias': [512],
        'cpb_mlp.2.weight': [heads, 512],
        logit_scale: [heads, 1, 1],
      }).map(([part, shape]) => ({ name: `${block}.${part}`, shape }));
    });
    const path = join(folder, 'bias.safetensors');
    await writeWeights(
      path,
      tensors.map(({ name, shape }) => ({ name, shape, make: () => formulaTensor(name, shape) })),
    );
    plan = new WeightPlan({
      checkpoint: await openCheckpoint(path),
      ...{ prefix: '', nameOf: (file: string) => file, convertedFile: '' },
    });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  // Biases are up to 15, so 5e-6 is a few units of float32's last place.
  test.each(biasNames)('%s: bias within 5e-6, clamped scales within 1e-5 of themselves', async (name) => {
    const { shape, idx, val, ...constant } = constants[name]! as BiasConstant;
    const [window] = constant.window;
    const block = name.replace('.relative_position_bias', '');
    const heads = constant.num_heads;
    const learned = await readCosineAttention(plan, block, { heads, window, coordinateWindow: window });
    const numbers = tokenNumbers(window);
    const tokens = shape[1]!;
    const places = (2 * window - 1) ** 2;
    idx.forEach((index, at) => {
      const [key, query, head] = [
        index % tokens,
        Math.floor(index / tokens) % tokens,
        Math.floor(index / tokens ** 2),
      ];
      const place = numbers[query]! - numbers[key]! + 2 * window * (window - 1);
      expect(Math.abs(learned.biasTable[head * places + place]! - val[at]!)).toBeLessThan(5e-6);
    });
    constant.logit_scale_clamped_exp.forEach((scale, head) => {
      expect(Math.abs(learned.scales[head]! - scale)).toBeLessThan(1e-5 * scale);
    });
  });

  test.each([
    ['model.layers.0.blocks.1.attn_mask', 64],
    ['model.layers.1.blocks.1.attn_mask', 32],
  ])('%s exactly', (name, side) => {
    const { shape, idx, val, nonzero, rowsum_per_window } = constants[name]! as MaskConstant;
    const mask = buildMask(side, 16, 8);
    expect(mask).toHaveLength(shape.reduce((product, size) => product * size, 1));
    expect(idx.map((index) => mask[index])).toEqual(val);
    expect(mask.filter((value) => value !== 0)).toHaveLength(nonzero);
    const perWindow = rowsum_per_window.map(
      (_, at) => mask.subarray(at * 65_536, (at + 1) * 65_536).filter((value) => value !== 0).length,
    );
    expect(perWindow).toEqual(rowsum_per_window);
  });

  test.each(Object.keys(constants).filter((name) => name.endsWith('coords_table')))(
    '%s within 1e-7',
    (name) => {
      const { shape, idx, val } = constants[name]!;
      const width = shape[1]!;
      const offsets = logSpacedOffsets((width + 1) / 2, (width + 1) / 2);
      idx.forEach((index, at) => {
        const cell = Math.floor(index / 2);
        const offset = offsets[index % 2 === 0 ? Math.floor(cell / width) : cell % width]!;
        expect(Math.abs(offset - val[at]!)).toBeLessThan(1e-7);
      });
    },
  );

  test('the sine position embedding within 2e-6', () => {
    const { idx, val } = constants['pos_enc']!;
    const positions = sinePositions(8, 2112);
    idx.forEach((index, at) => {
      const [cell, channel] = [index % 64, Math.floor(index / 64)];
      expect(Math.abs(positions[cell * 2112 + channel]! - val[at]!)).toBeLessThan(2e-6);
    });
  });
});
