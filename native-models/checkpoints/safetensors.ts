/**
 * Reads the header of a safetensors file: where each tensor lies.
 * Source: the format's README (github huggingface/safetensors): 8 bytes of length, JSON, then the bytes of all tensors without gaps.
 */
import { z } from 'zod';
import { parseBoundedObject } from './bounded-json.ts';
import type { ByteSource } from './byte-source.ts';
import { type Dtype, itemBytes, type TensorEntry } from './checkpoint.ts';
import { invalid, quote, showBytes } from './invalid.ts';
import { limits } from './limits.ts';
import { countElements, placeTensor, rowMajorStrides } from './tensor-layout.ts';

/** The format's names of the types that are read here. */
export const safetensorsTypes: Record<string, Dtype> = {
  F32: 'float32',
  F64: 'float64',
  F16: 'float16',
  BF16: 'bfloat16',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U8: 'uint8',
  BOOL: 'bool',
};

const Count = z.int().min(0);
const HeaderTensor = z.strictObject({
  dtype: z.string(),
  shape: z.array(Count).max(limits.rank),
  data_offsets: z.tuple([Count, Count]),
});
const HeaderText = z.record(z.string(), z.string());

interface ParsedFile {
  tensors: TensorEntry[];
  metadata: Record<string, string>;
}

/**
 * The tensors of a safetensors file, in the order in which they lie in it.
 *
 * @throws StudioError `checkpointInvalid` saying what is wrong with the header, or how much of the file is missing
 */
export async function readSafetensors(source: ByteSource): Promise<ParsedFile> {
  const { path } = source;
  const headerBytes = Number((await source.read(0, 8)).readBigUInt64LE(0));
  if (headerBytes > limits.headerBytes) {
    throw invalid(
      `${path}: the header is said to have ${showBytes(headerBytes)}; at most ${showBytes(limits.headerBytes)} are read. The file is damaged or no safetensors file.`,
      { path, offset: 0 },
    );
  }
  if (8 + headerBytes > source.sizeBytes) {
    throw invalid(
      `${path} is incomplete: ${showBytes(source.sizeBytes)} are there, and its header alone has ${showBytes(headerBytes)}. Download it again.`,
      { path },
    );
  }
  const header = parseBoundedObject(await source.read(8, headerBytes), path);
  const { __metadata__: text, ...described } = header;
  const tensors = Object.entries(described).map(([name, value]) =>
    readEntry({ name, value, path, dataStart: 8 + headerBytes, sizeBytes: source.sizeBytes }),
  );
  tensors.sort((a, b) => a.range.begin - b.range.begin || a.range.end - b.range.end);
  checkCover(tensors, { path, dataStart: 8 + headerBytes, sizeBytes: source.sizeBytes });
  const metadata = HeaderText.safeParse(text ?? {});
  if (!metadata.success) throw invalid(`${path}: __metadata__ is not a dictionary of texts.`, { path });
  return { tensors: tensors.map(({ place }) => place()), metadata: metadata.data };
}

interface Placed {
  name: string;
  range: { begin: number; end: number };
  place: () => TensorEntry;
}

function readEntry(item: {
  name: string;
  value: unknown;
  path: string;
  dataStart: number;
  sizeBytes: number;
}): Placed {
  const { name, path } = item;
  const parsed = HeaderTensor.safeParse(item.value);
  if (!parsed.success || name.length > limits.nameLength) {
    throw invalid(
      `${path}: the header does not describe tensor ${quote(name)} by dtype, shape and data_offsets.`,
      { path, tensor: name },
    );
  }
  const { dtype: typeName, shape } = parsed.data;
  if (!Object.hasOwn(safetensorsTypes, typeName)) {
    throw invalid(
      `${path}: tensor ${quote(name)} has the type ${quote(typeName)}, which is not read here; those that are: ${Object.keys(safetensorsTypes).join(', ')}. Convert the checkpoint to one of them.`,
      { path, tensor: name },
    );
  }
  const dtype = safetensorsTypes[typeName]!;
  const [begin, end] = parsed.data.data_offsets;
  if (end - begin !== countElements(shape) * itemBytes[dtype]) {
    throw invalid(
      `${path}: tensor ${quote(name)} of shape [${shape}] and type ${typeName} has bytes ${begin} to ${end}, which is not its size.`,
      { path, tensor: name },
    );
  }
  const view = { name, dtype, shape, strides: rowMajorStrides(shape), storageOffset: 0 };
  const storage = { file: path, start: item.dataStart + begin, byteLength: end - begin, crc32: null };
  return { name, range: { begin, end }, place: () => placeTensor(view, storage) };
}

/** The tensors cover the file's data without gap or overlap; a shorter file is half a download. */
function checkCover(
  tensors: readonly Placed[],
  file: { path: string; dataStart: number; sizeBytes: number },
): void {
  const { path, dataStart, sizeBytes } = file;
  let covered = 0;
  for (const { name, range } of tensors) {
    if (range.begin !== covered) {
      throw invalid(
        `${path}: tensor ${quote(name)} begins at byte ${range.begin} of the data; the tensors before it end at ${covered}.`,
        { path, tensor: name },
      );
    }
    covered = range.end;
  }
  const expected = dataStart + covered;
  if (sizeBytes < expected) {
    throw invalid(
      `${path} is incomplete: ${showBytes(sizeBytes)} of ${showBytes(expected)} are there (${sizeBytes} of ${expected} bytes). Download it again.`,
      { path, sizeBytes, expectedBytes: expected },
    );
  }
  if (sizeBytes > expected) {
    throw invalid(
      `${path} has ${sizeBytes} bytes; its header describes ${expected}. The file is damaged: get it again from its source.`,
      { path, sizeBytes, expectedBytes: expected },
    );
  }
}
