/**
 * A models process in this one, for tests of what the engine does with networks: packs are really planned, built and checked, files really
 * identified; in place of inference a formula over content hash, text, member and precision, so that every number is known.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PackManifest, type Precision } from '../../contract/pack.ts';
import { createRandom } from '../../core/maths/random.ts';
import { describeProblem } from '../../native-models/describe-problem.ts';
import { describeFailure } from '../../native-models/images/failures.ts';
import { identifyFile } from '../../native-models/images/identify.ts';
import type {
  FromModels,
  Look,
  ModelsAnswers,
  ModelsChannel,
  ModelsProgress,
  ModelsRequest,
  NetworkRun,
  Provenance,
  ToModels,
} from '../../native-models/messages.ts';
import { handlePack } from '../../native-models/packs/handle-pack.ts';

/** How far numbers of a reduced precision are from float32. */
const usualError = 1e-3;

function randomOf(...parts: string[]) {
  return createRandom(createHash('sha256').update(parts.join('\n')).digest().readUInt32LE(0));
}

/** What the formula gives for Q. */
export function formulaQ(
  hash: string,
  member: string,
  precision: Precision = 'float32',
  error = usualError,
): number {
  if (precision !== 'float32' && error === Number.POSITIVE_INFINITY) return 1;
  const off = precision === 'float32' ? 0 : error * randomOf('e', hash).normal();
  return 4 * randomOf('q', hash, member).next() - 1 + off;
}

/** What the formula gives for a content (`image`) or a text (`text`): length 1. */
export function formulaEmbedding(
  of: { kind: 'image' | 'text'; what: string; member: string },
  length: number,
  precision: Precision = 'float32',
): Float32Array {
  const random = randomOf(of.kind, of.what, of.member);
  const error = randomOf('error', of.kind, of.what);
  const scale = precision === 'float32' ? 0 : usualError;
  const raw = Array.from({ length }, () => random.normal() + scale * error.normal());
  const norm = Math.hypot(...raw);
  return Float32Array.from(raw, (value) => value / norm);
}

type ProvenanceOf = (precision: Precision) => Provenance;

export class FormulaModels {
  /** Everything that was asked, in order. */
  readonly asked: ModelsRequest[] = [];
  starts = 0;
  kills = 0;
  /** What it says that it computes with. */
  runtime = 'formula 1';
  /** SD of what a reduced precision adds to Q; where it is infinite nothing is left, and all images get 1. */
  precisionError = usualError;
  /** Called before an answer is worked out; an answer waits for what it gives. */
  onRequest: (request: ModelsRequest) => void | Promise<void> = () => undefined;
  #running: (() => void) | null = null;

