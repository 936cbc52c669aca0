/** Heads as files: exported as JSON or ONNX, and imported from either. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../contract/errors.ts';
import { explainInvalid } from '../contract/explain-invalid.ts';
import {
  type ExportedHead,
  type ExportHead,
  HeadInputs,
  type ImportedHead,
  type ImportHead,
} from '../contract/heads.ts';
import { Target } from '../contract/targets.ts';
import type { HeadRow } from '../db/schema.ts';
import { type InputSource, inputSourceOf, sourceOfHead } from './head-inputs.ts';
import { describeHeads, getHeadRow, HeadReport, reportOf } from './heads.ts';
import { decodeHead } from './maths/head-codec.ts';
import { getPack } from './packs.ts';
import { storeHead } from './store-head.ts';
import type { Studio } from './studio.ts';
import { decodeText } from './tables/decode-text.ts';
import { readSource } from './tables/read-table.ts';

/** What is written of a head: a JSON file, or the metadata of an ONNX one. `weights` are the bytes the studio stores, in base64; everything else says what they are. */
const HeadFile = z.object({
  format: z.literal('sfiqa-head/1'),
  name: z.string(),
  target: Target,
  inputs: HeadInputs,
  packId: z.string(),
  /** What it reads, in order: signals by name, or so many numbers of the pack's features in this version. */
  reads: z.object({ signals: z.array(z.string()), length: z.int().positive(), featureVersion: z.int() }),
  report: HeadReport,
  weights: z.base64(),
});

function fileNameOf(name: string, extension: string): string {
  return `${name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80) || 'head'}.${extension}`;
}

/**
 * A head as a file, which the studio imports again: JSON, or an ONNX graph `inputs` [batch, n] → `score` [batch].
 *
 * @throws StudioError `notFound`, `modelsUnavailable`
 */
export async function exportHead(studio: Studio, { id, format, path }: ExportHead): Promise<ExportedHead> {
  const row = getHeadRow(studio, id);
  if (format === 'onnx') return await exportOnnx(studio, row, path);
  return {
    fileName: fileNameOf(row.name, 'json'),
    mediaType: 'application/json',
    text: `${JSON.stringify(describeFile(studio, row), null, 2)}\n`,
    base64: null,
    path: null,
  };
}

function describeFile(studio: Studio, row: HeadRow): z.infer<typeof HeadFile> {
  const { manifest } = getPack(studio, row.pack_id);
  const { length } = decodeHead(row.weights);
  const source =
    sourceOfHead(manifest, { inputs: row.inputs, length }) ?? inputSourceOf(manifest, row.inputs);
  return {
    format: 'sfiqa-head/1',
    name: row.name,
    target: row.target,
    inputs: row.inputs,
    packId: row.pack_id,
    reads: {
      signals: row.inputs === 'signals' ? [...source.signals] : [],
      length,
      featureVersion: source.vector.version,
    },
    report: reportOf(row),
    weights: row.weights.toString('base64'),
  };
}

