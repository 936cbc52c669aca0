/** Studies: created from images with a design, changed until the first vote freezes it, and carried on as a next version after that. */
import { setImmediate } from 'node:timers/promises';
import { StudioError } from '../contract/errors.ts';
import {
  type CompleteNewStudy,
  type Dimension,
  type RaterProgress,
  type ReviseStudy,
  type Study,
  StudyDesign,
} from '../contract/studies.ts';
import type { ImageLabel, StudyItems } from '../contract/study-plan.ts';
import { setGenerator, setPrompt } from '../db/images.ts';
import { insertMosSet } from '../db/mos.ts';
import { listRaters } from '../db/sittings.ts';
import {
  clearStudy,
  insertStimuli,
  insertStudy,
  insertStudyItem,
  labelStimulus,
  listStudies,
  type NewStudyRow,
  type StudyRow,
  type StudySummary,
  stimuliOf,
  studyById,
  studyItemsOf,
  studyRowById,
  updateStudy,
} from '../db/studies.ts';
import { countSomeVotes } from '../db/vote-counts.ts';
import { checkNewStudy } from './check-study.ts';
import type { Studio } from './studio.ts';

/**
 * Creates a study and the MOS set its votes will fill.
 *
 * @throws StudioError `badInput` for images that have no file to show, scales that do not work, and items that do not fit the design
 */
export function createStudy(studio: Studio, order: CompleteNewStudy): Study {
  const complete = checkNewStudy(studio, order);
  const studyId = studio.db.transaction(() => storeStudy(studio, complete));
  studio.bus.changed('studies', 'mos');
  return getStudy(studio, studyId);
}

/** Stores a checked study with its items and its MOS set; call it in a transaction. */
export function storeStudy(
  studio: Studio,
  order: CompleteNewStudy,
  row: Pick<NewStudyRow, 'uid' | 'parentId' | 'version' | 'origin' | 'isPartial'> = {},
): number {
  const { db } = studio;
  const at = studio.now();
  const { name, imageIds } = order;
  const id = insertStudy(db, { name, design: JSON.stringify(order.design), imageIds, ...row }, at);
  storeParts(studio, id, order);
  insertMosSet(db, {
    name,
    kind: 'study',
    study_id: id,
    method: 'mean of counted votes',
    source: JSON.stringify({ studyId: id }),
    created_at: at,
  });
  return id;
}

function storeParts({ db }: Studio, studyId: number, { items, labels }: CompleteNewStudy): void {
  const plain = { study_id: studyId, dimension: '', expected: null, tolerance: null };
  for (const role of ['training', 'stabilising'] as const) {
    for (const imageId of new Set(items[role])) insertStudyItem(db, { ...plain, role, image_id: imageId });
  }
  for (const [role, checks] of [
    ['gold', items.gold],
    ['trap', items.traps],
  ] as const) {
    for (const { imageId, dimension, expected, tolerance } of checks) {
      insertStudyItem(db, { study_id: studyId, role, image_id: imageId, dimension, expected, tolerance });
    }
  }
  for (const { imageId, prompt, generator, group = null, referenceId = null } of labels) {
    if (prompt !== undefined && prompt.trim() !== '') setPrompt(db, imageId, prompt, 'list');
    if (generator !== undefined) setGenerator(db, imageId, generator, 'list');
    labelStimulus(db, { studyId, imageId, group, referenceId });
  }
}

/**
 * Changes a study. While nobody has voted it is the same study, and orders that were laid out are drawn anew; after that the changed
 * study is the next version of it, with votes of its own.
 *
 * @throws StudioError as `createStudy`
 */
export function reviseStudy(studio: Studio, change: ReviseStudy): Study {
  const { db } = studio;
  const study = getStudy(studio, change.studyId);
  const complete = checkNewStudy(studio, {
    name: change.name ?? study.name,
    design: change.design ?? study.design,
    imageIds: change.imageIds ?? stimuliOf(db, study.id).map(({ image_id }) => image_id),
    items: change.items ?? readItems(studio, study.id),
    labels: keepLabels(change, readLabels(studio, study.id)),
  });
  const isOpen = study.frozenAt === null && study.votes === 0;
  const id = db.transaction(() => {
    if (!isOpen)
      return storeStudy(studio, complete, { parentId: study.id, version: study.version + 1, origin: 'own' });
    clearStudy(db, study.id);
    updateStudy(db, study.id, { name: complete.name, design: JSON.stringify(complete.design) });
    insertStimuli(db, study.id, complete.imageIds);
    storeParts(studio, study.id, complete);
    return study.id;
  });
  studio.bus.changed('studies', 'mos');
  return getStudy(studio, id);
}

