/** Finds nodes of a GPU's session that the runtime quietly runs on the CPU, from the profile that it writes of its first run. */
import { readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import type { Provider } from '../../contract/pack.ts';

/** What the runtime calls its providers in a profile. */
const profileNames: Record<Provider, string> = {
  cuda: 'CUDAExecutionProvider',
  dml: 'DmlExecutionProvider',
  coreml: 'CoreMLExecutionProvider',
  webgpu: 'WebGpuExecutionProvider',
  cpu: 'CPUExecutionProvider',
};

/** Operators whose work grows with the network; shapes and indices are computed on the CPU on purpose. */
const heavyOperators = new Set([
  ...[
    'Gemm',
    'FusedGemm',
    'MatMul',
    'FusedMatMul',
    'MultiHeadAttention',
    'DynamicQuantizeMatMul',
    'MatMulInteger',
  ],
  ...[
    'Softmax',
    'LayerNormalization',
    'SkipLayerNormalization',
    'Gelu',
    'QuickGelu',
    'BiasGelu',
    'Erf',
    'Conv',
  ],
]);

const Profile = z.array(
  z.looseObject({
    cat: z.string(),
    args: z.looseObject({ op_name: z.string().optional(), provider: z.string().optional() }).optional(),
  }),
);

/**
 * Reads a profile and removes it. Never throws: what a provider computes is right whether or not its profile can be read.
 *
 * @param profilePath null where the runtime wrote none
 * @returns a sentence on the nodes that ran elsewhere than on `provider`, or on why that is not known; null where all heavy ones ran there
 */
export async function describeStrays(profilePath: string | null, provider: Provider): Promise<string | null> {
  const unknown = (why: string) =>
    `Whether nodes of the ${provider} session run on the CPU is not known: ${why}.`;
  if (profilePath === null) return unknown('the runtime wrote no profile');
  const text = await readFile(profilePath, 'utf8').catch(() => null);
  await rm(profilePath, { force: true }).catch(() => undefined);
  const events = text === null ? null : parseProfile(text);
  if (events === null) return unknown('the runtime’s profile cannot be read');
  const nodes = events.flatMap(({ cat, args }) =>
    cat === 'Node' && args?.op_name !== undefined && args.provider !== undefined ? [args] : [],
  );
  // Every session has nodes: a profile that names none has another form than is read here.
  if (nodes.length === 0) return unknown('the runtime’s profile names no nodes');
  const heavy = nodes.filter(({ op_name }) => heavyOperators.has(op_name!));
  const strays = heavy.filter((args) => args.provider !== profileNames[provider]);
  if (strays.length === 0) return null;
  const operators = [...new Set(strays.map(({ op_name }) => op_name))].sort().join(', ');
  return `${strays.length} of ${heavy.length} heavy nodes run on the CPU inside the ${provider} session (${operators}).`;
}

function parseProfile(text: string): z.infer<typeof Profile> | null {
  try {
    return Profile.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
