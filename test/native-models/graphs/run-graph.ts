/** Draws a graph over a checkpoint's file and runs it, as a pack would: the `.onnx` beside the weights, converted tensors in a file of their own. */
import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Lowering, Precision } from '../../../contract/pack.ts';
import { openCheckpoint } from '../../../native-models/checkpoints/open-checkpoint.ts';
import { type TensorSource, writeSafetensors } from '../../../native-models/checkpoints/write-safetensors.ts';
import { GraphBuilder } from '../../../native-models/graphs/graph-builder.ts';
import type { Draft } from '../../../native-models/graphs/layers.ts';
import { WeightPlan } from '../../../native-models/graphs/weight-plan.ts';
import { writeConverted } from '../../../native-models/graphs/write-converted.ts';

export interface GraphOptions {
  precision?: Precision;
  lowering?: Lowering;
  threads?: number;
  /** Gives the values that the architecture shows as outputs of the graph, called `tap …`. */
  isTapped?: boolean;
  prefix?: string;
  /** Weights stay as they lie in the mapped file, as when a pack is used at once. */
  isMapped?: boolean;
}

export interface Feed {
  data: Float32Array | BigInt64Array;
  shape: readonly number[];
}

type Run = (feeds: Record<string, Feed>) => Promise<Record<string, Float32Array>>;
/** Runs the graph; `release` gives its memory back. */
export type Graph = Run & { release: () => Promise<void> };

let graphCount = 0;

/** @param weights a safetensors file in a folder that may be written to */
export async function openGraph(
  weights: string,
  draw: (draft: Draft) => Promise<void> | void,
  options: GraphOptions = {},
): Promise<Graph> {
  const { precision = 'float32', lowering = 'cpu', threads = 2, isTapped = false, prefix = '' } = options;
  const isMapped = options.isMapped === true;
  graphCount += 1;
  const name = `graph-${process.pid}-${graphCount}`;
  const plan = new WeightPlan({
    checkpoint: await openCheckpoint(weights),
    prefix,
    nameOf: (file) => basename(file),
    convertedFile: `${name}.bin`,
  });
  const graph = new GraphBuilder(name);
  const draft: Draft = { graph, weights: plan, precision, lowering };
  if (isTapped) draft.tap = (path, value) => graph.output(value, `tap ${path}`, 'float32', []);
  await draw(draft);
  await writeConverted(join(dirname(weights), `${name}.bin`), plan.planned);
  const path = join(dirname(weights), `${name}.onnx`);
  writeFileSync(path, graph.build());
  const session = await InferenceSession.create(path, {
    intraOpNumThreads: threads,
    logSeverityLevel: 3,
    extra: { session: { disable_prepacking: isMapped ? '1' : '0' } },
  });
  const run: Run = async (feeds) => {
    const tensors = Object.entries(feeds).map(([input, { data, shape }]) => [input, makeTensor(data, shape)]);
    const results = await session.run(Object.fromEntries(tensors));
    return Object.fromEntries(
      Object.entries(results).map(([output, { data }]) => [output, Float32Array.from(data as Float32Array)]),
    );
  };
  return Object.assign(run, { release: () => session.release() });
}

function makeTensor(data: Feed['data'], shape: readonly number[]): Tensor {
  return data instanceof Float32Array ? new Tensor('float32', data, shape) : new Tensor('int64', data, shape);
}

/** A checkpoint of float32 tensors. */
export async function writeWeights(
  path: string,
  tensors: Iterable<{ name: string; shape: readonly number[]; make: () => Float32Array }>,
): Promise<void> {
  const sources = Array.from(
    tensors,
    ({ name, shape, make }): TensorSource => ({ name, dtype: 'float32', shape, chunks: () => [make()] }),
  );
  await writeSafetensors(path, sources);
}
