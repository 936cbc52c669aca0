/**
 * Kills the models process at random moments while a folder is scored with a pack of tiny networks: is every image there once with all
 * its numbers, the same as without kills? Now and then the studio ends the process itself, as it does to cancel: what a kill costs beyond that
 * is what finding out costs whether a file was to blame.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startAdding } from '../../core/add-pack.ts';
import { createRandom, type Random } from '../../core/maths/random.ts';
import { launchModelsChild } from '../../core/models/launch-child.ts';
import { startScoring } from '../../core/score-folder.ts';
import { openStudio, type Studio } from '../../core/studio.ts';
import type { ModelsChannel } from '../../native-models/messages.ts';
import { writeScenes } from '../../test/support/make-images.ts';
import { writeUntrained } from '../support/make-untrained.ts';
import { findRunProblems } from './run-problems.ts';

const packId = 'tiny';
/** Every so many kills the next one hits a process that is still starting, and every so many there is a planned restart to compare with. */
const whileStartingEvery = 10;
const plannedEvery = 4;
/** Looks in flight, about: what a kill loses is done again with so many answers. */
const answersToRecover = 8;

export interface NetworkKills {
  kills: number;
  images: number;
  /** A run without kills, and the run with them. */
  calmMs: number;
  killedMs: number;
  /** Until what was in flight is done again, on the average: after a kill, and after a planned restart. */
  afterKillMs: number;
  afterRestartMs: number;
  problems: string[];
}

