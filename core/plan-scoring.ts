/** Decides what a scoring run has to do: which files are new or changed, which are done, which failed before and need no new try. */
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { imagesWithVector } from '../db/features.ts';
import { filesOfRoot } from '../db/files.ts';
import type { FileRow } from '../db/schema.ts';
import type { FileFailure } from '../native-models/messages.ts';
import { absolutePath, type FoundImageFile, findImageFiles, type ProblemPath } from './find-files.ts';
import type { LookTask } from './look-at-file.ts';
import { vectorsOf } from './pack-vectors.ts';
import type { Pack } from './packs.ts';
import type { Studio } from './studio.ts';

/** Failures that may be gone when a file is tried again although it did not change. */
const transient = new Set(['unreadable', 'crashed', 'internal', 'tooManyPixels', 'tooManyBytes', 'notAFile']);

export interface PlanOrder {
  root: { id: number; path: string };
  recursive: boolean;
  pack: Pack;
}

/** What to do with one thing that was found. */
export type Planned =
  | { kind: 'look'; task: LookTask }
  | { kind: 'skip'; imageId: number; sidecarPath: string | null }
  | { kind: 'stillFailing'; failure: FileFailure }
  | { kind: 'problem'; problem: ProblemPath };

/**
 * Everything in the folder, with what to do about it, as it is found. The generator's return value is the ids of file rows that
 * were not found again.
 */
export async function* planScoring(studio: Studio, order: PlanOrder): AsyncGenerator<Planned, number[]> {
  const { root, recursive, pack } = order;
  const unseen = filesOfRoot(studio.db, root.id);
  const scored = await findScored(studio, pack);
  for await (const found of findImageFiles(root.path, recursive)) {
    if ('problem' in found) {
      unseen.delete(found.problem.path);
      yield { kind: 'problem', problem: found.problem };
    } else {
      const row = unseen.get(found.file.path);
      unseen.delete(found.file.path);
      yield planFile(found.file, row, { root, scored });
    }
  }
  return [...unseen.values()]
    .filter((row) => row.is_missing === 0 && (recursive || !row.path.includes('/')))
    .map((row) => row.id);
}

/** Images that have all vectors of the pack; one kind after the other, so that nothing else waits long. */
async function findScored({ db }: Studio, { manifest }: Pack): Promise<Set<number>> {
  const { packId, version, kinds } = vectorsOf(manifest);
  const [first, ...others] = kinds;
  if (first === undefined) return new Set();
  let scored = imagesWithVector(db, { packId, version, kind: first });
  for (const kind of others) {
    await setImmediate();
    const having = imagesWithVector(db, { packId, version, kind });
    scored = new Set([...scored].filter((id) => having.has(id)));
  }
  return scored;
}

function planFile(
  file: FoundImageFile,
  row: FileRow | undefined,
  { root, scored }: { root: PlanOrder['root']; scored: ReadonlySet<number> },
): Planned {
  const sidecarPath = file.sidecar === null ? null : join(root.path, dirname(file.path), file.sidecar);
  const isSame =
    row !== undefined &&
    row.is_missing === 0 &&
    row.size_bytes === file.sizeBytes &&
    row.mtime_ms === file.mtimeMs;
  if (isSame && row.image_id !== null && scored.has(row.image_id)) {
    return { kind: 'skip', imageId: row.image_id, sidecarPath };
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
