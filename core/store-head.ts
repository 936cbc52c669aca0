/** Puts a head in its place: new, or known by its weights, so that no head's account of itself is written over. */
import { createHash } from 'node:crypto';
import type { HeadKind } from '../contract/heads.ts';
import { findSameHead, readHeldOut, saveHead, saveHeldOut, setHeadReport } from '../db/heads.ts';
import type { HeadRow } from '../db/schema.ts';
import { type HeadReport, reportOf } from './heads.ts';
import type { Studio } from './studio.ts';

export interface NewHead {
  packId: string;
  name: string;
  kind: HeadKind;
  inputs: HeadRow['inputs'];
  target: string;
  parentId: number | null;
  dataHash: string | null;
  report: HeadReport;
  /** As `encodeHead` gives them. */
  weights: Buffer;
  /** What was said of images that were held out, by image; where that is known. */
  heldOut?: ReadonlyMap<number, number>;
}

export interface StoredHead {
  id: number;
  /** In a sentence: which head it equals, where these weights were there already; null for a new one. */
  equalTo: string | null;
}

/**
 * Stores a head, not in use. The same weights for the same target of a pack are one head, which keeps its name and its report; only where
 * that says nothing of held-out rows (it was imported, or averaged before they were known) and the new one does, the new report takes its
 * place. What it said of each held-out image is kept where it was not (of a head that an earlier version trained).
 */
export function storeHead(studio: Studio, { report, weights, heldOut, ...head }: NewHead): StoredHead {
  const { db } = studio;
  const key = {
    pack_id: head.packId,
    inputs: head.inputs,
    target: head.target,
    weights_hash: createHash('sha256').update(weights).digest('hex'),
  };
  const same = findSameHead(db, key);
  const text = JSON.stringify(report);
  if (same === undefined) {
    const { name, kind, parentId: parent_id, dataHash: data_hash } = head;
    const created = { is_shipped: 0, created_at: studio.now(), weights, report: text } as const;
    const id = db.transaction(() => {
      const newId = saveHead(db, { ...key, ...created, name, kind, parent_id, data_hash });
      saveHeldOut(db, newId, heldOut ?? []);
      return newId;
    });
    studio.bus.changed('heads');
    return { id, equalTo: null };
  }
  const known = reportOf(same);
  const isTrained = report.training !== null;
  const isJudged = report.heldOut !== null && (isTrained || report.ensembleOf.length > 0);
  const teaches =
    same.is_shipped === 0 &&
    ((isJudged && known.heldOut === null) || (isTrained && known.labels.length === 0));
  const isKept = heldOut === undefined || readHeldOut(db, same.id).size > 0;
  if (teaches || !isKept) {
    db.transaction(() => {
      if (teaches) setHeadReport(db, same.id, text);
      if (heldOut !== undefined) saveHeldOut(db, same.id, heldOut);
    });
    studio.bus.changed('heads');
    const what = teaches
      ? 'It has these figures now, and keeps its name.'
      : 'It keeps its name and figures; what it said of held-out images is known now, too.';
    return { id: same.id, equalTo: describeEqual(same, what) };
  }
  return { id: same.id, equalTo: describeEqual(same, 'It stays as it is, with its own name and figures.') };
}

function describeEqual({ id, name }: HeadRow, what: string): string {
  return `Equal to head ${id} “${name}”, weight for weight, so there is no second one. ${what}`;
}
