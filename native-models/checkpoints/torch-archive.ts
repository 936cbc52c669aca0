/** Reads a PyTorch zip archive (`.pt`, `.bin`): its directory by yauzl, its pickle by the restricted machine; storages stay unread. */
import { crc32 } from 'node:zlib';
import {
  type Entry,
  fromRandomAccessReaderPromise,
  getFileNameLowLevel,
  RandomAccessReader,
  validateFileName,
  type ZipFile,
} from 'yauzl';
import { StudioError } from '../../contract/errors.ts';
import { type ByteSource, isInside } from './byte-source.ts';
import { itemBytes, type TensorEntry } from './checkpoint.ts';
import { invalid, quote, showBytes } from './invalid.ts';
import { limits } from './limits.ts';
import { readPickle } from './pickle.ts';
import type { PickleStorage } from './pickle-values.ts';
import { placeTensor, type StorageRange } from './tensor-layout.ts';
import { collectTensors, hostOf } from './torch-objects.ts';

/**
 * The tensors of an archive, in the order of its dictionaries.
 *
 * @throws StudioError `checkpointInvalid` naming the record, opcode, global or tensor that is wrong
 */
export async function readTorchArchive(source: ByteSource): Promise<TensorEntry[]> {
  const archive = await openArchive(source);
  const prefix = findPrefix(archive);
  await checkByteOrder(archive, prefix);
  const bytes = await readRecord(archive, `${prefix}data.pkl`, limits.headerBytes);
  const { value } = readPickle({ bytes, path: source.path }, 0, hostOf(new Map(), source.path));
  const places = new Map<string, StorageRange>();
  const tensors: TensorEntry[] = [];
  for (const [name, tensor] of collectTensors(value, source.path)) {
    const { storage } = tensor;
    const place =
      places.get(storage.key) ?? (await placeRecord(archive, `${prefix}data/${storage.key}`, name));
    places.set(storage.key, place);
    checkStorageSize(storage, place, name);
    tensors.push(placeTensor({ name, dtype: storage.dtype, ...tensor }, place));
  }
  checkOverlap(places, source.path);
  return tensors;
}

interface Archive {
  source: ByteSource;
  zip: ZipFile;
  records: Map<string, Entry>;
}

/** Bytes read ahead while the directory is walked, which asks for 46 bytes at a time. */
const blockBytes = 65_536;

/** Gives yauzl the bytes of a source; what the file says about offsets is checked before it is asked for. */
class SourceReader extends RandomAccessReader {
  private readonly source: ByteSource;
  private block = Buffer.alloc(0);
  private blockStart = 0;
  private next = -1;

  constructor(source: ByteSource) {
    super();
    this.source = source;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    if (!isInside(position, length, this.source.sizeBytes)) {
      callback(new Error(`it refers to byte ${position}, beyond its end`));
      return;
    }
    const isSequential = position === this.next;
    this.next = position + length;
    const from = position - this.blockStart;
    if (from >= 0 && from + length <= this.block.length) {
      this.block.copy(buffer, offset, from, from + length);
      callback(null, length);
      return;
    }
    const wanted = isSequential ? Math.max(length, blockBytes) : length;
    const count = Math.min(wanted, this.source.sizeBytes - position);
    this.source.read(position, count).then(
      (block) => {
        if (isSequential) [this.block, this.blockStart] = [block, position];
        block.copy(buffer, offset, 0, length);
        callback(null, length);
      },
      (thrown) => callback(thrown),
    );
  }
}

async function openArchive(source: ByteSource): Promise<Archive> {
  const { path } = source;
  try {
    const zip = await fromRandomAccessReaderPromise(new SourceReader(source), source.sizeBytes, {
      autoClose: false,
      // A comment made into text takes 32 times its bytes; `readName` decodes what is needed.
      decodeStrings: false,
      // `placeRecord` looks at sizes, after it has said what is compressed or encrypted.
      validateEntrySizes: false,
    });
    if (zip.entryCount > limits.archiveEntries) {
      throw invalid(`${path} has ${zip.entryCount} records; at most ${limits.archiveEntries} are read.`, {
        path,
      });
    }
    const records = new Map<string, Entry>();
    let directoryBytes = 0;
    for await (const entry of zip.eachEntry()) {
      directoryBytes += 46 + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
      if (directoryBytes > limits.directoryBytes) {
        throw invalid(
          `${path}: the archive's directory has more than ${showBytes(limits.directoryBytes)} for ${zip.entryCount} records; PyTorch writes some 100 bytes for each. Get the file again from its source.`,
          { path },
        );
      }
      const name = readName(entry);
      if (records.has(name) || name.length > limits.nameLength) {
        throw invalid(`${path}: the record ${quote(name)} is there twice or has too long a name.`, { path });
      }
      // They may be 16,000 objects an entry, and are read by now.
      entry.extraFields = [];
      records.set(name, entry);
    }
    return { source, zip, records };
  } catch (thrown) {
    if (thrown instanceof StudioError) throw thrown;
    throw unreadableArchive(source, thrown);
  }
}

