/** What is known of a study's images, votes and sittings together: a few numbers of what may be 100,000 rows, so that a thread reads them. */
import { z } from 'zod';
import type { Db } from '../../db/database.ts';
import { mosRows } from '../../db/mos.ts';
import { clientsOf, sittingLengths } from '../../db/sittings.ts';
import { type StimulusRow, stimuliOf } from '../../db/studies.ts';
import { notesOfStudy, type ResultSession, sessionsOfStudy } from '../../db/study-results.ts';
import { median } from '../maths/study/median.ts';
import { withDb } from './study-votes.ts';

export interface StudyCounts {
  images: number;
  prompts: number;
  generators: string[];
  references: number;
  /** On the dimension that has fewest; 0 where an image has none. */
  fewestVotes: number;
  /** Of an image and dimension. */
  medianVotes: number;
  /** Null where nobody has voted in a sitting. */
  longestSittingMs: number | null;
  /** Raters who passed a viewing check of the page at least once. */
  acuityChecked: number;
  colourChecked: number;
  /** Of every session the window's size is known. */
  isViewingRecorded: boolean;
  windows: { windowWidth: number; windowHeight: number }[];
}

export function readStudyCounts(task: {
  libraryFolder: string;
  studyId: number;
  mosSetId: number;
}): StudyCounts {
  return withDb(task.libraryFolder, (db) => countStudy(db, task));
}

function countStudy(db: Db, { studyId, mosSetId }: { studyId: number; mosSetId: number }): StudyCounts {
  const stimuli = stimuliOf(db, studyId);
  const rows = mosRows(db, mosSetId);
  const counts = rows.flatMap(({ n }) => n ?? []);
  const lengths = sittingLengths(db, studyId);
  const sessions = sessionsOfStudy(db, studyId);
  return {
    images: stimuli.length,
    prompts: new Set(stimuli.flatMap(({ prompt_id }) => prompt_id ?? [])).size,
    generators: [...new Set(stimuli.flatMap(({ generator }) => generator ?? []))].sort(),
    references: new Set(stimuli.flatMap(({ reference_id }) => reference_id ?? [])).size,
    fewestVotes: fewestVotesOf(rows, stimuli),
    medianVotes: counts.length === 0 ? 0 : median(counts),
    longestSittingMs: lengths.length === 0 ? null : Math.max(...lengths),
    ...readChecks(sessions, notesOfStudy(db, studyId)),
    isViewingRecorded: isViewingRecorded(sessions),
    windows: clientsOf(db, studyId),
  };
}

function fewestVotesOf(rows: ReturnType<typeof mosRows>, stimuli: readonly StimulusRow[]): number {
  const rated = new Set(rows.map(({ image_id }) => image_id));
  if (stimuli.some(({ image_id }) => !rated.has(image_id))) return 0;
  return rows.reduce((fewest, { n }) => Math.min(fewest, n ?? 0), Number.MAX_SAFE_INTEGER);
}

const CheckDetail = z.object({ check: z.string(), passed: z.boolean() });

function readChecks(
  sessions: readonly ResultSession[],
  notes: ReturnType<typeof notesOfStudy>,
): Pick<StudyCounts, 'acuityChecked' | 'colourChecked'> {
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
