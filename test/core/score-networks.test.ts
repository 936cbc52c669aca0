/** Scoring with a pack of networks: what is stored, what a changed prompt costs, and that every stage goes on where it stopped. */

import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Job } from '../../contract/jobs.ts';
import { formulaQ } from '../support/formula-models.ts';
import { encodeScene, writeScenes } from '../support/make-images.ts';
import {
  expectedP,
  expectedS,
  type NetworkLibrary,
  openWithPack,
  readDetails,
  scoreImages,
  signalOf,
} from '../support/network-library.ts';

const size = { width: 48, height: 32 };
let library: NetworkLibrary;
afterEach(() => library.close());

async function open(options: Parameters<typeof openWithPack>[0] = {}): Promise<string> {
  const opened = await openWithPack(options);
  library = opened.library;
  return opened.packId;
}

async function importPrompts(prompts: Record<string, string>): Promise<void> {
  const rows = Object.entries(prompts).map(([name, prompt]) => `${name},"${prompt}"`);
  const file = new Blob([['name,prompt', ...rows].join('\n')]);
  await library.client.library.importPrompts({ source: { fileName: 'list.csv', file } });
  await endOf('similarity');
}

/** Waits until no job of a kind runs; gives the newest one. */
async function endOf(kind: Job['kind']): Promise<Job | undefined> {
  const job = (await library.client.jobs.list()).find((one) => one.kind === kind);
  return job === undefined ? undefined : await library.finish(job);
}

describe('one trained set', () => {
  test('gives Q, S and P of every image, with what computed them; a second run opens nothing', async () => {
    const packId = await open();
    await writeScenes(library.images, 6, size);
    const job = await scoreImages(library, packId);
    expect(job).toMatchObject({ state: 'done', error: null, summary: { scored: 6, failed: 0, reasons: [] } });
    expect(job.summary!.notes).toEqual(['Computed by formula 1 on cpu in float32.']);
    for (const detail of await readDetails(library)) {
      const [q, s] = [
        formulaQ(detail.hash!, 'base'),
        expectedS(library, packId, { hash: detail!.hash!, prompt: detail.prompt!, member: 'base' }),
      ];
      expect(signalOf(detail, 'q')).toBeCloseTo(q, 6);
      expect(signalOf(detail, 's')).toBeCloseTo(s, 5);
      expect(detail.scores['overall']).toBeCloseTo(expectedP(library, packId, [q, s]), 5);
      expect(detail.branches.q).toBeCloseTo(q, 6);
      expect(detail.missingSignals.filter((missing) => missing.packId === packId)).toEqual([]);
    }
    // Two prompts for six images: each is embedded once.
    expect(library.models.texts).toHaveLength(2);
    const used = (await library.client.packs.list()).at(-1)!.lastUsed;
    const asked = library.models.asked.length;
    expect(used).toEqual({ runtime: 'formula 1', provider: 'cpu', precision: 'float32', fallback: null });
    expect((await scoreImages(library, packId)).summary).toMatchObject({ scored: 0, skipped: 6 });
    expect(library.models.asked.slice(asked).map(({ kind }) => kind)).toEqual(['checkPack']);
  });

  test('a changed prompt recomputes text and arithmetic only, at once when a list is imported', async () => {
    const packId = await open();
    await writeScenes(library.images, 4, size);
    await scoreImages(library, packId);
    const [before] = await readDetails(library);
    const looks = library.models.count('look');
    await importPrompts({ 'scene-000.png': 'a hen', 'scene-001.png': 'a hen' });
    const [after, , third] = await readDetails(library);
    expect(library.models.count('look')).toBe(looks);
    expect(library.models.texts.slice(1)).toEqual(['a hen']);
    expect(signalOf(after!, 'q')).toBe(signalOf(before!, 'q'));
    const s = expectedS(library, packId, { hash: after!.hash!, prompt: 'a hen', member: 'base' });
    expect(signalOf(after!, 's')).toBeCloseTo(s, 5);
    expect(after!.scores['overall']).toBeCloseTo(expectedP(library, packId, [signalOf(after!, 'q')!, s]), 5);
    expect(third!.scores['overall']).toBeTypeOf('number');
    // Back again: everything is known, nothing is asked.
    const asked = library.models.asked.length;
    await importPrompts({ 'scene-000.png': before!.prompt! });
    const [again] = await readDetails(library);
    expect(library.models.asked.length).toBe(asked);
    expect(again!.scores).toEqual(before!.scores);
  });

  test('an image without a prompt has Q and says why it has neither S nor P; a sidecar brings both', async () => {
    const packId = await open();
    writeFileSync(join(library.images, 'bare.png'), await encodeScene(1, size));
    await scoreImages(library, packId);
    const [bare] = await readDetails(library);
    expect(signalOf(bare!, 'q')).toBeTypeOf('number');
    expect(bare!.scores).toEqual({});
    expect(bare!.branches).toEqual({ q: signalOf(bare!, 'q'), s: null });
    expect(bare!.missingSignals.find((missing) => missing.packId === packId)).toEqual({
      packId,
      name: 's',
      reason: 'The image has no prompt to compare it with.',
    });
    writeFileSync(join(library.images, 'bare.txt'), 'a bare hill');
    expect((await scoreImages(library, packId)).summary).toMatchObject({ scored: 0, skipped: 1 });
    const [described] = await readDetails(library);
    expect(signalOf(described!, 's')).toBeCloseTo(
      expectedS(library, packId, { hash: described!.hash!, prompt: 'a bare hill', member: 'base' }),
      5,
    );
    expect(described!.scores['overall']).toBeTypeOf('number');
    expect(library.models.count('look')).toBe(1);
  });

  test('S and P appear while the run goes on', async () => {
    const packId = await open();
    // Several times as many as are under way together.
    const count = 80 * availableParallelism();
    await writeScenes(library.images, count, { width: 8, height: 8 });
    let seen = 0;
    library.models.onRequest = async (request) => {
      if (request.kind !== 'look') return;
      const { ids } = await library.client.images.query({});
      const cards = await library.client.images.cards({ ids });
      seen = Math.max(seen, cards.filter(({ scores }) => scores['overall'] !== undefined).length);
      // As long as a look takes, so that results are written in between.
      await new Promise((resolve) => setTimeout(resolve, 300));
    };
    await scoreImages(library, packId);
    expect(seen).toBeGreaterThan(0);
    expect(seen).toBeLessThan(count);
  });

  test('what cannot be embedded is one reason, the other prompts have their S', async () => {
    const packId = await open();
    await writeScenes(library.images, 12, size);
    library.models.onRequest = (request) => {
      if (request.kind === 'embedText' && request.texts.includes('green hills at dusk, variation 0')) {
        library.models.kill();
      }
    };
    const job = await scoreImages(library, packId);
    expect(job).toMatchObject({ state: 'done', summary: { scored: 12, failed: 0 } });
    expect(job.summary!.reasons).toMatchObject([{ code: 'crashed', count: 1 }]);
    const all = await readDetails(library);
    expect(all.map((detail) => detail.scores['overall'] !== undefined)).toEqual(
      all.map(({ prompt }) => prompt !== 'green hills at dusk, variation 0'),
    );
    library.models.onRequest = () => undefined;
    expect((await scoreImages(library, packId)).summary!.reasons).toEqual([]);
    for (const { scores } of await readDetails(library)) expect(scores['overall']).toBeTypeOf('number');
  });
});

