/** Holds a study against ITU-T P.910 and ITU-R BT.500: gathers what is known of it and lets the list judge. */
import type { Study } from '../contract/studies.ts';
import type { AskChecklist, CheckDraft, Checklist } from '../contract/study-quality.ts';
import type { StudyCounts } from './compute/study-facts.ts';
import { checkStudy, type StudyFacts } from './maths/study/checklist.ts';
import { getStudy, readItems } from './studies.ts';
import type { Studio } from './studio.ts';
import { readStatistics } from './study-statistics.ts';

const minuteMs = 60_000;

/** A study that is not there yet, as it is being designed. */
export function checkDraft(draft: CheckDraft): Checklist {
  const { plan, dimensions, instructions } = draft.design;
  return checkStudy({
    ...{ stage: 'planned', environment: draft.environment, raters: draft.raters },
    method: methodOf(plan.method, dimensions[0]!.scale.kind),
    images: draft.images,
    prompts: draft.prompts,
    fewestVotes: Math.floor(draft.votesPerImage),
    longestSessionMinutes: plan.sittings.capMinutes,
    hasInstructions: instructions.trim() !== '',
    trainingItems: draft.trainingItems,
    stabilisingItems: draft.stabilisingItems,
    isPromptSpaced: plan.order.spacing > 0,
    ...{ acuityChecked: null, colourChecked: null, undecidedRaters: null },
    // What the rating surface and the tables do in every study.
    ...{ isOrderPerRater: true, isViewingRecorded: true, isBackgroundNeutral: true, reportsIntervals: true },
    repeatedItems: plan.order.repeatedImages,
    referenceItems: draft.references,
  });
}

/** @throws StudioError `notFound` */
export async function checkStandards(
  studio: Studio,
  { studyId, environment }: AskChecklist,
): Promise<Checklist> {
  const study = getStudy(studio, studyId);
  const { plan, dimensions, instructions } = study.design;
  const items = readItems(studio, studyId);
  const isOurs = study.origin !== 'table';
  const counts = await countStudy(studio, study);
  const { images, prompts, fewestVotes, longestSittingMs, acuityChecked, colourChecked } = counts;
  const facts: StudyFacts = {
    stage: 'rated',
    method: methodOf(plan.method, dimensions[0]!.scale.kind),
    ...{ images, prompts, raters: study.raters, fewestVotes, environment },
    longestSessionMinutes: isOurs && longestSittingMs !== null ? longestSittingMs / minuteMs : null,
    hasInstructions: instructions.trim() !== '',
    trainingItems: items.training.length,
    stabilisingItems: items.stabilising.length,
    isOrderPerRater: isOurs,
    isPromptSpaced: isOurs && plan.order.spacing > 0,
    ...{ acuityChecked, colourChecked },
    isViewingRecorded: isOurs && counts.isViewingRecorded,
    // The rating surface is neutral grey and shows nothing else.
    isBackgroundNeutral: isOurs,
    repeatedItems: plan.order.repeatedImages,
    referenceItems: counts.references,
    undecidedRaters: plan.method === 'pairs' ? 0 : await countUndecided(studio, study),
    reportsIntervals: true,
  };
  return checkStudy(facts);
}

/** @param study one that there is */
export async function countStudy(
  { folder, compute }: Studio,
  { id, mosSetId }: Pick<Study, 'id' | 'mosSetId'>,
): Promise<StudyCounts> {
  return await compute.run('studyCounts', { libraryFolder: folder, studyId: id, mosSetId });
}

/** Raters in doubt, on any dimension, about whom the owner has decided nothing. */
async function countUndecided(studio: Studio, { id: studyId, votes, design }: Study): Promise<number> {
  if (votes === 0) return 0;
  const ask = {
    studyId,
    withReliability: false,
    withImages: false,
    bt500Variant: 'recommendation',
    bt500Share: 'own',
  } as const;
  const undecided = new Set<number>();
  for (const { key: dimension } of design.dimensions) {
    const { raters } = await readStatistics(studio, { ...ask, dimension });
    for (const { raterId, flags, decisions } of raters) {
      if (flags.length > 0 && decisions.length === 0) undecided.add(raterId);
    }
  }
  return undecided.size;
}

function methodOf(
  method: 'absolute' | 'hiddenReference' | 'pairs',
  scale: 'acr' | 'continuous',
): StudyFacts['method'] {
  if (method === 'pairs') return 'pairs';
  if (method === 'hiddenReference') return 'acrHiddenReference';
  return scale;
}
