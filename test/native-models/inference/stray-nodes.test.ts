/** What of a GPU's session runs on the CPU is told from the runtime's profile; one that cannot be read keeps nobody from scoring. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../native-models/graphs/graph-builder.ts';
import { describeStrays } from '../../../native-models/inference/stray-nodes.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

describe('nodes that a GPU’s session runs on the CPU', () => {
  const folder = makeTempFolder();

  async function profile(): Promise<string> {
    const builder = new GraphBuilder('strays');
    const x = builder.input('x', 'float32', [2, 2]);
    const y = builder.node('Softmax', [builder.node('MatMul', [x, x])]);
    builder.output(builder.node('Neg', [y]), 'y', 'float32', [2, 2]);
    const session = await InferenceSession.create(builder.build(), {
      enableProfiling: true,
      profileFilePrefix: join(folder, 'profile'),
      logSeverityLevel: 4,
    });
    await session.run({ x: new Tensor('float32', [1, 2, 3, 4], [2, 2]) });
    session.endProfiling();
    return join(folder, readdirSync(folder)[0]!);
  }

  test('are found in the profile of its first run, the heavy ones only', async () => {
    expect(await describeStrays(await profile(), 'cpu')).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
    expect(await describeStrays(await profile(), 'webgpu')).toBe(
      '2 of 2 heavy nodes run on the CPU inside the webgpu session (MatMul, Softmax).',
    );
  });

  test.each([
    ['that is cut off', '[{"cat":"Node","args":{"op_name":"MatMul"', 'cannot be read'],
    ['of another form', '[{"name":"MatMul"}]', 'cannot be read'],
    ['that names no nodes', '[{"cat":"Session","args":{}}]', 'names no nodes'],
  ])('a profile %s keeps nobody from scoring: it is said, and removed', async (_, text, why) => {
    const path = join(folder, 'odd.json');
    writeFileSync(path, text);
    expect(await describeStrays(path, 'webgpu')).toBe(
      `Whether nodes of the webgpu session run on the CPU is not known: the runtime’s profile ${why}.`,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a profile that was not written, or is gone, is said as well', async () => {
    expect(await describeStrays(null, 'cuda')).toMatch(/not known: the runtime wrote no profile/);
    expect(await describeStrays(join(folder, 'gone'), 'cuda')).toMatch(/profile cannot be read/);
  });
});
