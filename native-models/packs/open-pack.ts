/** Opens a pack of networks for use: its manifest is read, and its files are found to be what they were when it was added. */
import { createHash } from 'node:crypto';
import { access, constants, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StudioError, systemCodeOf } from '../../contract/errors.ts';
import { explainInvalid } from '../../contract/explain-invalid.ts';
import { type PackGraph, PackManifest, type PackNetwork } from '../../contract/pack.ts';
import { explainSystem } from '../checkpoints/byte-source.ts';
import { graphBuilderVersion } from '../graphs/graph-builder.ts';
import { preprocessVersion } from '../preprocess/version.ts';

export interface OpenPack {
  manifest: PackManifest;
  network: PackNetwork;
  folder: string;
  /** Where graphs and weights are. */
  graphFolder: string;
}

/**
 * @throws StudioError `notFound` (a file is gone), `unreadable`, `unsupported` (a newer studio made it), `conflict` (a checkpoint was edited, or an
 *   older studio made it), `checkpointInvalid` (a damaged or changed file of the pack)
 * @param isMoved it was exported: all of it lies in `folder`, and its files have other times
 */
export async function openPack(folder: string, { isMoved = false } = {}): Promise<OpenPack> {
  const manifest = await readManifest(folder);
  const { network } = manifest;
  if (network === null) {
    throw new StudioError('unsupported', `The pack “${manifest.title}” has no networks.`, { path: folder });
  }
  checkVersions(manifest, network);
  const graphFolder = isMoved ? folder : (network.graphFolder ?? folder);
  for (const source of network.sources) {
    await checkSource(source, { folder: graphFolder, title: manifest.title, isMoved });
  }
  for (const { file, sha256 } of listGraphs(network)) {
    await checkContent(join(graphFolder, file), sha256, manifest.title);
  }
  if (network.similarity !== null) {
    const { tokeniser, tokeniserSha256 } = network.similarity;
    await checkContent(join(folder, tokeniser), tokeniserSha256, manifest.title);
  }
  return { manifest, network, folder, graphFolder };
}

/** Changes when any file of an open pack has been changed, replaced or removed; costs a look at each file's entry. */
export async function stampPack({ network, folder, graphFolder }: OpenPack): Promise<string> {
  const paths = [
    join(folder, 'manifest.json'),
    ...network.sources.map(({ link, path, isInPlace }) => (isInPlace ? path : join(graphFolder, link))),
    ...listGraphs(network).map(({ file }) => join(graphFolder, file)),
    ...(network.similarity === null ? [] : [join(folder, network.similarity.tokeniser)]),
  ];
  const infos = await Promise.all(paths.map((path) => stat(path).catch(() => null)));
  return JSON.stringify(infos.map((info) => info && [info.size, info.mtimeMs, info.ino]));
}

/** Each graph file once. */
export function listGraphs({ members }: PackNetwork): PackGraph[] {
  const byFile = new Map(members.flatMap(({ graphs }) => graphs.map((graph) => [graph.file, graph])));
  return [...byFile.values()];
}

const AnyFormat = z.looseObject({ format: z.string().regex(/^sfiqa-pack\/\d+$/) });

/** The manifest in a pack's folder, checked. @throws StudioError as `openPack` */
export async function readManifest(folder: string): Promise<PackManifest> {
  const path = join(folder, 'manifest.json');
  const text = (await readPackFile(path, folder)).toString('utf8');
  const damaged = (why: string) =>
    new StudioError('checkpointInvalid', `${path} is no manifest of a pack: ${why}. Add the pack again.`, {
      path,
    });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw damaged('it is not JSON');
  }
  const format = AnyFormat.safeParse(json).data?.format;
  if (format !== undefined && format !== 'sfiqa-pack/1') throw newer(path, format);
  const parsed = PackManifest.safeParse(json);
  if (parsed.success) return parsed.data;
  throw damaged(explainInvalid(parsed.error));
}

function newer(path: string, what: string): StudioError {
  return new StudioError(
    'unsupported',
    `${path} was made by a newer version of the studio (${what}). Update the studio, or add the model again.`,
    { path },
  );
}

function checkVersions({ title }: PackManifest, { builder, preprocess }: PackNetwork): void {
  if (builder > graphBuilderVersion) throw newer(`The pack “${title}”`, `graphs ${builder}`);
  if (preprocess > preprocessVersion) throw newer(`The pack “${title}”`, `preprocessing ${preprocess}`);
  if (builder < graphBuilderVersion || preprocess < preprocessVersion) {
    throw new StudioError(
      'conflict',
      `The pack “${title}” was made by an older version of the studio, which computed otherwise. Make it again from the same files (Models → Make again, or \`sfiqa models remake\`): it takes seconds, and your heads stay.`,
      { builder, preprocess },
    );
  }
}

async function checkSource(
  { link, path, sizeBytes, mtimeMs, isOriginal, isInPlace }: PackNetwork['sources'][number],
  { folder, title, isMoved }: { folder: string; title: string; isMoved: boolean },
): Promise<void> {
  const place = isInPlace && !isMoved ? path : join(folder, link);
  const [info] = await Promise.all([stat(place), access(place, constants.R_OK)]).catch((thrown) => {
    throw toPackError(thrown, place, title);
  });
  if (info.size === sizeBytes && (isMoved || info.mtimeMs === mtimeMs)) return;
  if (isMoved) {
    throw new StudioError(
      'conflict',
      `${place} has ${info.size} bytes, not the ${sizeBytes} that the pack “${title}” was exported with: copy the whole folder again.`,
      { path: place },
    );
  }
  throw new StudioError(
    'conflict',
    isOriginal
      ? `${path} was changed after it was added as the pack “${title}”: its scores would not be those of the model that was added. Add it again.`
      : `${place} of the pack “${title}” was changed. Add the model again.`,
    { path: isOriginal ? path : place },
  );
}

/** @param sha256 what it was when the pack was made; undefined where that was not noted */
async function checkContent(path: string, sha256: string | undefined, title: string): Promise<void> {
  const found = createHash('sha256')
    .update(await readPackFile(path, title))
    .digest('hex');
  if (sha256 === undefined || found === sha256) return;
  throw new StudioError(
    'checkpointInvalid',
    `${path} is not the file that the pack “${title}” was made with: it was changed or damaged. Make the pack again.`,
    { path },
  );
}

async function readPackFile(path: string, title: string): Promise<Buffer> {
  return await readFile(path).catch((thrown) => {
    throw toPackError(thrown, path, title);
  });
}

function toPackError(thrown: unknown, path: string, title: string): StudioError {
  const system = systemCodeOf(thrown);
  const isGone = system === 'ENOENT' || system === 'ENOTDIR';
  return new StudioError(
    isGone ? 'notFound' : 'unreadable',
    isGone
      ? `${path} of the pack “${title}” is gone: it was moved or deleted, or its disk is not there. Add the model again.`
      : `${path} of the pack “${title}” cannot be read: ${explainSystem(thrown)}.`,
    { path, system },
    { cause: thrown },
  );
}
