/**
 * One thread of the models process: reads, decodes, and measures or prepares one image at a time. Most threads only read and decode, so the
 * rest is loaded when it is first asked for: what a thread holds, it goes through again and again to collect what it does not need any more.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../contract/errors.ts';
import type { PackNetwork } from '../contract/pack.ts';
import { answerOrProblem } from './describe-problem.ts';
import { decode, type RgbImage } from './images/decode.ts';
import { describeFailure } from './images/failures.ts';
import { hashOf, withImageFile } from './images/read-image-file.ts';
import { readFingerprint, writeShown, writeThumbnail } from './images/show.ts';
import type { Prepared } from './inference/run-pack.ts';
import { keepCompiled } from './keep-compiled.ts';
import type {
  FileFailure,
  FingerprintRequest,
  IdentifyRequest,
  Identity,
  Look,
  LookRequest,
  ModelsAnswers,
  Problem,
  ReadHeadRequest,
  RenderRequest,
  ThumbnailRequest,
  WriteHeadRequest,
} from './messages.ts';

/** Errors lose their class between threads, so what is wrong with a file travels as a value. */
export type Outcome<Answer> = { answer: Answer } | { failure: FileFailure } | { problem: Problem };

async function attempt<Answer>(kind: string, work: () => Promise<Answer>): Promise<Outcome<Answer>> {
  try {
    return { answer: await work() };
  } catch (thrown) {
    if (!(thrown instanceof StudioError) || !('written' in thrown.details)) {
      return { failure: describeFailure(thrown) };
    }
    const { code, message, details } = thrown;
    return { problem: { code, message, details } };
  } finally {
    keepCompiled(kind);
  }
}

export function identify({ kind, path, limits, thumbnails }: IdentifyRequest): Promise<Outcome<Identity>> {
  return attempt(kind, async () => {
    const { identifyFile } = await import('./images/identify.ts');
    return await identifyFile(path, limits, thumbnails);
  });
}

export function fingerprint({ kind, path, limits }: FingerprintRequest): Promise<Outcome<Float32Array>> {
  return attempt(kind, () => readFingerprint(path, limits));
}

export function look(request: LookRequest): Promise<Outcome<Look>> {
  return attempt(request.kind, async () => {
    const { findLooker } = await import('./find-looker.ts');
    return findLooker(request.packFolder)(await decodeUnchanged(request));
  });
}

/** Makes of an image what the networks of a pack take. What is wrong with the pack is a problem, what is wrong with the file its failure. */
export async function prepare(request: LookRequest): Promise<Outcome<Prepared>> {
  const found = await answerOrProblem(() => findNetwork(request.packFolder));
  if ('problem' in found) return found;
  const { prepareImage } = await import('./inference/prepare-image.ts');
  return await attempt('prepare', async () => prepareImage(await decodeUnchanged(request), found.answer));
}

async function decodeUnchanged({ path, hash, limits }: LookRequest): Promise<RgbImage> {
  return await withImageFile(path, limits, async ({ bytes }) => {
    if (hashOf(bytes) === hash) return await decode(bytes, limits);
    throw new StudioError('unreadable', 'The file changed while it was being read. Score the folder again.', {
      system: 'changed',
    });
  });
}

export function thumbnail({
  kind,
  path,
  limits,
  sizePx,
  to,
}: ThumbnailRequest): Promise<Outcome<{ width: number; height: number }>> {
  return attempt(kind, () => writeThumbnail(path, limits, { sizePx, to }));
}

export function render({ kind, path, limits, to }: RenderRequest): Promise<Outcome<{ mediaType: string }>> {
  return attempt(kind, () => writeShown(path, limits, to));
}

/** Problems with the disk are nobody's file's. */
export function writeHead({ head, about, to }: WriteHeadRequest): Promise<Outcome<{ sizeBytes: number }>> {
  return answerOrProblem(async () => {
    const { writeHeadGraph } = await import('./graphs/head-graph.ts');
    return await writeHeadGraph(head, about, to);
  });
}

export async function readHead({ bytes }: ReadHeadRequest): Promise<Outcome<ModelsAnswers['readHead']>> {
  const { readHeadAbout } = await import('./graphs/head-graph.ts');
  return { answer: readHeadAbout(bytes) };
}

/** Nothing: a thread that has done it has loaded what it needs. */
export function wake(): void {}

const networks = new Map<string, { network: PackNetwork; mtimeMs: number }>();

/** Read again where the pack was made anew under its name. */
async function findNetwork(packFolder: string): Promise<PackNetwork> {
  const info = await stat(join(packFolder, 'manifest.json')).catch(() => null);
  const found = networks.get(packFolder);
  if (found !== undefined && found.mtimeMs === info?.mtimeMs) return found.network;
  const { readManifest } = await import('./packs/open-pack.ts');
  const { network, title } = await readManifest(packFolder);
  if (network === null) throw new StudioError('unsupported', `The pack “${title}” has no networks.`);
  networks.set(packFolder, { network, mtimeMs: info?.mtimeMs ?? 0 });
  return network;
}
