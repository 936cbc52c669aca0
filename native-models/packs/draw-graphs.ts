/** Draws the graphs of a pack one after another: each in float32 and in the pack's own precision, for each kind of provider, equal ones of several members once. */
import { createHash } from 'node:crypto';
import { Lowering, type PackGraph, type Precision } from '../../contract/pack.ts';
import { tensorContentKey } from '../checkpoints/fingerprint.ts';
import { countElements } from '../checkpoints/tensor-layout.ts';
import { GraphBuilder } from '../graphs/graph-builder.ts';
import { lowerings } from '../graphs/lowering.ts';
import { type PlannedTensor, WeightPlan } from '../graphs/weight-plan.ts';
import type { Branch, Outline } from './outline.ts';
import type { WeightPlaces } from './place-files.ts';
import { refuseUnread } from './refuse-unread.ts';

/** A branch in one precision, with each lowering that computes in it. */
export interface DrawnBranch {
  member: string;
  role: PackGraph['role'];
  precision: Precision;
  /** Lowerings that come to the same graph name one file. */
  lowered: readonly { lowering: Lowering; file: string }[];
  tensorSet: string;
  /** Full names of the tensors that it is made of. */
  used: readonly string[];
  weightBytes: number;
  /** As the graph of a pack has it: null where its weights lie beside it. */
  weightsFolder: string | null;
  /** Null where an earlier member's graphs are the same, whose files this one names. */
  drawing: Drawing | null;
}

export interface Drawing {
  /** The bytes of each `.onnx` file, by its name. */
  graphs: ReadonlyMap<string, Uint8Array>;
  convertedFile: string;
  /** What all these graphs have converted. */
  planned: readonly PlannedTensor[];
  /** Checkpoint files that the graphs map tensors from. */
  mappedFiles: readonly string[];
}

/** @throws StudioError `checkpointInvalid` where a tensor is missing, has another shape, or belongs to no graph (`refuseUnread`) */
export async function* drawGraphs(
  outline: Outline,
  precision: Precision,
  places: Pick<WeightPlaces, 'nameOf' | 'folder'>,
): AsyncGenerator<DrawnBranch, void, undefined> {
  const known = new Map<string, DrawnBranch>();
  const precisions: Precision[] = precision === 'float32' ? ['float32'] : ['float32', precision];
  for (const member of outline.members) {
    const used = new Map<Branch, readonly string[]>();
    for (const branch of member.branches) {
      for (const one of precisions) {
        const drawn = await drawBranch(branch, { member: member.name, precision: one, places });
        const key = `${drawn.tensorSet} ${one}`;
        used.set(branch, drawn.used);
        const same = known.get(key);
        if (same === undefined) known.set(key, { ...drawn, drawing: null });
        yield same === undefined ? drawn : { ...same, member: member.name };
      }
    }
    refuseUnread(used);
  }
}

interface Drawn {
  member: string;
  precision: Precision;
  places: Pick<WeightPlaces, 'nameOf' | 'folder'>;
}

/** Weights elsewhere than in the pack's folder come from one place: a graph that has any converted has all of them converted. */
async function drawBranch(branch: Branch, drawn: Drawn): Promise<DrawnBranch> {
  const graph = await drawOnce(branch, drawn, false);
  const { mappedFiles, planned } = graph.drawing;
  if (drawn.places.folder === null || mappedFiles.length === 0) return graph;
  if (planned.length > 0) return await drawOnce(branch, drawn, true);
  return { ...graph, weightsFolder: drawn.places.folder };
}

async function drawOnce(
  branch: Branch,
  { member, precision, places }: Drawn,
  convertsAll: boolean,
): Promise<DrawnBranch & { drawing: Drawing }> {
  const { role, checkpoint, prefix } = branch;
  const name = `${member}-${role}.${precision}`;
  const convertedFile = `${name}.bin`;
  const mapped = new Set<string>();
  const weights = new WeightPlan({
    ...{ checkpoint, prefix, convertedFile, convertsAll },
    nameOf(file) {
      mapped.add(file);
      return places.nameOf(file);
    },
  });
  const graphs = new Map<string, Uint8Array>();
  const lowered: { lowering: Lowering; file: string }[] = [];
  for (const lowering of Lowering.options) {
    if (!lowerings[lowering].precisions.includes(precision)) continue;
    const graph = new GraphBuilder(name);
    await branch.draw({ graph, weights, precision, lowering });
    const onnx = graph.build();
    const same = [...graphs].find(([, bytes]) => Buffer.compare(bytes, onnx) === 0);
    const file = same?.[0] ?? `${name}${lowering === 'cpu' ? '' : `.${lowering}`}.onnx`;
    graphs.set(file, onnx);
    lowered.push({ lowering, file });
  }
  return {
    ...{ member, role, precision, lowered, weightsFolder: null },
    tensorSet: hashTensors(branch, weights.used),
    ...{ used: weights.used, weightBytes: countBytes(branch, weights) },
    drawing: { graphs, convertedFile, planned: weights.planned, mappedFiles: [...mapped] },
  };
}

/** Equal for branches of one architecture whose tensors are equal as far as the checkpoint tells without being read. */
function hashTensors({ role, checkpoint, prefix, config }: Branch, used: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify([role, config]));
  for (const name of [...used].sort()) {
    const content = tensorContentKey(checkpoint.tensors.get(name)!) ?? [checkpoint.fingerprint, name];
    hash.update(JSON.stringify([name.slice(prefix.length), content]));
  }
  return hash.digest('hex').slice(0, 32);
}

function countBytes({ checkpoint }: Branch, weights: WeightPlan): number {
  const asFloat32 = (shape: readonly number[]) => 4 * countElements(shape);
  const all = weights.used.reduce((sum, name) => sum + asFloat32(checkpoint.tensors.get(name)!.shape), 0);
  const converted = new Map(weights.planned.map(({ entry }) => [entry.name, asFloat32(entry.shape)]));
  const replaced = [...converted.values()].reduce((sum, bytes) => sum + bytes, 0);
  return all - replaced + weights.planned.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
