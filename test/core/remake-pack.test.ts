/** Making a pack again: from the same files, in its place, with its heads; or not at all, and the former one stays as it was. */
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Job } from '../../contract/jobs.ts';
import type { PackManifest } from '../../contract/pack.ts';
import { readPack } from '../../core/packs.ts';
import { registerPack } from '../../core/register-pack.ts';
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

const id = 'sfiqa';
let library: NetworkLibrary;
beforeEach(async () => {
  library = await openNetworkLibrary({ sets: ['base', 'rank'] });
});
afterEach(() => library.close());

function folder(): string {
  return join(library.studio.folder, 'packs', id);
}

function manifest(): PackManifest & { network: NonNullable<PackManifest['network']> } {
  return JSON.parse(readFileSync(join(folder(), 'manifest.json'), 'utf8'));
}

/** The pack as an earlier version of the graph builder left it. */
function makeOlder({ knowsItsFiles = true } = {}): void {
  const { network, ...rest } = manifest();
  const { madeFrom, ...older } = { ...network, builder: network.builder - 1 };
  const written = { ...older, ...(knowsItsFiles && { madeFrom }) };
  writeFileSync(join(folder(), 'manifest.json'), JSON.stringify({ ...rest, network: written }));
  registerPack(library.studio, readPack(folder(), id));
}

async function remake(): Promise<Job> {
  return await library.finish(library.client.packs.remake({ id }));
}

/** Nothing but packs lies in the folder of packs. */
function expectNothingElse(): void {
  expect(readdirSync(dirname(folder()))).toEqual([id]);
}

describe('a pack of an older studio', () => {
  test.each([true, false])(
    'is made again without copying a weight; heads, scores and what is shown stay (it knows its files: %s)',
    async (knowsItsFiles) => {
      await addTiny(library);
      await writeScenes(library.images, 3, { width: 48, height: 32 });
      await scoreImages(library, id);
      const [scores, heads] = [await readOverall(library.client, id), await library.client.heads.list()];
      const current = manifest();
      makeOlder({ knowsItsFiles });
      const older = await infoOf(library, id);
      expect(older.problem).toContain('older version of the studio');
      expect(older.canBeRemade).toBe(true);
      const job = await remake();
      expect(job).toMatchObject({ kind: 'remakePack', state: 'done', error: null, summary: { packId: id } });
      expect(await infoOf(library, id)).toMatchObject({ problem: null, canBeRemade: false });
      const { network, ...rest } = manifest();
      expect(rest).toEqual({ ...current, network: undefined });
      expect(network.members).toEqual(current.network.members);
      expect(network.sources).toEqual(current.network.sources);
      expect(statSync(join(folder(), network.sources[0]!.link)).ino).toBe(statSync(library.weights).ino);
      expect(await library.client.heads.list()).toEqual(heads);
      expect(await readOverall(library.client, id)).toEqual(scores);
      expectNothingElse();
      expect((await scoreImages(library, id)).summary).toMatchObject({ failed: 0 });
    },
  );

  test('whose checkpoint was moved is made again from the link that holds it', async () => {
    await addTiny(library);
    makeOlder();
    renameSync(library.weights, `${library.weights}.moved`);
    expect(await remake()).toMatchObject({ state: 'done', error: null });
    expect((await infoOf(library, id)).problem).toBeNull();
    expect(statSync(join(folder(), manifest().network.sources[0]!.link)).ino).toBe(
      statSync(`${library.weights}.moved`).ino,
    );
  });

  test('with weights of its own has them still, and of another precision has them written again', async () => {
    await addTiny(library, { copiesWeights: true, precision: 'int8' });
    const before = manifest().network.sources;
    makeOlder();
    expect(await remake()).toMatchObject({ state: 'done', error: null });
    const after = manifest().network.sources;
    expect(after.map(({ link, isOriginal }) => [link, isOriginal])).toEqual(
      before.map(({ link, isOriginal }) => [link, isOriginal]),
    );
    expect((await infoOf(library, id)).problem).toBeNull();
  });
});

test('a graph that was lost is drawn again', async () => {
  await addTiny(library);
  const { file } = manifest().network.members[0]!.graphs[0]!;
  rmSync(join(folder(), file));
  expect((await infoOf(library, id)).problem).toContain(`make the pack “${id}” again`);
  expect(await remake()).toMatchObject({ state: 'done', error: null });
  expect(existsSync(join(folder(), file))).toBe(true);
});

describe('what keeps it from being made again leaves the former one as it was', () => {
  test('a checkpoint that was edited', async () => {
    await addTiny(library);
    makeOlder();
    const former = manifest();
    writeFileSync(library.weights, readFileSync(library.weights));
    expect((await infoOf(library, id)).canBeRemade).toBe(false);
    await expect(library.client.packs.remake({ id })).rejects.toThrow(
      `${library.weights} was changed after the pack was made from it`,
    );
    expect(manifest()).toEqual(former);
  });

  test('a stop, a full disk, a models process that fails', async () => {
    await addTiny(library);
    makeOlder();
    const former = manifest();
    library.models.onRequest = ({ kind }) => {
      if (kind === 'buildPack') void library.client.jobs.cancel({ id: library.studio.jobs.list()[0]!.id });
    };
    expect((await remake()).state).toBe('cancelled');
    library.models.onRequest = ({ kind }) => {
      if (kind === 'buildPack')
        throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    };
    expect((await remake()).state).toBe('failed');
    expect(manifest()).toEqual(former);
    expectNothingElse();
    library.models.onRequest = () => undefined;
    expect(await remake()).toMatchObject({ state: 'done', error: null });
  });

  test('a kill between the two folders’ changing places: the former one is back when the library is opened', async () => {
    await addTiny(library);
    const copy = join(library.folder('copy'), 'library', 'packs');
    const former = join(copy, `.former-${id}`);
    linkPack(folder(), former);
    const studio = openTestStudio({ libraryFolder: dirname(copy), launchModels: new FormulaModels().launch });
    expect(readdirSync(copy)).toEqual([id]);
    expect((await infoOf(studio, id)).problem).toBeNull();
    await studio.close();
  });

  test('the studio’s own pack, and one that is not there', async () => {
    await expect(library.client.packs.remake({ id: 'classic' })).rejects.toThrow('nothing to make again');
    await expect(library.client.packs.remake({ id: 'nobody' })).rejects.toThrow('There is no pack “nobody”');
  });
});

function linkPack(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) linkSync(join(from, name), join(to, name));
}
