/** What the words of the query bar find, against the same answer worked out row by row, and how fast beside reading all ids. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseQuery } from '../../contract/query.ts';
import { mosInterval } from '../../core/maths/mos.ts';
import { defineFunctions } from '../../core/sql-functions.ts';
import { type Db, openDatabase } from '../../db/database.ts';
import { readFacets } from '../../db/facets.ts';
import { type ListRequest, queryImageIds } from '../../db/image-list.ts';
import { fillLargeLibrary } from '../../scripts/bench/large-library.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

interface Row {
  id: number;
  name: string;
  generator: string | null;
  prompt: string;
  width: number;
  mos: number;
  sd: number;
  score: number;
  alignment: number;
  niqe: number;
  votes: number;
  seed: string | null;
  steps: number | null;
  path: string | null;
  flag: string | null;
  label: string | null;
  tag: string | null;
}

let db: Db;
let rows: Row[];
const folder = makeTempFolder();

beforeAll(() => {
  db = openDatabase(`${folder}/studio.sqlite`);
  defineFunctions(db);
  fillLargeLibrary(db, { images: 3000, votes: 4000, embedding: 0, packId: 'classic' });
  rows = db
    .prepare(
      `SELECT i.id, i.name, i.generator, p.text AS prompt, i.width, m.mean AS mos, m.sd, s.value AS score, a.mean AS alignment,
              g.value AS niqe, (SELECT count(*) FROM current_vote v WHERE v.image_id = i.id) AS votes, n.seed, n.steps,
              f.root_id || '/' || f.path AS path, k.flag, k.label, t.name AS tag
       FROM image i JOIN prompt p ON p.id = i.prompt_id
       JOIN mos m ON m.image_id = i.id AND m.dimension = 'quality' JOIN mos a ON a.image_id = i.id AND a.dimension = 'alignment'
       JOIN score s ON s.image_id = i.id AND s.head_id = 900 JOIN signal g ON g.image_id = i.id
       LEFT JOIN generation n ON n.image_id = i.id LEFT JOIN file f ON f.image_id = i.id
       LEFT JOIN mark k ON k.image_id = i.id LEFT JOIN tag t ON t.image_id = i.id ORDER BY i.id`,
    )
    .all() as Row[];
});
afterAll(() => db.close());

function request(query: string, order: ListRequest['order'] = 'added'): ListRequest {
  const { terms, problems } = parseQuery(query);
  expect(problems).toEqual([]);
  return { filter: {}, order, descending: false, packId: 'classic', mosSetId: 1, terms, target: 'quality' };
}
function find(query: string): number[] {
  return queryImageIds(db, request(query));
}

const width95 = (row: Row) => {
  const { low, high } = mosInterval({ mean: row.mos, sd: row.sd, n: 20 });
  return high! - low!;
};

/** Words of the made prompts, by the rule that the words stand in this order and the last one begins so. */
const hasPhrase = (prompt: string, phrase: string) => new RegExp(`\\b${phrase}`, 'i').test(prompt);

