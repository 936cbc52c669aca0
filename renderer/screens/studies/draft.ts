/** A study as it is being designed: what the wizard edits, and the contract's study that it means. */
import {
  type Dimension,
  type NewStudy,
  type Scale,
  type Study,
  type StudyDesign,
  scalePresets,
} from '../../../contract/studies.ts';
import { type ImageLabel, type StudyItems, StudyPlan } from '../../../contract/study-plan.ts';
import { seeded } from '../../shared/seeded-random.ts';

export type ScaleName = keyof typeof scalePresets | 'words';

export interface DraftDimension {
  /** Stays the same while the label is typed; for React's lists. */
  id: number;
  label: string;
  question: string;
  showsPrompt: boolean;
  scale: ScaleName;
  /** Of a scale of levels, worst first, with commas between. */
  words: string;
}

/** An item with a known answer. */
export interface DraftCheck {
  imageId: number;
  role: 'gold' | 'trap';
  /** Id of the dimension it is checked on. */
  dimension: number;
  expected: number | string;
  tolerance: number | string;
}

/** What a study is made of: a selection, or what a table says. */
export interface DraftImages {
  imageIds: number[];
  labels: ImageLabel[];
  items: StudyItems;
}

export interface DraftStudy {
  name: string;
  dimensions: DraftDimension[];
  plan: StudyPlan;
  /** How many images of the selection are drawn for it. */
  training: number;
  stabilising: number;
  checks: DraftCheck[];
  seed: number | string;
  instructions: string;
}

export const mostDimensions = 8;

export const scaleNames: { value: ScaleName; label: string }[] = [
  { value: 'acr5', label: 'ACR, 5 levels' },
  { value: 'acr9', label: 'ACR, 9 levels' },
  { value: 'words', label: 'Levels with your words' },
  { value: 'continuous5', label: '0 to 5 in 0.1' },
  { value: 'continuous100', label: '0 to 100' },
];

/** The words of a preset of levels, as the field shows them; empty for numbers. */
export function wordsOf(name: ScaleName): string {
  const scale = name === 'words' ? scalePresets.acr5 : scalePresets[name];
  return scale.kind === 'acr' ? scale.words.join(', ') : '';
}

export const noItems: StudyItems = { training: [], stabilising: [], gold: [], traps: [] };

/** A selection alone says nothing of its images. */
export function imagesOfSelection(imageIds: number[]): DraftImages {
  return { imageIds, labels: [], items: noItems };
}

/** The first questions, as they are asked about one image and about two. */
const firstQuestions = [
  { one: 'How good does this image look?', two: 'Which image looks better?' },
  {
    one: 'How well does the image show the prompt?',
    two: 'Which image shows the prompt better?',
  },
];

/** The draft with another method; questions that nobody has changed are asked as the method asks them. */
export function withMethod(draft: DraftStudy, method: StudyPlan['method']): DraftStudy {
  const dimensions = draft.dimensions.map((dimension) => {
    const known = firstQuestions.find(({ one, two }) => [one, two].includes(dimension.question));
    return known === undefined
      ? dimension
      : { ...dimension, question: method === 'pairs' ? known.two : known.one };
  });
  return { ...draft, dimensions, plan: { ...draft.plan, method } };
}

/** Quality and alignment on five levels. */
export function newDraft(seed: number): DraftStudy {
  const scale = { scale: 'acr5' as const, words: wordsOf('acr5') };
  return {
    name: '',
    dimensions: [
      { id: 1, label: 'Quality', question: firstQuestions[0]!.one, showsPrompt: false, ...scale },
      {
        id: 2,
        label: 'Alignment',
        question: firstQuestions[1]!.one,
        showsPrompt: true,
        ...scale,
      },
    ],
    plan: StudyPlan.parse({}),
    training: 0,
    stabilising: 0,
    checks: [],
    seed,
    instructions: firstInstructions,
  };
}

/**
 * What a plan lacks to be as P.910 and BT.500 ask, as far as the wizard can add it: training and stabilising items (of at most half the
 * images), repeats, distance within a prompt, half an hour, instructions. What is there already stays.
 */
export function asRecommended(draft: DraftStudy, { imageIds, items }: DraftImages): Partial<DraftStudy> {
  const { plan, training, stabilising, instructions } = draft;
  const { order, sittings } = plan;
  const spare = Math.floor(imageIds.length / 4);
  const settling = plan.method === 'pairs' ? 0 : Math.min(5, spare);
  return {
    training: items.training.length > 0 ? training : Math.max(training, Math.min(3, spare)),
    stabilising: Math.max(stabilising, settling - items.stabilising.length),
    instructions: instructions.trim() === '' ? firstInstructions : instructions,
    plan: {
      ...plan,
      order: {
        ...order,
        spacing: Math.max(1, order.spacing),
        repeatedImages: Math.max(order.repeatedImages, Math.min(5, spare)),
      },
      sittings: { ...sittings, capMinutes: Math.min(30, sittings.capMinutes) },
    },
  };
}

