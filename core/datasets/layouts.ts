/** Public data sets as data: by what their files are recognised, and which column or field is what. Facts of their authors' releases. */
import type { MosMapping, ScaleEnds } from '../../contract/mos.ts';
import { plainName } from '../tables/plain-name.ts';

/** A table, one row an image. */
export interface TableShape {
  kind: 'table';
  /** What the file is called; null where its columns are enough to know it. */
  files: RegExp | null;
  /** Columns that it has, among others. */
  columns: readonly string[];
  mapping: MosMapping;
}

/** A table, one row a comparison of two images. */
export interface PairShape {
  kind: 'pairs';
  columns: readonly string[];
  prompt: string;
  images: readonly [string, string];
  /** How much each was preferred: 1 and 0, or 0.5 both. */
  labels: readonly [string, string];
  generators: readonly [string, string] | null;
  /** A column of truth values: rows in which it is false were not judged. */
  isJudged: string | null;
}

/** JSON, one entry a prompt with its images and which were preferred. */
export interface RankingShape {
  kind: 'rankings';
  prompt: string;
  /** Lists of the same length; the first field that is there. */
  images: readonly string[];
  /** 1 for the preferred image of a pair, 0 for the other. */
  preferences: string;
  /** Places from 1, the best; each rater's own where one of `annotations` has them under the same name. The first field that is there. */
  ranks: readonly string[];
  annotations: readonly string[];
}

/** An index workbook without header (generator, file), one MATLAB file a dimension in its order, and a workbook of prompts. */
export interface MatrixShape {
  kind: 'matrices';
  index: RegExp;
  values: readonly { file: RegExp; dimension: string }[];
  /** The row of a prompt, from the file's name: one group. */
  promptNumber: RegExp;
}

/** How the means came about and which range they lie in, where a file of this shape does not hold what the others do. */
interface OwnMeans {
  method?: string;
  scale?: ScaleEnds;
}

export interface DatasetLayout {
  title: string;
  /** How the means came about, as the MOS set says it. */
  method: string;
  /** The range that every MOS lies in; null where it is not known. */
  scale: ScaleEnds | null;
  shapes: readonly ((TableShape | PairShape | RankingShape | MatrixShape) & OwnMeans)[];
}

const asRated = 'as its authors published them';
const preferred =
  'share of the comparisons that the image won (a tie is half), each with another image of its prompt';

const threeDimensions = [
  { dimension: 'quality', mean: 'mos_quality' },
  { dimension: 'authenticity', mean: 'mos_authenticity' },
  { dimension: 'correspondence', mean: 'mos_correspondence' },
];

const threeColumns: Pick<TableShape, 'columns' | 'mapping'> = {
  columns: ['name', ...threeDimensions.map(({ mean }) => mean)],
  mapping: { name: 'name', prompt: 'prompt', generator: 'generator', mos: threeDimensions },
};