/** Labels of images that are still in the study. */
function keepLabels({ labels, imageIds }: ReviseStudy, known: ImageLabel[]): ImageLabel[] {
  if (labels !== undefined) return labels;
  if (imageIds === undefined) return known;
  const kept = new Set(imageIds);
  return known
    .filter(({ imageId }) => kept.has(imageId))
    .map(({ referenceId, ...label }) =>
      referenceId !== undefined && kept.has(referenceId) ? { ...label, referenceId } : label,
    );
}

/** All studies, the newest first. Whoever looks at the list soon looks at one's statistics: their thread is started meanwhile. */
export async function describeStudies(studio: Studio): Promise<Study[]> {
  studio.compute.warm();
  await countInTurns(studio);
  return listStudies(studio.db).map(describe);
}

/** One study. @throws StudioError `notFound` */
export function getStudy(studio: Pick<Studio, 'db'>, studyId: number): Study {
  const row = studyById(studio.db, studyId);
  if (row === undefined) throw missingStudy(studyId);
  return describe(row);
}

export type StudyCore = Omit<StudyRow, 'design'> & { design: StudyDesign };

/** A study without its counts: what a vote needs, quickly. @throws StudioError `notFound` */
export function getStudyCore(studio: Pick<Studio, 'db'>, studyId: number): StudyCore {
  const row = studyRowById(studio.db, studyId);
  if (row === undefined) throw missingStudy(studyId);
  return { ...row, design: readDesign(row.design) };
}

/** Designs that were read before: parsing one takes longer than storing a vote. */
const designs = new Map<string, StudyDesign>();

function readDesign(text: string): StudyDesign {
  const known = designs.get(text);
  if (known !== undefined) return known;
  const design = StudyDesign.parse(JSON.parse(text));
  if (designs.size >= 100) designs.clear();
  designs.set(text, design);
  return design;
}

/** A dimension of a study, the first where none is named. @throws StudioError `badInput` for one that is not asked */
export function findDimension({ design }: Pick<StudyCore, 'design'>, wanted?: string): Dimension {
  const dimension = design.dimensions.find(({ key }) => wanted === undefined || key === wanted);
  if (dimension !== undefined) return dimension;
  throw new StudioError('badInput', `The study does not ask for “${wanted}”.`, { dimension: wanted ?? '' });
}

function missingStudy(studyId: number): StudioError {
  return new StudioError('notFound', `There is no study ${studyId}.`, { studyId });
}

/** Training, stabilising, gold and trap items of a study. */
export function readItems(studio: Pick<Studio, 'db'>, studyId: number): StudyItems {
  const items: StudyItems = { training: [], stabilising: [], gold: [], traps: [] };
  for (const { role, image_id: imageId, dimension, expected, tolerance } of studyItemsOf(
    studio.db,
    studyId,
  )) {
    if (role === 'training' || role === 'stabilising') items[role].push(imageId);
    else if (expected !== null && tolerance !== null) {
      items[role === 'gold' ? 'gold' : 'traps'].push({ imageId, dimension, expected, tolerance });
    }
  }
  return items;
}

function readLabels(studio: Pick<Studio, 'db'>, studyId: number): ImageLabel[] {
  return stimuliOf(studio.db, studyId).flatMap(({ image_id, group_name, reference_id }) =>
    group_name === null && reference_id === null
      ? []
      : [
          {
            imageId: image_id,
            ...(group_name === null ? {} : { group: group_name }),
            ...(reference_id === null ? {} : { referenceId: reference_id }),
          },
        ],
  );
}

/** The raters of a study and how far each is. */
export async function describeRaters(studio: Studio, studyId: number): Promise<RaterProgress[]> {
  await countInTurns(studio);
  const { design } = getStudyCore(studio, studyId);
  return listRaters(studio.db, studyId, design.dimensions.length).map((row) => ({
    id: row.id,
    name: row.name,
    done: row.done,
    total: row.presentations,
    votes: row.votes,
    lastVoteAt: row.last_vote_at,
  }));
}

/** Counts the votes that were not counted yet, all of them after a start; others have their turn in between. */
async function countInTurns({ db }: Studio): Promise<void> {
  while (countSomeVotes(db)) await setImmediate();
}

function describe(row: StudySummary): Study {
  return {
    id: row.id,
    name: row.name,
    design: readDesign(row.design),
    createdAt: row.created_at,
    stimuli: row.stimuli,
    raters: row.raters,
    votes: row.votes,
    mosSetId: row.mos_set_id,
    uid: row.uid,
    version: row.version,
    parentId: row.parent_id,
    origin: row.origin,
    frozenAt: row.frozen_at,
    manifestHash: row.manifest_hash,
  };
}
