/** The released fusion as a head: numbers of the official code, from weights by the goldens' formula that went the whole way through a pack. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createFusionHead } from '../../core/fusion-head.ts';
import { type Head, predictHead } from '../../core/maths/head.ts';
import { addTiny, type NetworkLibrary, openNetworkLibrary } from '../support/network-library.ts';
import { hasShared, readSharedJson } from '../support/shared.ts';

const sets = ['base', 'rank', 'rplcc', 'plcc'];
let library: NetworkLibrary;
let one: Head;
let four: Head;
beforeAll(async () => {
  library = await openNetworkLibrary({ sets });
  one = await addedHead(['base'], 'one');
  four = await addedHead(sets, 'four');
});
afterAll(() => library.close());

async function addedHead(chosen: string[], id: string): Promise<Head> {
  await addTiny(library, { sets: chosen, id });
  return library.studio.packs.get(id)!.heads[0]!.head;
}

const Row = z.object({ Q: z.number(), S: z.number(), P: z.number() });

// The goldens' own noise is 1.6e-6 (their README).
const tolerance = 2e-5;

describe.skipIf(!hasShared)('against the official code', () => {
  test('one set: P of every golden pair', () => {
    const { cases } = z
      .object({ cases: z.array(Row) })
      .parse(readSharedJson('golden/public/fusion/cases.json'));
    const p = predictHead(one, Float32Array.from(cases.flatMap(({ Q, S }) => [Q, S])), cases.length);
    expect(cases.length).toBeGreaterThan(10);
    for (const [at, { P }] of cases.entries()) expect(Math.abs(p[at]! - P)).toBeLessThan(tolerance);
  });

  test('four sets: the mean of four P, each of its own Q and S', () => {
    const { cases } = z
      .object({ cases: z.array(z.object({ heads: z.record(z.string(), Row), ensemble: z.number() })) })
      .parse(readSharedJson('golden/public/heads4/cases.json'));
    const inputs = cases.flatMap(({ heads }) => sets.flatMap((set) => [heads[set]!.Q, heads[set]!.S]));
    const p = predictHead(four, Float32Array.from(inputs), cases.length);
    expect(cases.length).toBeGreaterThan(10);
    for (const [at, { ensemble }] of cases.entries()) {
      expect(Math.abs(p[at]! - ensemble)).toBeLessThan(tolerance);
    }
  });
});

test('a member reads its own signals, whatever their order, and no clip or scale changes them', () => {
  const layer = { inputs: 2, outputs: 1, weights: Float32Array.of(2, 30), bias: Float32Array.of(0) };
  const networks = ['a', 'b'].map((member) => ({ member, layers: [layer] }));
  const head = createFusionHead(
    networks,
    ['s_b', 'q_a', 's_a', 'q_b'],
    (base, member) => `${base}_${member}`,
  );
  const [value] = predictHead(head, Float32Array.of(1000, 1, 0.5, 4), 1);
  expect(value).toBe((2 * 1 + 30 * 0.5 + 2 * 4 + 30 * 1000) / 2);
});

test('its scores are those of the first overall head, active from the start', async () => {
  const heads = (await library.client.heads.list()).filter(({ packId }) => packId === 'four');
  expect(heads).toMatchObject([
    {
      target: 'overall',
      inputs: 'signals',
      kind: 'network',
      isShipped: true,
      isActive: true,
      parentId: null,
    },
  ]);
});
