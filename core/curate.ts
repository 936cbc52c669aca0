/** Curating: each step is worked out as what it changes, done as a whole, and can be undone and done again. */
import type { Curation, CurationState } from '../contract/curate.ts';
import { StudioError } from '../contract/errors.ts';
import {
  addCollection,
  addStep,
  applyDelta,
  type CurationDelta,
  collectionByName,
  imagesInCollection,
  imagesWithTag,
  invertDelta,
  type MarkChange,
  markStep,
  nextStep,
  readMarks,
  unknownImages,
} from '../db/curation.ts';
import type { Studio } from './studio.ts';

/** So many steps can be undone. */
const keptSteps = 200;

/**
 * Does one step; what is so already is left alone, and a step that changes nothing is none.
 *
 * @throws StudioError `notFound` for an image or a collection that does not exist
 */
export function curate(studio: Studio, order: Curation): CurationState {
  const [unknown] = unknownImages(studio.db, order.imageIds);
  if (unknown !== undefined)
    throw new StudioError('notFound', `There is no image ${unknown} in this library.`, { imageId: unknown });
  studio.db.transaction(() => {
    const delta = workOut(studio, order);
    if (Object.values(delta).every((rows: unknown[]) => rows.length === 0)) return;
    applyDelta(studio.db, delta);
    addStep(studio.db, { title: describeStep(order), delta }, { now: studio.now(), kept: keptSteps });
  });
  studio.bus.changed('images');
  return describeCuration(studio);
}

/** Undoes the newest step that stands, or does the oldest again that was undone; nothing where there is none. */
export function stepBack(studio: Studio, direction: 'undo' | 'redo'): CurationState {
  const step = nextStep(studio.db, direction);
  if (step !== undefined) {
    studio.db.transaction(() => {
      applyDelta(studio.db, direction === 'undo' ? invertDelta(step.delta) : step.delta);
      markStep(studio.db, step.id, direction === 'undo');
    });
    studio.bus.changed('images');
  }
  return describeCuration(studio);
}

/** What can be undone and done again. */
export function describeCuration({ db }: Pick<Studio, 'db'>): CurationState {
  return { undo: nextStep(db, 'undo')?.title ?? null, redo: nextStep(db, 'redo')?.title ?? null };
}

function workOut(studio: Studio, order: Curation): CurationDelta {
  const { db } = studio;
  const imageIds = [...new Set(order.imageIds)];
  const without = (has: ReadonlySet<number>) => imageIds.filter((id) => !has.has(id));
  const added = (name: string) => without(imagesWithTag(db, name, imageIds));
  const removed = (name: string) => [...imagesWithTag(db, name, imageIds)];
  const into = order.addTo === undefined ? null : ensureCollection(studio, order.addTo);
  const outOf = order.removeFrom === undefined ? null : getCollection(studio, order.removeFrom);
  return {
    marks: changesMarks(order) ? workOutMarks(readMarks(db, imageIds), order) : [],
    tagsAdded: (order.addTags ?? []).flatMap((tag) => added(tag).map((id): [string, number] => [tag, id])),
    tagsRemoved: (order.removeTags ?? []).flatMap((tag) =>
      removed(tag).map((id): [string, number] => [tag, id]),
    ),
    membersAdded:
      into === null
        ? []
        : without(imagesInCollection(db, into, imageIds)).map((id): [number, number] => [into, id]),
    membersRemoved:
      outOf === null
        ? []
        : [...imagesInCollection(db, outOf, imageIds)].map((id): [number, number] => [outOf, id]),
  };
}

function changesMarks({ flag, label }: Curation): boolean {
  return flag !== undefined || label !== undefined;
}

function workOutMarks(marks: ReturnType<typeof readMarks>, order: Curation): MarkChange[] {
  return marks
    .map(([id, flag, label]): MarkChange => {
      const to = [
        order.flag === undefined ? flag : order.flag,
        order.label === undefined ? label : order.label,
      ];
      return [id, flag, label, to[0]!, to[1]!];
    })
    .filter(([, flag, label, newFlag, newLabel]) => flag !== newFlag || label !== newLabel);
}

function ensureCollection({ db, now }: Studio, name: string): number {
  return collectionByName(db, name) ?? addCollection(db, name, now());
}

function getCollection({ db }: Studio, name: string): number {
  const id = collectionByName(db, name);
  if (id === undefined)
    throw new StudioError('notFound', `There is no collection “${name}”.`, { collection: name });
  return id;
}

/** What a step does, in words: “Reject 3 images”. */
function describeStep(order: Curation): string {
  const { length } = order.imageIds;
  const images = `${length} ${length === 1 ? 'image' : 'images'}`;
  const parts = [
    order.flag === undefined ? [] : [order.flag === null ? 'clear the flag of' : order.flag],
    order.label === undefined ? [] : [order.label === null ? 'clear the label of' : `label ${order.label}`],
    (order.addTags ?? []).map((tag) => `tag “${tag}” on`),
    (order.removeTags ?? []).map((tag) => `no tag “${tag}” on`),
    order.addTo === undefined ? [] : [`into “${order.addTo}”`],
    order.removeFrom === undefined ? [] : [`out of “${order.removeFrom}”`],
  ].flat();
  return `${parts.join(', ')} ${images}`;
}