const firstInstructions =
  'Look at the whole image first, then at details. Judge what you see, not how much you like the subject. Use the whole scale.';

/** A dimension with an empty label, with an id that is free and the scale of the one before. */
export function emptyDimension(known: readonly DraftDimension[]): DraftDimension {
  const id = Math.max(0, ...known.map((dimension) => dimension.id)) + 1;
  const { scale, words } = known.at(-1) ?? { scale: 'acr5' as const, words: wordsOf('acr5') };
  return { id, label: '', question: '', showsPrompt: false, scale, words };
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

/** A study's design to be changed; null where the wizard has no field for one of its scales. */
export function draftOfStudy({ name, design }: Pick<Study, 'name' | 'design'>): DraftStudy | null {
  const { plan, seed, instructions } = design;
  const dimensions = design.dimensions.map(({ label, question, showsPrompt, scale }, at): DraftDimension => {
    const words = scale.kind === 'acr' ? scale.words.join(', ') : '';
    const preset = scaleNames.find(({ value }) =>
      isSameScale(scaleOf({ scale: value, words: wordsOf(value) }), scale),
    );
    return { id: at + 1, label, question, showsPrompt, scale: preset?.value ?? 'words', words };
  });
  const isWhole = dimensions.every((draft, at) => isSameScale(scaleOf(draft), design.dimensions[at]!.scale));
  return isWhole ? { ...newDraft(seed), name, plan, instructions, dimensions } : null;
}

function isSameScale(a: Scale, b: Scale): boolean {
  if (a.kind === 'acr') return b.kind === 'acr' && a.words.join('\n') === b.words.join('\n');
  return b.kind === 'continuous' && a.min === b.min && a.max === b.max && a.step === b.step;
}

/** The scale that a question is asked on. */
export function scaleOf({ scale, words }: Pick<DraftDimension, 'scale' | 'words'>): Scale {
  const preset = scale === 'words' ? scalePresets.acr5 : scalePresets[scale];
  return preset.kind === 'acr' ? { kind: 'acr', words: splitWords(words) } : preset;
}

function splitWords(words: string): string[] {
  return words.split(',').map((word) => word.trim());
}

/** The study a draft without problems means. What is drawn for training and stabilising is not rated beside that. */
export function studyOfDraft(draft: DraftStudy, images: DraftImages): NewStudy {
  const isPairs = draft.plan.method === 'pairs';
  const checks = isPairs ? [] : draft.checks;
  const checked = new Set(checks.map(({ imageId }) => imageId));
  const references = new Set(images.labels.map(({ referenceId }) => referenceId));
  const free = shuffle(
    images.imageIds.filter((id) => !checked.has(id) && !references.has(id)),
    Number(draft.seed),
  );
  const training = free.slice(0, draft.training);
  const stabilising = isPairs ? [] : free.slice(draft.training, draft.training + draft.stabilising);
  const beside = new Set([...checked, ...training, ...stabilising]);
  const imageIds = images.imageIds.filter((id) => !beside.has(id));
  const { items } = images;
  return {
    name: draft.name.trim(),
    design: designOfDraft(draft),
    imageIds,
    items: {
      training: [...items.training, ...training],
      stabilising: isPairs ? [] : [...items.stabilising, ...stabilising],
      gold: isPairs ? [] : [...items.gold, ...checksOf(draft, 'gold')],
      traps: isPairs ? [] : [...items.traps, ...checksOf(draft, 'trap')],
    },
    labels: images.labels.filter(({ imageId }) => !beside.has(imageId)),
  };
}

/** The design alone, as a study's next version needs it. */
export function designOfDraft({ dimensions, seed, instructions, plan }: DraftStudy): StudyDesign {
  return {
    dimensions: dimensions.map(dimensionOf),
    seed: Number(seed),
    instructions: instructions.trim(),
    plan,
  };
}

function dimensionOf(draft: DraftDimension): Dimension {
  const { label, question, showsPrompt } = draft;
  return {
    key: keyOfLabel(label),
    label: label.trim(),
    question: question.trim(),
    showsPrompt,
    scale: scaleOf(draft),
  };
}

function checksOf({ checks, dimensions }: DraftStudy, role: DraftCheck['role']): StudyItems['gold'] {
  return checks
    .filter((check) => check.role === role)
    .map(({ imageId, dimension, expected, tolerance }) => ({
      imageId,
      dimension: keyOfLabel(dimensions.find(({ id }) => id === dimension)!.label),
      expected: Number(expected),
      tolerance: Number(tolerance),
    }));
}

/** A shuffled copy (Fisher and Yates), the same for the same seed. */
function shuffle(ids: readonly number[], seed: number): number[] {
  const random = seeded(seed);
  const shuffled = [...ids];
  for (let at = shuffled.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [shuffled[at], shuffled[other]] = [shuffled[other]!, shuffled[at]!];
  }
  return shuffled;
}
