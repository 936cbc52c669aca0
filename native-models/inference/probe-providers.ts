/** Finds out which execution providers of onnxruntime run here, by running a graph of one node on each, and why one does not. */
import { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import ort from 'onnxruntime-node/package.json' with { type: 'json' };
import { type Precision, type Provider, providers } from '../../contract/pack.ts';
import { GraphBuilder } from '../graphs/graph-builder.ts';
import { loweringFor, lowerings } from '../graphs/lowering.ts';
import type { ExpectRunRequest, ModelsAnswers } from '../messages.ts';

// A library that is not installed is no news for the terminal: its reason is kept and shown where it is asked for.
env.logLevel = 'fatal';

/** What computes: part of what stored numbers say of themselves. */
export const runtimeName = `onnxruntime ${ort.version}`;

export interface ProbedProvider {
  name: Provider;
  /** Null where it runs. */
  reason: string | null;
}

let probed: Promise<ProbedProvider[]> | null = null;

/** Each provider in the order in which they are tried; found out once. */
export function probeProviders(): Promise<ProbedProvider[]> {
  probed ??= probeAll();
  return probed;
}

async function probeAll(): Promise<ProbedProvider[]> {
  const carried = new Set<string>(listSupportedBackends().map(({ name }) => name));
  const found: ProbedProvider[] = [];
  for (const name of providers) {
    found.push({ name, reason: carried.has(name) ? await tryProvider(name) : explainMissing(name) });
  }
  return found;
}

/**
 * The providers to try, first to last. Automatic: those that run here, GPUs first, but only the CPU for int8, whose operator GPUs lack.
 * Asked for: those, and the CPU after them.
 */
export async function orderProviders(
  asked: readonly Provider[] | null,
  precision: Precision,
): Promise<Provider[]> {
  if (asked !== null) return [...new Set([...asked, 'cpu' as const])];
  if (precision === 'int8') return ['cpu'];
  return (await probeProviders()).filter(({ reason }) => reason === null).map(({ name }) => name);
}

/** What a run is expected to be computed with: the first provider of its order that runs here. What fails later falls back, and says so. */
export async function expectRun({
  providers: asked,
  precision,
}: Pick<ExpectRunRequest, 'providers' | 'precision'>): Promise<ModelsAnswers['expectRun']> {
  const order = await orderProviders(asked, precision);
  const isUsable = async (name: Provider) =>
    name === 'cpu' || (await probeProviders()).some((one) => one.name === name && one.reason === null);
  let provider: Provider = 'cpu';
  for (const name of order) {
    if (!(await isUsable(name))) continue;
    provider = name;
    break;
  }
  return { runtime: runtimeName, provider, precision: precisionOn(provider, precision) };
}

/** GPUs have no int8 operator, the CPU no fast float16: each then computes in float32. */
export function precisionOn(provider: Provider, wanted: Precision): Precision {
  return lowerings[loweringFor(provider)].precisions.includes(wanted) ? wanted : 'float32';
}

async function tryProvider(name: Provider): Promise<string | null> {
  try {
    const graph = new GraphBuilder('identity');
    graph.output(graph.input('x', 'float32', [1]), 'y', 'float32', [1]);
    const session = await InferenceSession.create(graph.build(), {
      executionProviders: [name],
      logSeverityLevel: 4,
    });
    const { y } = await session.run({ x: new Tensor('float32', [42], [1]) });
    await session.release();
    return y?.data[0] === 42 ? null : 'It ran, but gave a wrong result.';
  } catch (error) {
    return explainFailure(name, error instanceof Error ? error.message : String(error));
  }
}

const cudaAdvice =
  'The CUDA libraries are not installed. On Linux x64 with an NVIDIA driver: `npm run setup:cuda`.';

function explainMissing(name: Provider): string {
  if (name === 'cuda') return cudaAdvice;
  if (name === 'dml') return 'DirectML is a part of Windows.';
  if (name === 'coreml') return 'Core ML is a part of macOS.';
  return 'This build of onnxruntime does not carry it.';
}

/** The runtime's own words without source paths, or the known cause. */
export function explainFailure(name: Provider, message: string): string {
  if (name === 'cuda' && message.includes('Failed to load shared library')) return cudaAdvice;
  if (message.includes('backend not found')) return explainMissing(name);
  if (message.includes('Failed to get a WebGPU adapter')) {
    return 'No WebGPU adapter was found: it needs a GPU with a Vulkan (Linux), Direct3D 12 (Windows) or Metal (macOS) driver.';
  }
  return message.split('\n')[0]!.slice(0, 300);
}
