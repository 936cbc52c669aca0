/** Answers that a thread writes say what the contract says, at both addresses, of libraries of any size. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFetch } from '../../../core/server.ts';
import { addImages } from '../../support/add-images.ts';
import { openTestStudio, type TestStudio } from '../../support/open-test-studio.ts';

describe.each([
  { size: 'small', lastId: 1_000 },
  { size: 'large', lastId: 100_000 },
])('A list of a $size library', ({ lastId }) => {
  let opened: TestStudio;
  beforeAll(() => {
    opened = openTestStudio();
    addImages(opened.studio, 3, 2);
    // What makes a library large is the id of its last image. Its prompt is one that JSON has to escape.
    opened.studio.db.prepare('INSERT INTO prompt (id, text) VALUES (9, ?)').run('“é”\n"quoted" \u{1F98A}');
    opened.studio.db
      .prepare("INSERT INTO image (id, name, prompt_id, added_at) VALUES (?, 'last.png', 9, 0)")
      .run(lastId);
  });
  afterAll(async () => await opened.close());

  async function post(path: string, body: unknown): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    const request = new Request(`http://studio.test${path}`, {
      ...{ method: 'POST', headers, body: JSON.stringify(body) },
    });
    return await createFetch(opened.studio)(request);
  }

  const questions = [
    {},
    { order: 'name', descending: true },
    { groupBy: 'prompt' },
    { filter: { query: 'generator:none' } },
  ];

  test.each(questions)('%j is the same at /rpc, at /api and in process', async (question) => {
    const expected = await opened.client.images.query(question as object);
    const page = await post('/rpc/images/query', { json: question });
    expect(page.headers.get('content-type')).toBe('application/json');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await page.json()).toEqual({ json: expected });
    expect(await (await post('/api/images/query', question)).json()).toEqual(expected);
  });

  test('of MOS rows is the same, too; of a set that is not there nothing', async () => {
    const file = new Blob(['name,mos_quality,sd,n\na.png,3,0.5,20\nb.png,4,,']);
    const { id: mosSetId } = await opened.client.mos.import({ source: { fileName: 'mos.csv', file } });
    const expected = await opened.client.mos.rows({ mosSetId });
    expect(expected.map(({ name, mean }) => [name, mean])).toEqual([
      ['a.png', 3],
      ['b.png', 4],
    ]);
    expect(await (await post('/rpc/mos/rows', { json: { mosSetId } })).json()).toEqual({ json: expected });
    const response = await createFetch(opened.studio)(new Request(`http://studio.test/api/mos/${mosSetId}`));
    expect(await response.json()).toEqual(expected);
    expect((await post('/rpc/mos/rows', { json: { mosSetId: 999 } })).status).toBe(404);
  });

  test('that is asked for in words nobody knows is refused with the reason', async () => {
    const question = { filter: { query: 'colour:' } };
    const page = await post('/rpc/images/query', { json: question });
    expect(page.status).toBe(400);
    expect(await page.json()).toMatchObject({ json: { code: 'badInput' } });
    const program = await post('/api/images/query', question);
    expect(program.status).toBe(400);
    expect(await program.json()).toMatchObject({ code: 'badInput' });
  });
});
