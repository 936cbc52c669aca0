/** Binds the operations on agreement to their functions. */
import { listDisagreements, measureComparison, readDensity, readPoints } from './agree.ts';
import { compareScores, measureAblation, measureTiers, rankScores } from './agree-tables.ts';
import {
  describeCalibration,
  describeResiduals,
  describeSplit,
  listFields,
  listOppositePairs,
} from './agree-views.ts';
import { evaluate } from './evaluate/evaluate.ts';
import { checkEvaluation, prepareEvaluation } from './evaluate/prepare.ts';
import { importColumns } from './import-columns.ts';
import { listPredictionChoices } from './predictions.ts';
import { reportAgreement } from './report/agreement-report.ts';
import type { Implementer } from './router.ts';
import type { Studio } from './studio.ts';

export function bindAgreement({ agreement }: Implementer, studio: Studio) {
  /** What a question asks of the threads ends when it is withdrawn. */
  const until = (signal: AbortSignal | undefined): Studio => ({
    ...studio,
    compute: studio.compute.until(signal),
  });
  return {
    choices: agreement.choices.handler(() => listPredictionChoices(studio)),
    measure: agreement.measure.handler(({ input, signal }) => measureComparison(until(signal), input)),
    points: agreement.points.handler(({ input, signal, context }) =>
      readPoints(until(signal), input, context),
    ),
    density: agreement.density.handler(({ input, signal, context }) =>
      readDensity(until(signal), input, context),
    ),
    disagreements: agreement.disagreements.handler(({ input, signal }) =>
      listDisagreements(until(signal), input),
    ),
    compare: agreement.compare.handler(({ input, signal }) => compareScores(until(signal), input)),
    tiers: agreement.tiers.handler(({ input, signal }) => measureTiers(until(signal), input)),
    ablation: agreement.ablation.handler(({ input, signal }) => measureAblation(until(signal), input)),
    ranking: agreement.ranking.handler(({ input, signal }) => rankScores(until(signal), input)),
    fields: agreement.fields.handler(({ input }) => listFields(studio, input)),
    split: agreement.split.handler(({ input }) => describeSplit(studio, input)),
    residuals: agreement.residuals.handler(({ input, signal, context }) =>
      describeResiduals(until(signal), input, context),
    ),
    calibration: agreement.calibration.handler(({ input, signal }) =>
      describeCalibration(until(signal), input),
    ),
    report: agreement.report.handler(({ input, signal }) => reportAgreement(until(signal), input)),
    checkEvaluation: agreement.checkEvaluation.handler(({ input }) => checkEvaluation(input)),
    prepareEvaluation: agreement.prepareEvaluation.handler(({ input }) => prepareEvaluation(studio, input)),
    importColumns: agreement.importColumns.handler(({ input }) => importColumns(studio, input)),
    evaluate: agreement.evaluate.handler(({ input, signal }) => evaluate(until(signal), input)),
    oppositePairs: agreement.oppositePairs.handler(({ input, signal }) =>
      listOppositePairs(until(signal), input),
    ),
  };
}