describe('The library gives for', () => {
  const cases: [string, (row: Row) => boolean][] = [
    ['mos:>4', ({ mos }) => mos > 4],
    ['mos:2..3', ({ mos }) => mos >= 2 && mos <= 3],
    ['mos.alignment:<=2', ({ alignment }) => alignment <= 2],
    ['score:<1.5', ({ score }) => score < 1.5],
    ['gap:>1', ({ mos, score }) => Math.abs(mos - score) > 1],
    ['-gap:>1', ({ mos, score }) => Math.abs(mos - score) <= 1],
    ['ci:<0.6', (row) => width95(row) < 0.6],
    ['signal.niqe:>=9', ({ niqe }) => niqe >= 9],
    ['votes:<3', ({ votes }) => votes < 3],
    ['votes:0', ({ votes }) => votes === 0],
    ['-votes:0', ({ votes }) => votes > 0],
    ['is:unrated', ({ votes }) => votes === 0],
    ['is:rated', ({ votes }) => votes > 0],
    ['generator:SDXL', ({ generator }) => generator === 'sdxl'],
    ['generator:sd', ({ generator }) => generator?.includes('sd') === true],
    ['-generator:sd', ({ generator }) => generator?.includes('sd') !== true],
    ['generator:=sd15,flux', ({ generator }) => generator === 'sd15' || generator === 'flux-dev'],
    ['prompt:"red fox"', ({ prompt }) => hasPhrase(prompt, 'red fox')],
    ['prompt:"fox red"', () => false],
    ['fox sea', ({ prompt }) => hasPhrase(prompt, 'fox') && hasPhrase(prompt, 'sea')],
    ['light', ({ prompt }) => hasPhrase(prompt, 'light')],
    ['-fox', ({ prompt }) => !hasPhrase(prompt, 'fox')],
    ['name:0007', ({ name }) => name.includes('0007')],
    ['seed:7919', ({ seed }) => seed === '7919'],
    ['steps:>=30', ({ steps }) => steps !== null && steps >= 30],
    ['width:1024', ({ width }) => width === 1024],
    ['folder:run-3/day-2', ({ path }) => path?.startsWith('3/day-2') === true],
    ['-folder:run-3', ({ path }) => path?.startsWith('3/') !== true],
    ['is:file', ({ path }) => path !== null],
    ['is:nofile', ({ path }) => path === null],
    ['flag:reject', ({ flag }) => flag === 'reject'],
    ['flag:none', ({ flag }) => flag === null],
    ['label:red,green', ({ label }) => label !== null],
    ['tag:hands', ({ tag }) => tag === 'hands'],
    ['-tag:hands', ({ tag }) => tag !== 'hands'],
    [
      'mos:>3 gap:>1 generator:sdxl prompt:"red fox" votes:<3',
      ({ mos, score, generator, prompt, votes }) =>
        mos > 3 &&
        Math.abs(mos - score) > 1 &&
        generator === 'sdxl' &&
        hasPhrase(prompt, 'red fox') &&
        votes < 3,
    ],
  ];

  test.each(cases)('%s what reading every row gives', (query, holds) => {
    expect(find(query)).toEqual(rows.filter(holds).map(({ id }) => id));
  });

  test.each(cases)('%s the same of them where other words leave few images', (query, holds) => {
    const isFew = ({ prompt, steps }: Row) => hasPhrase(prompt, 'red fox') && steps !== null && steps >= 30;
    const few = rows.filter(isFew);
    expect(few.length).toBeGreaterThan(0);
    expect(few.length).toBeLessThan(rows.length / 8);
    expect(find(`${query} prompt:"red fox" steps:>=30`)).toEqual(few.filter(holds).map(({ id }) => id));
  });
});

test('Names are found in any case of any script, however macOS composes their letters', () => {
  const names = ['Füchse.png', 'ПРИВЕТ Мир.png', '여우.png'.normalize('NFD'), 'Fu\u0308r 狐.png'];
  for (const [at, name] of names.entries()) {
    const id = 1_000_000 + at;
    db.prepare('INSERT INTO image (id, hash, name, added_at) VALUES (?, ?, ?, 0)').run(id, `h${id}`, name);
  }
  const at = (query: string) => find(query).map((id) => id - 1_000_000);
  expect(at('name:FÜ')).toEqual([0, 3]);
  expect(at('name:fu\u0308')).toEqual([0, 3]);
  expect(at('привет')).toEqual([1]);
  expect(at('name:여우')).toEqual([2]);
  expect(at('name:"=für 狐.PNG"')).toEqual([3]);
  expect(find('-name:여우').includes(1_000_002)).toBe(false);
  db.sqlite.exec('DELETE FROM image WHERE id >= 1000000');
});

