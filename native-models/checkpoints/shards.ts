/** Finds the checkpoint in a folder, and reads the index of one that was saved in several files. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { parseBoundedObject } from './bounded-json.ts';
import { type ByteSource, toFileError } from './byte-source.ts';
import { invalid, quote, showBytes } from './invalid.ts';
import { limits } from './limits.ts';

/** In order of preference, as the hub's own loader has it: safetensors before pickles, an index before a single file. */
const wanted = [
  /\.safetensors\.index\.json$/,
  /^model\.safetensors$/,
  /\.safetensors$/,
  /\.bin\.index\.json$/,
  /^pytorch_model\.bin$/,
  /\.(pt|pth|bin)$/,
];

/**
 * The file in a folder that is its checkpoint.
 *
 * @throws StudioError `badInput` when there is none, or several of the same kind
 */
export async function findCheckpointFile(folder: string): Promise<string> {
  const names = await readdir(folder).catch((thrown) => {
    throw toFileError(thrown, folder);
  });
  for (const pattern of wanted) {
    const [first, second] = names.filter((name) => pattern.test(name)).sort();
    if (second !== undefined) {
      throw new StudioError(
        'badInput',
        `The folder ${folder} has several checkpoints (${first}, ${second}). Choose one of the files.`,
        { path: folder },
      );
    }
    if (first !== undefined) return join(folder, first);
  }
  throw new StudioError(
    'badInput',
    `The folder ${folder} has no checkpoint: no .safetensors, .bin, .pt or .pth file.`,
    { path: folder },
  );
}

const ShardIndex = z.object({ weight_map: z.record(z.string(), z.string()) });

/**
 * The parts that an index names (absolute paths, beside it) and the tensors each must have.
 *
 * @throws StudioError `checkpointInvalid`
 */
export async function readShardIndex(source: ByteSource): Promise<Map<string, Set<string>>> {
  const { path } = source;
  if (source.sizeBytes > limits.headerBytes) {
    throw invalid(
      `${path} has ${showBytes(source.sizeBytes)}; an index has at most ${showBytes(limits.headerBytes)}.`,
      { path },
    );
  }
  const { weight_map: map } = parseIndex(await source.read(0, source.sizeBytes), path);
  const parts = new Map<string, Set<string>>();
  const entries = Object.entries(map);
  if (entries.length === 0 || entries.length > limits.tensors) {
    throw invalid(`${path} names ${entries.length} tensors.`, { path });
  }
  for (const [tensor, file] of entries) {
    // A part lies beside its index; a path would lead elsewhere.
    if (basename(file) !== file || /[/\\:]|^\.\.?$|^$/.test(file)) {
      throw invalid(`${path}: the part ${quote(file)} of tensor ${quote(tensor)} is not a plain file name.`, {
        path,
        tensor,
      });
    }
    const part = join(dirname(path), file);
    const names = parts.get(part) ?? new Set();
    parts.set(part, names.add(tensor));
  }
  await checkParts(parts, path);
  return parts;
}

function parseIndex(bytes: Buffer, path: string): z.infer<typeof ShardIndex> {
  const parsed = ShardIndex.safeParse(parseBoundedObject(bytes, path));
  if (parsed.success) return parsed.data;
  throw invalid(
    `${path} is not the index of a sharded checkpoint: it needs a weight_map from tensors to file names.`,
    { path },
  );
}

async function checkParts(parts: ReadonlyMap<string, unknown>, path: string): Promise<void> {
  const there = new Set(await readdir(dirname(path)));
  const missing = [...parts.keys()].map((part) => basename(part)).filter((part) => !there.has(part));
  if (missing.length > 0) {
    throw invalid(
      `${path}: ${parts.size - missing.length} of ${parts.size} parts are there; ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ' …' : ''} missing. Download them into the same folder.`,
      { path },
    );
  }
}