describe('going on', () => {
  test('a run that is cancelled between looking and comparing is finished by the next, which looks at nothing again', async () => {
    const packId = await open();
    await writeScenes(library.images, 8, size);
    library.models.onRequest = async (request) => {
      if (request.kind === 'embedText') {
        void library.client.jobs.cancel({ id: (await library.client.jobs.list())[0]!.id });
        await new Promise(() => undefined);
      }
    };
    const stopped = await scoreImages(library, packId);
    expect(stopped).toMatchObject({ state: 'cancelled', error: null, summary: { scored: 8 } });
    expect((await readDetails(library)).every(({ scores }) => scores['overall'] === undefined)).toBe(true);
    library.models.onRequest = () => undefined;
    const looks = library.models.count('look');
    expect((await scoreImages(library, packId)).summary).toMatchObject({ scored: 0, skipped: 8 });
    expect(library.models.count('look')).toBe(looks);
    for (const { scores } of await readDetails(library)) expect(scores['overall']).toBeTypeOf('number');
  });

  test('cancelling an inference that would take minutes takes about a second, and the next run starts a new process', async () => {
    const packId = await open();
    await writeScenes(library.images, 3, size);
    library.models.onRequest = async ({ kind }) => {
      if (kind === 'look') await new Promise(() => undefined);
    };
    const job = await library.client.library.score({ folder: library.images, packId });
    while (library.models.count('look') < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    const starts = library.models.starts;
    const startedAt = Date.now();
    expect(await library.client.jobs.cancel({ id: job.id })).toMatchObject({
      state: 'cancelled',
      error: null,
    });
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    library.models.onRequest = () => undefined;
    expect((await scoreImages(library, packId)).summary).toMatchObject({ scored: 3, failed: 0 });
    expect(library.models.starts).toBe(starts + 1);
  });

  test('kills of the process lose and double nothing', async () => {
    const packId = await open();
    await writeScenes(library.images, 30, { width: 16, height: 16 });
    let requests = 0;
    library.models.onRequest = () => {
      requests += 1;
      if (requests % 17 === 0 && library.models.kills < 6) library.models.kill();
    };
    expect((await scoreImages(library, packId)).summary).toMatchObject({ scored: 30, failed: 0 });
    expect(library.models.kills).toBeGreaterThan(2);
    const all = await readDetails(library);
    expect(all).toHaveLength(30);
    for (const { scores } of all) expect(scores['overall']).toBeTypeOf('number');
  });
});