test('A prompt is found by its words whatever the accents and the script, and by punctuation, and quotation marks harm nothing', () => {
  const texts = ['Ein Café in Köln', '赤い狐が雪の中', 'what?! "quoted" text', '100% cotton_wool', 'ｷﾂﾈの絵'];
  for (const [at, text] of texts.entries()) {
    const id = 1_000_000 + at;
    db.prepare('INSERT INTO prompt VALUES (?, ?)').run(id, text);
    db.prepare("INSERT INTO image (id, hash, name, prompt_id, added_at) VALUES (?, ?, 'x', ?, 0)").run(
      id,
      `h${id}`,
      id,
    );
  }
  const at = (query: string) => find(query).map((id) => id - 1_000_000);
  expect(at('prompt:"cafe in koln"')).toEqual([0]);
  expect(at('狐')).toEqual([1]);
  expect(at('prompt:"?!"')).toEqual([2]);
  expect(at('"\\"quoted\\""')).toEqual([2]);
  expect(at('prompt:cotton_w')).toEqual([3]);
  expect(at('prompt:"100% cotton"')).toEqual([3]);
  expect(at('キツネ')).toEqual([4]);
  expect(at('prompt:"AND OR NOT("')).toEqual([]);
  expect(at('prompt:"cafe\0"')).toEqual([0]);
  db.sqlite.exec('DELETE FROM image WHERE id >= 1000000; DELETE FROM prompt WHERE id >= 1000000');
  expect(at('狐')).toEqual([]);
  expect(at('prompt:"cafe in koln"')).toEqual([]);
});

describe('Orders', () => {
  test('pictures first: what can be looked at comes before what only a table knows', () => {
    const ids = queryImageIds(db, { ...request('', 'pictures'), descending: true });
    const [first, second] = [
      rows.filter(({ path }) => path !== null),
      rows.filter(({ path }) => path === null),
    ];
    expect(ids).toEqual([...first.reverse(), ...second.reverse()].map(({ id }) => id));
  });

  test('votes missing and width of the interval', () => {
    const byVotes = queryImageIds(db, request('', 'votes'));
    expect(byVotes).toEqual(rows.toSorted((a, b) => a.votes - b.votes || a.id - b.id).map(({ id }) => id));
    const byWidth = queryImageIds(db, { ...request('', 'ci:quality'), descending: true });
    expect(byWidth).toEqual(rows.toSorted((a, b) => b.sd - a.sd || b.id - a.id).map(({ id }) => id));
  });
});

test('Facets count what matches', () => {
  const facets = readFacets(db, request('fox flag:pick,none'));
  const matching = rows.filter(({ prompt, flag }) => hasPhrase(prompt, 'fox') && flag !== 'reject');
  const counted = Map.groupBy(
    matching.filter(({ generator }) => generator !== null),
    ({ generator }) => generator!,
  );
  const generators = facets.find(({ word }) => word === 'generator')!.values;
  expect(Object.fromEntries(generators.map(({ value, images }) => [value, images]))).toEqual(
    Object.fromEntries([...counted].map(([value, all]) => [value, all.length])),
  );
  // Its own term does not narrow a word's values: what could be asked for beside it is counted, too.
  const foxes = rows.filter(({ prompt }) => hasPhrase(prompt, 'fox'));
  const flags = facets.find(({ word }) => word === 'flag')!.values;
  expect(Object.fromEntries(flags.map(({ value, images }) => [value, images]))).toEqual({
    pick: foxes.filter(({ flag }) => flag === 'pick').length,
    reject: foxes.filter(({ flag }) => flag === 'reject').length,
  });
  const states = facets.find(({ word }) => word === 'is')!.values;
  const rated = matching.filter(({ votes }) => votes > 0).length;
  expect(states.filter(({ value }) => value === 'rated' || value === 'unrated')).toEqual(
    [
      { value: 'rated', images: rated },
      { value: 'unrated', images: matching.length - rated },
    ].filter(({ images }) => images > 0),
  );
  expect(facets.find(({ word }) => word === 'folder')!.values.length).toBeGreaterThan(5);
  expect(readFacets(db, request('mos:>99'))).toEqual([]);
});
