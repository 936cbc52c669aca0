/** Opens a graph of a pack on one execution provider, and runs it in batches of the size that is good there. */
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { PackGraph, Precision, Provider } from '../../contract/pack.ts';
import { describeStrays } from './stray-nodes.ts';

/** Inputs of one image or one text, by the graph's input names; shapes are without the batch. */
export type Inputs = Record<string, { data: Float32Array | BigInt64Array; shape: readonly number[] }>;
/** Outputs of one image or text. */
export type Outputs = Record<string, Float32Array>;

/** A graph on a provider. */
export interface OpenSession {
  provider: Provider;
  precision: Precision;
  /** What the runtime does otherwise than asked, in a sentence. */
  warning: string | null;
  /** Items must have equal shapes; any number of them. */
  run(items: readonly Inputs[]): Promise<Outputs[]>;
  release(): Promise<void>;
}

export interface SessionRequest {
  path: string;
  /** As the graph of a pack has it. */
  weightsFolder: string | null;
  role: PackGraph['role'];
  precision: Precision;
  provider: Provider;
  batchSize: number;
}

/** COREML_FLAG_CREATE_MLPROGRAM: only programs know layer norms, error functions and GELU; Core ML's older networks do not. */
const mlProgram = 0x010;

/**
 * How many images or texts run together: on the CPU four (float32 gives each the same bits in any company; int8 does not, so that it
 * computes each alone), on a GPU eight.
 */
export function preferredBatch(provider: Provider, precision: Precision): number {
  if (provider !== 'cpu') return 8;
  return precision === 'int8' ? 1 : 4;
}

/** @throws what the runtime throws: the provider is not there, does not take the graph, or has too little memory */
export async function openSession(request: SessionRequest, sample: Inputs): Promise<OpenSession> {
  const { provider, precision, batchSize, path, weightsFolder } = request;
  const isGpu = provider !== 'cpu';
  const profile = join(tmpdir(), `sfiqa-profile-${process.pid}-${Date.now()}-${basename(path)}`);
  const options: InferenceSession.SessionOptions = {
    executionProviders: [provider === 'coreml' ? { name: provider, coreMlFlags: mlProgram } : provider],
    logSeverityLevel: 4,
    interOpNumThreads: 1,
    ...sessionConfig(request),
    ...(isGpu && { enableProfiling: true, profileFilePrefix: profile }),
  };
  // The runtime looks for weights beside a graph that it reads itself; for one that it is handed, where it is told.
  const session =
    weightsFolder === null
      ? await InferenceSession.create(path, options)
      : await InferenceSession.create(await readFile(path), options);
  // On the CPU a batch may be of any size. GPUs get one size of images for ever: they compile or tune their kernels for it.
  const isPadded = isGpu && request.role !== 'text';
  const opened: OpenSession = {
    ...{ provider, precision, warning: null },
    run: (items) => runBatches(session, items, { batchSize, isPadded }),
    release: () => session.release(),
  };
  if (!isGpu) return opened;
  // The first run tells what the provider cannot do, before any image is asked about.
  try {
    await opened.run([sample]);
    return { ...opened, warning: await describeStrays(await endProfile(session, profile), provider) };
  } catch (thrown) {
    await session.release();
    throw thrown;
  }
}

/**
 * On the CPU: one thread a session, because the runtime cuts products of matrices into other pieces, and adds them up in another order, for
 * other numbers of threads; and weights used as they are mapped from the user's files, so that the session is there at once and takes no
 * memory of its own. See docs/decisions/0007-one-image-a-core.md.
 */
function sessionConfig({ provider, weightsFolder }: SessionRequest): InferenceSession.SessionOptions {
  const place = weightsFolder !== null && { model_external_initializers_file_folder_path: weightsFolder };
  if (provider === 'cpu') {
    return { intraOpNumThreads: 1, extra: { session: { disable_prepacking: '1', ...place } } };
  }
  const extra = place === false ? {} : { extra: { session: place } };
  // DirectML refuses memory patterns.
  return provider === 'dml' ? { enableMemPattern: false, ...extra } : extra;
}

/** Where the runtime wrote the profile; null where it did not. */
async function endProfile(session: InferenceSession, prefix: string): Promise<string | null> {
  try {
    session.endProfiling();
    const name = (await readdir(dirname(prefix))).find((one) => one.startsWith(basename(prefix)));
    return name === undefined ? null : join(dirname(prefix), name);
  } catch {
    return null;
  }
}

/** @param isPadded the last batch is filled up with zeros, whose outputs are left out */
export async function runBatches(
  session: Pick<InferenceSession, 'run'>,
  items: readonly Inputs[],
  { batchSize, isPadded }: { batchSize: number; isPadded: boolean },
): Promise<Outputs[]> {
  const all: Outputs[] = [];
  for (let from = 0; from < items.length; from += batchSize) {
    const batch = items.slice(from, from + batchSize);
    const size = isPadded ? batchSize : batch.length;
    const results = await session.run(joinInputs(batch, size));
    all.push(...splitOutputs(results, size).slice(0, batch.length));
  }
  return all;
}

/** @param size the batch's size; what is missing to it is zeros */
function joinInputs(batch: readonly Inputs[], size: number): Record<string, Tensor> {
  const [first] = batch;
  return Object.fromEntries(
    Object.entries(first!).map(([name, { data, shape }]) => {
      const dims = [size, ...shape];
      const items = batch.map((item) => item[name]!.data);
      if (data instanceof BigInt64Array) {
        const joined = new BigInt64Array(size * data.length);
        items.forEach((item, at) => {
          joined.set(item as BigInt64Array, at * data.length);
        });
        return [name, new Tensor('int64', joined, dims)];
      }
      const joined = size === 1 ? data : new Float32Array(size * data.length);
      if (size > 1) {
        items.forEach((item, at) => {
          (joined as Float32Array).set(item as Float32Array, at * data.length);
        });
      }
      return [name, new Tensor('float32', joined, dims)];
    }),
  );
}

function splitOutputs(results: InferenceSession.OnnxValueMapType, size: number): Outputs[] {
  const values = Object.entries(results).map(([name, { data }]) => {
    if (!(data instanceof Float32Array)) throw new Error(`The graph’s output ${name} is not float32.`);
    return [name, data] as const;
  });
  return Array.from({ length: size }, (_, at) =>
    Object.fromEntries(
      values.map(([name, data]) => {
        const length = data.length / size;
        return [name, data.slice(at * length, (at + 1) * length)];
      }),
    ),
  );
}
