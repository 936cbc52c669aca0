/** What is known of images that are compared, field by field, with what is equal and what differs. */
import type { ImageDetail } from '../../../../contract/images.ts';
import { formatBytes, formatCount, formatScore } from '../../../shared/format.ts';
import { inStandardOrder } from '../../../shared/pack-words.ts';

export interface ComparedField {
  name: string;
  /** As they are shown, one an image; null where an image has none. */
  values: (string | null)[];
  /** Where the field is a number on a scale: how much more than the reference's; null where one of them is absent. */
  above: (number | null)[] | null;
  /** Prose, in which differing words are worth seeing. */
  isText: boolean;
  differs: boolean;
}

type Read = (detail: ImageDetail) => string | number | null | undefined;

const texts: [string, Read][] = [
  ['prompt', ({ prompt }) => prompt],
  ['negative prompt', ({ generation }) => generation?.negativePrompt],
];

const facts: [string, Read][] = [
  ['generator', ({ generator }) => generator],
  ['tool', ({ generation }) => generation?.tool],
  ['model', ({ generation }) => generation?.model],
  ['sampler', ({ generation }) => generation?.sampler],
  ['steps', ({ generation }) => generation?.steps],
  ['CFG scale', ({ generation }) => generation?.cfg],
  ['seed', ({ generation }) => generation?.seed],
  ['size', ({ width, height }) => (width === null || height === null ? null : `${width} × ${height} px`)],
  ['format', ({ format }) => format?.toUpperCase()],
  ['file size', ({ sizeBytes }) => (sizeBytes === null ? null : formatBytes(sizeBytes))],
  ['votes', ({ votes }) => formatCount(votes)],
  ['flag', ({ flag }) => flag],
  ['label', ({ label }) => label],
  ['tags', ({ tags }) => tags.join(', ') || null],
  ['collections', ({ collections }) => collections.join(', ') || null],
  ['name', ({ name }) => name],
  ['folder', ({ paths }) => paths[0]?.replace(/[\\/][^\\/]*$/, '')],
];

/** All fields that one of the images has a value of: prompts, scores, MOS, how they were made, what was chosen, where they lie. */
export function listComparedFields(details: readonly ImageDetail[], reference: number): ComparedField[] {
  const scores = inStandardOrder([...new Set(details.flatMap((one) => Object.keys(one.scores)))]);
  const dimensions = inStandardOrder([
    ...new Set(details.flatMap(({ mos }) => mos.map(({ dimension }) => dimension))),
  ]);
  const number = (name: string, read: (detail: ImageDetail) => number | null | undefined) =>
    numberField({ name, numbers: details.map((one) => read(one) ?? null), reference });
  return [
    ...texts.map(([name, read]) => plainField(name, details.map(read), true)),
    ...scores.map((target) => number(`score: ${target}`, (one) => one.scores[target])),
    number('Q', ({ branches }) => branches.q),
    number('S', ({ branches }) => branches.s),
    ...dimensions.map((dimension) => mosField(details, dimension, reference)),
    ...facts.map(([name, read]) => plainField(name, details.map(read), false)),
  ].filter(({ values }) => values.some((value) => value !== null));
}

function plainField(name: string, read: readonly ReturnType<Read>[], isText: boolean): ComparedField {
  const values = read.map((value) => (value === null || value === undefined ? null : String(value)));
  return { name, values, above: null, isText, differs: new Set(values).size > 1 };
}

interface Numbers {
  name: string;
  numbers: readonly (number | null)[];
  reference: number;
}

function numberField({ name, numbers, reference }: Numbers): ComparedField {
  const base = numbers[reference] ?? null;
  return {
    name,
    values: numbers.map((value) => (value === null ? null : formatScore(value))),
    above: numbers.map((value) => (value === null || base === null ? null : value - base)),
    isText: false,
    differs: new Set(numbers).size > 1,
  };
}

function mosField(details: readonly ImageDetail[], dimension: string, reference: number): ComparedField {
  const found = details.map(({ mos }) => mos.find((one) => one.dimension === dimension));
  const field = numberField({
    name: `MOS: ${dimension}`,
    numbers: found.map((one) => one?.mean ?? null),
    reference,
  });
  const withInterval = (value: string | null, k: number) => {
    const { low = null, high = null, n = null } = found[k] ?? {};
    const interval = low === null || high === null ? '' : ` (${formatScore(low)} to ${formatScore(high)})`;
    return value === null ? null : `${value}${interval}${n === null ? '' : `, N ${formatCount(n)}`}`;
  };
  return { ...field, values: field.values.map(withInterval) };
}