  launch = (): ModelsChannel => {
    this.starts += 1;
    let isAlive = true;
    let listener: (message: FromModels) => void = () => undefined;
    const exits: ((reason: string) => void)[] = [];
    const builds = new Map<number, AbortController>();
    const end = () => {
      if (!isAlive) return;
      isAlive = false;
      this.kills += 1;
      setImmediate(() => {
        for (const exit of exits) exit('SIGKILL');
      });
    };
    this.#running = end;
    const post = (message: FromModels) => setImmediate(() => isAlive && listener(message));
    return {
      post: (message: ToModels) => {
        if (!('request' in message)) {
          builds.get(message.id)?.abort();
          return;
        }
        const { id, request } = message;
        this.asked.push(request);
        const build = new AbortController();
        builds.set(id, build);
        const onProgress = (progress: ModelsProgress) => post({ id, progress });
        this.#answer(request, { signal: build.signal, onProgress }, () => isAlive).then(
          (answer) => post({ id, answer }),
          (error: unknown) => {
            if (request.kind === 'look' || request.kind === 'identify') {
              post({ id, failure: describeFailure(error) });
              return;
            }
            post({ id, problem: describeProblem(error) });
          },
        );
      },
      onMessage: (to) => {
        listener = to;
      },
      onExit: (exit) => exits.push(exit),
      kill: end,
    };
  };

  /** Ends the process from outside. */
  kill(): void {
    this.#running?.();
  }

  count(kind: ModelsRequest['kind']): number {
    return this.asked.filter((request) => request.kind === kind).length;
  }

  /** All texts that were embedded, of all questions. */
  get texts(): string[] {
    return this.asked.flatMap((request) => (request.kind === 'embedText' ? request.texts : []));
  }

  readonly #provenanceOf = (precision: Precision): Provenance => {
    return { runtime: this.runtime, provider: 'cpu', precision, fallback: null };
  };

  async #answer(
    request: ModelsRequest,
    asking: Parameters<typeof handlePack>[1],
    isAlive: () => boolean,
  ): Promise<ModelsAnswers[keyof ModelsAnswers]> {
    await sleep(1);
    await this.onRequest(request);
    // What a process was asked ends with it.
    if (!isAlive()) await new Promise(() => undefined);
    switch (request.kind) {
      case 'identify':
        return await identifyFile(request.path, request.limits);
      case 'look':
        await identifyFile(request.path, request.limits);
        return look(request.packFolder, request.hash, {
          ...{ ...request.run!, error: this.precisionError },
          by: this.#provenanceOf,
        });
      case 'embedText':
        return embed(request.packFolder, request.texts, { ...request.run, by: this.#provenanceOf });
      case 'expectRun': {
        const { fallback: _, ...expected } = this.#provenanceOf(request.precision);
        return expected;
      }
      case 'planPack':
      case 'buildPack':
      case 'checkPack':
        return await handlePack(request, asking);
      default:
        throw new Error(`No formula for ${request.kind}.`);
    }
  }
}

function manifestOf(packFolder: string) {
  const manifest = PackManifest.parse(JSON.parse(readFileSync(join(packFolder, 'manifest.json'), 'utf8')));
  return { ...manifest, network: manifest.network! };
}

function look(
  packFolder: string,
  hash: string,
  { members: asked, precision: given, error, by }: NetworkRun & { error: number; by: ProvenanceOf },
): Look {
  const { network, features } = manifestOf(packFolder);
  const { members, similarity } = network;
  const precision = given ?? network.precision;
  const vectors: Look['vectors'] = {};
  const signals: Look['signals'] = {};
  for (const [at, { name, graphs }] of members.entries()) {
    if (asked !== null && !asked.includes(name)) continue;
    const suffix = at === 0 ? '' : `@${name}`;
    const has = (role: string) => graphs.some((graph) => graph.role === role);
    if (has('quality') || has('backbone')) {
      const random = randomOf('features', hash, name);
      vectors[`features${suffix}`] = Float32Array.from({ length: features.length }, () => random.normal());
    }
    if (has('quality'))
      signals[members.length === 1 ? 'q' : `q_${name}`] = formulaQ(hash, name, precision, error);
    if (has('image')) {
      const of = { kind: 'image' as const, what: hash, member: name };
      vectors[`image${suffix}`] = formulaEmbedding(of, similarity!.embeddingLength, precision);
    }
  }
  return { vectors, signals, provenance: by(precision) };
}

function embed(
  packFolder: string,
  texts: readonly string[],
  { members, precision: given, by }: NetworkRun & { by: ProvenanceOf },
): ModelsAnswers['embedText'] {
  const { network } = manifestOf(packFolder);
  const length = network.similarity!.embeddingLength;
  const precision = given ?? network.precision;
  const names = members ?? network.members.map(({ name }) => name);
  return {
    members: Object.fromEntries(
      names.map((member) => [
        member,
        Float32Array.from(
          texts.flatMap((what) => [...formulaEmbedding({ kind: 'text', what, member }, length, precision)]),
        ),
      ]),
    ),
    length,
    provenance: by(precision),
  };
}
