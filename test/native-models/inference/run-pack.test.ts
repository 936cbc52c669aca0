import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, test } from 'vitest';
import { formulaTensor } from '../../../native-models/checkpoints/formula.ts';
import { type Inputs, openSession } from '../../../native-models/inference/open-session.ts';
import {
  embedTexts,
  listImageGraphs,
  lookAtImages,
  mergeLooks,
  type Prepared,
  Tokenisers,
} from '../../../native-models/inference/run-pack.ts';
import { SessionStore } from '../../../native-models/inference/session-store.ts';
import type { Look, NetworkRun } from '../../../native-models/messages.ts';
import { type OpenPack, openPack } from '../../../native-models/packs/open-pack.ts';
import { makeUntrained } from '../../../scripts/support/make-untrained.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const folder = makeTempFolder();
const auto: NetworkRun = { members: null, precision: null, providers: ['cpu'] };
const plenty = { budgetBytes: 1e9 };
let pack: OpenPack;
let clipOnly: OpenPack;

beforeAll(async () => {
  const made = await makeUntrained('tiny', folder, { sets: ['base', 'rank'], precision: 'int8' });
  pack = await openPack(made.packFolder);
  clipOnly = await openPack((await makeUntrained('tinyClip', folder)).packFolder);
});

const range = { base: 0, amplitude: 1.7 };
const images = Array.from(
  { length: 9 },
  (_, at): Prepared => ({
    quality: formulaTensor(`quality ${at}`, [3, 256, 256], range),
    similarity: formulaTensor(`similarity ${at}`, [3, 28, 28], range),
  }),
);

/** All numbers of a look, by name, as a hash of their bits. */
function bitsOf({ vectors, signals }: Look): Record<string, string> {
  const all = Object.entries<Float32Array>({
    ...vectors,
    ...Object.fromEntries(
      Object.entries(signals).map(([name, value]) => [name, Float32Array.of(Number(value))]),
    ),
  });
  return Object.fromEntries(
    all.map(([name, { buffer, byteOffset, byteLength }]) => [
      name,
      createHash('sha256')
        .update(Buffer.from(buffer, byteOffset, byteLength))
        .digest('hex')
        .slice(0, 12),
    ]),
  );
}

/** A store with a GPU that computes noughts, and is lost when a branch is first run on it. */
function storeWithoutGpu(failing: string) {
  const ran: string[] = [];
  const store = new SessionStore({
    ...plenty,
    async open(request, sample) {
      const branch = basename(request.path).split('.')[0]!;
      const { provider, precision } = request;
      const run = async (items: readonly Inputs[]) => {
        ran.push(`${provider} ${branch}`);
        if (branch === failing) throw new Error('device lost');
        const noughts = {
          q: new Float32Array(1),
          feature: new Float32Array(128),
          embedding: new Float32Array(32),
        };
        return items.map(() => noughts);
      };
      if (provider !== 'cpu') return { provider, precision, warning: null, run, release: async () => {} };
      ran.push(`cpu ${branch}`);
      return await openSession(request, sample);
    },
  });
  return { store, ran };
}

async function runDirectly(file: string, feeds: Record<string, Tensor>) {
  const session = await InferenceSession.create(join(pack.graphFolder, file), {
    intraOpNumThreads: 1,
    extra: { session: { disable_prepacking: '1' } },
  });
  const outputs = await session.run(feeds);
  await session.release();
  return outputs;
}

