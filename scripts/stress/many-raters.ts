/** Many raters vote at once through the web door, as raters who joined by codes; the engine is killed under them, and nothing may be lost. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RatingSession } from '../../contract/studies.ts';
import { createRandom, type Random } from '../../core/maths/random.ts';
import {
  connectTo,
  type StudioClient,
  startWebStudio,
  type WebStudio,
} from '../../test/support/web-studio.ts';
import { quantileOf } from '../bench/statistics.ts';
import { type Burst, connectRater, voteInOneInstant } from './burst.ts';
import { Ledger, type SentVote } from './ledger.ts';
import { drawVote, openSession, retryUnanswered, send } from './rater.ts';
import { createStressStudy, findWrongMos, readStoredVotes, scoreScenes } from './study.ts';

export interface ManyRatersOrder {
  raters: number;
  /** Of the engine, while everybody votes. */
  kills: number;
  /** Mean time between two votes of a rater; exponentially distributed. */
  thinkMs: number;
  /** How long everybody votes between two kills. */
  votingMs: number;
  seed: number;
}

export interface ManyRaters {
  acknowledged: number;
  unanswered: number;
  resumes: number;
  votesPerSecond: number;
  /** From a vote's sending to its acknowledgement, all raters voting at their own pace. */
  steady: Latency;
  /** The same where all vote in the same instant, and the processor time that one such instant takes: of the engine, and of this program. */
  burst: Latency & { engineCpuMs: number | null; ownCpuMs: number };
  problems: string[];
}

interface Latency {
  medianMs: number;
  p99Ms: number;
  longestMs: number;
}

interface VirtualRater {
  name: string;
  cookie: string;
  random: Random;
}

interface Run {
  order: ManyRatersOrder;
  libraryFolder: string;
  studyId: number;
  ledger: Ledger;
  raters: VirtualRater[];
  steadyMs: number[];
  bursts: Burst[];
  resumes: number;
  problems: string[];
}

/** A request that says it was passed on is nobody's until its cookie tells, as over a network. */
const throughNetwork = { 'x-forwarded-for': '192.168.1.77' };

