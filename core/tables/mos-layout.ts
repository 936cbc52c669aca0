/** Guesses which column of a MOS table is what: by a known data set's header, or by the words people use. */
import { type MosMapping, mostDimensions } from '../../contract/mos.ts';
import { fitMapping, hasColumns, onScale, tableLayouts } from '../datasets/layouts.ts';
import { plainName } from './plain-name.ts';
import { isScaleColumn } from './scale-columns.ts';

const words = {
  name: [
    'name',
    'image',
    'image_name',
    'img',
    'img_name',
    'filename',
    'file_name',
    'file',
    'path',
    'stimulus',
    'item',
  ],
  prompt: ['prompt', 'text', 'caption', 'text_prompt'],
  generator: ['generator', 'model', 'method', 'source_model'],
};

/**
 * The known layout of a table, or the mapping its column names suggest, of MOS none where none is recognised; null where no column of names is.
 * A table that says its scale is nobody's public set, whatever its columns are called: the studio's own exports have AGIQA-3K's.
 */
export function suggestMapping({ header, fileName }: { header: readonly string[]; fileName: string }): {
  mapping: MosMapping | null;
  layout: string | null;
} {
  const known = tableLayouts().find(
    ({ shape }) =>
      !header.some(isScaleColumn) &&
      (shape.files === null || shape.files.test(fileName)) &&
      hasColumns(header, shape.columns),
  );
  if (known !== undefined) {
    const { shape, title } = known;
    return { mapping: onScale(fitMapping(shape.mapping, header), shape.scale), layout: title };
  }
  const find = (candidates: readonly string[]) => header.find((name) => candidates.includes(plainName(name)));
  const name = find(words.name);
  const mos = suggestDimensions(header);
  if (name === undefined) return { mapping: null, layout: null };
  const prompt = find(words.prompt);
  const generator = find(words.generator);
  return {
    mapping: {
      name,
      ...(prompt === undefined ? {} : { prompt }),
      ...(generator === undefined ? {} : { generator }),
      mos,
    },
    layout: null,
  };
}

/** The column of image names by the words people use; null where none is recognised. */
export function nameColumnOf(header: readonly string[]): string | null {
  return header.find((name) => words.name.includes(plainName(name))) ?? null;
}

/** What stands beside a mean and is none, as in `mos_std`. */
const besideMeans = /^(?:std|sd|stdev|n|count|votes|ci(?:_?\d+|_(?:low|high).*)?|sem?|var|variance)$/;

/** `mos`, `MOS_quality`, `quality_mos`, with `std_…`, `sd_…` and `n_…` beside them. */
function suggestDimensions(header: readonly string[]): MosMapping['mos'] {
  const taken = new Set<string>();
  return header.flatMap((column) => {
    const match = /^mos(?:_+(.+))?$|^(.+?)_+mos$/.exec(plainName(column));
    if (match === null || taken.size === mostDimensions) return [];
    const word = match[1] ?? match[2] ?? '';
    const dimension = dimensionOf(word);
    if (taken.has(dimension) || isScaleColumn(column) || besideMeans.test(word)) return [];
    taken.add(dimension);
    const besideOf = (one: string, prefixes: readonly string[]) =>
      header.find((name) => {
        const plain = plainName(name);
        return prefixes.some(
          (prefix) =>
            (word === '' && plain === prefix) || [`${prefix}_${one}`, `${one}_${prefix}`].includes(plain),
        );
      });
    // The whole word first: where both stand, `n_align` is of another dimension than `n_alignment`.
    const beside = (prefixes: readonly string[]) =>
      word === '' ? besideOf('mos', prefixes) : (besideOf(dimension, prefixes) ?? besideOf(word, prefixes));
    const sd = beside(['std', 'sd']);
    const n = beside(['n', 'count', 'votes']);
    return [
      { dimension, mean: column, ...(sd === undefined ? {} : { sd }), ...(n === undefined ? {} : { n }) },
    ];
  });
}

/** A dimension's key from a column's word: `Align` → alignment, nothing → quality. */
function dimensionOf(word: string): string {
  const key = word
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[^a-z]+|_+$/g, '')
    .slice(0, 40);
  if (key === '') return 'quality';
  return key === 'align' ? 'alignment' : key;
}
