/** Checks a study before it is stored: images that can be shown, scales that work, items and labels that fit the design. */
import { StudioError } from '../contract/errors.ts';
import type { CompleteNewStudy, Dimension, Scale } from '../contract/studies.ts';
import type { CheckItem } from '../contract/study-plan.ts';
import { imageById } from '../db/images.ts';
import { endsOf } from './scale-ends.ts';
import type { Studio } from './studio.ts';

/** The study with every image once. @throws StudioError `notFound` for an image, `badInput` with what does not fit */
export function checkNewStudy(studio: Studio, order: CompleteNewStudy): CompleteNewStudy {
  checkScales(order.design.dimensions);
  const imageIds = [...new Set(order.imageIds)];
  const { training, stabilising, gold, traps } = order.items;
  for (const id of new Set([...imageIds, ...training, ...stabilising])) checkImage(studio, id);
  const isPairs = order.design.plan.method === 'pairs';
  if (isPairs && stabilising.length + gold.length + traps.length > 0) {
    throw new StudioError(
      'badInput',
      'Stabilising, gold and trap items belong to single images, not to pairs.',
    );
  }
  for (const check of [...gold, ...traps]) {
    checkImage(studio, check.imageId);
    checkExpected(check, order.design.dimensions);
  }
  checkLabels(order, new Set(imageIds));
  return { ...order, imageIds };
}

function checkImage({ db }: Studio, id: number): void {
  const image = imageById(db, id);
  if (image === undefined) throw new StudioError('notFound', `There is no image ${id}.`, { imageId: id });
  if (image.hash === null) {
    throw new StudioError('badInput', `${image.name} has no file in this library, so nobody can rate it.`, {
      imageId: id,
    });
  }
}

function checkExpected({ imageId, dimension, expected }: CheckItem, dimensions: readonly Dimension[]): void {
  const asked = dimensions.find(({ key }) => key === dimension);
  if (asked === undefined) {
    throw new StudioError('badInput', `An item expects a vote on “${dimension}”, which is not asked.`, {
      imageId,
      dimension,
    });
  }
  const { low, high } = endsOf(asked.scale);
  if (expected < low || expected > high) {
    throw new StudioError('badInput', `${expected} is not on the scale of “${asked.label}”.`, { imageId });
  }
}

function checkLabels({ labels, design }: CompleteNewStudy, images: ReadonlySet<number>): void {
  for (const { imageId, referenceId } of labels) {
    if (!images.has(imageId)) {
      throw new StudioError('badInput', `Image ${imageId} has a label, but is not in the study.`, {
        imageId,
      });
    }
    if (referenceId === undefined) continue;
    if (!images.has(referenceId) || referenceId === imageId) {
      throw new StudioError('badInput', 'A hidden reference must be another image of the study.', {
        imageId,
      });
    }
  }
  const hasReferences = labels.some(({ referenceId }) => referenceId !== undefined);
  if (hasReferences === (design.plan.method === 'hiddenReference')) return;
  throw new StudioError(
    'badInput',
    hasReferences
      ? 'References are given, but the method is not ACR with hidden reference.'
      : 'ACR with hidden reference needs to know the reference of each image.',
  );
}

function checkScales(dimensions: readonly Dimension[]): void {
  for (const { label, scale } of dimensions) {
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

/** Whether a value can be given on a scale: a level of ACR, or a step of a continuous scale. */
export function isOnScale(value: number, scale: Scale): boolean {
  if (scale.kind === 'acr') return Number.isInteger(value) && value >= 1 && value <= scale.words.length;
  const steps = (value - scale.min) / scale.step;
  const tolerance = 1e-6;
  return (
    value >= scale.min - tolerance &&
    value <= scale.max + tolerance &&
    Math.abs(steps - Math.round(steps)) < tolerance
  );
}
