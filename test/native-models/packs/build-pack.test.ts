import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AddPack } from '../../../contract/pack.ts';
import { PackManifest } from '../../../contract/pack.ts';
import { formulaTensor } from '../../../native-models/checkpoints/formula.ts';
import { type BuildOptions, buildPack } from '../../../native-models/packs/build-pack.ts';
import { drawGraphs } from '../../../native-models/packs/draw-graphs.ts';
import { openPack } from '../../../native-models/packs/open-pack.ts';
import { outlinePack } from '../../../native-models/packs/outline.ts';
import { linkPlaces } from '../../../native-models/packs/place-files.ts';
import { planPack } from '../../../native-models/packs/plan-pack.ts';
import { writeUntrained } from '../../../scripts/support/make-untrained.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const folder = makeTempFolder();
const packs = join(folder, 'packs');
let weights: string;
let clip: string;

beforeAll(async () => {
  weights = await writeUntrained('tiny', join(folder, 'sfiqa'), { sets: ['base', 'rank'] });
  clip = await writeUntrained('tinyClip', join(folder, 'PickScore_v1'));
});

const order = (more: Partial<AddPack> = {}): AddPack => ({ sfiqa: weights, precision: 'float32', ...more });

function build(id: string, what: AddPack, options: BuildOptions = {}) {
  return buildPack({ kind: 'buildPack', order: what, id, title: `The ${id}`, to: join(packs, id) }, options);
}

function ownBytes(id: string): number {
  const infos = readdirSync(join(packs, id)).map((file) => statSync(join(packs, id, file)));
  return infos.filter(({ nlink }) => nlink === 1).reduce((sum, { size }) => sum + size, 0);
}

