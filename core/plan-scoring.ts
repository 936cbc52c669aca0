/** Decides what a run over a folder has to do: which files are new or changed, which are done, which failed before and need no new try. */
import { dirname, join, posix } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { imagesWithVector, missingVectors } from '../db/features.ts';
import { filesAtOrBelow, filesOfRootAfter } from '../db/files.ts';
import type { FileRow } from '../db/schema.ts';
import type { FileFailure } from '../native-models/messages.ts';
import { type RootPart, rootsInside } from './cover-folder.ts';
import {
  absolutePath,
  type FoundImageFile,
  findFilesAt,
  findImageFiles,
  type ProblemPath,
} from './find-files.ts';
import type { LookTask } from './look-at-file.ts';
import { vectorsOf } from './pack-vectors.ts';
import type { Pack } from './packs.ts';
import type { Studio } from './studio.ts';

/** Failures that may be gone when a file is tried again although it did not change. */
const transient = new Set(['unreadable', 'crashed', 'internal', 'tooManyPixels', 'tooManyBytes', 'notAFile']);

/** File rows read at once: more would keep others waiting. */
const rowsAtOnce = 4000;

export interface PlanOrder {
  root: { id: number; path: string };
  /** What of the root is looked through, where `only` names no paths; and whether folders inside belong to it. */
  part: RootPart;
  /** Null: images only need to be known, not to be scored. */
  pack: Pack | null;
  /** Where given, only what was computed with it counts as done. */
  provenanceId?: number | undefined;
  /** Paths below the root that are looked at, and nothing else; everything where null. */
  only: readonly string[] | null;
}

/** What to do with one thing that was found. */
export type Planned =
  | { kind: 'look'; task: LookTask }
  | { kind: 'skip'; imageId: number; sidecarPath: string | null; checkedAt: number }
  | { kind: 'stillFailing'; failure: FileFailure }
  | { kind: 'problem'; problem: ProblemPath };

/**
 * Everything in the folder, with what to do about it, as it is found. The generator's return value is the ids of file rows that
 * were not found again; what lies below a folder that could not be looked into is not among them.
 */
export async function* planScoring(studio: Studio, order: PlanOrder): AsyncGenerator<Planned, number[]> {
  const { root, part, only } = order;
  const { recursive } = part;
  const unseen = await readRows(studio, order);
  const isDone = await findDone(studio, order);
  const closed: string[] = [];
  const except = [join(studio.folder, 'cache'), ...rootsInside(studio.db, root.path)];
  const walked = { folder: root.path, recursive, except };
  const all = only === null ? findImageFiles(walked, part.path) : findFilesAt(walked, only);
  for await (const found of all) {
    if ('unseen' in found && found.unseen !== undefined) closed.push(found.unseen);
    if ('file' in found) {
      const row = unseen.get(found.file.path);
      unseen.delete(found.file.path);
      yield planFile(found.file, row, { root, isDone });
    } else if (found.problem !== undefined) {
      unseen.delete(found.problem.path);
      yield { kind: 'problem', problem: found.problem };
    }
  }
  const isHidden = (path: string) => closed.some((folder) => folder === '.' || path.startsWith(`${folder}/`));
  const isOfPart = (path: string) => recursive || posix.dirname(path) === part.path;
  return [...unseen.values()]
    .filter(({ is_missing, path }) => is_missing === 0 && isOfPart(path) && !isHidden(path))
    .map((row) => row.id);
}

/** What is known of the paths that are looked at; in parts, so that nothing else waits long. */
async function readRows({ db }: Studio, { root, part, only }: PlanOrder): Promise<Map<string, FileRow>> {
  const rows = new Map<string, FileRow>();
  const add = (some: readonly FileRow[]) => {
    for (const row of some) rows.set(row.path, row);
  };
  if (only !== null || part.path !== '.') {
    for (const path of only ?? [part.path]) add(filesAtOrBelow(db, root.id, path));
    return rows;
  }
  for (let after = ''; ; ) {
    const some = filesOfRootAfter(db, root.id, after, rowsAtOnce);
    add(some);
    const last = some.at(-1);
    if (last === undefined || some.length < rowsAtOnce) return rows;
    after = last.path;
    await setImmediate();
  }
}

/** Whether an image has all that the run gives it. */
async function findDone(
  studio: Studio,
  { pack, only, provenanceId }: PlanOrder,
): Promise<(imageId: number) => boolean> {
  if (pack === null) return () => true;
  const { packId, version, kinds } = vectorsOf(pack.manifest);
  const of = { packId, version, provenanceId };
  if (only !== null) return (id) => missingVectors(studio.db, { ...of, kinds }, id).length === 0;
  const [first, ...others] = kinds;
  if (first === undefined) return () => false;
  let scored = imagesWithVector(studio.db, { ...of, kind: first });
  for (const kind of others) {
    await setImmediate();
    const having = imagesWithVector(studio.db, { ...of, kind });
    scored = new Set([...scored].filter((id) => having.has(id)));
  }
  return (id) => scored.has(id);
}

function planFile(
  file: FoundImageFile,
  row: FileRow | undefined,
  { root, isDone }: { root: PlanOrder['root']; isDone: (imageId: number) => boolean },
): Planned {
  const sidecarPath = file.sidecar === null ? null : join(root.path, dirname(file.path), file.sidecar);
  const isSame =
    row !== undefined &&
    row.is_missing === 0 &&
    row.size_bytes === file.sizeBytes &&
    row.mtime_ms === file.mtimeMs;
  if (isSame && row.image_id !== null && isDone(row.image_id)) {
    return { kind: 'skip', imageId: row.image_id, sidecarPath, checkedAt: row.checked_at };
  }
  if (isSame && row.failure_code !== null && !transient.has(row.failure_code)) {
    return {
      kind: 'stillFailing',
      failure: { code: row.failure_code, message: row.failure_message ?? 'It could not be read.' },
    };
  }
  const { path, rawPath, sizeBytes, mtimeMs } = file;
  return {
    kind: 'look',
    task: {
      file: { rootId: root.id, path, rawPath, sizeBytes, mtimeMs },
      path: absolutePath(root.path, file),
      sidecarPath,
    },
  };
}
