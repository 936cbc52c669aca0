/** Curating: each step is worked out as what it changes, done as a whole, and can be undone and done again. */
import type { Curation, CurationState } from '../contract/curate.ts';
import { StudioError } from '../contract/errors.ts';
import {
  addStep,
  applyDelta,
  type CurationDelta,
  collectionByName,
  imagesInCollection,
  imagesWithTag,
  invertDelta,
  type MarkChange,
  markStep,
  nextCollectionId,
  nextStep,
  readCollection,
  readMarks,
  unknownImages,
} from '../db/curation.ts';
import { followCollections } from './saved-queries.ts';
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
  return doStep(studio, describeStep(order), workOut(studio, order));
}

/**
 * Gives a collection another name, as a step; its images stay in it, and saved queries that ask for it by its whole name go on to. The name
 * may differ in case only.
 *
 * @throws StudioError `notFound`; `conflict` where another collection has that name, in any case
 */
export function renameCollection(studio: Studio, { id, name }: { id: number; name: string }): CurationState {
  const was = getCollection(studio, id).name;
  if ((collectionByName(studio.db, name) ?? id) !== id) {
    throw new StudioError(
      'conflict',
      `There is a collection “${name}” already. Choose another name, or put the images into that one.`,
      { id, name },
    );
  }
  return doStep(studio, `rename the collection “${was}” to “${name}”`, {
    ...noChange,
    collectionsRenamed: was === name ? [] : [[id, was, name]],
  });
}

/**
 * Deletes a collection, as a step; its images stay in the library.
 *
 * @throws StudioError `notFound`
 */
export function deleteCollection(studio: Studio, id: number): CurationState {
  const { name, createdAt, imageIds } = getCollection(studio, id);
  return doStep(studio, `delete the collection “${name}” of ${countImages(imageIds.length)}`, {
    ...noChange,
    membersRemoved: imageIds.map((imageId): [number, number] => [id, imageId]),
    collectionsRemoved: [[id, name, createdAt]],
  });
}

const noChange: CurationDelta = {
  marks: [],
  tagsAdded: [],
  tagsRemoved: [],
  membersAdded: [],
  membersRemoved: [],
};

function doStep(studio: Studio, title: string, delta: CurationDelta): CurationState {
  if (Object.values(delta).some((rows: unknown[]) => rows.length > 0)) {
    studio.db.transaction(() => {
      applyStep(studio, delta);
      addStep(studio.db, { title, delta }, { now: studio.now(), kept: keptSteps });
    });
    studio.bus.changed('images');
  }
  return describeCuration(studio);
}

function applyStep(studio: Studio, delta: CurationDelta): void {
  applyDelta(studio.db, delta);
  followCollections(studio, delta.collectionsRenamed ?? []);
}

/** Undoes the newest step that stands, or does the oldest again that was undone; nothing where there is none. */
export function stepBack(studio: Studio, direction: 'undo' | 'redo'): CurationState {
  const step = nextStep(studio.db, direction);
  if (step !== undefined) {
    studio.db.transaction(() => {
      applyStep(studio, direction === 'undo' ? invertDelta(step.delta) : step.delta);
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
  const known = order.addTo === undefined ? undefined : collectionByName(db, order.addTo);
  const into = order.addTo === undefined ? null : (known ?? nextCollectionId(db));
  const outOf = order.removeFrom === undefined ? null : findCollection(studio, order.removeFrom);
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
    // A collection made by the step goes with it when it is undone.
    collectionsAdded: into === null || known !== undefined ? [] : [[into, order.addTo!, studio.now()]],
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

function getCollection({ db }: Studio, id: number): NonNullable<ReturnType<typeof readCollection>> {
  const collection = readCollection(db, id);
  if (collection === undefined) throw new StudioError('notFound', `There is no collection ${id}.`, { id });
  return collection;
}

function findCollection({ db }: Studio, name: string): number {
  const id = collectionByName(db, name);
  if (id === undefined)
    throw new StudioError('notFound', `There is no collection “${name}”.`, { collection: name });
  return id;
}

/** What a step does, in words: “Reject 3 images”. */
function describeStep(order: Curation): string {
  const parts = [
    order.flag === undefined ? [] : [order.flag === null ? 'clear the flag of' : order.flag],
    order.label === undefined ? [] : [order.label === null ? 'clear the label of' : `label ${order.label}`],
    (order.addTags ?? []).map((tag) => `tag “${tag}” on`),
    (order.removeTags ?? []).map((tag) => `no tag “${tag}” on`),
    order.addTo === undefined ? [] : [`into “${order.addTo}”`],
    order.removeFrom === undefined ? [] : [`out of “${order.removeFrom}”`],
  ].flat();
  return `${parts.join(', ')} ${countImages(order.imageIds.length)}`;
}

function countImages(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'image' : 'images'}`;
}
