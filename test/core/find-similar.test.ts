/** Searching by looks: the order is that of the exact dot products, whatever is asked with it, and it keeps up with what comes. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderByValue } from '../../core/find-similar.ts';
import { dotProducts, makeBlock, strideOf, valuesOf } from '../../core/maths/dots.ts';
import { saveFeature } from '../../db/features.ts';
import { addImages } from '../support/add-images.ts';
import { writeScenes } from '../support/make-images.ts';
import {
  expectedS,
  type NetworkLibrary,
  openWithPack,
  readDetails,
  scoreImages,
} from '../support/network-library.ts';
import { openTestStudio } from '../support/open-test-studio.ts';

let library: NetworkLibrary;
let packId: string;
beforeAll(async () => {
  ({ library, packId } = await openWithPack());
  await writeScenes(library.images, 5, { width: 40, height: 30 });
  await scoreImages(library, packId);
});
afterAll(async () => await library.close());

async function find(query: string): Promise<number[]> {
  return (await library.client.images.query({ filter: { query } })).ids;
}

/** Ids by S of the text, the largest first. */
async function expectedOrder(prompt: string): Promise<number[]> {
  const details = await readDetails(library);
  const s = (hash: string | null) => expectedS(library, packId, { hash: hash!, prompt, member: 'base' });
  return details.toSorted((a, b) => s(b.hash) - s(a.hash)).map(({ id }) => id);
}

describe('looks: and like:', () => {
  test('order images by their similarity with a text', async () => {
    for (const text of ['a red fox', 'an old lighthouse']) {
      expect(await find(`looks:"${text}"`)).toEqual(await expectedOrder(text));
    }
  });

  test('order images by their similarity with an image, itself first, and a dash turns it round', async () => {
    const ids = (await readDetails(library)).map(({ id }) => id);
    for (const id of ids) {
      const found = await find(`like:${id}`);
      expect(found[0]).toBe(id);
      expect(found.toSorted((a, b) => a - b)).toEqual(ids.toSorted((a, b) => a - b));
      expect((await find(`-like:${id}`)).at(-1)).toBe(id);
    }
  });

  test('keep the order and leave out what the other words leave out', async () => {
    const all = await find('looks:fox');
    const details = await readDetails(library);
    const chosen = details.find(({ name }) => name === 'scene-002.png')!.id;
    expect(await find('looks:fox -name:scene-002')).toEqual(all.filter((id) => id !== chosen));
  });

  test('know images that came since', async () => {
    await writeScenes(library.images, 8, { width: 40, height: 30 });
    await scoreImages(library, packId);
    const found = await find('looks:fox');
    expect(found).toHaveLength(8);
    expect(found).toEqual(await expectedOrder('fox'));
  });

  test('say what is missing: an image without an embedding, a library without a model that compares', async () => {
    const [id] = addImages(library.studio, 1);
    await expect(find(`like:${id}`)).rejects.toMatchObject({ code: 'notFound' });
    const plain = openTestStudio();
    await expect(plain.client.images.query({ filter: { query: 'looks:fox' } })).rejects.toMatchObject({
      code: 'unsupported',
    });
    await plain.close();
  });
});

describe('Embeddings in memory', () => {
  test('are held in parts: the products of all images come in the order of ids, those of another length left out', async () => {
    const opened = openTestStudio();
    const images = 2100;
    const length = 3;
    const ids = addImages(opened.studio, images);
    const rows = new Map<number, number[]>();
    opened.studio.db.transaction(() => {
      for (const [at, id] of ids.entries()) {
        const values = at % 7 === 0 ? [1, 2] : [at % 11, at % 5, 1];
        if (values.length === length) rows.set(id, values);
        saveFeature(opened.studio.db, {
          ...{ packId: 'any', imageId: id, kind: 'image', version: 1 },
          values: Float32Array.from(values),
        });
      }
    });
    const source = { packId: 'any', kind: 'image', version: 1, length };
    const asked = [Float32Array.of(1, 0, 0), Float32Array.of(0, 2, 1)];
    const answers = await Promise.all(
      asked.map((vector) => opened.studio.embeddings.compare(opened.studio, source, vector)),
    );
    for (const [at, { imageIds, values }] of answers.entries()) {
      expect([...imageIds]).toEqual([...rows.keys()]);
      const expected = [...rows.values()].map((row) =>
        row.reduce((sum, x, k) => sum + x * asked[at]![k]!, 0),
      );
      expect([...values]).toEqual(expected);
    }
    await opened.close();
  });
});

describe('Arithmetic', () => {
  const component = fc.float({ min: -1, max: 1, noNaN: true });

  test('dot products are exact to float32, of any length, whatever was asked before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 9 }),
        fc.gen(),
        (length, rows, gen) => {
          const block = makeBlock(rows, length);
          for (let row = 0; row < rows; row += 1) {
            const values = Float32Array.from({ length }, () => gen(() => component));
            valuesOf(block).set(values, row * strideOf(length));
          }
          for (let question = 0; question < 2; question += 1) {
            const vector = Float32Array.from({ length }, () => gen(() => component));
            const found = dotProducts(block, vector);
            expect(found).toHaveLength(rows);
            for (const [row, product] of found.entries()) {
              const values = valuesOf(block).subarray(row * strideOf(length));
              const exact = vector.reduce((sum, value, k) => sum + value * values[k]!, 0);
              expect(Math.abs(product - exact)).toBeLessThan(1e-5);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('the order is that of the values, equal ones by id, near and far apart', () => {
    const value = fc.oneof(component, fc.float({ min: -100, max: 100, noNaN: true }));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 50 }), (list) => {
        const values = Float32Array.from(list);
        const imageIds = Int32Array.from(list, (_, at) => 10 + at);
        const expected = [...imageIds].sort((a, b) => values[b - 10]! - values[a - 10]! || a - b);
        const found = orderByValue({ imageIds, values });
        // What is closer than 2^-30 may stand either way.
        expect(found.toSorted((a, b) => a - b)).toEqual([...imageIds]);
        for (const [at, id] of found.entries()) {
          expect(Math.abs(values[id - 10]! - values[expected[at]! - 10]!)).toBeLessThanOrEqual(2 ** -30);
        }
      }),
    );
  });
});
