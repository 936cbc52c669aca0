/**
 * Trains the shipped heads of the `classic` pack and writes them with the pack's manifest: `npm run train:classic`.
 * `--data` names the folder of AGIQA-3K's training side, `--copies` how many degraded copies of each image are trained on.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PackManifest, type ShippedHead } from '../contract/pack.ts';
import type { Head } from '../core/maths/head.ts';
import { encodeHead } from '../core/maths/head-codec.ts';
import { crossValidate, type Figures } from './classic/cross-validate.ts';
import { describeFeatures, readFeatures } from './classic/feature-cache.ts';
import { classicPack } from './classic/manifest.ts';
import {
  type ClassicTarget,
  createTrainers,
  plan,
  type Recipe,
  targets,
  trainHeads,
} from './classic/recipe.ts';
import { readTrainingImages } from './classic/training-images.ts';
import type { Variant } from './classic/variants.ts';

const project = fileURLToPath(new URL('../', import.meta.url));
const pack = new URL('../packs/classic/', import.meta.url);
const splitSeed = 1;

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: `${project}../shared/data/agiqa-3k` },
    copies: { type: 'string', default: '3' },
    seeds: { type: 'string', default: '4' },
  },
});

const { images, dataHash } = readTrainingImages(options.data);
const variants = ['clean', ...count(options.copies).map((number) => `copy${number}` as const)] as Variant[];
const conditions: Variant[] = ['clean', 'resized400', 'jpeg50'];
const about = describeFeatures(dataHash);
const tables = new Map<Variant, Float32Array>();
for (const variant of new Set([...variants, ...conditions])) {
  tables.set(variant, await readFeatures(images, variant, about));
}
const recipe: Recipe = { plan, variants, seeds: count(options.seeds) };
const trainers = createTrainers();
const figures = await crossValidate(trainers, images, tables, { recipe, conditions, seed: splitSeed });
console.log(JSON.stringify(figures, null, 1));
const heads = await trainHeads(trainers, images, tables, recipe);
await trainers.destroy();
writePack(heads, figures);

function count(text: string): number[] {
  return Array.from({ length: Number(text) }, (_, at) => at + 1);
}

function writePack(trained: Record<ClassicTarget, Head>, measured: Figures): void {
  mkdirSync(pack, { recursive: true });
  const shipped = targets.map((target): ShippedHead => {
    const bytes = encodeHead(trained[target]);
    const file = `${target}.head`;
    writeFileSync(new URL(file, pack), bytes);
    return {
      name: `Classic ${target}`,
      file,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      kind: 'network',
      inputs: 'features',
      target,
      range: [0, 5],
      figures: measured[target],
    };
  });
  const manifest = PackManifest.parse({
    ...classicPack,
    heads: shipped,
    training: {
      data: 'AGIQA-3K, the images of 240 of its 300 prompts',
      dataHash,
      images: images.length,
      prompts: new Set(images.map((image) => image.group)).size,
      command: `npm run train:classic -- --copies ${options.copies} --seeds ${options.seeds}`,
      protocol: 'Figures: five-fold cross-validation by prompt, all held-out predictions together.',
      splitSeed,
      variants,
      seeds: recipe.seeds,
      plan,
    },
  });
  writeFileSync(new URL('manifest.json', pack), `${JSON.stringify(manifest, null, 2)}\n`);
}
