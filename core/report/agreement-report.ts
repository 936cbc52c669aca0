/** Gathers everything the agreement page shows of a comparison into one report: data, and a file that stands by itself. */
import type { AgreementReport, ReportFile, ReportOrder } from '../../contract/agreement-views.ts';
import { toStudioError } from '../../contract/errors.ts';
import { listDisagreements, measureComparison, readPoints } from '../agree.ts';
import { measureAblation, measureTiers, rankScores } from '../agree-tables.ts';
import { describeCalibration, describeResiduals, describeSplit, listOppositePairs } from '../agree-views.ts';
import { getMosSet } from '../mos-sets.ts';
import { describePrediction, listPredictionChoices } from '../predictions.ts';
import type { Studio } from '../studio.ts';
import { studioVersion } from '../version.ts';
import { renderReport } from './report-html.ts';

const shownDisagreements = 30;
const shownPairs = 20;

const methods = [
  'SRCC: Pearson’s correlation of mid-ranks. PLCC: Pearson’s correlation, of raw predictions and after the 4-parameter (VQEG) and the 5-parameter logistic (Sheikh, Sabir and Bovik 2006). KRCC: Kendall’s τ-b. Main score: (SRCC + PLCC) / 2 (SF-IQA §4.1).',
  'Intervals: 95 %, percentile bootstrap over prompts (images of one prompt are drawn together), seed 1401, the mappings held as fitted to all images; closed forms beside them.',
  'Differences: both scores on the same resamples; Steiger 1980, Williams 1959 and Zou 2007 beside the interval. “Better” is said only where the paired interval of the SRCC excludes 0.',
  'Outlier ratio: share of images whose mapped prediction lies outside the 95 % interval of their MOS (ITU-T P.1401).',
  'Human ceiling: SRCC of rater halves, stepped up (Spearman–Brown).',
  'Mean of Q and S: each standardised over the images that have both.',
  'Calibration: each half of the prompts is mapped by the curve fitted to the other half.',
];

/**
 * The report of a comparison.
 *
 * @throws StudioError as the operations it is made of
 */
export async function reportAgreement(studio: Studio, order: ReportOrder): Promise<ReportFile> {
  const { tiers, field, ...comparison } = order;
  const { mosSetId, dimension, prediction } = comparison;
  const set = getMosSet(studio, mosSetId);
  const { label } = describePrediction(studio, prediction);
  const choice = { mosSetId, dimension };
  const predictions = (await listPredictionChoices(studio)).map((one) => one.prediction);
  const [agreement, ranking, residuals, calibration, disagreements, opposite, points] = await Promise.all([
    measureComparison(studio, comparison),
    rankScores(studio, choice),
    describeResiduals(studio, { ...comparison, field }),
    describeCalibration(studio, comparison),
    listDisagreements(studio, { ...comparison, limit: shownDisagreements }),
    listOppositePairs(studio, { ...comparison, within: 'all', limit: shownPairs }),
    readPoints(studio, comparison),
  ]);
  const report: AgreementReport = {
    format: 'sfiqa-agreement-report/1',
    title: `Agreement of “${label}” with ${dimension} of “${set.name}”`,
    createdAt: new Date(studio.now()).toISOString(),
    version: studioVersion,
    mosSet: { name: set.name, method: set.method, dimension },
    prediction: label,
    agreement,
    tiers:
      tiers.length === 0
        ? null
        : await measureTiers(studio, { ...choice, predictions: predictions.slice(0, 30), tiers }),
    ablation: await ablationIfAny(studio, order),
    ranking,
    distributions: await describeSplit(studio, { ...choice, groupBy: 'prompt', share: 0.2, seed: 1 }),
    residuals,
    calibration,
    disagreements,
    opposite,
    methods,
  };
  const name = `agreement-${label}-${set.name}`.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80);
  return { report, html: renderReport(report, points), fileName: name };
}

/** Table 2, where the compared score's pack has both branches and a fusion. */
async function ablationIfAny(
  studio: Studio,
  { prediction, mosSetId, dimension }: ReportOrder,
): Promise<AgreementReport['ablation']> {
  const packIds =
    prediction.kind === 'signal' || prediction.kind === 'mean'
      ? [prediction.packId]
      : [...studio.packs.keys()];
  for (const packId of packIds) {
    try {
      const table = await measureAblation(studio, { packId, mosSetId, dimension });
      if (table.images > 0) return table;
    } catch (error) {
      const { code } = toStudioError(error);
      if (code !== 'unsupported' && code !== 'notFound') throw error;
    }
  }
  return null;
}
