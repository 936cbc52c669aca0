/** What the recipe is worth on prompts that were not trained on: five folds by prompt, each condition over all images at once. */
import type { Piscina } from 'piscina';
import { pearson, spearman } from '../../core/maths/correlation.ts';
import { predictHead } from '../../core/maths/head.ts';
import { createRandom, shuffle } from '../../core/maths/random.ts';
import {
  type ClassicTarget,
  type FeatureTables,
  type Recipe,
  rowsOf,
  targets,
  trainHeads,
} from './recipe.ts';
import type { TrainingImage } from './training-images.ts';
import type { Variant } from './variants.ts';

const folds = 5;

export type Figures = Record<ClassicTarget, Record<string, { srcc: number; plcc: number }>>;

/** SRCC and PLCC of held-out predictions with the MOS, by target and condition; rounded to four digits. */
export async function crossValidate(
  trainers: Piscina,
  images: readonly TrainingImage[],
  tables: FeatureTables,
  { recipe, conditions, seed }: { recipe: Recipe; conditions: readonly Variant[]; seed: number },
): Promise<Figures> {
  const foldOf = splitByGroup(images, seed);
  const predicted = new Map<string, Float64Array>();
  const fold = async (number: number): Promise<void> => {
    const kept = images.filter((image) => foldOf.get(image.group) !== number);
    const held = images.filter((image) => foldOf.get(image.group) === number);
    const heads = await trainHeads(trainers, kept, tables, recipe);
    for (const condition of conditions) {
      for (const target of targets) {
        const values = predictHead(heads[target], rowsOf(tables, condition, held), held.length);
        const all = predicted.get(`${target} ${condition}`) ?? new Float64Array(images.length);
        predicted.set(`${target} ${condition}`, all);
        for (const [at, { key }] of held.entries()) all[key] = values[at]!;
      }
    }
  };
  await Promise.all(Array.from({ length: folds }, (_, number) => fold(number)));
  const measured = targets.map((target) => {
    const mos = Float64Array.from(images, (image) => image[target]);
    const byCondition = conditions.map((condition) => {
      const values = predicted.get(`${target} ${condition}`)!;
      return [
        condition,
        { srcc: round(spearman(values, mos)!), plcc: round(pearson(values, mos)!) },
      ] as const;
    });
    return [target, Object.fromEntries(byCondition)] as const;
  });
  return Object.fromEntries(measured) as Figures;
}

function splitByGroup(images: readonly TrainingImage[], seed: number): Map<string, number> {
  const groups = [...new Set(images.map((image) => image.group))].sort();
  shuffle(groups, createRandom(seed));
  return new Map(groups.map((group, at) => [group, at % folds]));
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
