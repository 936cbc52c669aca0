/** Freezes a study at its first vote: what exactly was asked, about which contents, in which order; with a hash that names it. */
import { createHash } from 'node:crypto';
import type { StudyDesign } from '../contract/studies.ts';
import { imageById } from '../db/images.ts';
import { freezeStudy, stimuliOf, studyItemsOf } from '../db/studies.ts';
import { orderVersion } from './lay-out.ts';
import type { StudyCore } from './studies.ts';
import type { Studio } from './studio.ts';
import { studioVersion } from './version.ts';

/** What is frozen. Images go by the SHA-256 of their bytes, so that it means the same in every library. */
export interface StudyManifest {
  format: 'sf-iqa-studio/study';
  version: 1;
  study: { uid: string; name: string; version: number };
  studio: string;
  order: { algorithm: number; seed: number };
  design: StudyDesign;
  images: {
    sha256: string;
    name: string;
    prompt: string | null;
    generator: string | null;
    group: string | null;
    reference: string | null;
  }[];
  items: {
    role: string;
    sha256: string;
    dimension: string;
    expected: number | null;
    tolerance: number | null;
  }[];
}

/** The study as it stands, ready to be frozen; in an order that does not depend on the library's ids. */
export function describeManifest(studio: Pick<Studio, 'db'>, study: StudyCore): StudyManifest {
  const { db } = studio;
  const hashOf = (id: number) => imageById(db, id)?.hash ?? '';
  const images = stimuliOf(db, study.id).map((row) => ({
    sha256: row.hash ?? '',
    name: row.name,
    prompt: row.prompt,
    generator: row.generator,
    group: row.group_name,
    reference: row.reference_id === null ? null : hashOf(row.reference_id),
  }));
  const items = studyItemsOf(db, study.id).map((row) => ({
    role: row.role,
    sha256: hashOf(row.image_id),
    dimension: row.dimension,
    expected: row.expected,
    tolerance: row.tolerance,
  }));
  return {
    format: 'sf-iqa-studio/study',
    version: 1,
    study: { uid: study.uid, name: study.name, version: study.version },
    studio: studioVersion,
    order: { algorithm: orderVersion, seed: study.design.seed },
    design: study.design,
    images: sortByText(images, ({ sha256, name }) => `${sha256} ${name}`),
    items: sortByText(items, ({ role, sha256, dimension }) => `${role} ${sha256} ${dimension}`),
  };
}

/** Sorted by code units, the same in every locale; every text is made once. */
function sortByText<Item>(items: readonly Item[], textOf: (item: Item) => string): Item[] {
  const named = items.map((item) => ({ item, text: textOf(item) }));
  named.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  return named.map(({ item }) => item);
}

/** The manifest as it is stored, and its SHA-256. */
export interface FrozenText {
  manifest: string;
  manifest_hash: string;
}

export function writeManifest(studio: Pick<Studio, 'db'>, study: StudyCore): FrozenText {
  const manifest = JSON.stringify(describeManifest(studio, study));
  return { manifest, manifest_hash: createHash('sha256').update(manifest).digest('hex') };
}

/**
 * Freezes a study that is not frozen yet; call it in the transaction of the first vote.
 *
 * @param text written before, where nobody can have changed the study since
 */
export function freeze(studio: Studio, study: StudyCore, text?: FrozenText): void {
  if (study.frozen_at !== null) return;
  freezeStudy(studio.db, study.id, {
    ...(text ?? writeManifest(studio, study)),
    frozen_at: studio.now(),
  });
  studio.bus.changed('studies');
}
