/** Numbers of another runtime or provider: kept and told of, never mixed without a word, and computed again where that is asked for. */
import { afterEach, expect, test } from 'vitest';
import type { Job } from '../../contract/jobs.ts';
import { writeScenes } from '../support/make-images.ts';
import {
  infoOf,
  type NetworkLibrary,
  openWithPack,
  readDetails,
  scoreImages,
  signalOf,
} from '../support/network-library.ts';

const size = { width: 48, height: 32 };
const former = { runtime: 'formula 1', provider: 'cpu', precision: 'float32' };
const newer = { ...former, runtime: 'formula 2' };
let library: NetworkLibrary;
afterEach(() => library.close());

/** Four images, scored by a runtime that has been replaced since. */
async function openScored(sets = ['base']): Promise<string> {
  const opened = await openWithPack({ sets });
  library = opened.library;
  await writeScenes(library.images, 4, size);
  await scoreImages(library, opened.packId);
  library.models.runtime = 'formula 2';
  return opened.packId;
}

async function scoreAgain(packId: string): Promise<Job> {
  return await library.finish(library.client.library.score({ folder: library.images, packId, again: true }));
}

test('a plan says what a run would compute with, and what was computed otherwise', async () => {
  const packId = await openScored();
  expect(await library.client.packs.planRun({ id: packId })).toEqual({
    uses: newer,
    others: [{ ...former, images: 4, prompts: 1 }],
  });
  expect(await library.client.packs.planRun({ id: 'classic' })).toEqual({ uses: null, others: [] });
});

test('by default it is kept: nothing that is done is computed anew, the run and the pack say of what they are', async () => {
  const packId = await openScored();
  await writeScenes(library.images, 6, size);
  const looks = library.models.count('look');
  const { summary } = await scoreImages(library, packId);
  expect(library.models.count('look') - looks).toBe(2);
  expect(summary!.notes).toEqual([
    'Computed by formula 2 on cpu in float32.',
    'Kept as they were computed: 4 images and 1 prompt by formula 1 on cpu in float32. “Compute those again” (--again) makes the library one of a kind.',
  ]);
  expect((await infoOf(library, packId)).storedBy).toEqual([
    { ...former, images: 4, prompts: 1 },
    { ...newer, images: 2, prompts: 1 },
  ]);
});

test.each([[['base']], [['base', 'rank']]])(
  'asked for, images, texts, S and scores are computed again (sets %j), and once only',
  async (sets) => {
    const packId = await openScored(sets);
    const before = await readDetails(library);
    const [looks, texts] = [library.models.count('look'), library.models.texts.length];
    const job = await scoreAgain(packId);
    expect(job.summary).toMatchObject({ scored: 4, skipped: 0 });
    expect(job.summary!.notes).toEqual(['Computed by formula 2 on cpu in float32.']);
    expect(library.models.count('look') - looks).toBe(4);
    expect(library.models.texts.length - texts).toBe(1);
    expect((await infoOf(library, packId)).storedBy).toEqual([{ ...newer, images: 4, prompts: 1 }]);
    // The formula gives the same numbers: everything is there as it was.
    const after = await readDetails(library);
    expect(after.map(({ scores }) => scores)).toEqual(before.map(({ scores }) => scores));
    expect(after.map((one) => signalOf(one, 's'))).toEqual(before.map((one) => signalOf(one, 's')));
    expect((await scoreAgain(packId)).summary).toMatchObject({ scored: 0, skipped: 4 });
  },
);

test('stopped in the middle it goes on where it stopped, and no score is of two kinds', async () => {
  const packId = await openScored();
  let left = 2;
  library.models.onRequest = async (request) => {
    if (request.kind !== 'look') return;
    left -= 1;
    if (left === 0) await library.client.jobs.cancel({ id: (await library.client.jobs.list())[0]!.id });
  };
  expect((await scoreAgain(packId)).state).toBe('cancelled');
  library.models.onRequest = () => undefined;
  const done = (await infoOf(library, packId)).storedBy.find(({ runtime }) => runtime === 'formula 2');
  const { summary } = await scoreAgain(packId);
  expect(summary).toMatchObject({ skipped: done?.images ?? 0, scored: 4 - (done?.images ?? 0) });
  expect((await infoOf(library, packId)).storedBy).toEqual([{ ...newer, images: 4, prompts: 1 }]);
  for (const { scores } of await readDetails(library)) expect(scores['overall']).toBeTypeOf('number');
});

test('what replaces a number takes with it what was derived from the former one, in one step', async () => {
  const packId = await openScored();
  const before = await readDetails(library);
  // As if the former embedding had given another S, and the former signals another score.
  const { sqlite } = library.studio.db;
  sqlite.prepare("UPDATE signal SET value = value + 1 WHERE pack_id = ? AND name = 's'").run(packId);
  sqlite.prepare('UPDATE score SET value = 99').run();
  await scoreAgain(packId);
  const after = await readDetails(library);
  expect(after.map((one) => signalOf(one, 's'))).toEqual(before.map((one) => signalOf(one, 's')));
  expect(after.map(({ scores }) => scores)).toEqual(before.map(({ scores }) => scores));
});
