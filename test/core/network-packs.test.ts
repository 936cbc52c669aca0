/** Packs of networks of every make in one library: several sets, other weights, untrained ones, a CLIP alone. */
import { afterEach, describe, expect, test } from 'vitest';
import { tabulate } from '../../core/export/export-table.ts';
import { formulaQ } from '../support/formula-models.ts';
import { writeScenes } from '../support/make-images.ts';
import {
  addTiny,
  expectedP,
  expectedS,
  type NetworkLibrary,
  openNetworkLibrary,
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

describe('several trained sets', () => {
  test('have Q and S each, their means, and P as the mean of their own fusion networks', async () => {
    const packId = await open({ sets: ['base', 'rank', 'plcc'] });
    await writeScenes(library.images, 3, size);
    await scoreImages(library, packId);
    const members = ['base', 'rank', 'plcc'];
    for (const detail of await readDetails(library)) {
      const q = members.map((member) => formulaQ(detail.hash!, member));
      const s = members.map((member) =>
        expectedS(library, packId, { hash: detail!.hash!, prompt: detail.prompt!, member: member }),
      );
      for (const [at, member] of members.entries()) {
        expect(signalOf(detail, `q_${member}`)).toBeCloseTo(q[at]!, 6);
        expect(signalOf(detail, `s_${member}`)).toBeCloseTo(s[at]!, 5);
      }
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(signalOf(detail, 'q')).toBeCloseTo(mean(q), 6);
      expect(signalOf(detail, 's')).toBeCloseTo(mean(s), 5);
      const inputs = members.flatMap((_, at) => [q[at]!, s[at]!]);
      expect(detail.scores['overall']).toBeCloseTo(expectedP(library, packId, inputs), 5);
    }
  });
});

describe('a member that lacks something', () => {
  test('is the only one that is looked at again', async () => {
    const packId = await open({ sets: ['base', 'rank'] });
    await writeScenes(library.images, 2, size);
    await scoreImages(library, packId);
    const before = await readDetails(library);
    const { sqlite } = library.studio.db;
    sqlite.prepare("DELETE FROM feature WHERE kind = 'image@rank' AND image_id = ?").run(before[0]!.id);
    expect((await scoreImages(library, packId)).summary).toMatchObject({ scored: 1, skipped: 1 });
    const looks = library.models.asked.filter((request) => request.kind === 'look');
    expect(looks).toHaveLength(3);
    expect(looks.at(-1)!.run).toMatchObject({ members: ['rank'] });
    expect(await readDetails(library)).toEqual(before);
  });
});

describe('the scores table', () => {
  test('has Q, S and P with the head’s name, then the signals of each set', async () => {
    const packId = await open({ sets: ['base', 'rank'] });
    await writeScenes(library.images, 1, size);
    await scoreImages(library, packId);
    const { columns, rows } = await tabulate(library.studio, { kind: 'scores', packId });
    expect(columns.slice(4).map(({ name }) => name)).toEqual([
      ...[
        'pack',
        'q',
        's',
        'quality',
        'alignment',
        'overall',
        'quality_head',
        'alignment_head',
        'overall_head',
      ],
      ...['q_base', 'q_rank', 's_base', 's_rank'],
      ...['overall_low', 'overall_high', 'overall_coverage', 'overall_spread', 'computed_by'],
    ]);
    const [detail] = await readDetails(library);
    const q = ['q', 's', 'q_base', 'q_rank', 's_base', 's_rank'].map((name) => signalOf(detail!, name));
    expect([...rows][0]!.slice(4)).toEqual([
      ...[
        packId,
        q[0],
        q[1],
        null,
        null,
        detail!.scores['overall'],
        null,
        null,
        'Released fusion, mean of 2',
      ],
      ...q.slice(2),
      // The released fusion was judged on no rows here: no interval, but its sets differ.
      ...[null, null, null, expect.any(Number), 'formula 1 on cpu in float32'],
    ]);
  });
});

describe('heads of one’s own', () => {
  test('read Q and S of every set, start from the released fusion, and are of any target', async () => {
    const packId = await open({ sets: ['base', 'rank'] });
    await writeScenes(library.images, 24, size);
    await scoreImages(library, packId);
    const details = await readDetails(library);
    const rows = details.map(
      (detail) => `${detail.name},${signalOf(detail, 'q')! + 3},${signalOf(detail, 's')!}`,
    );
    const mapping = {
      name: 'name',
      mos: [
        { dimension: 'overall', mean: 'o' },
        { dimension: 'authenticity', mean: 'a' },
      ],
    };
    const set = await library.client.mos.import({
      source: { fileName: 'mos.csv', file: new Blob([['name,o,a', ...rows].join('\n')]) },
      mapping,
    });
    const heads = [];
    for (const [dimension, inputs] of [
      ['overall', 'signals'],
      ['authenticity', 'signals'],
      ['authenticity', 'features'],
    ] as const) {
      const order = { packId, mosSetId: set.id, dimension, inputs, kind: 'ridge' as const };
      const job = await library.finish(library.client.heads.train(order));
      expect(job).toMatchObject({ state: 'done', summary: { rows: 24 } });
      heads.push((await library.client.heads.list()).find(({ id }) => id === job.summary!.headId)!);
    }
    const released = (await library.client.heads.list()).find((head) => head.packId === packId)!;
    expect(heads.map(({ parentId, target }) => [parentId, target])).toEqual([
      [released.id, 'overall'],
      [null, 'authenticity'],
      [null, 'authenticity'],
    ]);
    const activated = await library.finish(library.client.heads.activate({ id: heads[0]!.id }));
    expect(activated.summary).toMatchObject({ rows: 24 });
    await library.finish(library.client.heads.activate({ id: heads[1]!.id }));
    for (const detail of await readDetails(library)) {
      // Both labels are linear in the signals, which ridge regression finds; it shrinks a little.
      expect(Math.abs(detail.scores['overall']! - signalOf(detail, 'q')! - 3)).toBeLessThan(0.5);
      expect(detail.scores['authenticity']).toBeTypeOf('number');
    }
    // A new image gets the scores of the heads in use.
    await writeScenes(library.images, 25, size);
    await scoreImages(library, packId);
    const last = (await readDetails(library)).at(-1)!;
    expect(Object.keys(last.scores).sort()).toEqual(['authenticity', 'overall']);
  });
});

describe('other weights under the same id', () => {
  test('make what was stored stale: everything is looked at again, and nothing of the former is shown', async () => {
    const packId = await open();
    await writeScenes(library.images, 2, size);
    await scoreImages(library, packId);
    await library.client.packs.remove({ id: packId });
    const again = await addTiny(library, { id: packId });
    expect((await scoreImages(library, again)).summary).toMatchObject({ scored: 0, skipped: 2 });
    await library.client.packs.remove({ id: packId });
    await addTiny(library, { id: packId, precision: 'int8' });
    await library.client.settings.change({ packId });
    for (const { scores, signals } of await readDetails(library)) {
      expect(scores).toEqual({});
      expect(signals.filter((signal) => signal.packId === packId)).toEqual([]);
    }
    expect((await scoreImages(library, packId)).summary).toMatchObject({ scored: 2, skipped: 0 });
    for (const detail of await readDetails(library)) {
      expect(signalOf(detail, 'q')).toBeCloseTo(formulaQ(detail.hash!, 'base', 'int8'), 6);
    }
  });
});

describe('a pack that was never trained', () => {
  test('has its numbers stored, but no door shows them as scores', async () => {
    library = await openNetworkLibrary();
    const packId = await addTiny(library, { isTrained: false });
    await library.client.settings.change({ packId });
    await writeScenes(library.images, 12, size);
    await scoreImages(library, packId);
    const { db } = library.studio;
    const stored = db.sqlite.prepare(
      'SELECT count(*) FROM score s JOIN head h ON h.id = s.head_id WHERE h.pack_id = ?',
    );
    expect(stored.pluck().get(packId)).toBe(12);
    for (const detail of await readDetails(library)) {
      expect(detail.scores).toEqual({});
      expect(detail.branches).toEqual({ q: null, s: null });
      expect(detail.signals).toEqual([]);
      const reasons = detail.missingSignals.filter((missing) => missing.packId === packId);
      expect(reasons.map(({ name }) => name)).toEqual(['q', 's']);
      for (const { reason } of reasons) expect(reason).toContain('never trained');
    }
    expect(await library.client.agreement.choices()).toEqual([]);
    const { head_id: headId } = db.sqlite
      .prepare('SELECT head_id FROM active_head WHERE pack_id = ?')
      .get(packId) as {
      head_id: number;
    };
    const set = await library.client.mos.import({
      source: {
        fileName: 'mos.csv',
        file: new Blob(['name,mos\nscene-000.png,1\nscene-001.png,2\nscene-002.png,4']),
      },
    });
    const comparison = { mosSetId: set.id, dimension: 'quality' };
    for (const prediction of [
      { kind: 'head' as const, headId },
      { kind: 'signal' as const, packId, signal: 'q' },
    ]) {
      await expect(library.client.agreement.measure({ ...comparison, prediction })).rejects.toMatchObject({
        code: 'unsupported',
      });
    }
    // Nor once it is gone.
    await library.client.packs.remove({ id: packId });
    expect(await library.client.agreement.choices()).toEqual([]);
  });
});

describe('a CLIP alone', () => {
  test('gives S, says why there is no Q, and lets heads read its image embedding', async () => {
    const packId = await open({ kind: 'tinyClip' });
    await writeScenes(library.images, 12, size);
    await scoreImages(library, packId);
    const all = await readDetails(library);
    for (const detail of all) {
      expect(signalOf(detail, 's')).toBeTypeOf('number');
      expect(detail.missingSignals.find((missing) => missing.packId === packId)!.name).toBe('q');
    }
    const rows = all.map(({ name }, at) => `${name},${1 + (at % 4)}`);
    const set = await library.client.mos.import({
      source: { fileName: 'mos.csv', file: new Blob([['name,mos', ...rows].join('\n')]) },
    });
    const order = { packId, mosSetId: set.id, dimension: 'quality', kind: 'ridge' as const };
    const job = await library.finish(library.client.heads.train(order));
    expect(job).toMatchObject({ state: 'done', summary: { rows: 12 } });
    await library.finish(library.client.heads.activate({ id: job.summary!.headId! }));
    for (const { scores } of await readDetails(library)) expect(scores['quality']).toBeTypeOf('number');
  });
});
