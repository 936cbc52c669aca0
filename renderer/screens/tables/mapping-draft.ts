/** Which column of a table is what, as it is being put right: empty text means no column. */
import type { MosMapping, ScaleEnds, TablePreview } from '../../../contract/mos.ts';
import { formatScore } from '../../shared/format.ts';
import { findScaleProblem, readScale } from '../../shared/typed-scale.ts';

export interface DimensionDraft {
  /** Stays the same while the name is typed; for React's lists. */
  id: number;
  dimension: string;
  mean: string;
  sd: string;
  n: string;
  /** Ends of the scale, as they are typed; both empty where nobody says them. */
  low: number | string;
  high: number | string;
  lowerIsBetter: boolean;
}

export interface MappingDraft {
  name: string;
  prompt: string;
  generator: string;
  generatorPattern: string;
  mos: DimensionDraft[];
}

/** The mapping the studio proposes, ready to be edited; an empty one where it has none. @param scale of the table's known layout */
export function draftOf(suggested: MosMapping | null, scale: ScaleEnds | null = null): MappingDraft {
  const { name = '', prompt = '', generator = '', generatorPattern = '', mos = [] } = suggested ?? {};
  const dimensions = mos.map(({ dimension, mean, sd = '', n = '', ...said }, at) => {
    const [low, high] = said.scale ?? scale ?? ['', ''];
    return { id: at + 1, dimension, mean, sd, n, low, high, lowerIsBetter: said.lowerIsBetter ?? false };
  });
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
  const columns = { dimension: known.length === 0 ? 'quality' : '', mean: '', sd: '', n: '' };
  return { id, ...columns, low: '', high: '', lowerIsBetter: false };
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
  return mos.map(findProblemOfScale).find((problem) => problem !== null) ?? null;
}

function findProblemOfScale({ dimension, low, high, lowerIsBetter }: DimensionDraft): string | null {
  if (lowerIsBetter && low === '' && high === '') return `Say the lowest and highest value of ${dimension}.`;
  return findScaleProblem([low, high], dimension);
}

/**
 * How far the means of each dimension go, on which scale, and how they are stored where lower is better: a column that is not what it is
 * taken for is seen by it.
 */
export function describeMeans(
  { mos }: MappingDraft,
  { header, ranges }: Pick<TablePreview, 'header' | 'ranges'>,
): string[] {
  return mos.flatMap(({ dimension, mean, low, high, lowerIsBetter }) => {
    const range = ranges[header.indexOf(mean)];
    if (range === undefined) return [];
    if (range === null) return [`${dimension} no numbers`];
    const scale = readScale([low, high]);
    const told = `${dimension} ${describeRange(range)}`;
    if (scale === undefined) return [told];
    const onScale = `${told}, on a scale of ${scale[0]} to ${scale[1]}`;
    if (range[0] < scale[0] || range[1] > scale[1]) return [`${onScale}: some lie outside of it`];
    const turned = range.map((value) => scale[0] + scale[1] - value);
    return [lowerIsBetter ? `${onScale}, turned round: ${describeRange([turned[1]!, turned[0]!])}` : onScale];
  });
}

function describeRange([low, high]: readonly [number, number]): string {
  return `${formatScore(low)} to ${formatScore(high)}`;
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
    mos: mos.map(({ dimension, mean, sd, n, low, high, lowerIsBetter }) => {
      const scale = readScale([low, high]);
      return {
        dimension,
        mean,
        ...(sd === '' ? {} : { sd }),
        ...(n === '' ? {} : { n }),
        ...(scale === undefined ? {} : { scale }),
        ...(lowerIsBetter ? { lowerIsBetter } : {}),
      };
    }),
  };
}