describe('looking at images', () => {
  test('gives what the graphs give when they are run by themselves', async () => {
    const [look] = await lookAtImages(new SessionStore(plenty), pack, {
      run: { ...auto, precision: 'float32' },
      images: [images[0]!],
    });
    for (const member of ['base', 'rank']) {
      const suffix = member === 'base' ? '' : '@rank';
      const { quality, similarity } = images[0]!;
      const branch = await runDirectly(`${member}-quality.float32.onnx`, {
        pixels: new Tensor('float32', quality!, [1, 3, 256, 256]),
      });
      expect(look!.vectors[`features${suffix}`]).toEqual(branch['feature']!.data);
      expect(look!.signals[`q_${member}`]).toBe((branch['q']!.data as Float32Array)[0]);
      const tower = await runDirectly(`${member}-image.float32.onnx`, {
        pixels: new Tensor('float32', similarity!, [1, 3, 28, 28]),
      });
      const embedding = look!.vectors[`image${suffix}`]!;
      expect(embedding).toEqual(tower['embedding']!.data);
      expect(Math.hypot(...embedding)).toBeCloseTo(1, 6);
    }
    expect(look!.signals['q_base']).not.toBe(look!.signals['q_rank']);
    const whole = mergeLooks([look!], { members: ['base', 'rank'], hasMeanQ: true });
    const { q, q_base: base, q_rank: rank } = whole.signals as Record<string, number>;
    expect(q).toBe((base! + rank!) / 2);
    expect(look!.provenance).toEqual({
      runtime: expect.stringMatching(/^onnxruntime \d/),
      provider: 'cpu',
      precision: 'float32',
      fallback: null,
    });
  });

  test.each(['float32', 'int8'] as const)('%s: the same bits in any company and order', async (precision) => {
    const run = { ...auto, precision };
    const alone = [];
    const store = new SessionStore(plenty);
    for (const image of images) alone.push(...(await lookAtImages(store, pack, { run, images: [image] })));
    const expected = alone.map(bitsOf);
    expect(new Set(expected.map(({ q_base: q }) => q)).size).toBe(images.length);
    for (const size of [9, 2, 3]) {
      const order = images.map((_, at) => (at * 5) % images.length);
      for (let from = 0; from < order.length; from += size) {
        const group = order.slice(from, from + size);
        const looks = await lookAtImages(store, pack, { run, images: group.map((at) => images[at]!) });
        expect(looks.map(bitsOf)).toEqual(group.map((at) => expected[at]));
      }
    }
  });

  test('one member of two: its own names, no mean', async () => {
    const run = { ...auto, members: ['rank'] };
    const [look] = await lookAtImages(new SessionStore(plenty), pack, { run, images: [images[0]!] });
    expect(Object.keys(look!.vectors).toSorted()).toEqual(['features@rank', 'image@rank']);
    expect(Object.keys(look!.signals)).toEqual(['q_rank']);
    await expect(
      lookAtImages(new SessionStore(plenty), pack, { run: { ...auto, members: ['plcc'] }, images: [] }),
    ).rejects.toMatchObject({ code: 'badInput' });
  });

  test('a CLIP alone gives its embedding as what heads read, and no q', async () => {
    const [look] = await lookAtImages(new SessionStore(plenty), clipOnly, {
      run: auto,
      images: [images[0]!],
    });
    expect(Object.keys(look!.vectors).toSorted()).toEqual(['features', 'image']);
    expect(look!.vectors['features']).toEqual(look!.vectors['image']);
    expect(look!.signals).toEqual({});
  });

  test('branches of equal tensors are run once', async () => {
    const [base, rank] = pack.network.members;
    const shared = base!.graphs.filter(({ role }) => role === 'image');
    const own = rank!.graphs.filter(({ role }) => role !== 'image');
    const members = [base!, { ...rank!, graphs: [...own, ...shared] }];
    const opened: string[] = [];
    const store = new SessionStore({
      ...plenty,
      open(request, sample) {
        opened.push(request.path.slice(pack.graphFolder.length + 1));
        return openSession(request, sample);
      },
    });
    const twin = { ...pack, network: { ...pack.network, members } };
    const [look] = await lookAtImages(store, twin, { run: auto, images: [images[0]!] });
    expect(opened).toEqual(['base-quality.int8.onnx', 'base-image.int8.onnx', 'rank-quality.int8.onnx']);
    expect(look!.vectors['image@rank']).toBe(look!.vectors['image']);
    expect(listImageGraphs(twin, auto)).toHaveLength(3);
  });

  test('where a provider is left in the middle, the next computes all of the images, and all of them say so', async () => {
    const told: NetworkRun = { ...auto, precision: 'float32', providers: ['webgpu', 'cpu'] };
    const texts = ['a cat', 'two cats'];
    for (const failing of ['rank-quality', 'rank-image', 'rank-text']) {
      const { store, ran } = storeWithoutGpu(failing);
      const looks = await lookAtImages(store, pack, { run: told, images: images.slice(0, 2) });
      const { provenance, members } = await embedTexts(store, pack, {
        ...{ run: told, texts, tokenisers: new Tokenisers() },
      });
      const exact = { ...auto, precision: 'float32' } as const;
      const plain = new SessionStore(plenty);
      const expected = await lookAtImages(plain, pack, { run: exact, images: images.slice(0, 2) });
      const words = await embedTexts(plain, pack, { run: exact, texts, tokenisers: new Tokenisers() });
      const left = { provider: 'cpu', fallback: 'webgpu: device lost' };
      if (failing === 'rank-text') expect(looks[0]!.provenance).toMatchObject({ provider: 'webgpu' });
      else {
        expect(looks.map(bitsOf)).toEqual(expected.map(bitsOf));
        for (const look of looks) expect(look.provenance).toMatchObject(left);
      }
      expect(members).toEqual(words.members);
      expect(provenance).toMatchObject(left);
      // It is left once, and nothing is computed a third time.
      expect(ran.filter((one) => one === `webgpu ${failing}`)).toHaveLength(1);
      expect(ran.filter((one) => one === 'cpu base-text')).toHaveLength(1);
    }
  });

  test('numbers that are none are an error, not a score', async () => {
    const quality = images[0]!.quality!.slice();
    quality[1000] = Number.NaN;
    const broken = { ...images[0]!, quality };
    await expect(
      lookAtImages(new SessionStore(plenty), pack, { run: auto, images: [broken] }),
    ).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('no number in int8 on cpu'),
    });
  });
});

