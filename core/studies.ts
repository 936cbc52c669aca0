/** Studies: created from a selection of images with a design that is frozen from then on. */
import { StudioError } from '../contract/errors.ts';
import { type NewStudy, type RaterProgress, type Study, StudyDesign } from '../contract/studies.ts';
import { imageById } from '../db/images.ts';
import { insertMosSet } from '../db/mos.ts';
import { insertStudy, listRaters, listStudies, type StudySummary, studyById } from '../db/studies.ts';
import type { Studio } from './studio.ts';

/**
 * Creates a study and the MOS set its votes will fill.
 *
 * @throws StudioError `badInput` for images that have no file to show, or a continuous scale whose steps do not fit its range
 */
export function createStudy(studio: Studio, order: NewStudy): Study {
  const { db, now, bus } = studio;
  checkScales(order.design);
  const imageIds = [...new Set(order.imageIds)];
  for (const id of imageIds) {
    const image = imageById(db, id);
    if (image === undefined) throw new StudioError('notFound', `There is no image ${id}.`, { imageId: id });
    if (image.hash === null) {
      throw new StudioError('badInput', `${image.name} has no file in this library, so nobody can rate it.`, {
        imageId: id,
      });
    }
  }
  const at = now();
  const studyId = db.transaction(() => {
    const id = insertStudy(db, { name: order.name, design: JSON.stringify(order.design), imageIds }, at);
    insertMosSet(db, {
      name: order.name,
      kind: 'study',
      study_id: id,
      method: 'mean of counted votes',
      source: JSON.stringify({ studyId: id }),
      created_at: at,
    });
    return id;
  });
  bus.changed('studies', 'mos');
  return getStudy(studio, studyId);
}

/** All studies, the newest first. */
export function describeStudies(studio: Studio): Study[] {
  return listStudies(studio.db).map(describe);
}

/** One study. @throws StudioError `notFound` */
export function getStudy(studio: Pick<Studio, 'db'>, studyId: number): Study {
  const row = studyById(studio.db, studyId);
  if (row === undefined) throw new StudioError('notFound', `There is no study ${studyId}.`, { studyId });
  return describe(row);
}

/** The raters of a study and how far each is. */
export function describeRaters(studio: Studio, studyId: number): RaterProgress[] {
  const { design } = getStudy(studio, studyId);
  return listRaters(studio.db, studyId, design.dimensions.length).map((row) => ({
    id: row.id,
    name: row.name,
    done: row.done,
    total: row.presentations,
    votes: row.votes,
    lastVoteAt: row.last_vote_at,
  }));
}

function describe(row: StudySummary): Study {
  return {
    id: row.id,
    name: row.name,
    design: StudyDesign.parse(JSON.parse(row.design)),
    createdAt: row.created_at,
    stimuli: row.stimuli,
    raters: row.raters,
    votes: row.votes,
    mosSetId: row.mos_set_id,
  };
}

function checkScales(design: StudyDesign): void {
  for (const { label, scale } of design.dimensions) {
    if (scale.kind !== 'continuous') continue;
    const steps = (scale.max - scale.min) / scale.step;
    if (scale.max <= scale.min || Math.abs(steps - Math.round(steps)) > 1e-6 || steps > 10_000) {
      throw new StudioError(
        'badInput',
        `The scale of “${label}” does not work: from ${scale.min} to ${scale.max} in steps of ${scale.step}.`,
        { dimension: label },
      );
    }
  }
}
