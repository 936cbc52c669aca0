import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Head, TrainHead } from '../../contract/heads.ts';
import { predictHead } from '../../core/maths/head.ts';
import { decodeHead } from '../../core/maths/head-codec.ts';
import { createRandom } from '../../core/maths/random.ts';
import { readSignalOf, saveSignal } from '../../db/features.ts';
import { headById } from '../../db/heads.ts';
import { imageById } from '../../db/images.ts';
import { GraphBuilder } from '../../native-models/graphs/graph-builder.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

let test: TestStudio;
let mosSetId: number;
let imageIds: number[];
const heads = new Map<string, Head>();
const count = 60;

const random = createRandom(8);

/** Images without files that have Q, S and MOS; gives their set. */
async function importImages(name: string, images: number): Promise<number> {
  const mos = Array.from({ length: images }, () => 3 + random.normal());
  const lines = mos.map(
    (value, at) => `${name}-${at}.png,"a ${name}, number ${at >> 2}",${value.toFixed(4)}`,
  );
  const file = new Blob([['name,prompt,mos', ...lines].join('\n')]);
  const { id } = await test.client.mos.import({ source: { fileName: `${name}.csv`, file } });
  const { db } = test.studio;
  const rows = await test.client.mos.rows({ mosSetId: id });
  db.transaction(() => {
    for (const { imageId, mean } of rows) {
      const promptId = imageById(db, imageId)!.prompt_id!;
      const signal = { packId: 'classic', imageId };
      saveSignal(db, { ...signal, name: 'q', promptId: 0, value: mean + 0.5 * random.normal() });
      saveSignal(db, { ...signal, name: 's', promptId, value: 18 + 2 * (mean + 0.5 * random.normal()) });
    }
  });
  return id;
}

beforeAll(async () => {
  test = openTestStudio();
  mosSetId = await importImages('cat', count);
  imageIds = (await test.client.mos.rows({ mosSetId })).map(({ imageId }) => imageId);
  for (const kind of ['ridge', 'quadratic', 'network'] as const) heads.set(kind, await train({ kind }));
});
afterAll(() => test.close());

function readSignals(ids: number[]): Float32Array {
  const [q, s] = ['q', 's'].map((name) => readSignalOf(test.studio.db, 'classic', name, ids));
  return Float32Array.from(ids.flatMap((id) => [q!.get(id)!, s!.get(id)!]));
}

async function train(change: Partial<TrainHead>): Promise<Head> {
  const order = { packId: 'classic', mosSetId, dimension: 'quality', target: 'overall', epochs: 10 } as const;
  const job = await test.finish(test.client.heads.train({ ...order, inputs: 'signals', ...change }));
  expect(job.error).toBeNull();
  return (await test.client.heads.list()).find(({ id }) => id === job.summary!.headId)!;
}

describe('training on signals', () => {
  it('keeps what was tried, folds, curve and coverage with the head', () => {
    for (const [kind, head] of heads) {
      expect(head.kind).toBe(kind === 'network' ? 'network' : 'ridge');
      expect(head.training).toMatchObject({
        method: kind,
        groupBy: 'prompt',
        conformal: { coverage: 0.9, rows: count },
      });
      expect(head.training!.curve.length).toBeGreaterThan(2);
      expect(head.heldOut!.comparisons.map(({ against }) => against)).toEqual(['meanOfSignals']);
    }
  });

  it('can hold out by another field than the prompt, and refuses what does not suit', async () => {
    const head = await train({ kind: 'ridge', groupBy: 'object', seed: 3 });
    expect(head.trainedOn!.groups).toBe(1);
    expect(head.heldOut!.srcc).toMatchObject({ reason: expect.stringContaining('none can be held out') });
    const train0 = test.client.heads.train;
    const order = { packId: 'classic', mosSetId, dimension: 'quality' } as const;
    await expect(train0({ ...order, inputs: 'features', kind: 'quadratic' })).rejects.toMatchObject({
      code: 'badInput',
    });
    await expect(train0({ ...order, inputs: 'signals', kind: 'tuned' })).rejects.toMatchObject({
      code: 'badInput',
    });
    await expect(train0({ ...order, inputs: 'signals', groupBy: 'mood' })).rejects.toMatchObject({
      code: 'badInput',
    });
  });
});