describe('embedding texts', () => {
  const texts = [
    'a cat',
    'a dog',
    '',
    'a cat on a mat in the sun',
    'A CAT',
    'two'.repeat(60),
    'end<|endoftext|>of it',
    'end',
  ];

  test.each(['float32', 'int8'] as const)(
    '%s: the same bits alone and together, in the order asked',
    async (precision) => {
      const tokenisers = new Tokenisers();
      const run = { ...auto, precision };
      const store = new SessionStore(plenty);
      const { members, length, provenance } = await embedTexts(store, pack, { run, texts, tokenisers });
      expect(length).toBe(32);
      expect(provenance).toMatchObject({ precision, provider: 'cpu' });
      for (const [at, text] of texts.entries()) {
        const alone = await embedTexts(store, pack, { run, texts: [text], tokenisers });
        for (const member of ['base', 'rank']) {
          const row = members[member]!.slice(at * length, (at + 1) * length);
          expect(row, text).toEqual(alone.members[member]);
          expect(Math.hypot(...row)).toBeCloseTo(1, 6);
        }
      }
      const rowOf = (at: number) => [...members['base']!.slice(at * length, (at + 1) * length)];
      // Tokens are lower case, and a literal end token ends the text.
      expect(rowOf(4)).toEqual(rowOf(0));
      expect(rowOf(6)).toEqual(rowOf(7));
      expect(rowOf(0)).not.toEqual(rowOf(1));
    },
  );

  test('gives what the graph gives for the ids, pooled at the end token', async () => {
    const { members } = await embedTexts(new SessionStore(plenty), pack, {
      run: { ...auto, precision: 'float32', members: ['base'] },
      texts: ['hi'],
      tokenisers: new Tokenisers(),
    });
    // Bytes of a word’s end have the ids 256 higher; letters are numbered by their byte.
    const ids = BigInt64Array.of(512n, 104n, 256n + 105n, 513n);
    const { embedding } = await runDirectly('base-text.float32.onnx', {
      ids: new Tensor('int64', ids, [1, 4]),
      position: new Tensor('int64', BigInt64Array.of(3n), [1]),
    });
    expect(members['base']).toEqual(embedding!.data);
  });
});
