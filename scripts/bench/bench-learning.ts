/** How long agreement of 20,000 images and training on 10,000 labels take, from the question to the answer, on the compute threads. */
import { createRandom } from '../../core/maths/random.ts';
import { trainSmall } from '../../core/maths/small-network.ts';
import { saveSignal } from '../../db/features.ts';
import { imageById } from '../../db/images.ts';
import { openTestStudio } from '../../test/support/open-test-studio.ts';

export interface LearningSpeed {
  /** Coefficients overall and by six generators with 1,000 resamples; the first run starts the threads. */
  agreementMs: number[];
  /** The fusion network alone: 10,000 labels, 100 epochs, processor time of one thread. */
  networkMs: number;
  /** Five folds, learning curve and the head of all labels, every method compared. */
  trainingMs: number;
}

const compared = 20_000;
const labelled = 10_000;

/** Makes a library of images without files that have Q, S and MOS, four a prompt, and asks it. */
export async function benchLearning(): Promise<LearningSpeed> {
  const test = openTestStudio();
  try {
    const { client, studio, finish } = test;
    const random = createRandom(1);
    const mos = Array.from({ length: compared }, () => 3 + random.normal());
    const importSet = async (name: string, count: number) => {
      const lines = mos
        .slice(0, count)
        .map((value, at) => `${at}.png,"prompt ${at >> 2}",generator ${at % 6},${value.toFixed(4)}`);
      const file = new Blob([['name,prompt,generator,mos', ...lines].join('\n')]);
      return (await client.mos.import({ source: { fileName: `${name}.csv`, file } })).id;
    };
    const [all, some] = [await importSet('all', compared), await importSet('some', labelled)];
    const rows = await client.mos.rows({ mosSetId: all });
    studio.db.transaction(() => {
      for (const { imageId, mean } of rows) {
        const promptId = imageById(studio.db, imageId)!.prompt_id!;
        const signal = { packId: 'classic', imageId };
        saveSignal(studio.db, { ...signal, name: 'q', promptId: 0, value: mean + 0.6 * random.normal() });
        saveSignal(studio.db, { ...signal, name: 's', promptId, value: 18 + 2 * mean + random.normal() });
      }
    });
    const comparison = {
      prediction: { kind: 'mean', packId: 'classic' },
      mosSetId: all,
      dimension: 'quality',
    } as const;
    const agreementMs: number[] = [];
    for (let run = 0; run < 5; run += 1) {
      agreementMs.push(await time(() => client.agreement.measure(comparison)));
    }
    const trainingMs = await time(() =>
      finish(
        client.heads.train({
          ...{ packId: 'classic', mosSetId: some, dimension: 'quality', target: 'overall' },
          inputs: 'signals',
        }),
      ),
    );
    return { agreementMs, networkMs: timeNetwork(), trainingMs };
  } finally {
    await test.close();
  }
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function timeNetwork(): number {
  const random = createRandom(2);
  const inputs = Float32Array.from({ length: 2 * labelled }, () => random.normal());
  const labels = Float64Array.from(
    { length: labelled },
    (_, row) => Math.tanh(inputs[2 * row]!) + inputs[2 * row + 1]!,
  );
  const plan = { hidden: [10, 10], loss: 'mse', epochs: 100, batch: 32 } as const;
  const before = process.cpuUsage();
  trainSmall(
    { inputs, labels, width: 2 },
    { ...plan, learningRate: 5e-3, weightDecay: 5e-4, anchor: null, stopAfter: null },
    1,
  );
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
