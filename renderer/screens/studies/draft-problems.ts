/** What is wrong with a study that is being designed, a sentence a field. */
import { type DraftDimension, type DraftImages, type DraftStudy, keyOfLabel, scaleOf } from './draft.ts';

const fewestWords = 2;
const mostWords = 9;
const largestSeed = 0xffffffff;

/** What still keeps a draft from being created, one sentence a field; empty when nothing does. */
export interface DraftProblems {
  name?: string;
  seed?: string;
  dimensions?: string;
  images?: string;
  checks?: string;
  /** By the dimension's id. */
  labels: Record<number, string>;
  words: Record<number, string>;
}

export const noProblems: DraftProblems = { labels: {}, words: {} };

export function findProblems(draft: DraftStudy, images: DraftImages): DraftProblems {
  const problems: DraftProblems = { labels: {}, words: {} };
  const name = draft.name.trim();
  if (name === '') problems.name = 'A name is needed.';
  else if (name.length > 120) problems.name = 'At most 120 characters.';
  const seed = Number(draft.seed);
  if (draft.seed === '' || !Number.isInteger(seed) || seed < 0 || seed > largestSeed) {
    problems.seed = `A whole number from 0 to ${largestSeed}.`;
  }
  if (draft.dimensions.length === 0) problems.dimensions = 'At least one question is needed.';
  findDimensionProblems(draft.dimensions, problems);
  const imageProblem = findImageProblem(draft, images);
  if (imageProblem !== null) problems.images = imageProblem;
  const checkProblem = findCheckProblem(draft);
  if (checkProblem !== null) problems.checks = checkProblem;
  return problems;
}

function findDimensionProblems(dimensions: readonly DraftDimension[], problems: DraftProblems): void {
  const seen = new Set<string>();
  for (const dimension of dimensions) {
    const { id, label } = dimension;
    const key = keyOfLabel(label);
    if (key === '') problems.labels[id] = 'A name with at least one letter a–z is needed.';
    else if (label.trim().length > 60) problems.labels[id] = 'At most 60 characters.';
    else if (seen.has(key)) problems.labels[id] = 'Another question has this name.';
    seen.add(key);
    const scale = scaleOf(dimension);
    if (scale.kind !== 'acr') continue;
    const { words } = scale;
    if (words.length < fewestWords || words.length > mostWords) problems.words[id] = 'Two to nine levels.';
    else if (words.includes('')) problems.words[id] = 'Every level needs a word.';
    else if (words.some((word) => word.length > 60)) problems.words[id] = 'At most 60 characters a word.';
    else if (new Set(words).size < words.length) problems.words[id] = 'Two levels have the same word.';
  }
}

function findImageProblem(
  { plan, training, stabilising, checks }: DraftStudy,
  images: DraftImages,
): string | null {
  const isPairs = plan.method === 'pairs';
  const beside = training + (isPairs ? 0 : stabilising + new Set(checks.map(({ imageId }) => imageId)).size);
  const left = images.imageIds.length - beside;
  if (images.imageIds.length === 0) return 'Images are needed: select them in the library, or take a table.';
  if (left < (isPairs ? 2 : 1))
    return 'No image is left to be rated: all are training, stabilising or checks.';
  const hasReferences = images.labels.some(({ referenceId }) => referenceId !== undefined);
  if (plan.method === 'hiddenReference' && !hasReferences) {
    return 'Hidden references come from a table with a column that names the reference of each image.';
  }
  return plan.method !== 'hiddenReference' && hasReferences
    ? 'The table names references: choose ACR with hidden reference, or a table without that column.'
    : null;
}

function findCheckProblem({ checks, dimensions, plan }: DraftStudy): string | null {
  if (plan.method === 'pairs') return null;
  for (const { dimension, expected, tolerance } of checks) {
    const asked = dimensions.find(({ id }) => id === dimension);
    if (asked === undefined) return 'A check is about a question that is not asked.';
    const scale = scaleOf(asked);
    const [low, high] = scale.kind === 'acr' ? [1, scale.words.length] : [scale.min, scale.max];
    const isOn = expected !== '' && Number(expected) >= low && Number(expected) <= high;
    if (!isOn) return `A check on ${asked.label} expects a vote from ${low} to ${high}.`;
    if (tolerance === '' || !(Number(tolerance) >= 0)) return 'A tolerance is zero or more.';
  }
  return null;
}

export function hasProblems({ labels, words, ...fields }: DraftProblems): boolean {
  return [labels, words, fields].some((part) => Object.keys(part).length > 0);
}
