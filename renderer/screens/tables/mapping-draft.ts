/** Which column of a table is what, as it is being put right: empty text means no column. */
import type { MosMapping } from '../../../contract/mos.ts';

export interface DimensionDraft {
  /** Stays the same while the name is typed; for React's lists. */
  id: number;
  dimension: string;
  mean: string;
  sd: string;
  n: string;
}

export interface MappingDraft {
  name: string;
  prompt: string;
  generator: string;
  generatorPattern: string;
  mos: DimensionDraft[];
}

/** The mapping the studio proposes, ready to be edited; an empty one where it has none. */
export function draftOf(suggested: MosMapping | null): MappingDraft {
  const { name = '', prompt = '', generator = '', generatorPattern = '', mos = [] } = suggested ?? {};
  const dimensions = mos.map(({ dimension, mean, sd = '', n = '' }, at) => ({
    id: at + 1,
    dimension,
    mean,
    sd,
    n,
  }));
  return {
    name,
    prompt,
    generator,
    generatorPattern,
    mos: suggested === null ? [emptyDimensionDraft([])] : dimensions,
  };
}

/** A row for one more dimension. */
export function emptyDimensionDraft(known: readonly DimensionDraft[]): DimensionDraft {
  const id = Math.max(0, ...known.map((draft) => draft.id)) + 1;
  return { id, dimension: known.length === 0 ? 'quality' : '', mean: '', sd: '', n: '' };
}

/** The first thing that keeps a mapping from being used, in a sentence; null where nothing does. */
export function findMappingProblem({ name, generatorPattern, mos }: MappingDraft): string | null {
  if (name === '') return 'Say which column holds the image names.';
  if (!isPattern(generatorPattern))
    return 'The pattern for generators is not a regular expression with one group.';
  if (mos.some(({ mean }) => mean === '')) return 'Every dimension needs its column of means.';
  if (mos.some(({ dimension }) => !/^[a-z][a-z0-9_]{0,39}$/.test(dimension))) {
    return 'Names of dimensions have lower-case letters, digits and _, and begin with a letter.';
  }
  if (new Set(mos.map(({ dimension }) => dimension)).size < mos.length)
    return 'Two dimensions have the same name.';
  return null;
}

function isPattern(text: string): boolean {
  if (text === '') return true;
  try {
    return new RegExp(`${text}|`).exec('')!.length === 2;
  } catch {
    return false;
  }
}

/** Whether two drafts mean the same columns. */
export function isSameDraft(a: MappingDraft, b: MappingDraft): boolean {
  return JSON.stringify(mappingOfDraft(a)) === JSON.stringify(mappingOfDraft(b));
}

/** The mapping a draft without problems means. */
export function mappingOfDraft({ name, prompt, generator, generatorPattern, mos }: MappingDraft): MosMapping {
  return {
    name,
    ...(prompt === '' ? {} : { prompt }),
    ...(generator === '' ? {} : { generator }),
    ...(generatorPattern === '' ? {} : { generatorPattern }),
    mos: mos.map(({ dimension, mean, sd, n }) => ({
      dimension,
      mean,
      ...(sd === '' ? {} : { sd }),
      ...(n === '' ? {} : { n }),
    })),
  };
}
