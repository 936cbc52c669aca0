/**
 * `npm run stress`: SIGKILL at random moments. `--kills <n>` (1000, about half an hour; Ctrl-C ends it with what was found) of the engine during
 * scripted rating: no acknowledged vote may be missing, none doubled, and the rater goes on at the right item. With `--models`, of the models process during scoring with the
 * classic pack: the run completes. With `--networks`, during scoring 2,000 images with tiny networks (`--kills` 100): nothing is lost, nothing
 * doubled, every number is that of a run without kills. `--seed <n>` repeats a run's draws. Ends with code 1 when anything was lost.
 */
import { parseArgs } from 'node:util';
import { type EngineKills, killEngine } from './stress/kill-engine.ts';
import { killModels } from './stress/kill-models.ts';
import { killNetworks } from './stress/kill-networks.ts';
import { type ManyRaters, stressRaters } from './stress/many-raters.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string' },
    seed: { type: 'string', default: '1' },
    models: { type: 'boolean', default: false },
    raters: { type: 'string' },
    think: { type: 'string', default: '2000' },
    networks: { type: 'boolean', default: false },
    images: { type: 'string', default: '2000' },
  },
});
const seed = Number(values.seed);
/** Longest time to the acknowledgement of 99 of 100 votes. */
const p99LimitMs = 100;
const problems = await run();
for (const problem of problems.slice(0, 20)) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

async function run(): Promise<string[]> {
  if (values.networks) return await stressNetworks();
  if (values.models) return await stressModels();
  return values.raters === undefined ? await stressEngine() : await stressManyRaters(Number(values.raters));
}

async function stressManyRaters(raters: number): Promise<string[]> {
  const kills = Number(values.kills ?? 5);
  const order = { raters, kills, thinkMs: Number(values.think), votingMs: 8000, seed };
  const result = await stressRaters(order, (done) => console.log(`${done} of ${kills} kills …`));
  console.log(describeRaters(raters, kills, result));
  const slow = [result.steady, result.burst].filter(({ p99Ms }) => p99Ms > p99LimitMs);
  return [
    ...result.problems,
    ...slow.map(({ p99Ms }) => `p99 is ${p99Ms.toFixed(1)} ms, over ${p99LimitMs} ms.`),
  ];
}

function describeRaters(raters: number, kills: number, result: ManyRaters): string {
  const { steady, burst, acknowledged, unanswered, resumes, votesPerSecond } = result;
  const say = ({ medianMs, p99Ms, longestMs }: ManyRaters['steady']) =>
    `median ${medianMs.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, longest ${longestMs.toFixed(1)} ms`;
  return [
    `${raters} raters, ${kills} kills, ${acknowledged} votes acknowledged, ${votesPerSecond.toFixed(0)} a second, ${resumes} sessions opened.`,
    `Acknowledged, each rater at their own pace: ${say(steady)}.`,
    `Acknowledged, all in the same instant: ${say(burst)}.`,
    `One such instant takes ${burst.engineCpuMs?.toFixed(0) ?? '?'} ms of processor time of the engine, ${burst.ownCpuMs.toFixed(0)} ms of this program.`,
    `${unanswered} votes had no answer at a kill; all are stored once after the retry.`,
    result.problems.length === 0
      ? 'No acknowledged vote missing, none doubled, every rater went on at the right item.'
      : `${result.problems.length} problems.`,
  ].join('\n');
}

async function stressEngine(): Promise<string[]> {
  const kills = Number(values.kills ?? 1000);
  const startedAt = Date.now();
  let nextReport = 10;
  const signal = untilInterrupted();
  const result = await killEngine({ kills, seed, signal }, (sofar) => {
    if (sofar.kills < nextReport) return;
    nextReport = sofar.kills + 10;
    console.log(describeProgress(sofar, kills, Date.now() - startedAt));
  });
  console.log(describe(result, Date.now() - startedAt));
  if (result.kills < kills) console.log(`Interrupted: ${kills - result.kills} kills were not done.`);
  return result.problems;
}

/** Aborted by the first Ctrl-C or SIGTERM (which may come again and again); a second Ctrl-C ends the run at once. */
function untilInterrupted(): AbortSignal {
  const interrupted = new AbortController();
  process.on('SIGTERM', () => interrupted.abort());
  process.on('SIGINT', () => (interrupted.signal.aborted ? process.exit(130) : interrupted.abort()));
  return interrupted.signal;
}

function describeProgress(
  { kills: done, acknowledged, problems: found }: EngineKills,
  kills: number,
  ms: number,
) {
  const minutesLeft = ((ms / done) * (kills - done)) / 60_000;
  return `${done} of ${kills} kills, ${acknowledged} votes acknowledged, ${found.length} problems; ${minutesLeft.toFixed(1)} minutes left …`;
}

function describe(result: EngineKills, durationMs: number): string {
  const { kills, whileStarting, acknowledged, unanswered, unansweredStored, raters, resumes } = result;
  return [
    `Engine killed ${kills} times (${whileStarting} while starting) in ${Math.round(durationMs / 1000)} s, seed ${seed}.`,
    `${acknowledged} votes acknowledged, ${raters} raters finished, ${resumes} sessions opened.`,
    `${unanswered} votes had no answer at a kill: ${unansweredStored} were on disk, ${unanswered - unansweredStored} not; all stored once after the retry.`,
    result.problems.length === 0
      ? 'No acknowledged vote missing, none doubled, every session resumed at the right item.'
      : `${result.problems.length} problems.`,
  ].join('\n');
}

async function stressModels(): Promise<string[]> {
  const {
    kills,
    images,
    scored,
    failed,
    problems: found,
  } = await killModels({
    kills: Number(values.kills ?? 10),
    seed,
  });
  console.log(
    `Models process killed ${kills} times: ${scored} of ${images} images scored, ${failed} failed.`,
  );
  return found;
}

async function stressNetworks(): Promise<string[]> {
  const order = { kills: Number(values.kills ?? 100), images: Number(values.images), seed };
  const result = await killNetworks(order, (sofar) => {
    if (sofar % 10 === 0) console.log(`${sofar} of ${order.kills} kills …`);
  });
  const { kills, images, calmMs, killedMs, afterKillMs, afterRestartMs, problems: found } = result;
  const more = (kills * (afterKillMs - afterRestartMs)) / killedMs;
  const second = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  console.log(
    [
      `Models process killed ${kills} times while ${images} images were scored with tiny networks, seed ${seed}.`,
      `${second(calmMs)} without kills, ${second(killedMs)} with them.`,
      `What was in flight is done again ${second(afterKillMs)} after a kill, ${second(afterRestartMs)} after a planned restart.`,
      `Beyond what killed batches and new processes cost: ${(100 * more).toFixed(1)} % of the time.`,
      found.length === 0
        ? 'Nothing lost, nothing doubled, every number as without kills.'
        : `${found.length} problems.`,
    ].join('\n'),
  );
  return found;
}
