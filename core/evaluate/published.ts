/** Published figures that evaluations are put beside: SF-IQA's Tables 1, 2 and 5 (Yu et al., CVPR Workshops 2024). */
import type { EvaluationCell, EvaluationRow, Protocol } from '../../contract/evaluate.ts';

/** SRCC and PLCC on all images, then on bad, medium and good generators. */
type Figures = readonly (readonly [srcc: number, plcc: number])[];

/** Table 1, on AGIQA-3K: metrics of quality. */
const quality: Record<string, Figures> = {
  CEIQ: [
    [0.3228, 0.4166],
    [0.1754, 0.2094],
    [0.2775, 0.3043],
    [0.1743, 0.1643],
  ],
  DSIQA: [
    [0.4955, 0.5488],
    [0.1908, 0.3139],
    [0.214, 0.3655],
    [0.1665, 0.252],
  ],
  NIQE: [
    [0.5623, 0.5171],
    [0.2031, 0.3309],
    [0.2259, 0.2526],
    [0.175, 0.2533],
  ],
  Sisblim: [
    [0.5479, 0.6477],
    [0.2887, 0.3341],
    [0.054, 0.2932],
    [0.0417, 0.211],
  ],
  BMPRI: [
    [0.6794, 0.7912],
    [0.3686, 0.4076],
    [0.2374, 0.376],
    [0.2046, 0.2212],
  ],
  GMLF: [
    [0.6987, 0.8181],
    [0.3942, 0.4798],
    [0.2578, 0.4036],
    [0.0018, 0.0834],
  ],
  Higrade: [
    [0.6171, 0.7056],
    [0.3017, 0.3001],
    [0.2376, 0.2861],
    [0.202, 0.2164],
  ],
  DBCNN: [
    [0.8207, 0.8759],
    [0.552, 0.6825],
    [0.5011, 0.5575],
    [0.4288, 0.4853],
  ],
  CLIPIQA: [
    [0.8426, 0.8053],
    [0.1882, 0.2549],
    [0.6537, 0.6014],
    [0.5038, 0.5081],
  ],
  CNNIQA: [
    [0.7478, 0.8469],
    [0.3233, 0.4547],
    [0.4278, 0.4534],
    [0.3952, 0.4517],
  ],
  HyperNet: [
    [0.8355, 0.8903],
    [0.5086, 0.5985],
    [0.4687, 0.548],
    [0.5562, 0.6149],
  ],
  'SF-IQA (quality)': [
    [0.9024, 0.9314],
    [0.4936, 0.5237],
    [0.6739, 0.7468],
    [0.8239, 0.8634],
  ],
};

/** Table 1: metrics of similarity. */
const alignment: Record<string, Figures> = {
  CLIP: [
    [0.5972, 0.6839],
    [0.5463, 0.5355],
    [0.2272, 0.2916],
    [0.242, 0.3342],
  ],
  ImageReward: [
    [0.7298, 0.7862],
    [0.5652, 0.6869],
    [0.4464, 0.5109],
    [0.3925, 0.4966],
  ],
  HPS: [
    [0.6349, 0.7],
    [0.5255, 0.5803],
    [0.2762, 0.3516],
    [0.3126, 0.3498],
  ],
  PickScore: [
    [0.6977, 0.7633],
    [0.4293, 0.5588],
    [0.3962, 0.3924],
    [0.4183, 0.4743],
  ],
  StairReward: [
    [0.7472, 0.8529],
    [0.5401, 0.7076],
    [0.4642, 0.5423],
    [0.4411, 0.5581],
  ],
  'SF-IQA (similarity)': [
    [0.8454, 0.9072],
    [0.3906, 0.4345],
    [0.6574, 0.7472],
    [0.7144, 0.6965],
  ],
};

/** Table 2, on the paper's own split of AIGIQA-20K's 14,000 labelled images. */
const fusion: Record<string, Figures> = {
  'SF-IQA: quality branch': [[0.8503, 0.8931]],
  'SF-IQA: similarity branch': [[0.8784, 0.9118]],
  'SF-IQA: mean of both': [[0.887, 0.9192]],
  'SF-IQA: score fusion': [[0.9006, 0.9288]],
};

const table1 = 'SF-IQA, Table 1';
const table2 = 'SF-IQA, Table 2 (its own split)';

/** The published rows of a protocol's dimension, with as many columns as they have figures for. */
export function publishedRows(protocol: Protocol, dimension: string, columns: number): EvaluationRow[] {
  if (protocol === 'agiqa-3k' && dimension === 'quality') return rowsOf(quality, table1, columns);
  if (protocol === 'agiqa-3k' && dimension === 'alignment') return rowsOf(alignment, table1, columns);
  if (protocol === 'agiqa-20k') return rowsOf(fusion, table2, columns);
  return [];
}

function rowsOf(figures: Record<string, Figures>, note: string, columns: number): EvaluationRow[] {
  return Object.entries(figures).map(([label, cells]) => ({
    label,
    kind: 'published',
    note,
    cells: Array.from({ length: columns }, (_, at) => cellOf(cells[at])),
  }));
}

function cellOf(figure: readonly [number, number] | undefined): EvaluationCell {
  const spread = (value: number | undefined) =>
    value === undefined ? null : { median: value, low: value, high: value, repeats: 1 };
  return { srcc: spread(figure?.[0]), plcc: spread(figure?.[1]), plccMapped: null };
}