/** The name by the library's own rules, which refuse a path that leads elsewhere. */
function readName({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  const name = getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
  const problem = validateFileName(name);
  if (problem !== null) throw new Error(problem);
  return name;
}

/** A zip's directory is at its end: without it the file is most often half a download. */
function unreadableArchive(source: ByteSource, thrown: unknown): StudioError {
  const { path, sizeBytes } = source;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return reason.startsWith('End of central directory record signature not found')
    ? invalid(
        `${path} is incomplete: it begins as a PyTorch archive, but the directory at its end is missing (${showBytes(sizeBytes)} are there). Download it again.`,
        { path, sizeBytes },
      )
    : invalid(`${path}: the archive is damaged: ${quote(reason)}. Download it again.`, { path });
}

function findPrefix(archive: Archive): string {
  const { path } = archive.source;
  const names = [...archive.records.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  const [only] = names;
  if (only === undefined || names.length > 1) {
    throw invalid(
      `${path} is a zip archive, but not one that torch.save wrote: it has ${names.length} records data.pkl. Choose the checkpoint itself, not an archive around it.`,
      { path },
    );
  }
  const prefix = only.slice(0, -'data.pkl'.length);
  if (archive.records.has(`${prefix}constants.pkl`)) {
    throw invalid(
      `${path} is a TorchScript program, not a checkpoint: it would have to be run. Choose the file with its state_dict.`,
      { path },
    );
  }
  return prefix;
}

async function checkByteOrder(archive: Archive, prefix: string): Promise<void> {
  if (!archive.records.has(`${prefix}byteorder`)) return;
  const order = (await readRecord(archive, `${prefix}byteorder`, 16)).toString('latin1');
  if (order !== 'little') {
    throw invalid(
      `${archive.source.path}: the numbers are stored in ${quote(order)} byte order; only little is read.`,
      {
        path: archive.source.path,
      },
    );
  }
}

/** A small record whole, its CRC-32 checked. */
async function readRecord(archive: Archive, name: string, maxBytes: number): Promise<Buffer> {
  const { path } = archive.source;
  const place = await placeRecord(archive, name, null);
  if (place.byteLength > maxBytes) {
    throw invalid(
      `${path}: the record ${quote(name)} has ${showBytes(place.byteLength)}; at most ${showBytes(maxBytes)} are read.`,
      {
        path,
      },
    );
  }
  const bytes = await archive.source.read(place.start, place.byteLength);
  if (crc32(bytes) !== place.crc32) {
    throw invalid(
      `${path}: the record ${quote(name)} is damaged: its CRC-32 does not match. Download the file again.`,
      { path },
    );
  }
  return bytes;
}

/** Where a record's bytes lie; torch stores them uncompressed, so that they can be mapped. */
async function placeRecord(archive: Archive, name: string, tensor: string | null): Promise<StorageRange> {
  const { path } = archive.source;
  const entry = archive.records.get(name);
  const needer = tensor === null ? '' : ` that tensor ${quote(tensor)} needs`;
  if (entry === undefined) {
    throw invalid(`${path}: the record ${quote(name)}${needer} is missing. Download the file again.`, {
      path,
      tensor,
    });
  }
  if (entry.compressionMethod !== 0 || entry.isEncrypted()) {
    throw invalid(
      `${path}: the record ${quote(name)}${needer} is compressed or encrypted. PyTorch stores records as they are: get the file from its source, not one that was packed again.`,
      { path, tensor },
    );
  }
  if (entry.compressedSize !== entry.uncompressedSize) {
    throw invalid(
      `${path}: the record ${quote(name)}${needer} is stored as it is, but has ${entry.compressedSize} bytes in the archive and ${entry.uncompressedSize} outside. The file is damaged: download it again.`,
      { path, tensor },
    );
  }
  try {
    const { fileDataStart } = await archive.zip.readLocalFileHeaderPromise(entry, { minimal: true });
    return { file: path, start: fileDataStart, byteLength: entry.uncompressedSize, crc32: entry.crc32 };
  } catch (thrown) {
    if (thrown instanceof StudioError) throw thrown;
    throw unreadableArchive(archive.source, thrown);
  }
}

function checkStorageSize(storage: PickleStorage, place: StorageRange, tensor: string): void {
  if (storage.elements * itemBytes[storage.dtype] === place.byteLength) return;
  throw invalid(
    `${place.file}: the storage of tensor ${quote(tensor)} should have ${storage.elements} elements of ${storage.dtype}, and its record has ${place.byteLength} bytes. The file is damaged: get it again from its source.`,
    { path: place.file, tensor },
  );
}

/** Two records with common bytes would make one tensor's numbers another's. */
function checkOverlap(places: ReadonlyMap<string, StorageRange>, path: string): void {
  let end = 0;
  for (const place of [...places.values()].sort((a, b) => a.start - b.start)) {
    if (place.start < end && place.byteLength > 0) {
      throw invalid(`${path}: two records of the archive overlap at byte ${place.start}.`, { path });
    }
    end = Math.max(end, place.start + place.byteLength);
  }
}
