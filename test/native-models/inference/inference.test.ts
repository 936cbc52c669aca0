import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { formulaTensor } from '../../../native-models/checkpoints/formula.ts';
import { Inference } from '../../../native-models/inference/inference.ts';
import type { Prepared } from '../../../native-models/inference/run-pack.ts';
import type { Look, NetworkRun } from '../../../native-models/messages.ts';
import { makeUntrained } from '../../../scripts/support/make-untrained.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const folder = makeTempFolder();
const run: NetworkRun = { members: null, precision: 'float32', providers: ['cpu'] };
const range = { base: 0, amplitude: 1.7 };
let packFolder: string;
let inference: Inference;

beforeAll(async () => {
  packFolder = (await makeUntrained('tiny', folder, { sets: ['base', 'rank'], precision: 'int8' }))
    .packFolder;
});
afterEach(() => inference.close());

const numbers = Array.from({ length: 9 }, (_, at) => at);
const images = numbers.map(
  (at): Prepared => ({
    quality: formulaTensor(`quality ${at}`, [3, 256, 256], range),
    similarity: formulaTensor(`similarity ${at}`, [3, 28, 28], range),
  }),
);

/** A copy: pixels are handed over to the threads. */
function makeImage(at: number): Prepared {
  return structuredClone(images[at]!);
}

describe('inference threads', () => {
  test('one, three, and too little memory for both members: the same looks', async () => {
    const looks: Look[][] = [];
    for (const options of [{ threads: 1 }, { threads: 3 }, { threads: 2, budgetBytes: 4e6 }]) {
      inference = new Inference(options);
      const order = looks.length === 1 ? numbers.toReversed() : numbers;
      const answers = await Promise.all(order.map((at) => inference.look(packFolder, run, makeImage(at))));
      looks.push(looks.length === 1 ? answers.toReversed() : answers);
      await inference.close();
    }
    const [first, second, third] = looks;
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    const { vectors, signals } = first![0]!;
    expect(Object.keys(vectors).toSorted()).toEqual(['features', 'features@rank', 'image', 'image@rank']);
    expect(Object.keys(signals).toSorted()).toEqual(['q', 'q_base', 'q_rank']);
    expect(signals['q']).toBeCloseTo((Number(signals['q_base']) + Number(signals['q_rank'])) / 2, 12);
  });

  test('with too little memory a pass waits for images that are still being made ready: each pass reads all weights anew', async () => {
    let steps = 0;
    inference = new Inference({ threads: 2, budgetBytes: 4e6, onStep: () => (steps += 1) });
    const first = inference.look(packFolder, run, makeImage(0));
    await sleep(100);
    const later = numbers.slice(1, 8).map((at) => inference.look(packFolder, run, makeImage(at)));
    await Promise.all([first, ...later]);
    // Two members of two branches, for eight images in two batches of four.
    expect(steps).toBe(2 * 2 * 2);
  });

  test('different packs, ways to run and texts at once do not mix', async () => {
    inference = new Inference({ threads: 2 });
    const other = await makeUntrained('tinyClip', join(folder, 'other'));
    const [exact, reduced, clip, texts, all] = await Promise.all([
      inference.look(packFolder, run, makeImage(0)),
      inference.look(packFolder, { ...run, precision: 'int8' }, makeImage(0)),
      inference.look(other.packFolder, run, makeImage(0)),
      inference.embedText({ kind: 'embedText', packFolder, run, texts: ['one'] }),
      inference.embedText({
        ...{ kind: 'embedText', packFolder, run },
        texts: numbers.map((at) => 'one more'.slice(0, at === 3 ? 3 : at % 9)).concat(numbers.map(String)),
      }),
    ]);
    expect(exact.provenance?.precision).toBe('float32');
    expect(reduced.provenance?.precision).toBe('int8');
    expect(reduced.signals['q']).not.toBe(exact.signals['q']);
    expect(Number(reduced.signals['q'])).toBeCloseTo(Number(exact.signals['q']), 0);
    expect(clip.vectors['image']).toEqual(exact.vectors['image']);
    expect(clip.signals).toEqual({});
    expect(all.members['base']).toHaveLength(18 * 32);
    expect(all.members['base']!.slice(3 * 32, 4 * 32)).toEqual(texts.members['base']);
  });

  test('a checkpoint that is edited while images are scored is noticed, and a pack that is gone', async () => {
    inference = new Inference({ threads: 2 });
    const { weights, packFolder: edited } = await makeUntrained('tinyClip', join(folder, 'edited'));
    await inference.look(edited, run, makeImage(0));
    appendFileSync(weights, 'x');
    await expect(inference.look(edited, run, makeImage(0))).rejects.toMatchObject({ code: 'conflict' });
    rmSync(edited, { recursive: true });
    await expect(inference.look(edited, run, makeImage(0))).rejects.toMatchObject({ code: 'notFound' });
    expect((await inference.look(packFolder, run, makeImage(0))).signals['q']).toBeTypeOf('number');
  });

  test('a provider that is not there falls back, and says so with each image', async () => {
    inference = new Inference({ threads: 2 });
    const asked: NetworkRun = { ...run, providers: ['dml', 'cpu'] };
    const looks = await Promise.all(numbers.map((at) => inference.look(packFolder, asked, makeImage(at))));
    const plain = await inference.look(packFolder, run, makeImage(7));
    for (const { provenance } of looks) {
      expect(provenance).toMatchObject({ provider: 'cpu', fallback: expect.stringContaining('dml: ') });
    }
    expect(looks[7]!.vectors).toEqual(plain.vectors);
  });

  test('threads that end are started again', async () => {
    inference = new Inference({ threads: 2 });
    const before = await inference.look(packFolder, run, makeImage(1));
    const cut = Promise.allSettled(numbers.map((at) => inference.look(packFolder, run, makeImage(at))));
    await inference.close();
    for (const outcome of await cut) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'modelsUnavailable' });
    }
    expect(await inference.look(packFolder, run, makeImage(1))).toEqual(before);
  });
});
