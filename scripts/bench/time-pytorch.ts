/** CLIP's towers in a PyTorch that is on this machine anyway: what the studio's networks are compared with on the same cores. */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { quantileOf } from './statistics.ts';

/** The first is slower: memory is new. */
const batches = 4;

/**
 * Seconds an image of PyTorch's float32 towers (ViT-H/14, batch 4, text of 20 tokens) on all cores, in the median batch; the quality branch
 * is not in it.
 *
 * @param python an interpreter that has PyTorch
 * @throws Error where it has none
 */
export async function timePyTorch(python: string): Promise<number> {
  const script = fileURLToPath(new URL('./clip-towers.py', import.meta.url));
  const { stdout } = await promisify(execFile)(python, [
    script,
    `${availableParallelism()}`,
    `${batches + 1}`,
  ]);
  return quantileOf(stdout.trim().split('\n').slice(1).map(Number), 0.5);
}