describe('a head as a file', () => {
  it.each(['ridge', 'quadratic', 'network'])('(%s) as ONNX gives what the studio gives', async (kind) => {
    const head = heads.get(kind)!;
    const path = join(test.folder('onnx'), 'head.onnx');
    const exported = await test.client.heads.export({ id: head.id, format: 'onnx', path });
    expect(exported).toMatchObject({ fileName: 'head.onnx', path, text: null, base64: null });
    expect(existsSync(`${path}.partial`)).toBe(false);
    const random = createRandom(2);
    const inputs = Float32Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? 3 : 24) + random.normal());
    const session = await InferenceSession.create(path);
    const { score } = await session.run({ inputs: new Tensor('float32', inputs, [10, 2]) });
    const expected = predictHead(decodeHead(headById(test.studio.db, head.id)!.weights), inputs, 10);
    for (const [at, value] of expected.entries()) expect(score!.data[at]).toBeCloseTo(value, 4);
    await session.release();
  });

  it('comes without a path as base64, and leaves nothing behind', async () => {
    const exported = await test.client.heads.export({ id: heads.get('ridge')!.id, format: 'onnx' });
    expect(Buffer.from(exported.base64!, 'base64').length).toBeGreaterThan(200);
  });

  it('comes back from JSON as the same head; what is no head is refused with the reason', async () => {
    const head = heads.get('quadratic')!;
    const { text, fileName } = await test.client.heads.export({ id: head.id, format: 'json' });
    const bytes = headById(test.studio.db, head.id)!.weights;
    await test.client.heads.discard({ id: head.id });
    const take = (content: string) =>
      test.client.heads.import({ source: { fileName, file: new Blob([content]) } });
    const back = await take(text!);
    expect(headById(test.studio.db, back.id)!.weights).toEqual(bytes);
    expect(back).toMatchObject({ name: head.name, target: 'overall', inputs: 'signals', isActive: false });
    expect(back.note).toContain('Imported from');
    heads.set('quadratic', back);
    await expect(take('hello')).rejects.toMatchObject({ code: 'badInput' });
    await expect(take('{}')).rejects.toThrow(/is not an exported head \(its “format” would be/);
    await expect(take('{"format":"sfiqa-head/7"}')).rejects.toThrow(/another version of the studio/);
    await expect(take(text!.replace('"name"', '"nom"'))).rejects.toThrow(/damaged: “name” is missing/);
    const cut = { ...JSON.parse(text!), weights: bytes.subarray(0, 200).toString('base64') };
    await expect(take(JSON.stringify(cut))).rejects.toMatchObject({ code: 'badInput' });
    const other = { ...JSON.parse(text!), reads: { signals: ['q'], length: 1, featureVersion: 1 } };
    await expect(take(JSON.stringify(other))).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('an ONNX file that comes in', () => {
  const take = (bytes: Uint8Array<ArrayBuffer>, fileName = 'head.onnx') =>
    test.client.heads.import({ source: { fileName, file: new Blob([bytes]) } });

  it.each(['ridge', 'quadratic', 'network'] as const)(
    '(%s) is the same head again, to the last bit',
    async (kind) => {
      const head = await train({ kind, target: 'mood' });
      const before = await test.client.heads.predict({ id: head.id, imageIds });
      const { base64 } = await test.client.heads.export({ id: head.id, format: 'onnx' });
      const { weights } = headById(test.studio.db, head.id)!;
      const bytes = Buffer.from(base64!, 'base64');
      expect(await take(bytes)).toMatchObject({
        id: head.id,
        equalTo: expect.stringContaining(`Equal to head ${head.id} “${head.name}”`),
      });
      await test.client.heads.discard({ id: head.id });
      const back = await take(bytes);
      expect(back).toMatchObject({ equalTo: null, name: head.name, target: 'mood', isActive: false });
      expect(headById(test.studio.db, back.id)!.weights).toEqual(weights);
      const after = await test.client.heads.predict({ id: back.id, imageIds });
      expect(after).toEqual(before);
    },
  );

  it('of another version, which draws the same head differently, is that head', async () => {
    const head = heads.get('ridge')!;
    const { text } = await test.client.heads.export({ id: head.id, format: 'json' });
    const graph = new GraphBuilder('head-of-another-version');
    graph.output(graph.input('inputs', 'float32', ['batch', 2]), 'score', 'float32', ['batch', 2]);
    const zeros = '0'.repeat(64);
    const bare = Buffer.from(graph.build({ 'sf-iqa-head': text!, 'sf-iqa-checksum': zeros }));
    const checksum = createHash('sha256').update(bare).digest('hex');
    const bytes = Buffer.from(bare.toString('latin1').replace(zeros, checksum), 'latin1');
    expect(await take(bytes)).toMatchObject({ id: head.id, equalTo: expect.stringContaining('Equal to') });
    await expect(take(bare)).rejects.toMatchObject({ message: expect.stringContaining('was changed') });
  });

  it('that version 0.1.0 wrote is read by this one', async () => {
    const bytes = readFileSync(new URL('../fixtures/head-0.1.0.onnx', import.meta.url));
    const head = await take(Buffer.from(bytes), 'head-0.1.0.onnx');
    expect(head).toMatchObject({
      equalTo: null,
      name: 'Written by 0.1.0',
      target: 'overall',
      inputs: 'signals',
    });
    const { rows } = await test.client.heads.predict({ id: head.id, imageIds: imageIds.slice(0, 3) });
    const inputs = readSignals(imageIds.slice(0, 3));
    const session = await InferenceSession.create(bytes);
    const { score } = await session.run({ inputs: new Tensor('float32', inputs, [3, 2]) });
    for (const [at, { value }] of rows.entries()) expect(value).toBeCloseTo(Number(score!.data[at]), 4);
    await session.release();
  });

  it('is never run, and refused with the reason where it is changed, another’s, or none', async () => {
    const { base64 } = await test.client.heads.export({ id: heads.get('network')!.id, format: 'onnx' });
    const bytes = Buffer.from(base64!, 'base64');
    // One operator of the graph is another one now: it would give other scores under the head's name.
    const changed = Buffer.from(bytes);
    changed.write('Relx', changed.indexOf('Relu'));
    const graph = new GraphBuilder('foreign');
    graph.output(graph.input('x', 'float32', [1]), 'y', 'float32', [1]);
    for (const [file, why] of [
      [changed, 'changed since it was exported'],
      [bytes.subarray(0, bytes.length - 10), 'neither JSON nor ONNX'],
      [Buffer.concat([bytes, Buffer.from([0x38, 1])]), 'changed since it was exported'],
      [Buffer.from(graph.build()), 'not a head that this studio exported'],
      [Buffer.from('\x89PNG'), 'neither JSON nor ONNX'],
      [Buffer.alloc(0), 'neither JSON nor ONNX'],
    ] as const) {
      await expect(take(Buffer.from(file))).rejects.toMatchObject({
        code: 'badInput',
        message: expect.stringContaining(why),
      });
    }
  });
});

describe('weights that come out equal', () => {
  it('are one head, which keeps its name and what its own training said; the second training says so', async () => {
    const order = { packId: 'classic', mosSetId, dimension: 'quality', target: 'style', seed: 11 } as const;
    const start = { ...order, inputs: 'signals' as const, kind: 'auto' as const };
    const first = await test.finish(test.client.heads.train({ ...start, name: 'Chosen' }));
    const find = async () => (await test.client.heads.list()).find(({ id }) => id === first.summary!.headId)!;
    const before = await find();
    const { method } = before.training!;
    if (method !== 'ridge' && method !== 'quadratic') throw new Error(`${method} was chosen`);
    const again = await test.finish(test.client.heads.train({ ...start, kind: method, name: 'By hand' }));
    expect(again.summary!.headId).toBe(before.id);
    expect(again.summary!.notes![0]).toBe(
      `Equal to head ${before.id} “Chosen”, weight for weight, so there is no second one. It stays as it is, with its own name and figures.`,
    );
    expect(await find()).toEqual(before);
  });

  it('teach an imported head the figures that it lacked', async () => {
    const order = { kind: 'ridge', target: 'light', seed: 12 } as const;
    const head = await train(order);
    const { text, fileName } = await test.client.heads.export({ id: head.id, format: 'json' });
    await test.client.heads.discard({ id: head.id });
    const file = new Blob([text!.replace(/"heldOut": \{[\s\S]*?\n {4}\},/, '"heldOut": null,')]);
    const back = await test.client.heads.import({ source: { fileName, file }, name: 'Brought' });
    expect(back).toMatchObject({ heldOut: null, equalTo: null });
    expect(await train({ ...order, name: 'Again' })).toMatchObject({
      id: back.id,
      name: 'Brought',
      heldOut: head.heldOut,
    });
  });
});

describe('several heads', () => {
  it('average into one whose values are their mean and whose spread is their difference', async () => {
    const ids = ['ridge', 'quadratic', 'network'].map((kind) => heads.get(kind)!.id);
    const both = await test.client.heads.ensemble({ headIds: ids });
    expect(both).toMatchObject({ ensembleOf: ids, target: 'overall', heldOut: null, isActive: false });
    const predictions = await Promise.all(ids.map((id) => test.client.heads.predict({ id, imageIds })));
    const { rows } = await test.client.heads.predict({ id: both.id, imageIds });
    for (const [at, row] of rows.entries()) {
      const values = predictions.map((one) => one.rows[at]!.value);
      expect(row.value).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 3, 4);
      expect(row.spread!).toBeGreaterThan(0);
    }
    await expect(test.client.heads.discard({ id: ids[0]! })).rejects.toMatchObject({ code: 'conflict' });
    const quality = (await test.client.heads.list()).find(({ target }) => target === 'quality')!;
    await expect(test.client.heads.ensemble({ headIds: [ids[0]!, quality.id] })).rejects.toMatchObject({
      code: 'badInput',
    });
    await expect(test.client.heads.discard({ id: quality.id })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('say how sure they are: a conformal interval of stated coverage around each value', async () => {
    const { coverage, rows } = await test.client.heads.predict({
      id: heads.get('network')!.id,
      imageIds: [...imageIds, 9999],
    });
    expect(coverage).toBe(0.9);
    expect(rows).toHaveLength(count);
    for (const { value, low, high, spread } of rows) {
      expect(high! - value).toBeCloseTo(value - low!, 6);
      expect(spread!).toBeGreaterThanOrEqual(0);
    }
  });

  it('train on from the one in use, which is compared on the same held-out rows', async () => {
    await test.finish(test.client.heads.activate({ id: heads.get('network')!.id }));
    const other = await importImages('other', 60);
    const head = await train({ kind: 'tuned', seed: 4, mosSetId: other });
    expect(head.parentId).toBe(heads.get('network')!.id);
    expect(head.heldOut!.comparisons.map(({ against }) => against)).toEqual(['parent', 'meanOfSignals']);
    expect(head.note).not.toContain('too good');
    const auto = await train({ kind: 'auto', seed: 5, mosSetId: other });
    expect(auto.training!.candidates.map(({ method }) => method)).toEqual([
      'ridge',
      'quadratic',
      'tuned',
      'network',
    ]);
    await expect(test.client.heads.discard({ id: heads.get('network')!.id })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('do not start from one that saw the images: what it knows of held-out labels would come back as skill', async () => {
    const head = await train({ kind: 'network', seed: 6 });
    expect(head.note).toMatch(
      /was trained on images or prompts of this set: its figures here are too good, .* from nothing/,
    );
    expect(head.parentId).toBe(heads.get('network')!.id);
    await expect(
      test.client.heads.train({
        packId: 'classic',
        mosSetId,
        dimension: 'quality',
        target: 'overall',
        inputs: 'signals',
        kind: 'tuned',
      }),
    ).rejects.toMatchObject({ code: 'badInput', message: expect.stringContaining('has not seen') });
  });
});
