/** Draws the graphs of a pack one after another: each in float32 and in the pack's own precision, equal ones of several members once. */
import { createHash } from 'node:crypto';
import type { PackGraph, Precision } from '../../contract/pack.ts';
import { tensorContentKey } from '../checkpoints/fingerprint.ts';
import { countElements } from '../checkpoints/tensor-layout.ts';
import { GraphBuilder } from '../graphs/graph-builder.ts';
import { type PlannedTensor, WeightPlan } from '../graphs/weight-plan.ts';
import type { Branch, Outline } from './outline.ts';
import type { WeightPlaces } from './place-files.ts';
import { refuseUnread } from './refuse-unread.ts';

export interface DrawnGraph {
  member: string;
  role: PackGraph['role'];
  precision: Precision;
  file: string;
  tensorSet: string;
  /** Full names of the tensors that it is made of. */
  used: readonly string[];
  weightBytes: number;
  /** As the graph of a pack has it: null where its weights lie beside it. */
  weightsFolder: string | null;
  /** Null where an earlier member's graph is the same, whose file this one names. */
  drawing: Drawing | null;
}

export interface Drawing {
  /** The bytes of the `.onnx` file. */
  onnx: Uint8Array;
  convertedFile: string;
  planned: readonly PlannedTensor[];
  /** Checkpoint files that the graph maps tensors from. */
  mappedFiles: readonly string[];
}

/** @throws StudioError `checkpointInvalid` where a tensor is missing, has another shape, or belongs to no graph (`refuseUnread`) */
export async function* drawGraphs(
  outline: Outline,
  precision: Precision,
  places: Pick<WeightPlaces, 'nameOf' | 'folder'>,
): AsyncGenerator<DrawnGraph, void, undefined> {
  const known = new Map<string, DrawnGraph>();
  const precisions: Precision[] = precision === 'float32' ? ['float32'] : ['float32', precision];
  for (const member of outline.members) {
    const used = new Map<Branch, readonly string[]>();
    for (const branch of member.branches) {
      for (const one of precisions) {
        const drawn = await drawGraph(branch, { member: member.name, precision: one, places });
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
async function drawGraph(branch: Branch, drawn: Drawn): Promise<DrawnGraph> {
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
): Promise<DrawnGraph & { drawing: Drawing }> {
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
  const graph = new GraphBuilder(name);
  await branch.draw({ graph, weights, precision, isFused: true });
  return {
    ...{ member, role, precision, weightsFolder: null },
    file: `${name}.onnx`,
    tensorSet: hashTensors(branch, weights.used),
    ...{ used: weights.used, weightBytes: countBytes(branch, weights) },
    drawing: { onnx: graph.build(), convertedFile, planned: weights.planned, mappedFiles: [...mapped] },
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