/** @param onProgress is told the kills so far */
export async function killNetworks(
  { kills, images, seed }: { kills: number; images: number; seed: number },
  onProgress: (kills: number) => void,
): Promise<NetworkKills> {
  const folder = mkdtempSync(join(tmpdir(), 'studio-stress-'));
  try {
    const imageFolder = join(folder, 'images');
    mkdirSync(imageFolder);
    await writeScenes(imageFolder, images, { width: 64, height: 64 });
    const weights = await writeUntrained('tiny', join(folder, 'weights'));
    const order = { weights, imageFolder };
    const calm = await scoreOnce({ ...order, library: join(folder, 'calm') }, async () => 0);
    const spacingMs = calm.durationMs / kills;
    const recovery: Recovery = { kill: [], restart: [] };
    const killed = await scoreOnce({ ...order, library: join(folder, 'killed') }, (run) =>
      killAtRandom(run, { kills, spacingMs, random: createRandom(seed), recovery, onProgress }),
    );
    const problems = [...calm.problems, ...killed.problems, ...findDifferences(calm.numbers, killed.numbers)];
    if (killed.numbers.size !== images)
      problems.push(`${killed.numbers.size} of ${images} images have numbers.`);
    return {
      kills: killed.kills,
      images,
      calmMs: calm.durationMs,
      killedMs: killed.durationMs,
      afterKillMs: meanOf(recovery.kill),
      afterRestartMs: meanOf(recovery.restart),
      problems,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Durations until a process had caught up, by why it was a new one. */
type Recovery = Record<'kill' | 'restart', number[]>;

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** A models process as the studio starts it, which can be killed and tells of its answers to looks. */
class HeardModels {
  #channel: ModelsChannel | null = null;
  #answered: () => void = () => undefined;

  launch = (): ModelsChannel => {
    const channel = launchModelsChild();
    this.#channel = channel;
    const looks = new Set<number>();
    return {
      ...channel,
      post: (message) => {
        if ('request' in message && message.request.kind === 'look') looks.add(message.id);
        channel.post(message);
      },
      onMessage: (listener) =>
        channel.onMessage((message) => {
          listener(message);
          if ('answer' in message && looks.has(message.id)) this.#answered();
        }),
    };
  };

  /** After so many further answers. */
  async hearAnswers(count: number): Promise<void> {
    let left = count;
    await new Promise<void>((resolve) => {
      this.#answered = () => {
        left -= 1;
        if (left === 0) resolve();
      };
    });
  }

  kill(): void {
    this.#channel?.kill();
  }
}

/** A scoring run that is under way. */
interface Run {
  studio: Studio;
  models: HeardModels;
  isRunning: () => boolean;
}

interface KillPlan {
  kills: number;
  spacingMs: number;
  random: Random;
  recovery: Recovery;
  onProgress: (kills: number) => void;
}

/** Kills after random stretches of work, so that all kills fall into the run; now and then a process that has not answered yet. */
async function killAtRandom(run: Run, plan: KillPlan): Promise<number> {
  const { kills, spacingMs, random, recovery, onProgress } = plan;
  await Promise.race([run.models.hearAnswers(answersToRecover), untilEnded(run.isRunning)]);
  let done = 0;
  while (run.isRunning() && done < kills) {
    if (done % plannedEvery === 0) await recover(run, recovery.restart, () => run.studio.models.recycle());
    await sleep(random.next() * spacingMs * 0.35);
    if (!run.isRunning()) break;
    await recover(run, recovery.kill, () => run.models.kill());
    done += 1;
    onProgress(done);
    if (done % whileStartingEvery === 0 && done + 2 <= kills && run.isRunning()) {
      run.models.kill();
      await sleep(random.next() * 300);
      run.models.kill();
      await Promise.race([run.models.hearAnswers(answersToRecover), untilEnded(run.isRunning)]);
      done += 2;
      onProgress(done);
    }
  }
  return done;
}

/** Ends the process and waits until what was in flight is done again. */
async function recover({ models, isRunning }: Run, durationsMs: number[], end: () => void): Promise<void> {
  const startedAt = performance.now();
  const caughtUp = models.hearAnswers(answersToRecover);
  end();
  await Promise.race([caughtUp, untilEnded(isRunning)]);
  if (isRunning()) durationsMs.push(performance.now() - startedAt);
}

async function untilEnded(isRunning: () => boolean): Promise<void> {
  while (isRunning()) await sleep(100);
}

interface Scored {
  durationMs: number;
  kills: number;
  problems: string[];
  /** By image name: all that is stored of it. */
  numbers: Map<string, string>;
}

async function scoreOnce(
  { library, weights, imageFolder }: { library: string; weights: string; imageFolder: string },
  disturb: (run: Run) => Promise<number>,
): Promise<Scored> {
  const models = new HeardModels();
  const { studio, close } = openStudio({ folder: library, door: 'cli', launchModels: models.launch });
  try {
    const added = await startAdding(studio, { sfiqa: weights, id: packId, precision: 'float32' });
    const { error } = await studio.jobs.waitFor(added.id);
    if (error !== null) throw new Error(error.message);
    const startedAt = performance.now();
    const { id } = await startScoring(studio, { folder: imageFolder, recursive: true, packId });
    let isOver = false;
    const over = studio.jobs.waitFor(id).finally(() => {
      isOver = true;
    });
    const [kills, job] = await Promise.all([disturb({ studio, models, isRunning: () => !isOver }), over]);
    const durationMs = performance.now() - startedAt;
    return { durationMs, kills, problems: findRunProblems(job), numbers: readNumbers(studio) };
  } finally {
    await close();
  }
}

/** Vectors, signals and scores of each image as text; an image that is there twice counts as one with more numbers. */
function readNumbers({ db }: Studio): Map<string, string> {
  const rows = db.sqlite
    .prepare(
      `SELECT i.name, (SELECT group_concat(kind || ' ' || hex(data)) FROM feature f WHERE f.image_id = i.id) AS vectors,
              (SELECT group_concat(name || ' ' || value) FROM signal s WHERE s.image_id = i.id) AS signals,
              (SELECT group_concat(value) FROM score s WHERE s.image_id = i.id) AS scores,
              (SELECT count(*) FROM file f WHERE f.image_id = i.id) AS files
       FROM image i ORDER BY i.name`,
    )
    .all() as { name: string; vectors: string; signals: string; scores: string; files: number }[];
  const numbers = new Map<string, string>();
  for (const { name, ...row } of rows) numbers.set(name, (numbers.get(name) ?? '') + JSON.stringify(row));
  return numbers;
}

function findDifferences(calm: Map<string, string>, killed: Map<string, string>): string[] {
  return [...calm].flatMap(([name, numbers]) => {
    const other = killed.get(name);
    if (other === undefined) return [`${name} is lost.`];
    return other === numbers ? [] : [`${name} has other numbers than without kills.`];
  });
}
