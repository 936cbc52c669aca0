/** The operations on agreement of scores with MOS. */
import { z } from 'zod';
import {
  Agreement,
  AgreementPoints,
  Comparison,
  Disagreement,
  MosChoice,
  PredictionChoice,
} from './agreement.ts';
import {
  AblationOrder,
  AblationTable,
  CompareScores,
  PairedDifference,
  Ranking,
  RankingOrder,
  TierOrder,
  TierTable,
} from './agreement-tables.ts';
import {
  Calibration,
  Distributions,
  Field,
  ImportColumns,
  ImportedColumns,
  OppositeOrder,
  OppositePair,
  PointDensity,
  ReportFile,
  ReportOrder,
  ResidualOrder,
  Residuals,
  SplitOrder,
} from './agreement-views.ts';
import {
  CheckEvaluation,
  EvaluateOrder,
  Evaluation,
  EvaluationCheck,
  PrepareEvaluation,
} from './evaluate.ts';
import { MosSet } from './mos.ts';
import { ask, read, write } from './operation.ts';

export const agreementOperations = {
  choices: read('/agreement/choices', 'Scores and signals that can be compared with MOS').output(
    z.array(PredictionChoice),
  ),
  measure: ask('/agreement/measure', 'Coefficients with intervals, overall and by generator')
    .input(Comparison)
    .output(Agreement),
  points: ask('/agreement/points', 'The scatter of predictions against MOS')
    .input(Comparison)
    .output(AgreementPoints),
  disagreements: ask('/agreement/disagreements', 'Images where model and raters differ most')
    .input(Comparison.extend({ limit: z.int().min(1).max(500).default(50) }))
    .output(z.array(Disagreement)),
  compare: ask('/agreement/compare', 'Two scores on the same images: paired intervals and tests')
    .input(CompareScores)
    .output(PairedDifference),
  tiers: ask('/agreement/tiers', 'Scores on all images and by generator tier (SF-IQA, Table 1)')
    .input(TierOrder)
    .output(TierTable),
  ablation: ask('/agreement/ablation', 'Q, S, their mean and the fusion on the same images (Table 2)')
    .input(AblationOrder)
    .output(AblationTable),
  ranking: ask('/agreement/ranking', 'All scores by main score, with what the best is ahead by (Table 5)')
    .input(RankingOrder)
    .output(Ranking),
  fields: ask('/agreement/fields', 'Fields that the images of a MOS set differ in')
    .input(MosChoice)
    .output(z.array(Field)),
  split: ask('/agreement/split', 'MOS and generators of both sides of a split by group (Figures 3 and 4)')
    .input(SplitOrder)
    .output(Distributions),
  residuals: ask('/agreement/residuals', 'Where a score errs, by the values of a field')
    .input(ResidualOrder)
    .output(Residuals),
  calibration: ask('/agreement/calibration', 'Whether raters say what the mapped prediction says')
    .input(Comparison)
    .output(Calibration),
  oppositePairs: ask('/agreement/opposite-pairs', 'Pairs that model and raters order oppositely')
    .input(OppositeOrder)
    .output(z.array(OppositePair)),
  density: ask('/agreement/density', 'How dense each point of the scatter lies, and both margins')
    .input(Comparison)
    .output(PointDensity),
  report: ask('/agreement/report', 'Everything of a comparison as data and as one self-contained HTML file')
    .input(ReportOrder)
    .output(ReportFile),
  prepareEvaluation: write(
    '/agreement/evaluation/prepare',
    'Take a data set’s table in, checked by its protocol',
  )
    .input(PrepareEvaluation)
    .output(MosSet),
  checkEvaluation: ask(
    '/agreement/evaluation/check',
    'Whether a data set’s table can be taken in: every wrong row by its line, before any work',
  )
    .input(CheckEvaluation)
    .output(EvaluationCheck),
  evaluate: ask('/agreement/evaluation', 'Scores and heads on a data set by its published protocol')
    .input(EvaluateOrder)
    .output(Evaluation),
  importColumns: write('/agreement/columns', 'Take in the scores of another metric for images of the library')
    .input(ImportColumns)
    .output(ImportedColumns),
};
