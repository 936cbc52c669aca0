/** A study as it is being designed: what the dialog edits, checked and turned into the contract's design. */
import type { Dimension, NewStudy, Scale } from '../../../contract/studies.ts';

export interface DraftDimension {
  /** Stays the same while the label is typed; for React's lists. */
  id: number;
  label: string;
  question: string;
  showsPrompt: boolean;
}

export interface DraftStudy {
  name: string;
  dimensions: DraftDimension[];
  scaleKind: Scale['kind'];
  /** Words of the category scale from worst to best. */
  words: string[];
  seed: number | string;
  instructions: string;
}

/** The five levels of Absolute Category Rating, worst first (ITU-T P.910, §7.1). */
const acrWords = ['Bad', 'Poor', 'Fair', 'Good', 'Excellent'];

/** The scale of AGIQA-3K: 0 to 5 in steps of 0.1. */
const continuousScale: Scale = { kind: 'continuous', min: 0, max: 5, step: 0.1 };

export const fewestWords = 2;
export const mostWords = 9;
export const mostDimensions = 8;
const largestSeed = 0xffffffff;

/** Quality and alignment on five levels. */
export function newDraft(seed: number): DraftStudy {
  return {
    name: '',
    dimensions: [
      { id: 1, label: 'Quality', question: 'How good does this image look?', showsPrompt: false },
      { id: 2, label: 'Alignment', question: 'How well does the image show the prompt?', showsPrompt: true },
    ],
    scaleKind: 'acr',
    words: [...acrWords],
    seed,
    instructions: '',
  };
}

/** A dimension with an empty label, with an id that is free. */
export function emptyDimension(known: readonly DraftDimension[]): DraftDimension {
  const id = Math.max(0, ...known.map((dimension) => dimension.id)) + 1;
  return { id, label: '', question: '', showsPrompt: false };
}

/** A seed that nobody chose: an unsigned 32-bit integer. */
export function drawSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!;
}

/** The word a dimension has in tables: `Visual appeal` becomes `visual_appeal`. Empty where no letter is left. */
export function keyOfLabel(label: string): string {
  return label
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+/, '')
    .slice(0, 40)
    .replace(/_+$/, '');
}

/** What still keeps a draft from being created, one sentence a field; empty when nothing does. */
export interface DraftProblems {
  name?: string;
  seed?: string;
  words?: string;
  dimensions?: string;
  /** By the dimension's id. */
  labels: Record<number, string>;
}

export function findProblems(draft: DraftStudy): DraftProblems {
  const problems: DraftProblems = { labels: {} };
  const name = draft.name.trim();
  if (name === '') problems.name = 'A name is needed.';
  else if (name.length > 120) problems.name = 'At most 120 characters.';
  const seed = Number(draft.seed);
  if (draft.seed === '' || !Number.isInteger(seed) || seed < 0 || seed > largestSeed) {
    problems.seed = `A whole number from 0 to ${largestSeed}.`;
  }
  const words = draft.words.map((word) => word.trim());
  if (draft.scaleKind === 'acr') {
    if (words.includes('')) problems.words = 'Every level needs a word.';
    else if (new Set(words).size < words.length) problems.words = 'Two levels have the same word.';
  }
  if (draft.dimensions.length === 0) problems.dimensions = 'At least one question is needed.';
  const seen = new Set<string>();
  for (const { id, label } of draft.dimensions) {
    const key = keyOfLabel(label);
    if (key === '') problems.labels[id] = 'A name with at least one letter a–z is needed.';
    else if (label.trim().length > 60) problems.labels[id] = 'At most 60 characters.';
    else if (seen.has(key)) problems.labels[id] = 'Another question has this name.';
    seen.add(key);
  }
  return problems;
}

export function hasProblems({ labels, ...fields }: DraftProblems): boolean {
  return Object.keys(labels).length > 0 || Object.keys(fields).length > 0;
}

/** The study a draft without problems means. */
export function studyOfDraft(draft: DraftStudy, imageIds: number[]): NewStudy {
  const scale: Scale =
    draft.scaleKind === 'acr'
      ? { kind: 'acr', words: draft.words.map((word) => word.trim()) }
      : continuousScale;
  const dimensions = draft.dimensions.map(
    ({ label, question, showsPrompt }): Dimension => ({
      key: keyOfLabel(label),
      label: label.trim(),
      question: question.trim(),
      showsPrompt,
      scale,
    }),
  );
  const design = { dimensions, seed: Number(draft.seed), instructions: draft.instructions.trim() };
  return { name: draft.name.trim(), design, imageIds };
}