/** Those that are told apart by more stand before those that are told by less. */
export const datasetLayouts = [
  {
    title: 'AGIQA-3K',
    method: asRated,
    scale: [0, 5],
    shapes: [
      {
        kind: 'table',
        files: null,
        columns: [
          'name',
          'prompt',
          'adj1',
          'adj2',
          'style',
          'mos_quality',
          'std_quality',
          'mos_align',
          'std_align',
        ],
        mapping: {
          name: 'name',
          prompt: 'prompt',
          // Its file names begin with the generator: `sd1.5_lowcorr_017.jpg`.
          generatorPattern: '^([^_]+)_',
          mos: [
            { dimension: 'quality', mean: 'mos_quality', sd: 'std_quality' },
            { dimension: 'alignment', mean: 'mos_align', sd: 'std_align' },
          ],
        },
      },
    ],
  },
  {
    title: 'AGIQA-1K',
    method: asRated,
    scale: [0, 5],
    shapes: [
      {
        kind: 'table',
        files: /^AIGC_MOS_Zscore\.(xlsx|csv)$/i,
        columns: ['Image', 'Prompt', 'MOS'],
        mapping: {
          name: 'Image',
          prompt: 'Prompt',
          generatorPattern: '([Dd]eep[Aa][Ii]|[Dd]ream[Ss]tudio)',
          mos: [{ dimension: 'quality', mean: 'MOS' }],
        },
      },
    ],
  },
  {
    title: 'AIGIQA-20K',
    method: asRated,
    scale: [0, 5],
    shapes: [
      {
        kind: 'table',
        files: /^info_(train|val|test)\.(csv|xlsx)$|AIG[CI]QA-(20|30)K.*\.(csv|xlsx)$/i,
        columns: ['name', 'mos'],
        mapping: {
          name: 'name',
          prompt: 'prompt',
          generator: 'generator',
          mos: [{ dimension: 'overall', mean: 'mos', sd: 'std' }],
        },
      },
    ],
  },
  {
    title: 'AIGCIQA2023',
    method: asRated,
    scale: [0, 100],
    shapes: [
      {
        kind: 'matrices',
        index: /^pic-?index\.xlsx$/i,
        values: [
          { file: /^mosz1\.mat$/i, dimension: 'quality' },
          { file: /^mosz2\.mat$/i, dimension: 'authenticity' },
          { file: /^mosz3\.mat$/i, dimension: 'correspondence' },
        ],
        // `000-1.png` is sample 1 of prompt 0.
        promptNumber: /^(\d+)/,
      },
      { kind: 'table', files: /aigciqa.*\.(csv|xlsx)$/i, ...threeColumns },
    ],
  },
  {
    title: 'PKU-I2IQA',
    method: asRated,
    scale: null,
    shapes: [
      {
        // `I2IQA_annotation.xlsx` beside `Generated_image/All` and `Image_prompt`: each picture was made from another one and a text.
        kind: 'table',
        files: null,
        columns: ['Image_prompt', 'Generated_image', 'MOS_q', 'MOS_a', 'MOS_c'],
        mapping: {
          name: 'Generated_image',
          prompt: 'Text_prompt',
          generatorPattern: '^(MJ|SD|[Mm]idjourney|[Ss]table.?[Dd]iffusion)',
          mos: [
            { dimension: 'quality', mean: 'MOS_q' },
            { dimension: 'authenticity', mean: 'MOS_a' },
            { dimension: 'correspondence', mean: 'MOS_c' },
          ],
        },
      },
      { kind: 'table', files: /i2iqa.*\.(csv|xlsx)$/i, ...threeColumns },
    ],
  },
  {
    title: 'ImageReward',
    method: 'the rating of one expert on a scale of 1 to 7',
    scale: null,
    shapes: [
      {
        kind: 'table',
        scale: [1, 7],
        files: null,
        columns: [
          'image_path',
          'prompt_id',
          'prompt',
          'rank',
          'overall_rating',
          'image_text_alignment_rating',
          'fidelity_rating',
        ],
        mapping: {
          name: 'image_path',
          prompt: 'prompt',
          mos: [
            { dimension: 'overall', mean: 'overall_rating' },
            { dimension: 'alignment', mean: 'image_text_alignment_rating' },
            { dimension: 'fidelity', mean: 'fidelity_rating' },
          ],
        },
      },
      {
        kind: 'rankings',
        method: preferred,
        scale: [0, 1],
        prompt: 'prompt',
        images: ['generations', 'images'],
        preferences: 'human_preference',
        ranks: ['ranking', 'rank'],
        annotations: ['raw_annotations', 'raw_annotation'],
      },
    ],
  },
  {
    title: 'Pick-a-Pic',
    method: preferred,
    scale: [0, 1],
    shapes: [
      {
        kind: 'pairs',
        columns: ['caption', 'image_0_uid', 'image_1_uid', 'label_0', 'label_1'],
        prompt: 'caption',
        images: ['image_0_uid', 'image_1_uid'],
        labels: ['label_0', 'label_1'],
        generators: ['model_0', 'model_1'],
        isJudged: 'has_label',
      },
    ],
  },
  {
    title: 'HPD v2',
    method: preferred,
    scale: [0, 1],
    shapes: [
      {
        kind: 'rankings',
        prompt: 'prompt',
        images: ['file_path', 'image_path'],
        preferences: 'human_preference',
        ranks: ['rank'],
        annotations: ['raw_annotations', 'raw_annotation'],
      },
    ],
  },
] as const satisfies readonly DatasetLayout[];

/** The range of a data set's MOS; null where it is not known, or the title is of none. */
export function scaleOf(title: string | null): DatasetLayout['scale'] {
  return datasetLayouts.find((layout) => layout.title === title)?.scale ?? null;
}

/** The shapes of all layouts that are tables of MOS. */
export function tableLayouts(): { title: string; shape: TableShape & OwnMeans }[] {
  const all: readonly DatasetLayout[] = datasetLayouts;
  return all.flatMap(({ title, shapes }) =>
    shapes.flatMap((shape) => (shape.kind === 'table' ? [{ title, shape }] : [])),
  );
}

/** Whether a header has all of these columns. */
export function hasColumns(header: readonly string[], columns: readonly string[]): boolean {
  const plain = new Set(header.map(plainName));
  return columns.every((name) => plain.has(plainName(name)));
}

/** The mapping with a scale for its dimensions, where it says none. */
export function onScale(mapping: MosMapping, scale: ScaleEnds | null | undefined): MosMapping {
  return scale == null ? mapping : { ...mapping, mos: mapping.mos.map((one) => ({ scale, ...one })) };
}

/** The mapping in the header's own words; optional columns that it lacks are left out. */
export function fitMapping(mapping: MosMapping, header: readonly string[]): MosMapping {
  const find = (column: string) => header.find((name) => plainName(name) === plainName(column));
  const part = <Key extends string>(key: Key, column: string | undefined) => {
    const own = column === undefined ? undefined : find(column);
    return own === undefined ? {} : ({ [key]: own } as Record<Key, string>);
  };
  return {
    name: find(mapping.name) ?? mapping.name,
    ...part('prompt', mapping.prompt),
    ...part('generator', mapping.generator),
    ...(mapping.generatorPattern === undefined ? {} : { generatorPattern: mapping.generatorPattern }),
    mos: mapping.mos.map(({ dimension, mean, sd, n }) => ({
      ...{ dimension, mean: find(mean) ?? mean },
      ...part('sd', sd),
      ...part('n', n),
    })),
  };
}
