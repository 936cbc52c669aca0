/** Kills the engine at random moments while a scripted rater rates, and looks for lost, doubled or changed votes after every restart. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom, type Random } from '../../core/maths/random.ts';
import { spawnWebDoor, startWebStudio, type WebStudio } from '../../test/support/web-studio.ts';
import { Ledger } from './ledger.ts';
import { openSession, type Rater, rate, retryUnanswered } from './rater.ts';
import { findWrongMos, makeStudy, readStoredVotes } from './study.ts';

/** Kills come this long after rating goes on, or after a start, at most. */
const longestRatingMs = 250;
const longestStartMs = 500;
const killsWhileStarting = 0.1;

export interface EngineKills {
  kills: number;
  whileStarting: number;
  acknowledged: number;
  /** Votes without an answer at a kill, and how many of them were on disk all the same. */
  unanswered: number;
  unansweredStored: number;
  raters: number;
  resumes: number;
  problems: string[];
}

interface Run {
  libraryFolder: string;
  studyId: number;
  random: Random;
  ledger: Ledger;
  result: EngineKills;
}

/**
 * Runs until the engine was killed `kills` times.
 *
 * @param onKill told after every restart
 */
export async function killEngine(
  { kills, seed }: { kills: number; seed: number },
  onKill: (result: EngineKills) => void,
): Promise<EngineKills> {
  const folder = mkdtempSync(join(tmpdir(), 'studio-stress-'));
  const libraryFolder = join(folder, 'library');
  const result: EngineKills = {
    ...{ kills: 0, whileStarting: 0, acknowledged: 0, unanswered: 0, unansweredStored: 0 },
    ...{ raters: 0, resumes: 0, problems: [] },
  };
  let engine = await startWebStudio({ libraryFolder });
  try {
    const { studyId, mosSetId } = await makeStudy(engine.client, join(folder, 'images'), seed);
    const run: Run = { libraryFolder, studyId, random: createRandom(seed), ledger: new Ledger(), result };
    while (result.kills < kills) {
      await rateUntilKilled(run, engine);
      engine = await restart(run, kills);
      await checkAfterRestart(run, engine);
      onKill(result);
    }
    result.problems.push(
      ...(await findWrongMos(engine.client, mosSetId, await readStoredVotes(engine.url, studyId))),
    );
    result.acknowledged = run.ledger.acknowledged.length;
    return result;
  } finally {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function rateUntilKilled(run: Run, engine: WebStudio): Promise<void> {
  const { random, result } = run;
  const killed = sleep(random.next() * longestRatingMs).then(() => engine.kill());
  try {
    for (let isDone = true; isDone; ) {
      const rater: Rater = { ...run, name: `Rater ${result.raters + 1}` };
      const { session, expectedNext } = await openSession(engine.client, rater);
      result.resumes += 1;
      if (session.next !== expectedNext) {
        result.problems.push(`${rater.name} goes on at ${session.next}, not at ${expectedNext}.`);
      }
      isDone = await rate(engine.client, rater, session);
      if (isDone) result.raters += 1;
    }
  } catch {
    // The engine was killed while it opened the session.
  }
  await killed;
  result.kills += 1;
}

/** Starts the engine again, now and then with a kill in the middle of that, too. */
async function restart({ libraryFolder, random, result }: Run, kills: number): Promise<WebStudio> {
  while (result.kills < kills && random.next() < killsWhileStarting) {
    const child = spawnWebDoor(libraryFolder);
    const exited = new Promise((resolve) => child.once('exit', resolve));
    await sleep(random.next() * longestStartMs);
    child.kill('SIGKILL');
    await exited;
    result.kills += 1;
    result.whileStarting += 1;
  }
  return await startWebStudio({ libraryFolder });
}

async function checkAfterRestart({ ledger, studyId, result }: Run, engine: WebStudio): Promise<void> {
  const unanswered = ledger.unanswered.length;
  const before = await readStoredVotes(engine.url, studyId);
  result.problems.push(...ledger.findProblems(before));
  result.unanswered += unanswered;
  result.unansweredStored += before.length - (ledger.size - unanswered);
  await retryUnanswered(engine.client, ledger);
  result.problems.push(...ledger.findProblems(await readStoredVotes(engine.url, studyId)));
}
