/** Says what adding a model would make and write, without writing anything. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AddPack } from '../../contract/pack.ts';
import { showBytes } from '../checkpoints/invalid.ts';
import { weightsBudget } from '../inference/weights-budget.ts';
import type { ModelsAnswers, PlanPackRequest } from '../messages.ts';
import { planAdoption } from './adopt-pack.ts';
import { drawGraphs } from './draw-graphs.ts';
import { type Outline, outlinePack } from './outline.ts';
import { findPackTokeniser } from './pack-tokeniser.ts';
import { choosePlaces, freeBytesAt, linkPlaces, type WeightPlaces } from './place-files.ts';

/** What drawing all graphs of a pack comes to. */
interface Drawn {
  graphBytes: number;
  convertedBytes: number;
  /** Checkpoint files that graphs map tensors from. */
  mappedFiles: string[];
  /** Of weights that an image needs, of all members together, in the pack's precision. */
  imageBytes: number;
}

/** What a pack comes to in a folder, and how it gets at its weights there. */
export interface Estimate extends Drawn {
  places: WeightPlaces;
  /** Of weights that are copied into the folder. */
  copiedBytes: number;
}

/** @throws StudioError as `choosePlaces` */
export async function estimateIn(
  outline: Outline,
  { precision, copiesWeights = false }: AddPack,
  folder: string,
): Promise<Estimate> {
  const drawn = await drawAll(outline, precision, linkPlaces());
  const places = await choosePlaces(drawn.mappedFiles, folder, { copies: copiesWeights });
  const sizes = await Promise.all(drawn.mappedFiles.map(async (file) => (await stat(file)).size));
  const copiedBytes = places.how === 'copied' ? sizes.reduce((sum, size) => sum + size, 0) : 0;
  const isOther = places.folder !== null;
  return { ...(isOther ? await drawAll(outline, precision, places) : drawn), places, copiedBytes };
}

/** Draws everything once and keeps only the sizes. */
async function drawAll(
  outline: Outline,
  precision: AddPack['precision'],
  places: WeightPlaces,
): Promise<Drawn> {
  const mapped = new Set<string>();
  let [graphBytes, convertedBytes, imageBytes] = [0, 0, 0];
  for await (const drawn of drawGraphs(outline, precision, places)) {
    const { drawing, role, weightBytes } = drawn;
    if (drawing === null) continue;
    if (role !== 'text' && drawn.precision === precision) imageBytes += weightBytes;
    for (const onnx of drawing.graphs.values()) graphBytes += onnx.length;
    convertedBytes += drawing.planned.reduce((sum, { byteLength }) => sum + byteLength, 0);
    for (const file of drawing.mappedFiles) mapped.add(file);
  }
  return { graphBytes, convertedBytes, imageBytes, mappedFiles: [...mapped] };
}

/**
 * @throws StudioError `checkpointInvalid`, `notFound`, `unreadable`, `unsupported`, `badInput`: with what is wrong with which file, and what to
 *   do; all that would stop `buildPack`, too, but for a full disk
 */
export async function planPack(
  { order, to }: PlanPackRequest,
  budgetBytes = weightsBudget(),
): Promise<ModelsAnswers['planPack']> {
  if (order.folder !== undefined) return await planAdoption(order.folder, to);
  const outline = await outlinePack(order);
  const estimate = await estimateIn(outline, order, to);
  const tokeniser = outline.similarity === null ? null : await findPackTokeniser(order, outline);
  const { graphBytes, convertedBytes, copiedBytes, mappedFiles, places } = estimate;
  return {
    suggestedId: idOf(outline),
    suggestedTitle: titleOf(outline),
    parts: outline.parts,
    writesBytes: graphBytes + convertedBytes + copiedBytes + (tokeniser?.sizeBytes ?? 0) + manifestBytes,
    weights: mappedFiles.length === 0 ? 'converted' : places.how,
    freeBytes: await freeBytesAt(to),
    graphFolder: to,
    notes: [
      ...outline.notes,
      ...noteOn(order, estimate),
      ...noteOnMemory(outline, estimate.imageBytes, budgetBytes),
    ],
  };
}

/** About what `manifest.json` takes. */
const manifestBytes = 20_000;

function noteOn({ precision }: AddPack, { convertedBytes, mappedFiles, places }: Estimate): string[] {
  const { how, folder } = places;
  const notes: string[] = [];
  if (mappedFiles.length > 0 && how === 'copied')
    notes.push('The weights are copied into the library: your files may go afterwards.');
  if (mappedFiles.length > 0 && how === 'linked') {
    notes.push(
      convertedBytes === 0
        ? 'The weights stay where they are: nothing of them is copied. A hard link in the library holds them, even where you move or delete your files.'
        : 'Weights of the files’ own precision stay where they are; those of another one are written once.',
    );
  }
  if (mappedFiles.length > 0 && how === 'inPlace') {
    notes.push(
      `The weights cannot be linked into the library (another disk, a file system without links, or somebody else’s files): they are read in ${folder}. Keep them there unchanged, or have them copied into the library.`,
    );
  }
  if (mappedFiles.length === 0) notes.push('The weights are of another precision and are written once.');
  if (precision === 'int8')
    notes.push('int8 is for the CPU, one image at a time; compare it with float32 on images of your own.');
  if (precision === 'float16') notes.push('float16 is for GPUs; on the CPU such a pack computes in float32.');
  return notes;
}

function noteOnMemory({ members }: Outline, imageBytes: number, budgetBytes: number): string[] {
  if (members.length === 1 || imageBytes <= budgetBytes) return [];
  return [
    `The sets’ weights (${showBytes(imageBytes)}) do not fit into the memory that is free (${showBytes(budgetBytes)}): the sets are used one after the other, each read from disk for some images at a time. Fewer sets are faster.`,
  ];
}

/** @returns an id as the contract has it: lower-case letters, digits and hyphens */
export function idOf({ kind, title, members, quality }: Outline): string {
  if (kind === 'sfiqa') return ['sfiqa', ...distinctions(members, quality)].join('-');
  if (kind === 'pickscore') return 'pickscore';
  const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? [kind];
  return words.join('-').slice(0, 64).replace(/-+$/, '');
}

export function titleOf({ kind, title, members, quality }: Outline): string {
  const names = kind === 'sfiqa' ? distinctions(members, quality).join(', ') : '';
  return `${basename(title)}${names === '' ? '' : ` (${names})`}`.slice(0, 100);
}

/** What tells packs of one checkpoint apart: the set where there is one, a sampling that is not the released one. */
function distinctions(members: Outline['members'], quality: Outline['quality']): string[] {
  const set = members.length === 1 ? [members[0]!.name] : [];
  return quality === null || quality.recipe === 'sama' ? set : [...set, quality.recipe];
}
