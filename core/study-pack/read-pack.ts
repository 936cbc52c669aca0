/** Reads the design of a study pack, a file or a folder, on a thread: of 20,000 images for many raters it is long. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { explainInvalid } from '../../contract/explain-invalid.ts';
import { type Carried, carry } from '../compute/carry-error.ts';
import type { StudyManifest } from '../freeze-study.ts';
import { Manifest, StudyPack } from './pack-format.ts';
import { openPackFile, readDesign } from './unpack-file.ts';

/** What a pack says, checked. */
export interface PackDesign {
  pack: StudyPack;
  manifest: StudyManifest;
}

/** Fails in words with `notFound`, `badInput`. */
export async function readPackDesign(task: { path: string; isFile: boolean }): Promise<Carried<PackDesign>> {
  return await carry(async () =>
    task.isFile
      ? parsePack(await readFromFile(task.path), task.path)
      : parsePack(await readFromFolder(task.path), join(task.path, 'study.json')),
  );
}

async function readFromFile(path: string): Promise<string> {
  const file = await openPackFile(path);
  try {
    return await readDesign(file);
  } finally {
    file.zip.close();
  }
}

async function readFromFolder(path: string): Promise<string> {
  const design = join(path, 'study.json');
  try {
    return await readFile(design, 'utf8');
  } catch (error) {
    throw new StudioError(
      'notFound',
      `${path} is no study pack: there is no study.json in it.`,
      { path: design },
      { cause: error },
    );
  }
}

function parsePack(text: string, path: string): PackDesign {
  try {
    const pack = StudyPack.parse(JSON.parse(text));
    const hash = createHash('sha256').update(pack.manifest).digest('hex');
    if (hash !== pack.manifestHash) throw new Error('the design was changed after it was frozen');
    const manifest = Manifest.parse(JSON.parse(pack.manifest));
    assertComplete(pack, manifest);
    return { pack, manifest };
  } catch (error) {
    const reason = explain(error);
    throw new StudioError('badInput', `${path} cannot be used: ${reason}.`, { path }, { cause: error });
  }
}

function explain(error: unknown): string {
  if (error instanceof z.ZodError) return explainInvalid(error);
  return error instanceof SyntaxError || !(error instanceof Error) ? 'it is not whole' : error.message;
}

/** Whatever the study shows is among the files: what is found missing later would leave half a study behind. */
function assertComplete({ files, raters }: StudyPack, { images, items }: StudyManifest): void {
  const there = new Set(files.map(({ sha256 }) => sha256));
  const shown = [
    ...images.flatMap(({ sha256, reference }) => [sha256, reference]),
    ...items.map(({ sha256 }) => sha256),
  ];
  const laidOut = raters.flatMap(({ presentations }) =>
    presentations.flatMap(({ sha256, other }) => [sha256, other]),
  );
  const lacking = [...shown, ...laidOut].find((sha256) => sha256 !== null && !there.has(sha256));
  if (lacking !== undefined) throw new Error(`it lacks an image of its study (${lacking})`);
}
