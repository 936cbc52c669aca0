/** Heads as files: exported as JSON or ONNX, imported from JSON; several averaged into one; discarded. */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../contract/errors.ts';
import {
  type EnsembleOrder,
  type ExportedHead,
  type ExportHead,
  type Head,
  HeadInputs,
  type ImportHead,
} from '../contract/heads.ts';
import { Target } from '../contract/targets.ts';
import { deleteHead, saveHead } from '../db/heads.ts';
import type { HeadRow } from '../db/schema.ts';
import { type InputSource, sourceOfHead } from './head-inputs.ts';
import { describeHeads, getHeadRow, HeadReport } from './heads.ts';
import { averageHeads, type Head as Weights } from './maths/head.ts';
import { decodeHead, encodeHead } from './maths/head-codec.ts';
import { getPack } from './packs.ts';
import { findSource } from './rescore.ts';
import type { Studio } from './studio.ts';
import { decodeText, readSource } from './tables/read-table.ts';

/** The file of an exported head. `weights` are the bytes the studio stores, in base64; everything else says what they are. */
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

function reportOf(row: HeadRow): HeadReport {
  return HeadReport.parse(JSON.parse(row.report));
}

function fileNameOf(name: string, extension: string): string {
  return `${name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80) || 'head'}.${extension}`;
}

/**
 * A head as a file: JSON, which the studio imports again, or an ONNX graph `inputs` [batch, n] → `score` [batch].
 *
 * @throws StudioError `notFound`, `modelsUnavailable`
 */
export async function exportHead(studio: Studio, { id, format, path }: ExportHead): Promise<ExportedHead> {
  const row = getHeadRow(studio, id);
  if (format === 'onnx') return await exportOnnx(studio, row, path);
  const source = findSource(studio, row);
  const file: z.infer<typeof HeadFile> = {
    format: 'sfiqa-head/1',
    name: row.name,
    target: row.target,
    inputs: row.inputs,
    packId: row.pack_id,
    reads: {
      signals: row.inputs === 'signals' ? [...source.signals] : [],
      length: decodeHead(row.weights).length,
      featureVersion: source.vector.version,
    },
    report: reportOf(row),
    weights: row.weights.toString('base64'),
  };
  return {
    fileName: fileNameOf(row.name, 'json'),
    mediaType: 'application/json',
    text: `${JSON.stringify(file, null, 2)}\n`,
    base64: null,
    path: null,
  };
}

async function exportOnnx(studio: Studio, row: HeadRow, path: string | undefined): Promise<ExportedHead> {
  const folder = path === undefined ? await mkdtemp(join(tmpdir(), 'sfiqa-head-')) : null;
  const to = path ?? join(folder!, fileNameOf(row.name, 'onnx'));
  try {
    await studio.models.ask({ kind: 'writeHead', head: decodeHead(row.weights), to });
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
export async function importHead(studio: Studio, order: ImportHead): Promise<Head> {
  const { fileName, bytes } = await readSource(order.source);
  const file = parseHeadFile(fileName, decodeText(bytes).text);
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
  const id = storeHead(studio, head, {
    packId,
    name: order.name ?? file.name,
    inputs: file.inputs,
    target: file.target,
    parentId: null,
    dataHash: null,
    report: {
      ...file.report,
      ensembleOf: [],
      mosSetId: null,
      note: `Imported from ${fileName}. ${file.report.note}`.trim(),
    },
  });
  return describeHeads(studio).find((one) => one.id === id)!;
}

function parseHeadFile(fileName: string, text: string): z.infer<typeof HeadFile> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new StudioError('badInput', `${fileName} is not JSON: choose a head that was exported as JSON.`);
  }
  const parsed = HeadFile.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new StudioError('badInput', `${fileName} is not an exported head: ${z.prettifyError(parsed.error)}`);
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

interface NewHead {
  packId: string;
  name: string;
  inputs: HeadRow['inputs'];
  target: string;
  parentId: number | null;
  dataHash: string | null;
  report: HeadReport;
}

function storeHead(studio: Studio, head: Weights, about: NewHead): number {
  const weights = encodeHead(head);
  const id = saveHead(studio.db, {
    pack_id: about.packId,
    name: about.name,
    kind: head.kind,
    inputs: about.inputs,
    target: about.target,
    parent_id: about.parentId,
    is_shipped: 0,
    created_at: studio.now(),
    data_hash: about.dataHash,
    weights,
    weights_hash: createHash('sha256').update(weights).digest('hex'),
    report: JSON.stringify(about.report),
  });
  studio.bus.changed('heads');
  return id;
}

/**
 * The mean of several heads as a new head, not in use. Its figures are not known until it is trained or compared: heads of an ensemble
 * were held out on different rows.
 *
 * @throws StudioError `badInput` for heads of different packs, inputs or targets
 */
export function makeEnsemble(studio: Studio, { headIds, name }: EnsembleOrder): Head {
  const ids = [...new Set(headIds)];
  const rows = ids.map((id) => getHeadRow(studio, id));
  const [first] = rows;
  const lengthOf = new Map(rows.map(({ id, weights }) => [id, decodeHead(weights).length]));
  const keyOf = ({ id, pack_id, inputs, target }: HeadRow) =>
    `${pack_id} ${inputs} ${lengthOf.get(id)} ${target}`;
  const other = rows.find((row) => keyOf(row) !== keyOf(first!));
  if (ids.length < 2) throw new StudioError('badInput', 'An ensemble takes two different heads or more.');
  if (other !== undefined) {
    throw new StudioError(
      'badInput',
      `“${first!.name}” and “${other.name}” cannot be averaged: one reads ${lengthOf.get(first!.id)} ${first!.inputs} of ${first!.pack_id} for ${first!.target}, the other ${lengthOf.get(other.id)} ${other.inputs} of ${other.pack_id} for ${other.target}.`,
    );
  }
  const id = storeHead(studio, averageHeads(rows.map((row) => decodeHead(row.weights))), {
    packId: first!.pack_id,
    name: name ?? `Mean of ${rows.map((row) => row.name).join(', ')}`.slice(0, 120),
    inputs: first!.inputs,
    target: first!.target,
    parentId: first!.id,
    dataHash: null,
    report: {
      heldOut: null,
      trainedOn: null,
      training: null,
      ensembleOf: ids,
      note: `The mean of ${ids.length} heads. Its held-out figures are not known: each of them was judged on rows that another one may have been trained on.`,
    },
  });
  return describeHeads(studio).find((one) => one.id === id)!;
}

/**
 * Forgets a head and its scores.
 *
 * @throws StudioError `conflict` for one that is in use, came with a pack, or has descendants
 */
export function discardHead(studio: Studio, id: number): { id: number } {
  getHeadRow(studio, id);
  const heads = describeHeads(studio);
  const head = heads.find((one) => one.id === id)!;
  const child = heads.find((one) => one.parentId === id || one.ensembleOf.includes(id));
  if (head.isActive)
    throw new StudioError('conflict', `“${head.name}” is in use: use another head of ${head.target} first.`);
  if (head.isShipped)
    throw new StudioError('conflict', `“${head.name}” came with its pack and stays with it.`);
  if (child !== undefined) {
    throw new StudioError(
      'conflict',
      `“${child.name}” was made from “${head.name}”: discard that one first.`,
    );
  }
  studio.db.transaction(() => deleteHead(studio.db, id));
  studio.bus.changed('heads', 'scores');
  return { id };
}
