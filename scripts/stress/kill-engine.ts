/**
 * Kills the engine at random moments while a scripted rater rates, and looks for lost, doubled or changed votes after every restart.
 * Every hundred kills a new study begins, so that what is read back after a kill stays small; in the end all studies are read once more.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom, type Random } from '../../core/maths/random.ts';
import { spawnWebDoor, startWebStudio, type WebStudio } from '../../test/support/web-studio.ts';
import { Ledger } from './ledger.ts';
import { openSession, type Rater, rate, retryUnanswered } from './rater.ts';
import { createStressStudy, findWrongMos, readStoredVotes, scoreScenes } from './study.ts';

/** Kills come this long after rating goes on, or after a start, at most. */
const longestRatingMs = 250;
const longestStartMs = 500;
const killsWhileStarting = 0.1;
const killsPerStudy = 100;

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

export interface EngineKillsOrder {
  kills: number;
  seed: number;
  /** Ends the run after the kill under way; what was found until then is given. */
  signal?: AbortSignal;
}

interface RatedStudy {
  studyId: number;
  mosSetId: number;
  ledger: Ledger;
}

interface Run extends RatedStudy {
  libraryFolder: string;
  random: Random;
  /** Votes of the studies before this one. */
  acknowledgedBefore: number;
  result: EngineKills;
}

/**
 * Runs until the engine was killed `kills` times.
 *
 * @param onKill told after every restart
 */
export async function killEngine(
  { kills, seed, signal }: EngineKillsOrder,
  onKill: (result: EngineKills) => void,
): Promise<EngineKills> {
  const folder = mkdtempSync(join(tmpdir(), 'studio-stress-'));
  const libraryFolder = join(folder, 'library');
  const result: EngineKills = {
    ...{ kills: 0, whileStarting: 0, acknowledged: 0, unanswered: 0, unansweredStored: 0 },
    ...{ raters: 0, resumes: 0, problems: [] },
  };
  const random = createRandom(seed);
  const rated: RatedStudy[] = [];
  const isBelow = (count: number) => result.kills < count && signal?.aborted !== true;
  let engine = await startWebStudio({ libraryFolder });
  try {
    const imageIds = await scoreScenes(engine.client, join(folder, 'images'));
    while (isBelow(kills)) {
      const study = { ...(await createStressStudy(engine.client, imageIds, seed)), ledger: new Ledger() };
      rated.push(study);
      const run: Run = { ...study, libraryFolder, random, result, acknowledgedBefore: result.acknowledged };
      const until = Math.min(kills, result.kills + killsPerStudy);
      while (isBelow(until)) {
        await rateUntilKilled(run, engine);
        engine = await restart(run, until);
        await checkAfterRestart(run, engine);
        onKill(result);
      }
    }
    for (const study of rated) result.problems.push(...(await findLastProblems(engine, study)));
    return result;
  } finally {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What is wrong with a study whose votes were all acknowledged: votes, and the MOS made of them. */
async function findLastProblems(
  { client, url }: WebStudio,
  { studyId, mosSetId, ledger }: RatedStudy,
): Promise<string[]> {
  const stored = await readStoredVotes(url, studyId);
  return [...ledger.findProblems(stored), ...(await findWrongMos(client, mosSetId, stored))];
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

async function checkAfterRestart(run: Run, engine: WebStudio): Promise<void> {
  const { ledger, studyId, acknowledgedBefore, result } = run;
  const unanswered = ledger.unanswered.length;
  const before = await readStoredVotes(engine.url, studyId);
  result.problems.push(...ledger.findProblems(before));
  result.unanswered += unanswered;
  result.unansweredStored += before.length - (ledger.size - unanswered);
  await retryUnanswered(engine.client, ledger);
  result.problems.push(...ledger.findProblems(await readStoredVotes(engine.url, studyId)));
  result.acknowledged = acknowledgedBefore + ledger.acknowledged.length;
}