/** @param onKill told after every restart */
export async function stressRaters(
  order: ManyRatersOrder,
  onKill: (kills: number) => void,
): Promise<ManyRaters> {
  const folder = mkdtempSync(join(tmpdir(), 'studio-raters-'));
  const libraryFolder = join(folder, 'library');
  let engine = await startWebStudio({ libraryFolder });
  try {
    const imageIds = await scoreScenes(engine.client, join(folder, 'images'));
    const { studyId, mosSetId } = await createStressStudy(engine.client, imageIds, order.seed);
    const run: Run = {
      ...{ order, libraryFolder, studyId, ledger: new Ledger(), resumes: 0, problems: [] },
      ...{ steadyMs: [], bursts: [], raters: await joinAll(engine, studyId, order) },
    };
    const random = createRandom(order.seed);
    let unanswered = 0;
    let votingMs = 0;
    for (let round = 0; round < order.kills; round += 1) {
      const sittings = await openAll(run, engine.url);
      const began = performance.now();
      const over = AbortSignal.timeout(Math.round(order.votingMs * (0.5 + random.next())));
      const killed = once(over, 'abort').then(() => engine.kill());
      await voteTogether(run, sittings, over);
      await killed;
      votingMs += performance.now() - began;
      engine = await startWebStudio({ libraryFolder });
      unanswered += run.ledger.unanswered.length;
      await checkStored(run, engine);
      onKill(round + 1);
    }
    const sittings = await openAll(run, engine.url);
    await voteTogether(run, sittings, AbortSignal.timeout(order.votingMs));
    await voteInInstants(run, engine, sittings);
    await checkStored(run, engine);
    run.problems.push(
      ...(await findWrongMos(engine.client, mosSetId, await readStoredVotes(engine.url, studyId))),
    );
    const acknowledged = run.ledger.acknowledged.length;
    return {
      ...{ acknowledged, unanswered, resumes: run.resumes, problems: run.problems },
      votesPerSecond: run.steadyMs.length / ((votingMs + order.votingMs) / 1000),
      steady: describeLatency(run.steadyMs),
      burst: describeBursts(run.bursts),
    };
  } finally {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function describeLatency(times: number[]): Latency {
  return {
    medianMs: quantileOf(times, 0.5),
    p99Ms: quantileOf(times, 0.99),
    longestMs: times.reduce((a, b) => Math.max(a, b), 0),
  };
}

function describeBursts(bursts: readonly Burst[]): ManyRaters['burst'] {
  const meanOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const engineMs = bursts.flatMap(({ engineCpuMs }) => engineCpuMs ?? []);
  return {
    ...describeLatency(bursts.flatMap(({ latenciesMs }) => latenciesMs)),
    engineCpuMs: engineMs.length === 0 ? null : meanOf(engineMs),
    ownCpuMs: meanOf(bursts.map(({ ownCpuMs }) => ownCpuMs)),
  };
}

async function joinAll(
  engine: WebStudio,
  studyId: number,
  { raters, seed }: ManyRatersOrder,
): Promise<VirtualRater[]> {
  const raterNames = Array.from({ length: raters }, (_, at) => `Rater ${String(at + 1).padStart(3, '0')}`);
  const invitations = await engine.client.studies.invite({ studyId, raterNames });
  return await Promise.all(
    invitations.map(async ({ code, raterName }, at) => ({
      name: raterName ?? '',
      cookie: await joinBy(engine.url, code),
      random: createRandom(seed + at),
    })),
  );
}

/** Joins as a browser does; gives the cookie. */
async function joinBy(url: string, code: string): Promise<string> {
  const response = await fetch(`${url}/api/access/join`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...throughNetwork },
    body: JSON.stringify({ code }),
  });
  if (!response.ok) throw new Error(`Joining was answered ${response.status}: ${await response.text()}`);
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

function clientOf(url: string, { cookie }: VirtualRater): StudioClient {
  return connectTo(url, { cookie, ...throughNetwork });
}

interface Sitting {
  client: StudioClient;
  rater: VirtualRater;
  session: RatingSession;
}

/** Everybody opens a session, and has to be at the right item. */
async function openAll(run: Run, url: string): Promise<Sitting[]> {
  const { ledger, studyId } = run;
  return await Promise.all(
    run.raters.map(async (rater) => {
      const client = clientOf(url, rater);
      const { session, expectedNext } = await openSession(client, { ...rater, ledger, studyId });
      run.resumes += 1;
      if (session.next !== expectedNext) {
        run.problems.push(`${rater.name} goes on at ${session.next}, not at ${expectedNext}.`);
      }
      return { client, rater, session };
    }),
  );
}

/** Everybody votes at their own pace until the time is over or the engine is killed. */
async function voteTogether(run: Run, sittings: readonly Sitting[], over: AbortSignal): Promise<void> {
  await Promise.all(
    sittings.map(async (sitting) => {
      try {
        await voteAlone(run, sitting, over);
      } catch {
        // The engine was killed; what has no answer is in the ledger.
      }
    }),
  );
}

async function voteAlone(
  { ledger, order, steadyMs }: Run,
  { client, rater, session }: Sitting,
  over: AbortSignal,
): Promise<void> {
  const { presentations, design } = session;
  for (let at = session.next; !over.aborted; at += 1) {
    // Who is through begins again and corrects, so that the load stays.
    const { id } = presentations[at % presentations.length]!;
    for (const { key } of design.dimensions) {
      await sleep(-order.thinkMs * Math.log(1 - rater.random.next()), undefined, { signal: over });
      if (over.aborted) return;
      if (at < presentations.length && ledger.has(id, key)) continue;
      const place = { sessionId: session.sessionId, presentationId: id, dimension: key };
      steadyMs.push(await timeVote(client, ledger, drawVote(rater, place)));
    }
  }
}

/** Sends a vote; gives how long its acknowledgement took. */
async function timeVote(client: StudioClient, ledger: Ledger, vote: SentVote): Promise<number> {
  ledger.send(vote);
  const startedAt = performance.now();
  await send(client, ledger, vote);
  return performance.now() - startedAt;
}

const burstCount = 10;

async function voteInInstants(run: Run, engine: WebStudio, sittings: readonly Sitting[]): Promise<void> {
  const raters = await Promise.all(
    sittings.map(({ rater: { cookie } }) => connectRater(engine.url, { cookie, ...throughNetwork })),
  );
  for (let at = 0; at < burstCount; at += 1) {
    await sleep(500);
    const votes = sittings.map(({ rater, session }, index) => {
      const place = { sessionId: session.sessionId, presentationId: session.presentations[at]!.id };
      const vote = drawVote(rater, { ...place, dimension: 'quality' });
      run.ledger.send(vote);
      return { rater: raters[index]!, vote };
    });
    const burst = await voteInOneInstant(votes, engine.process.pid!);
    for (const [index, { vote }] of votes.entries()) run.ledger.acknowledge(vote.key, burst.voteIds[index]!);
    run.bursts.push(burst);
  }
  for (const { connection } of raters) connection.destroy();
}

async function checkStored(run: Run, engine: WebStudio): Promise<void> {
  const { ledger, studyId } = run;
  run.problems.push(...ledger.findProblems(await readStoredVotes(engine.url, studyId)));
  await retryUnanswered(engine.client, ledger);
  run.problems.push(...ledger.findProblems(await readStoredVotes(engine.url, studyId)));
}
