/** Makes a pack: graphs, what they need of the weights (links, copies, conversions, or nothing), the tokeniser, the manifest; whole or not at all. */
import { createHash } from 'node:crypto';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError, toStudioError } from '../../contract/errors.ts';
import type { AddPack, PackGraph, PackManifest, PackNetwork } from '../../contract/pack.ts';
import { toFileError } from '../checkpoints/byte-source.ts';
import type { CheckpointFile } from '../checkpoints/checkpoint.ts';
import { showBytes } from '../checkpoints/invalid.ts';
import { checkUnchanged } from '../checkpoints/open-checkpoint.ts';
import { graphBuilderVersion } from '../graphs/graph-builder.ts';
import { type WriteOptions, writeConverted } from '../graphs/write-converted.ts';
import type { BuildPackRequest, BuiltPack, ModelsProgress } from '../messages.ts';
import { preprocessVersion } from '../preprocess/version.ts';
import { adoptPack } from './adopt-pack.ts';
import { describePack } from './describe-pack.ts';
import { type DrawnBranch, drawGraphs } from './draw-graphs.ts';
import { type Outline, outlinePack } from './outline.ts';
import { PackSite } from './pack-site.ts';
import { findPackTokeniser, readPackTokeniser, tokeniserFile } from './pack-tokeniser.ts';
import { freeBytesAt, placeFiles } from './place-files.ts';
import { type Estimate, estimateIn } from './plan-pack.ts';

