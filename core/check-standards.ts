/** Holds a study against ITU-T P.910 and ITU-R BT.500: gathers what is known of it and lets the list judge. */
import { z } from 'zod';
import type { Study } from '../contract/studies.ts';
import type { AskChecklist, CheckDraft, Checklist } from '../contract/study-quality.ts';
import { mosRows } from '../db/mos.ts';
import { sittingLengths } from '../db/sittings.ts';
import { type StimulusRow, stimuliOf } from '../db/studies.ts';
import { notesOfStudy, type ResultSession, sessionsOfStudy } from '../db/study-results.ts';
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
  const { db } = studio;
  const study = getStudy(studio, studyId);
  const { plan, dimensions, instructions } = study.design;
  const stimuli = stimuliOf(db, studyId);
  const items = readItems(studio, studyId);
  const isOurs = study.origin !== 'table';
  const lengths = sittingLengths(db, studyId);
  const sessions = sessionsOfStudy(db, studyId);
  const facts: StudyFacts = {
    stage: 'rated',
    method: methodOf(plan.method, dimensions[0]!.scale.kind),
    images: stimuli.length,
    prompts: new Set(stimuli.flatMap(({ prompt_id }) => prompt_id ?? [])).size,
    raters: study.raters,
    fewestVotes: fewestVotesOf(studio, study.mosSetId, stimuli),
    environment,
    longestSessionMinutes: isOurs && lengths.length > 0 ? Math.max(...lengths) / minuteMs : null,
    hasInstructions: instructions.trim() !== '',
    trainingItems: items.training.length,
    stabilisingItems: items.stabilising.length,
    isOrderPerRater: isOurs,
    isPromptSpaced: isOurs && plan.order.spacing > 0,
    ...readChecks(sessions, notesOfStudy(db, studyId)),
    isViewingRecorded: isOurs && isViewingRecorded(sessions),
    // The rating surface is neutral grey and shows nothing else.
    isBackgroundNeutral: isOurs,
    repeatedItems: plan.order.repeatedImages,
    referenceItems: new Set(stimuli.flatMap(({ reference_id }) => reference_id ?? [])).size,
    undecidedRaters: plan.method === 'pairs' ? 0 : await countUndecided(studio, study),
    reportsIntervals: true,
  };
  return checkStudy(facts);
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

/** On the dimension that has fewest; 0 where an image has none. */
function fewestVotesOf(studio: Studio, mosSetId: number, stimuli: readonly StimulusRow[]): number {
  const rows = mosRows(studio.db, mosSetId);
  const rated = new Set(rows.map(({ image_id }) => image_id));
  if (stimuli.some(({ image_id }) => !rated.has(image_id))) return 0;
  return rows.reduce((fewest, { n }) => Math.min(fewest, n ?? 0), Number.MAX_SAFE_INTEGER);
}

const CheckDetail = z.object({ check: z.string(), passed: z.boolean() });

/** Raters who passed a viewing check of the page at least once. */
function readChecks(
  sessions: readonly ResultSession[],
  notes: ReturnType<typeof notesOfStudy>,
): Pick<StudyFacts, 'acuityChecked' | 'colourChecked'> {
  const raterOf = new Map(sessions.map(({ id, rater }) => [id, rater]));
  const passed = { acuity: new Set<string>(), colour: new Set<string>() };
  for (const note of notes) {
    if (note.kind !== 'check') continue;
    const detail = CheckDetail.safeParse(JSON.parse(note.detail));
    if (!detail.success || !detail.data.passed) continue;
    const { check } = detail.data;
    if (check === 'acuity' || check === 'colour') passed[check].add(raterOf.get(note.session_id) ?? '');
  }
  return { acuityChecked: passed.acuity.size, colourChecked: passed.colour.size };
}

const ClientDetail = z.object({ windowWidth: z.number(), devicePixelRatio: z.number() });

function isViewingRecorded(sessions: readonly ResultSession[]): boolean {
  return (
    sessions.length > 0 && sessions.every(({ client }) => ClientDetail.safeParse(JSON.parse(client)).success)
  );
}
