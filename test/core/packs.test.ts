/** Packs that come and go: what is wrong with one is said of it and keeps nothing else from use; nothing half-made is ever left. */
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Job } from '../../contract/jobs.ts';
import type { PackManifest } from '../../contract/pack.ts';
import { FormulaModels } from '../support/formula-models.ts';
import { writeScenes } from '../support/make-images.ts';
import {
  addTiny,
  infoOf,
  type NetworkLibrary,
  openNetworkLibrary,
  readOverall,
  scoreImages,
} from '../support/network-library.ts';
import { openTestStudio } from '../support/open-test-studio.ts';

let library: NetworkLibrary;
beforeEach(async () => {
  library = await openNetworkLibrary({ sets: ['base', 'rank'] });
});
afterEach(() => library.close());

function packsFolder(): string {
  return join(library.studio.folder, 'packs');
}

function edit(id: string, change: (manifest: PackManifest & Record<string, unknown>) => void): void {
  const path = join(packsFolder(), id, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  change(manifest);
  writeFileSync(path, JSON.stringify(manifest));
}

/** The packs of the same library, opened anew. */
async function reopened(work: (studio: ReturnType<typeof openTestStudio>) => Promise<void>): Promise<void> {
  const copy = join(library.folder('copy'), 'library');
  cpSync(library.studio.folder, copy, { recursive: true });
  // Copies have times of their own: weights are linked, as the pack has them.
  for (const name of readdirSync(join(copy, 'packs'))) {
    const weights = join('packs', name, 'weights.safetensors');
    if (!existsSync(join(copy, weights))) continue;
    rmSync(join(copy, weights));
    linkSync(join(library.studio.folder, weights), join(copy, weights));
  }
  const studio = openTestStudio({ libraryFolder: copy, launchModels: new FormulaModels().launch });
  try {
    await work(studio);
  } finally {
    await studio.close();
  }
}

describe('adding', () => {
  test('a checkpoint: planned first, then a pack with its heads, without copying a weight', async () => {
    const plan = await library.client.packs.plan({ sfiqa: library.weights });
    expect(plan).toMatchObject({ id: 'sfiqa', title: 'SF-IQA' });
    expect(plan.parts[0]!.sets).toEqual(['base', 'rank']);
    const job = await library.finish(library.client.packs.add({ sfiqa: library.weights, title: 'Mine' }));
    expect(job).toMatchObject({ kind: 'addPack', state: 'done', error: null, summary: { packId: 'sfiqa' } });
    const info = await infoOf(library, 'sfiqa');
    expect(info).toMatchObject({
      ...{
        title: 'Mine',
        isBuiltIn: false,
        isUntrained: true,
        problem: null,
        verification: null,
        lastUsed: null,
      },
      fusion: ['q_base', 's_base', 'q_rank', 's_rank'],
      network: { precision: 'float32', members: ['base', 'rank'], hasQuality: true, hasSimilarity: true },
    });
    expect(info.heads).toMatchObject([{ target: 'overall', inputs: 'signals', range: [0, 5] }]);
    expect(readdirSync(packsFolder())).toEqual(['sfiqa']);
  });

  test('some of the sets only', async () => {
    const id = await addTiny(library, { sets: ['rank'] });
    expect(id).toBe('sfiqa-rank');
    expect((await infoOf(library, id)).fusion).toEqual(['q', 's']);
  });

  test('an id that is taken is a conflict that names it, and the pack there stays as it is', async () => {
    const id = await addTiny(library);
    const before = await infoOf(library, id);
    await expect(library.client.packs.add({ sfiqa: library.weights })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('“sfiqa”'),
    });
    await expect(library.client.packs.add({ sfiqa: library.weights, id: 'classic' })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await infoOf(library, id)).toEqual(before);
    expect(await addTiny(library, { id: 'second' })).toBe('second');
  });

  test('what is no checkpoint, or not there, is refused in words and leaves nothing', async () => {
    const junk = join(library.images, 'junk.pt');
    writeFileSync(junk, 'not weights');
    for (const order of [{ sfiqa: junk }, { sfiqa: `${junk}.nowhere` }, { clip: library.images }]) {
      await expect(library.client.packs.add(order)).rejects.toMatchObject({
        message: expect.stringContaining(library.images),
      });
    }
    await expect(library.client.packs.add({})).rejects.toMatchObject({ code: 'badInput' });
    await expect(library.client.packs.add({ sfiqa: library.weights, sets: ['nope'] })).rejects.toMatchObject({
      message: expect.stringContaining('nope'),
    });
    expect(library.studio.packs.size).toBe(1);
  });

  test('that is cancelled, or that the process does not survive, leaves nothing and can be done again', async () => {
    let job: Job | undefined;
    library.models.onRequest = async ({ kind }) => {
      if (kind !== 'buildPack') return;
      void library.client.jobs.cancel({ id: job!.id });
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
    job = await library.client.packs.add({ sfiqa: library.weights });
    expect(await library.finish(job)).toMatchObject({ state: 'cancelled', error: null });
    expect(readdirSync(packsFolder())).toEqual([]);
    library.models.onRequest = ({ kind }) => {
      if (kind === 'buildPack') library.models.kill();
    };
    const killed = await library.finish(library.client.packs.add({ sfiqa: library.weights }));
    expect(killed).toMatchObject({ state: 'failed' });
    expect(library.studio.packs.size).toBe(1);
    library.models.onRequest = () => undefined;
    expect(await addTiny(library)).toBe('sfiqa');
    expect(readdirSync(packsFolder())).toEqual(['sfiqa']);
  });
});

describe('something is wrong with a pack', () => {
  test.each([
    [
      'no manifest',
      (id: string) => rmSync(join(packsFolder(), id, 'manifest.json')),
      /manifest\.json cannot be read/,
    ],
    [
      'a manifest that is no JSON',
      (id: string) => writeFileSync(join(packsFolder(), id, 'manifest.json'), '{'),
      /manifest/,
    ],
    [
      'a manifest that lacks something',
      (id: string) => edit(id, (m) => Reflect.deleteProperty(m, 'signals')),
      /signals/,
    ],
    [
      'a newer version',
      (id: string) => edit(id, (m) => Object.assign(m, { format: 'sfiqa-pack/9' })),
      /another version.*sfiqa-pack\/9/,
    ],
    [
      'newer graphs',
      (id: string) => edit(id, ({ network }) => Object.assign(network!, { builder: 999 })),
      /newer/,
    ],
    [
      'another id than its folder',
      (id: string) => edit(id, (m) => Object.assign(m, { id: 'other' })),
      /holds the pack “other”, and no two packs have one id\. .*add it as an exported pack/,
    ],
    [
      'a head that was exchanged',
      (id: string) => writeFileSync(join(packsFolder(), id, 'overall.head'), 'x'),
      /overall\.head/,
    ],
    ['a graph that is gone', (id: string) => rmSync(join(packsFolder(), id, graphOf(id))), /is missing/],
    [
      'weights that are gone',
      (id: string) => rmSync(join(packsFolder(), id, 'weights.safetensors')),
      /not there any more/,
    ],
    [
      'a checkpoint that was edited',
      () => utimesSync(library.weights, new Date(), new Date(0)),
      /was changed/,
    ],
  ])(
    '%s: it is listed with the reason, cannot be scored with, and all else works',
    async (_what, harm, words) => {
      const id = await addTiny(library, { isTrained: false });
      harm(id);
      await reopened(async ({ client, folder, finish }) => {
        const [classic, pack] = await client.packs.list();
        expect(classic).toMatchObject({ id: 'classic', problem: null });
        expect(pack!.problem).toMatch(words);
        const images = folder('images');
        await writeScenes(images, 1, { width: 32, height: 32 });
        const doctor = await client.doctor.report().catch(() => null);
        expect(JSON.stringify(doctor)).toContain('cannot be used');
        const refused = await client.library
          .score({ folder: images, packId: id })
          .then(finish, (error: unknown) => ({ error }));
        expect(refused.error).toMatchObject({ message: expect.stringMatching(words) });
      });
    },
  );

  test('a folder with the id of a pack of the studio: that one is used, and the folder is told of and can be removed', async () => {
    const id = await addTiny(library, { id: 'other' });
    cpSync(join(packsFolder(), id), join(packsFolder(), 'classic'), { recursive: true });
    await reopened(async ({ client }) => {
      const packs = await client.packs.list();
      expect(packs.map((pack) => [pack.id, pack.problem === null])).toEqual([
        ['classic', true],
        ['own-classic', false],
        ['other', true],
      ]);
      expect(packs[1]!.problem).toMatch(/packs.classic has the id of a pack of the studio/);
      await client.packs.remove({ id: 'own-classic' });
      expect((await client.packs.list()).map((pack) => pack.id)).toEqual(['classic', 'other']);
    });
  });

  test('while the library is open: a checkpoint that is edited after it was added is met at the next run', async () => {
    const id = await addTiny(library);
    await writeScenes(library.images, 1, { width: 32, height: 32 });
    expect(await scoreImages(library, id)).toMatchObject({ state: 'done' });
    utimesSync(library.weights, new Date(), new Date(0));
    expect((await infoOf(library, id)).problem).toContain('was changed');
    await expect(library.client.library.score({ folder: library.images, packId: id })).rejects.toMatchObject({
      code: 'checkpointInvalid',
    });
  });

  test('while the library is open: a file of the pack that is tampered with is listed, before anything is scored', async () => {
    const id = await addTiny(library, { isTrained: false });
    for (const file of [graphOf(id), 'tokenizer.json']) {
      const path = join(packsFolder(), id, file);
      const bytes = readFileSync(path);
      expect((await infoOf(library, id)).problem).toBeNull();
      writeFileSync(path, Buffer.concat([bytes, Buffer.from(' ')]));
      expect((await infoOf(library, id)).problem).toContain(`${path} is not the file`);
      writeFileSync(path, bytes);
    }
    expect((await infoOf(library, id)).problem).toBeNull();
    // What did not change is not read again.
    const asked = library.models.count('checkPack');
    await library.client.packs.list();
    expect(library.models.count('checkPack')).toBe(asked);
  });
});

test('what an adding left that was killed is gone when the library is opened again', async () => {
  await addTiny(library);
  for (const name of ['.adding-a', '.adding-b.partial']) {
    const left = join(packsFolder(), name);
    mkdirSync(left);
    writeFileSync(join(left, 'manifest.json'), '{');
  }
  await reopened(async ({ studio }) => {
    expect(readdirSync(join(studio.folder, 'packs'))).toEqual(['sfiqa']);
  });
});

function graphOf(id: string): string {
  return library.studio.packs.get(id)!.manifest.network!.members[0]!.graphs[0]!.file;
}

describe('removing', () => {
  test('takes the pack out at once; checkpoint and scores stay, and adding it again finds them', async () => {
    const id = await addTiny(library);
    await writeScenes(library.images, 2, { width: 32, height: 32 });
    await scoreImages(library, id);
    const scores = await readOverall(library.client, id);
    expect(await library.client.packs.remove({ id })).toEqual({ id });
    expect((await library.client.packs.list()).map((pack) => pack.id)).toEqual(['classic']);
    expect((await library.client.settings.get()).packId).toBe('classic');
    expect(readdirSync(packsFolder())).toEqual([]);
    expect(readFileSync(library.weights).length).toBeGreaterThan(0);
    await addTiny(library);
    expect(await readOverall(library.client, id)).toEqual(scores);
  });

  test('is refused for packs of the studio, unknown ones, and while a job uses it', async () => {
    await expect(library.client.packs.remove({ id: 'classic' })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(library.client.packs.remove({ id: 'nope' })).rejects.toMatchObject({ code: 'notFound' });
    const id = await addTiny(library);
    await writeScenes(library.images, 2, { width: 32, height: 32 });
    const job = await library.client.library.score({ folder: library.images, packId: id });
    await expect(library.client.packs.remove({ id })).rejects.toMatchObject({ code: 'conflict' });
    await library.finish(job);
    await library.client.packs.remove({ id });
  });
});