describe('building a pack', () => {
  test('copies no weights: the checkpoint is linked, and the plan said how much is written', async () => {
    const plan = await planPack({ kind: 'planPack', order: order(), to: join(packs, 'zero') });
    expect(plan).toMatchObject({ suggestedId: 'sfiqa', graphFolder: join(packs, 'zero') });
    expect(plan.notes.join(' ')).not.toContain('one after the other');
    const inLittleMemory = await planPack({ kind: 'planPack', order: order(), to: packs }, 1e6);
    expect(inLittleMemory.notes.at(-1)).toMatch(
      /^The sets’ weights \(11\.9 MB\) do not fit .*: the sets are used one after the other/,
    );
    expect(plan.parts).toMatchObject([
      { path: weights, sets: ['base', 'rank'], sizeBytes: statSync(weights).size },
    ]);
    expect(existsSync(packs)).toBe(false);

    const { manifest } = await build('zero', order());
    const link = statSync(join(packs, 'zero', 'weights.safetensors'));
    expect(link.ino).toBe(statSync(weights).ino);
    expect(Math.abs(ownBytes('zero') - plan.writesBytes)).toBeLessThan(20_000);
    expect(readdirSync(packs)).toEqual(['zero']);
    expect(
      PackManifest.parse(JSON.parse(readFileSync(join(packs, 'zero', 'manifest.json'), 'utf8'))),
    ).toEqual(manifest);
    expect(await openPack(join(packs, 'zero'))).toMatchObject({
      manifest: { id: 'zero', title: 'The zero' },
    });
  });

  test('the manifest tells members, branches, signals, the fusion’s inputs, and that a formula made the weights', async () => {
    const { manifest, fusion } = await build('told', order());
    expect(manifest).toMatchObject({
      kind: 'network',
      isUntrained: true,
      fusion: ['q_base', 's_base', 'q_rank', 's_rank'],
      features: { length: 256 },
    });
    expect(manifest.signals.map(({ name }) => name)).toEqual([
      'q',
      'q_base',
      'q_rank',
      's',
      's_base',
      's_rank',
    ]);
    const { members, quality, similarity } = manifest.network!;
    expect(members.map(({ name }) => name)).toEqual(['base', 'rank']);
    expect(members[0]!.logitScale).toBeCloseTo(Math.exp(formulaTensor('pickmodel.logit_scale', [])[0]!), 3);
    expect(quality).toMatchObject({ recipe: 'sama', sizePx: 256 });
    expect(similarity).toMatchObject({ sizePx: 28, maxTokens: 77, vocabulary: 514 });

    expect(fusion.map(({ member, layers }) => [member, layers.length])).toEqual([
      ['base', 3],
      ['rank', 3],
    ]);
    // Turned from PyTorch's [out, in] to the outputs of one input side by side.
    const official = formulaTensor('rank/ScoreModel.fc1.weight', [10, 2]);
    const { weights: turned, bias } = fusion[1]!.layers[0]!;
    expect([...turned]).toEqual(
      [0, 1].flatMap((input) => Array.from({ length: 10 }, (_, at) => official[at * 2 + input])),
    );
    expect([...bias]).toEqual([...formulaTensor('rank/ScoreModel.fc1.bias', [10])]);
  });

  test('one set of several, one alone, CLIP alone', async () => {
    const one = await build('one', order({ sets: ['rank'] }));
    expect(one.manifest).toMatchObject({ fusion: ['q', 's'] });
    expect(one.manifest.network!.members.map(({ name }) => name)).toEqual(['rank']);
    const pickScore = await build('pick', { clip, precision: 'float32' });
    expect(pickScore.manifest).toMatchObject({
      absent: [{ name: 'q' }],
      fusion: [],
      features: { length: 32 },
    });
    expect(pickScore.fusion).toEqual([]);
    const plan = await planPack({
      kind: 'planPack',
      order: { clip, precision: 'int8' },
      to: join(packs, 'x'),
    });
    expect(plan).toMatchObject({ suggestedId: 'pickscore', suggestedTitle: 'PickScore' });
    expect(plan.notes.join(' ')).toContain('int8');
  });

  test('another precision, another set: another version of the stored features; the same again: the same', async () => {
    const versions: number[] = [];
    for (const what of [order(), order({ precision: 'int8' }), order({ sets: ['base'] }), order()]) {
      const id = `version-${versions.length}`;
      versions.push((await build(id, what)).manifest.features.version);
    }
    expect(new Set(versions).size).toBe(3);
    expect(versions[3]).toBe(versions[0]);
  });

  test('branches with equal tensors are drawn once', async () => {
    const outline = await outlinePack(order());
    const [base, rank] = outline.members;
    rank!.branches[1] = base!.branches[1]!;
    const drawn = [];
    for await (const graph of drawGraphs(outline, 'float32', linkPlaces())) drawn.push(graph);
    const images = drawn.filter(({ role }) => role === 'image');
    expect(images.map(({ member, lowered }) => [member, lowered[0]!.file])).toEqual([
      ['base', 'base-image.float32.onnx'],
      ['rank', 'base-image.float32.onnx'],
    ]);
    expect(images[1]!.drawing).toBeNull();
    expect(new Set(drawn.map(({ tensorSet }) => tensorSet)).size).toBe(5);
  });

  test('each branch is there for every kind of provider; CLIP is one graph for all that have fused operators', async () => {
    const { manifest } = await build('lowered', order({ sets: ['base'], precision: 'float16' }));
    const { graphs } = manifest.network!.members[0]!;
    const filesOf = (role: string) =>
      graphs.filter((graph) => graph.role === role).map(({ lowering, file }) => `${lowering}: ${file}`);
    expect(filesOf('quality')).toEqual([
      'cpu: base-quality.float32.onnx',
      'fused: base-quality.float32.fused.onnx',
      'plain: base-quality.float32.plain.onnx',
      'fused: base-quality.float16.fused.onnx',
      'plain: base-quality.float16.plain.onnx',
    ]);
    for (const role of ['image', 'text']) {
      expect(filesOf(role)).toEqual([
        `cpu: base-${role}.float32.onnx`,
        `fused: base-${role}.float32.onnx`,
        `plain: base-${role}.float32.plain.onnx`,
        `fused: base-${role}.float16.fused.onnx`,
        `plain: base-${role}.float16.plain.onnx`,
      ]);
    }
    const written = readdirSync(join(packs, 'lowered'));
    expect(written.filter((name) => name.endsWith('.bin')).toSorted()).toEqual(
      ['image', 'quality', 'text'].map((role) => `base-${role}.float16.bin`),
    );
  });

  test('what base lacks of CLIP comes from the CLIP beside it; another set that lacks it is an error', async () => {
    const lacking = (set: string) =>
      writeUntrained('tiny', join(folder, `lacking-${set}`), {
        sets: ['base', 'rank'],
        isLeftOut: (name) => name === `${set}.pickmodel.visual_projection.weight`,
      });
    const base = await lacking('base');
    await expect(build('lacking', order({ sfiqa: base }))).rejects.toMatchObject({
      code: 'checkpointInvalid',
      message: expect.stringMatching(/base\.pickmodel\.visual_projection\.weight.*together with PickScore/),
    });
    const plan = await planPack({
      kind: 'planPack',
      order: order({ sfiqa: base, clip }),
      to: join(packs, 'lent'),
    });
    expect(plan.notes[0]).toContain(clip);
    const { manifest } = await build('lent', order({ sfiqa: base, clip }));
    expect(manifest.network!.sources.map(({ path }) => path)).toEqual([base, clip]);
    await expect(build('strict', order({ sfiqa: await lacking('rank'), clip }))).rejects.toMatchObject({
      code: 'checkpointInvalid',
    });
    expect(readdirSync(packs)).not.toContain('strict');
  });
});