async function exportOnnx(studio: Studio, row: HeadRow, path: string | undefined): Promise<ExportedHead> {
  const folder = path === undefined ? await mkdtemp(join(tmpdir(), 'sfiqa-head-')) : null;
  const to = path ?? join(folder!, fileNameOf(row.name, 'onnx'));
  try {
    const about = JSON.stringify(describeFile(studio, row));
    await studio.models.ask({ kind: 'writeHead', head: decodeHead(row.weights), about, to });
    const bytes = folder === null ? null : await readFile(to);
    return {
      fileName: basename(to),
      mediaType: 'application/octet-stream',
      text: null,
      base64: bytes === null ? null : bytes.toString('base64'),
      path: path ?? null,
    };
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Takes in a head that was exported; it is kept and not in use. The same head twice is one.
 *
 * @throws StudioError `badInput` where the file is no head, `conflict` where it reads other inputs than the pack gives
 */
export async function importHead(studio: Studio, order: ImportHead): Promise<ImportedHead> {
  const { fileName, bytes } = await readSource(order.source);
  const isText = /^\s*\{/.test(bytes.toString('latin1', 0, 200));
  const file = isText
    ? parseHeadFile(fileName, decodeText(bytes).text)
    : await readOnnx(studio, fileName, bytes);
  const packId = order.packId ?? file.packId;
  const { manifest } = getPack(studio, packId);
  const weights = Buffer.from(file.weights, 'base64');
  const head = decodeHead(weights);
  if (!isReadBy(file, sourceOfHead(manifest, { inputs: file.inputs, length: head.length }))) {
    throw new StudioError(
      'conflict',
      `“${file.name}” reads ${describeReads(file)}; the pack “${packId}” does not give that. Choose the pack it was made for (${file.packId}).`,
      { packId },
    );
  }
  const { id, equalTo } = storeHead(studio, {
    weights,
    kind: head.kind,
    packId,
    name: order.name ?? file.name,
    inputs: file.inputs,
    target: file.target,
    parentId: null,
    dataHash: null,
    report: {
      ...file.report,
      ensembleOf: [],
      labels: [],
      note: `Imported from ${fileName}. ${file.report.note}`.trim(),
    },
  });
  return { ...describeHeads(studio).find((one) => one.id === id)!, equalTo };
}

/**
 * The head that an ONNX file says it is: its weights stand in the metadata, as the JSON file has them, so that the graph is neither run nor
 * interpreted, and a file of an earlier version is read whatever it draws. What was changed since it was written is refused.
 *
 * @throws StudioError `badInput`
 */
async function readOnnx(studio: Studio, fileName: string, bytes: Buffer): Promise<z.infer<typeof HeadFile>> {
  const { about, isModel, isUnchanged } = await studio.models.ask({ kind: 'readHead', bytes });
  if (about === null) {
    throw new StudioError(
      'badInput',
      isModel && bytes.length > 0
        ? `${fileName} is an ONNX model, but not a head that this studio exported: only those are taken in, as ONNX or JSON.`
        : `${fileName} is neither JSON nor ONNX: choose a head that was exported from the studio.`,
    );
  }
  if (isUnchanged) return parseHeadFile(fileName, about);
  throw new StudioError(
    'badInput',
    `${fileName} was changed since it was exported, so its graph may not be that of the head it names. Export it anew where it came from.`,
  );
}

function parseHeadFile(fileName: string, text: string): z.infer<typeof HeadFile> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new StudioError(
      'badInput',
      `${fileName} is not JSON: choose a head that was exported from the studio.`,
    );
  }
  const parsed = HeadFile.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new StudioError('badInput', explainHeadFile(fileName, json, parsed.error));
}

function explainHeadFile(fileName: string, json: unknown, error: z.ZodError): string {
  const { format } = z.object({ format: z.string() }).catch({ format: '' }).parse(json);
  if (format === HeadFile.shape.format.value) {
    return `${fileName} is an exported head that was changed or damaged: ${explainInvalid(error)}. Export it anew where it came from.`;
  }
  return format.startsWith('sfiqa-head/')
    ? `${fileName} was exported by another version of the studio (${format}): update this one, or export the head with a version like this.`
    : `${fileName} is not an exported head (its “format” would be “${HeadFile.shape.format.value}”): choose a file that the Heads screen or \`sfiqa export-head\` wrote.`;
}

/** Whether a source gives what a file's head reads: the same signals, and features of the same version where it reads any. */
function isReadBy({ inputs, reads }: z.infer<typeof HeadFile>, source: InputSource | undefined): boolean {
  if (source === undefined) return false;
  const readsFeatures = inputs === 'features' || source.layered.length > 0;
  return (
    (!readsFeatures || reads.featureVersion === source.vector.version) &&
    (inputs === 'features' || reads.signals.join() === source.signals.join())
  );
}

function describeReads({ inputs, reads }: z.infer<typeof HeadFile>): string {
  const count = reads.length - reads.signals.length;
  const features = count === 0 ? [] : [`${count} features in version ${reads.featureVersion}`];
  const signals = inputs === 'signals' ? [`the signals ${reads.signals.join(', ')}`] : [];
  return [...signals, ...features].join(' and ');
}
