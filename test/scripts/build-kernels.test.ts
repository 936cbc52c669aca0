/** The committed kernels are what their sources compile to. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compileKernel, kernels } from '../../scripts/build-kernels.ts';

test.each(kernels)('%s.wasm is its source, compiled', async (kernel) => {
  const folder = await mkdtemp(join(tmpdir(), 'kernel-'));
  try {
    await compileKernel(kernel, join(folder, 'kernel.wasm'));
    const [fresh, committed] = await Promise.all([
      readFile(join(folder, 'kernel.wasm')),
      readFile(new URL(`../../${kernel}.wasm`, import.meta.url)),
    ]);
    expect(fresh.equals(committed)).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
  }
});
