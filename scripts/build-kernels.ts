/** Compiles the AssemblyScript kernels to the `.wasm` files that are committed beside them: `npm run build:kernels`. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const project = fileURLToPath(new URL('../', import.meta.url));
const compiler = fileURLToPath(import.meta.resolve('assemblyscript/bin/asc.js'));
const options = ['--runtime', 'stub', '--enable', 'simd', '--enable', 'relaxed-simd', '-O3', '--noAssert'];

/** Their memory is made outside and shared by threads. */
const shared = [
  '--enable',
  'threads',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory',
  '1',
  '--maximumMemory',
  '65536',
];
const withSharedMemory: ReadonlySet<string> = new Set(['core/maths/kernels/dots']);

/** Every kernel, as a path in the project without `.as.ts`. */
export const kernels = [
  'core/maths/kernels/dots',
  'core/maths/kernels/dense',
  'native-models/classic/kernels/planes',
  'native-models/preprocess/kernels/resample',
];

/**
 * Compiles one kernel to `outFile`. The same source gives the same bytes.
 *
 * @throws Error with the compiler's messages when the source does not compile
 */
export async function compileKernel(kernel: string, outFile = `${project}${kernel}.wasm`): Promise<void> {
  const args = [compiler, `${project}${kernel}.as.ts`, '--outFile', outFile, ...options];
  if (withSharedMemory.has(kernel)) args.push(...shared);
  await promisify(execFile)(process.execPath, args);
}

if (import.meta.main) {
  for (const kernel of kernels) await compileKernel(kernel);
}
