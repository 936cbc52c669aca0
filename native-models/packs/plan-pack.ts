/** Says what adding a model would make and write, without writing anything. */
import { basename } from 'node:path';
import type { AddPack } from '../../contract/pack.ts';
import type { ModelsAnswers, PlanPackRequest } from '../messages.ts';
import { planAdoption } from './adopt-pack.ts';
import { drawGraphs } from './draw-graphs.ts';
import { type Outline, outlinePack } from './outline.ts';
import { findPackTokeniser } from './pack-tokeniser.ts';
import { besideCheckpoint, freeBytesAt, isOnDiskOf, LinkNames } from './place-files.ts';

/** What drawing all graphs of a pack comes to. */
export interface Estimate {
  graphBytes: number;
  convertedBytes: number;
  /** Checkpoint files that graphs map tensors from. */
  mappedFiles: string[];
}

/** Draws everything once and keeps only the sizes. */
export async function estimate(outline: Outline, precision: AddPack['precision']): Promise<Estimate> {
  const mapped = new Set<string>();
  let [graphBytes, convertedBytes] = [0, 0];
  for await (const { drawing } of drawGraphs(outline, precision, new LinkNames().of)) {
    if (drawing === null) continue;
    graphBytes += drawing.onnx.length;
    convertedBytes += drawing.planned.reduce((sum, { byteLength }) => sum + byteLength, 0);
    for (const file of drawing.mappedFiles) mapped.add(file);
  }
  return { graphBytes, convertedBytes, mappedFiles: [...mapped] };
}

/**
 * @throws StudioError `checkpointInvalid`, `notFound`, `unreadable`, `unsupported`, `badInput`: with what is wrong with which file, and what to
 *   do; all that would stop `buildPack`, too, but for a full disk
 */
export async function planPack({ order, to }: PlanPackRequest): Promise<ModelsAnswers['planPack']> {
  if (order.folder !== undefined) return await planAdoption(order.folder, to);
  const outline = await outlinePack(order);
  const { graphBytes, convertedBytes, mappedFiles } = await estimate(outline, order.precision);
  const tokeniser = outline.similarity === null ? null : await findPackTokeniser(order, outline);
  const isOwn = await isOnDiskOf(mappedFiles, to);
  const suggestedId = idOf(outline);
  const graphFolder = isOwn ? to : besideCheckpoint(mappedFiles[0]!, order.id ?? suggestedId);
  return {
    suggestedId,
    suggestedTitle: titleOf(outline),
    parts: outline.parts,
    writesBytes: graphBytes + convertedBytes + (tokeniser?.sizeBytes ?? 0) + manifestBytes,
    freeBytes: await freeBytesAt(graphFolder),
    graphFolder,
    notes: [...outline.notes, ...noteOn(order, convertedBytes, isOwn ? null : graphFolder)],
  };
}

/** About what `manifest.json` takes. */
const manifestBytes = 20_000;

function noteOn({ precision }: AddPack, convertedBytes: number, graphFolder: string | null): string[] {
  const notes = [
    convertedBytes === 0
      ? 'The weights stay where they are: nothing of them is copied.'
      : 'Weights of the files’ own precision stay where they are; those of another one are written once.',
  ];
  if (precision === 'int8')
    notes.push('int8 is for the CPU, one image at a time; compare it with float32 on images of your own.');
  if (precision === 'float16') notes.push('float16 is for GPUs; on the CPU such a pack computes in float32.');
  if (graphFolder !== null) {
    notes.push(
      `The weights are on another disk than the library: the graphs go to ${graphFolder}, beside them.`,
    );
  }
  return notes;
}

/** @returns an id as the contract has it: lower-case letters, digits and hyphens */
export function idOf({ kind, title, members }: Outline): string {
  if (kind === 'sfiqa') return members.length === 1 ? `sfiqa-${members[0]!.name}` : 'sfiqa';
  if (kind === 'pickscore') return 'pickscore';
  const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? [kind];
  return words.join('-').slice(0, 64).replace(/-+$/, '');
}

export function titleOf({ title, members }: Outline): string {
  const names = members.length === 1 && title === 'SF-IQA' ? ` (${members[0]!.name})` : '';
  return `${basename(title)}${names}`.slice(0, 100);
}