export interface BuildOptions {
  onProgress?: ((progress: ModelsProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** Where converted tensors are written to; for tests of full disks. */
  openTarget?: WriteOptions['openTarget'];
}

/**
 * Writes nothing but the pack's folder; on any failure nothing of it is left. Memory: some pieces of 4 MiB, one graph, and the largest matrix in int8, whatever the size.
 *
 * @throws StudioError `conflict` where `to` is there, `diskFull`, `cancelled`, and what `planPack` throws
 */
export async function buildPack(request: BuildPackRequest, options: BuildOptions = {}): Promise<BuiltPack> {
  const { order, id, to } = request;
  if ((await stat(to).catch(() => null)) !== null) {
    throw new StudioError('conflict', `There is a pack “${id}” already (${to}). Choose another id.`, {
      path: to,
    });
  }
  const site = new PackSite(to);
  try {
    await site.open();
    const built =
      order.folder === undefined
        ? await fillSite(site, request, options)
        : await adoptPack(site, order.folder, { request, ...options });
    await writeFile(join(site.folder, 'manifest.json'), `${JSON.stringify(built.manifest, null, 2)}\n`);
    options.signal?.throwIfAborted();
    await site.finish();
    return built;
  } catch (thrown) {
    await site.discard();
    const isSystem = thrown instanceof Error && 'syscall' in thrown;
    throw isSystem ? toFileError(thrown, to) : toStudioError(thrown);
  }
}

async function fillSite(
  site: PackSite,
  request: BuildPackRequest,
  options: BuildOptions,
): Promise<BuiltPack> {
  const { order } = request;
  const outline = await outlinePack(order);
  const tokeniser = outline.similarity === null ? null : await findPackTokeniser(order, outline);
  const sizes = await estimateIn(outline, order, site.folder);
  await checkSpace(site, sizes);
  await placeWeights(site, sizes, options);
  const { graphs, written } = await writeGraphs(site, outline, { request, sizes, options });
  const tokens = tokeniser === null ? null : await readPackTokeniser(tokeniser.path);
  if (tokens !== null) await writeFile(join(site.folder, tokeniserFile), tokens);
  await checkUnchanged(filesOf(outline));
  const network: PackNetwork = {
    builder: graphBuilderVersion,
    preprocess: preprocessVersion,
    precision: order.precision,
    members: outline.members.map(({ name, logitScale }) => ({ name, logitScale, graphs: graphs.get(name)! })),
    quality: outline.quality,
    similarity: outline.similarity && {
      ...outline.similarity,
      tokeniser: tokeniserFile,
      tokeniserSha256: createHash('sha256').update(tokens!).digest('hex'),
    },
    sources: [
      ...(await describeMapped(site, outline, sizes)),
      ...(await Promise.all(written.map((file) => describeWritten(site, file)))),
    ],
    graphFolder: null,
    madeFrom: describeOrder(order, outline),
    fingerprint: fingerprintOf(outline, graphs),
  };
  return {
    manifest: makeManifest(request, outline, { network, licenceFile: await findLicence(outline.folders) }),
    fusion: outline.members.flatMap(({ fusion }) => fusion ?? []),
  };
}

/** What `remake` makes it of again. */
function describeOrder({ sfiqa, clip, backbone }: AddPack, outline: Outline): PackNetwork['madeFrom'] {
  const files = filesOf(outline).map(({ path, sizeBytes, mtimeMs }) => ({ path, sizeBytes, mtimeMs }));
  return { ...(sfiqa && { sfiqa }), ...(clip && { clip }), ...(backbone && { backbone }), files };
}

function filesOf({ members }: Outline): CheckpointFile[] {
  const files = members.flatMap(({ branches }) => branches.flatMap(({ checkpoint }) => checkpoint.files));
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

async function checkSpace(
  { folder }: PackSite,
  { graphBytes, convertedBytes, copiedBytes }: Estimate,
): Promise<void> {
  const needed = graphBytes + convertedBytes + copiedBytes;
  const free = await freeBytesAt(folder);
  if (needed <= free) return;
  throw new StudioError(
    'diskFull',
    `This pack needs ${showBytes(needed)} in ${folder}, where ${showBytes(free)} are free. Make room, or choose float32 without a copy, which writes next to nothing.`,
    { needed, free },
  );
}

async function placeWeights(
  { folder }: PackSite,
  { mappedFiles, places, copiedBytes }: Estimate,
  { signal, onProgress }: BuildOptions,
): Promise<void> {
  let done = 0;
  await placeFiles(mappedFiles, folder, {
    ...{ places, signal },
    onBytes(bytes) {
      done += bytes;
      onProgress?.({ phase: 'copy', done, total: copiedBytes });
    },
  });
}

async function writeGraphs(
  site: PackSite,
  outline: Outline,
  { request, sizes, options }: { request: BuildPackRequest; sizes: Estimate; options: BuildOptions },
): Promise<{ graphs: Map<string, PackGraph[]>; written: string[] }> {
  const graphs = new Map<string, PackGraph[]>(outline.members.map(({ name }) => [name, []]));
  const hashes = new Map<string, string>();
  const written: string[] = [];
  let doneBytes = 0;
  for await (const drawn of drawGraphs(outline, request.order.precision, sizes.places)) {
    options.signal?.throwIfAborted();
    if (drawn.drawing !== null) {
      const { graphs: onnxFiles, planned, convertedFile } = drawn.drawing;
      const before = doneBytes;
      const onProgress = (bytes: number) => {
        doneBytes = before + bytes;
        options.onProgress?.({ phase: 'convert', done: doneBytes, total: sizes.convertedBytes });
      };
      if (planned.length > 0) {
        const { signal, openTarget } = options;
        await writeConverted(join(site.folder, convertedFile), planned, {
          onProgress,
          signal,
          openTarget,
        });
        written.push(convertedFile);
      }
      for (const [file, onnx] of onnxFiles) {
        await writeFile(join(site.folder, file), onnx);
        hashes.set(file, createHash('sha256').update(onnx).digest('hex'));
      }
    }
    graphs.get(drawn.member)!.push(...describeGraphs(drawn, hashes));
  }
  return { graphs, written };
}

function describeGraphs(
  { role, precision, lowered, tensorSet, weightBytes, weightsFolder }: DrawnBranch,
  hashes: ReadonlyMap<string, string>,
): PackGraph[] {
  return lowered.map(({ lowering, file }) => ({
    ...{ role, precision, lowering, file, sha256: hashes.get(file)! },
    ...{ tensorSet, weightBytes, weightsFolder },
  }));
}

/** The checkpoint's files that graphs map; copies are the pack's own. */
async function describeMapped(
  site: PackSite,
  outline: Outline,
  { mappedFiles, places: { how, nameOf } }: Estimate,
): Promise<PackNetwork['sources']> {
  if (how === 'copied')
    return await Promise.all(mappedFiles.map((file) => describeWritten(site, nameOf(file))));
  return filesOf(outline)
    .filter(({ path }) => mappedFiles.includes(path))
    .map((file) => ({
      ...file,
      link: nameOf(file.path),
      isOriginal: true,
      isInPlace: how === 'inPlace',
    }));
}

async function describeWritten(site: PackSite, file: string): Promise<PackNetwork['sources'][number]> {
  const { size, mtimeMs } = await stat(join(site.folder, file));
  return { link: file, path: file, sizeBytes: size, mtimeMs, isOriginal: false, isInPlace: false };
}

/** Over all tensors of all members, whatever the precision. */
function fingerprintOf({ members }: Outline, graphs: Map<string, PackGraph[]>): string {
  const parts = members.map(({ name, logitScale }) => {
    const exact = graphs.get(name)!.filter(({ precision }) => precision === 'float32');
    return [name, logitScale, ...new Set(exact.map(({ tensorSet }) => tensorSet))];
  });
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function makeManifest(
  { id, title }: BuildPackRequest,
  outline: Outline,
  { network, licenceFile }: { network: PackNetwork; licenceFile: string | null },
): PackManifest {
  const { quality, similarity } = network;
  return {
    format: 'sfiqa-pack/1',
    ...{ id, title, kind: 'network', network, isUntrained: isUntrained(outline) },
    ...describePack(outline, licenceFile),
    features: {
      version: versionOf(network),
      // A pack without quality branch or backbone lets heads read the image's embedding.
      length: quality?.featureLength ?? similarity!.embeddingLength,
    },
    heads: [],
    training: {},
  };
}

async function findLicence(folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) {
    const name = (await readdir(folder)).find((one) => /^licen[cs]e(\.(txt|md))?$/i.test(one));
    if (name !== undefined) return join(folder, name);
  }
  return null;
}

/** What a file of weights says of itself (safetensors' metadata) where a formula made them, for tests and benchmarks. */
export const untrainedMark = 'untrained';

function isUntrained({ members }: Outline): boolean {
  return members.some(({ branches }) =>
    branches.some(({ checkpoint }) => untrainedMark in checkpoint.metadata),
  );
}

/** A number for what numbers depend on: packs that compute otherwise have another one, so that what was stored counts as stale. */
function versionOf({
  fingerprint,
  precision,
  builder,
  preprocess,
  quality,
  similarity,
}: PackNetwork): number {
  const key = JSON.stringify([fingerprint, precision, builder, preprocess, quality, similarity]);
  return 1 + (createHash('sha256').update(key).digest().readUInt32BE(0) >>> 1);
}
