/** Everything that a running study shows, from its votes in one go. */
import type { EstimateOrReason } from '../../../contract/common.ts';
import {
  fitSosHypothesis,
  measureOpinion,
  measureZScores,
  type OpinionScores,
  type ZScores,
} from './opinion.ts';
import { type Recovery, recoverQuality } from './recover.ts';
import { type Screening, type ScreeningTask, screenRaters } from './screening.ts';

export interface StudyStatistics {
  opinion: OpinionScores;
  zScores: ZScores;
  sos: EstimateOrReason;
  screening: Screening;
  recovery: Recovery;
}

/** MOS, z-MOS, SOS parameter, screening and recovery: 20,000 images × 21 raters at 30 % coverage take about half a second. */
export function measureStudy(task: ScreeningTask): StudyStatistics {
  const opinion = measureOpinion(task.votes);
  return {
    opinion,
    zScores: measureZScores(task.votes),
    sos: fitSosHypothesis(opinion, task.scale),
    screening: screenRaters(task),
    recovery: recoverQuality(task.votes),
  };
}