describe('nothing half-written', () => {
  test.each(['int8', 'float16'] as const)('a full disk in the middle of %s', async (precision) => {
    let room = 100_000;
    const openTarget = async () => ({
      async write(bytes: Uint8Array) {
        room -= bytes.length;
        if (room < 0) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
      },
      async close() {},
    });
    await expect(build('full', order({ precision }), { openTarget })).rejects.toMatchObject({
      code: 'diskFull',
    });
    expect(readdirSync(packs).filter((name) => name.startsWith('full'))).toEqual([]);
    expect(statSync(weights).nlink).toBe(readdirSync(packs).length - countWithout(weights) + 1);
  });

  test('a withdrawn build', async () => {
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => {
      if (done > 50_000) controller.abort();
    };
    const options = { signal: controller.signal, onProgress };
    await expect(build('withdrawn', order({ precision: 'int8' }), options)).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(readdirSync(packs).filter((name) => name.startsWith('withdrawn'))).toEqual([]);
  });

  test('a checkpoint that is edited meanwhile', async () => {
    const edited = await writeUntrained('tinyClip', join(folder, 'edited'));
    let isEdited = false;
    const onProgress = () => {
      if (!isEdited) appendFileSync(edited, 'x');
      isEdited = true;
    };
    const what: AddPack = { clip: edited, precision: 'int8' };
    await expect(build('edited', what, { onProgress })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(edited),
    });
    expect(readdirSync(packs).filter((name) => name.startsWith('edited'))).toEqual([]);
  });

  test('what a kill left is removed by the next build', async () => {
    await mkdir(join(packs, 'killed.partial'), { recursive: true });
    writeFileSync(join(packs, 'killed.partial', 'weights.safetensors'), 'half');
    await build('killed', order());
    expect(existsSync(join(packs, 'killed.partial'))).toBe(false);
    await openPack(join(packs, 'killed'));
  });

  test('a pack of that id is there: it stays as it is', async () => {
    await build('taken', order());
    const before = readFileSync(join(packs, 'taken', 'manifest.json'), 'utf8');
    await expect(build('taken', order({ sets: ['rank'] }))).rejects.toMatchObject({ code: 'conflict' });
    expect(readFileSync(join(packs, 'taken', 'manifest.json'), 'utf8')).toBe(before);
    await openPack(join(packs, 'taken'));
  });
});

/** How many of the packs do not link the file. */
function countWithout(file: string): number {
  const { ino } = statSync(file);
  return readdirSync(packs).filter(
    (id) => !readdirSync(join(packs, id)).some((name) => statSync(join(packs, id, name)).ino === ino),
  ).length;
}

test('the manifest says whether a licence lies beside the weights', async () => {
  expect((await build('unlicensed', order())).manifest.licence).toMatch(/^No licence file lies beside/);
  const path = await writeUntrained('tinyClip', join(folder, 'licensed'));
  writeFileSync(join(folder, 'licensed', 'LICENSE.txt'), 'MIT');
  const { manifest } = await build('licensed', { clip: path, precision: 'float32' });
  expect(manifest.licence).toContain(join(folder, 'licensed', 'LICENSE.txt'));
});
