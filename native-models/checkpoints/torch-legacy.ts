/**
 * Reads the format that torch.save wrote before 1.6: five pickles, then the storages one after the other.
 * Source: torch/serialization.py (`_legacy_load`).
 */
import type { ByteSource } from './byte-source.ts';
import { itemBytes, type TensorEntry } from './checkpoint.ts';
import { invalid, quote, showBytes } from './invalid.ts';
import { limits } from './limits.ts';
import { readPickle } from './pickle.ts';
import { asKind, type PickleStorage, type PickleValue } from './pickle-values.ts';
import { placeTensor, type StorageRange } from './tensor-layout.ts';
import { collectTensors, hostOf } from './torch-objects.ts';

const magicNumber = 0x1950_a86a_20f9_469c_fc6cn;
const protocolVersion = 1001;

/** Its bytes in a pickle; before them stand the protocol (2 bytes) and from protocol 4 on a frame (9 bytes). */
const legacyMagic = Buffer.from('8a0a6cfc9c46f9206aa850192e', 'hex');

/** Whether a file that begins so is of the legacy format. */
export function isTorchLegacy(head: Buffer): boolean {
  return head[0] === 0x80 && [2, 11].includes(head.indexOf(legacyMagic));
}

/**
 * The tensors of a legacy file, in the order of its dictionaries.
 *
 * @throws StudioError `checkpointInvalid` naming what is wrong and where
 */
export async function readTorchLegacy(source: ByteSource): Promise<TensorEntry[]> {
  const { path } = source;
  const bytes = await source.read(0, Math.min(source.sizeBytes, limits.headerBytes));
  const storages = new Map<string, PickleStorage>();
  let position = 0;
  function readNext(): PickleValue {
    const { value, end } = readPickle({ bytes, path }, position, hostOf(storages, path));
    position = end;
    return value;
  }
  const [magic, protocol, system, root, keys] = [readNext(), readNext(), readNext(), readNext(), readNext()];
  if (magic !== magicNumber || protocol !== protocolVersion) {
    throw invalid(`${path}: version ${String(protocol)} of the legacy PyTorch format is not known.`, {
      path,
    });
  }
  if (asKind(system, 'dict')?.entries.get('little_endian') !== true) {
    throw invalid(`${path}: the numbers are not stored in little-endian byte order.`, { path });
  }
  const places = await placeStorages(source, { keys, position, storages });
  return [...collectTensors(root, path)].map(([name, tensor]) => {
    const place = places.get(tensor.storage.key);
    if (place === undefined)
      throw invalid(`${path}: the storage of tensor ${quote(name)} is missing.`, { path });
    return placeTensor({ name, dtype: tensor.storage.dtype, ...tensor }, place);
  });
}

/** After the pickles: for each key a count of elements (int64) and the elements. */
async function placeStorages(
  source: ByteSource,
  found: { keys: PickleValue; position: number; storages: ReadonlyMap<string, PickleStorage> },
): Promise<Map<string, StorageRange>> {
  const { path, sizeBytes } = source;
  const places = new Map<string, StorageRange>();
  let { position } = found;
  for (const key of asKind(found.keys, 'list')?.items ?? []) {
    const storage = typeof key === 'string' ? found.storages.get(key) : undefined;
    if (storage === undefined || places.has(storage.key)) {
      throw invalid(`${path}: the list of storages names one that no tensor has, or one twice.`, { path });
    }
    const byteLength = storage.elements * itemBytes[storage.dtype];
    if (position + 8 + byteLength > sizeBytes) {
      throw invalid(
        `${path} is incomplete: ${showBytes(sizeBytes)} are there, and storage ${places.size + 1} of ${found.storages.size} ends at ${showBytes(position + 8 + byteLength)}. Download it again.`,
        { path, sizeBytes },
      );
    }
    const elements = (await source.read(position, 8)).readBigInt64LE(0);
    if (elements !== BigInt(storage.elements)) {
      throw invalid(
        `${path}: a storage at byte ${position} has ${elements} elements, and its tensors say ${storage.elements}.`,
        {
          path,
          offset: position,
        },
      );
    }
    places.set(storage.key, { file: path, start: position + 8, byteLength, crc32: null });
    position += 8 + byteLength;
  }
  return places;
}
