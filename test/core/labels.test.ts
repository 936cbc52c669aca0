import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Head, TrainHead } from '../../contract/heads.ts';
import { readLabels } from '../../core/labels.ts';
import { createRandom } from '../../core/maths/random.ts';
import { scaleOfMos } from '../../core/mos-scale.ts';
import { saveFeature } from '../../db/features.ts';
import { writeScenes } from '../support/make-images.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

let test: TestStudio;
beforeAll(() => {
  test = openTestStudio();
});
afterAll(() => test.close());

async function importTable(fileName: string, lines: string[]): Promise<number> {
  return (await test.client.mos.import({ source: { fileName, file: new Blob([lines.join('\n')]) } })).id;
}

const dimension = 'quality';

describe('MOS of several sets', () => {
  it('are one set on the scale of the first; an image that stands in several has the mean of its votes', async () => {
    const five = await importTable('five.csv', ['name,mos,sd,n', 'a.png,2,1,10', 'b.png,4,1,10']);
    const percent = await importTable('percent.csv', ['name,mos,sd,n', 'b.png,100,8,30', 'c.png,50,20,5']);
    const sources = [
      { mosSetId: five, dimension, scale: [1, 5] as [number, number] },
      { mosSetId: percent, dimension, scale: [0, 100] as [number, number] },
    ];
    const rows = readLabels(test.studio, sources);
    expect(rows.map(({ name, mean, sd, n }) => ({ name, mean, sd, n }))).toEqual([
      { name: 'a.png', mean: 2, sd: 1, n: 10 },
      { name: 'b.png', mean: (10 * 4 + 30 * 5) / 40, sd: null, n: 40 },
      { name: 'c.png', mean: 3, sd: 0.8, n: 5 },
    ]);
    // Alone they are as they are.
    expect(readLabels(test.studio, [{ mosSetId: percent, dimension }]).map(({ mean }) => mean)).toEqual([
      100, 50,
    ]);
  });

  it('are not joined where nobody knows a scale, or the same MOS stand twice', async () => {
    const [one, other] = [
      await importTable('one.csv', ['name,mos', 'a.png,2']),
      await importTable('other.csv', ['name,mos', 'b.png,2']),
    ];
    const known = { mosSetId: one, dimension, scale: [1, 5] as [number, number] };
    expect(() => readLabels(test.studio, [known, { mosSetId: other, dimension }])).toThrow(
      /scale of “other” is not known/,
    );
    expect(() => readLabels(test.studio, [known, known])).toThrow(/named twice/);
  });

  it('know the scale of a study by its design, and that of a public data set by its authors', async () => {
    const agiqa = await importTable('data.csv', [
      'name,prompt,adj1,adj2,style,mos_quality,std_quality,mos_align,std_align',
      'AttnGAN_normal_000.jpg,a cat,,,,2.5,0.5,3,0.5',
    ]);
    const folder = test.folder('scenes');
    await writeScenes(folder, 1, { width: 32, height: 32 });
    await test.finish(test.client.library.score({ folder }));
    const imageId = (await test.client.images.query({ order: 'name' })).ids.at(-1)!;
    const dimensions = [
      {
        key: dimension,
        label: 'Quality',
        question: '',
        showsPrompt: false,
        scale: { kind: 'continuous' as const, min: 0, max: 10, step: 0.1 },
      },
    ];
    const study = await test.client.studies.create({
      name: 'Ten',
      imageIds: [imageId],
      design: { dimensions, seed: 1, instructions: '' },
    });
    const { mosSetId } = (await test.client.studies.list()).find(({ id }) => id === study.id)!;
    expect(scaleOfMos(test.studio, { mosSetId, dimension })).toEqual([0, 10]);
    expect(await test.client.mos.scales({ dimension })).toContainEqual({ mosSetId: agiqa, scale: [0, 5] });
  });
});

describe('a head that learns from several sets', () => {
  const prompts = 30;
  const random = createRandom(3);
  const labelOf = Array.from({ length: prompts }, () => 1 + random.below(401) / 100);
  const marks = Array.from({ length: prompts }, () => Float32Array.from({ length: 727 }, random.normal));

  /** One image a prompt; its features tell which prompt it is, and nothing else of the label. */
  async function importMarked(name: string, toScale: (label: number) => number): Promise<number> {
    const lines = labelOf.map((label, at) => `${name}-${at}.png,marked ${at},${toScale(label)}`);
    const mosSetId = await importTable(`${name}.csv`, ['name,prompt,mos', ...lines]);
    const feature = { packId: 'classic', kind: 'features', version: 1 };
    for (const { imageId, name: file } of await test.client.mos.rows({ mosSetId })) {
      const values = marks[Number(/-(\d+)\./.exec(file)![1])]!;
      saveFeature(test.studio.db, { ...feature, imageId, values });
    }
    return mosSetId;
  }

  async function train(order: Omit<TrainHead, 'packId' | 'dimension'>): Promise<Head> {
    const job = await test.finish(
      test.client.heads.train({ packId: 'classic', dimension, target: 'style', ...order }),
    );
    expect(job.error).toBeNull();
    return (await test.client.heads.list()).find(({ id }) => id === job.summary!.headId)!;
  }

  function srccOf({ heldOut }: Head): number {
    return heldOut !== null && 'value' in heldOut.srcc ? heldOut.srcc.value : Number.NaN;
  }

  it('keeps a prompt’s images of all sets on one side: what is only learnt by heart is worth nothing held out', async () => {
    const one = await importMarked('one', (label) => label);
    const other = await importMarked('other', (label) => (label - 1) * 25);
    const order = {
      mosSetId: one,
      scale: [1, 5] as [number, number],
      also: [{ mosSetId: other, dimension, scale: [0, 100] as [number, number] }],
      kind: 'ridge' as const,
      learningCurve: false,
    };
    const head = await train(order);
    expect(head.trainedOn).toEqual({ mosSet: 'one and other', images: 2 * prompts, groups: prompts });
    // Each image by itself, as none has this field: its twin in the other set tells the answer.
    const leaky = await train({ ...order, groupBy: 'format' });
    expect(leaky.trainedOn!.groups).toBe(2 * prompts);
    expect(srccOf(leaky)).toBeGreaterThan(0.7);
    expect(srccOf(head)).toBeLessThan(0.3);
    // A head that saw the labels of either set is not what another one of them starts from.
    await test.finish(test.client.heads.activate({ id: head.id }));
    const next = await train({ mosSetId: other, kind: 'ridge', learningCurve: false });
    expect(next.note).toContain('was trained on images or prompts of this set');
  });
});
