/** Kills the models process at random moments while a folder is scored, and looks whether the run completes with every image. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../core/maths/random.ts';
import { launchModelsChild } from '../../core/models/launch-child.ts';
import { startScoring } from '../../core/score-folder.ts';
import { openStudio } from '../../core/studio.ts';
import type { ModelsChannel } from '../../native-models/messages.ts';
import { writeScenes } from '../../test/support/make-images.ts';
import { findRunProblems } from './run-problems.ts';

/** Between two kills: long enough that a new process gets something done, else no program could complete. */
const shortestMs = 1_000;
const longestMs = 2_500;
const imagesPerKill = 20;

export interface ModelsKills {
  kills: number;
  images: number;
  scored: number;
  failed: number;
  problems: string[];
}

/** Scores made images while the models process is killed `kills` times. */
export async function killModels({ kills, seed }: { kills: number; seed: number }): Promise<ModelsKills> {
  const folder = mkdtempSync(join(tmpdir(), 'studio-stress-'));
  const imageFolder = join(folder, 'images');
  mkdirSync(imageFolder);
  const images = Math.max(40, kills * imagesPerKill);
  await writeScenes(imageFolder, images, { width: 512, height: 512 });
  let channel: ModelsChannel | null = null;
  const { studio, close } = openStudio({
    folder: join(folder, 'library'),
    door: 'cli',
    launchModels: () => {
      channel = launchModelsChild();
      return channel;
    },
  });
  try {
    const random = createRandom(seed);
    const { id } = await startScoring(studio, { folder: imageFolder, recursive: true, packId: 'classic' });
    const over = studio.jobs.waitFor(id);
    let done = 0;
    while (done < kills && studio.jobs.list()[0]?.state === 'running') {
      await sleep(shortestMs + random.next() * (longestMs - shortestMs));
      if (studio.jobs.list()[0]?.state !== 'running') break;
      (channel as ModelsChannel | null)?.kill();
      done += 1;
    }
    const job = await over;
    const { scored = 0, failed = 0 } = job.summary ?? {};
    const problems = findRunProblems(job);
    if (scored !== images) problems.push(`${scored} of ${images} images were scored.`);
    return { kills: done, images, scored, failed, problems };
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
}
