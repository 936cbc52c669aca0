/** The engine's side of the models process: starts it, asks it, and survives its death. */
import { StudioError } from '../../contract/errors.ts';
import type {
  FileFailure,
  FromModels,
  LaunchModels,
  ModelsAnswers,
  ModelsChannel,
  ModelsProgress,
  ModelsRequest,
} from '../../native-models/messages.ts';

/** The models process said why a file cannot be read; or the file again and again took the process down with it. */
export class FileFailureError extends Error {
  readonly failure: FileFailure;
  constructor(failure: FileFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** How a question is followed and withdrawn. */
export interface AskOptions {
  onProgress?: (progress: ModelsProgress) => void;
  /** Withdraws it: what has not begun does not begin; what does not end within a second ends with the process. */
  signal?: AbortSignal;
}

interface Pending {
  id: number;
  request: ModelsRequest;
  onProgress: ((progress: ModelsProgress) => void) | undefined;
  signal: AbortSignal | undefined;
  resolve: (answer: never) => void;
  reject: (error: Error) => void;
  /** How often the process died while this was in flight. */
  deaths: number;
  /** It is asked alone, because it may have been what the process died of. */
  isSuspect: boolean;
  /** How often it died while this alone was in flight. */
  deathsAlone: number;
  timer: NodeJS.Timeout | null;
  /** It took so long that the process was killed for it. */
  tookTooLong: boolean;
}

const timeLimitMs = 180_000;
/** What was withdrawn may still end by itself for this long: a classic look does, a network's inference may take minutes. */
const graceMs = 1_000;
/** A build takes away what it has written first. */
const buildGraceMs = 20_000;
/** A process that ran networks holds gigabytes: after so long without a question it is ended. */
const idleMs = 120_000;
/** Deaths alone after which a file is to blame: a crash is its own doing, a kill may have come from outside and hit it by chance. */
const crashesToBlame = 2;
const killsToBlame = 4;
/** A process that dies this often in a row without answering anything is given up. */
const hopelessStarts = 3;

/**
 * Asks a models process; a request that was in flight when the process died is asked again (alone, unless a single kill from outside may
 * have hit it by chance), so that the image which kills it is known by name: it alone is failed, nothing else is lost.
 */
export class ModelsClient {
  readonly #launch: LaunchModels;
  readonly #inFlight = new Map<number, Pending>();
  /** Requests that saw a death: each is asked again alone, before anything new. */
  readonly #suspects: Pending[] = [];
  readonly #waiting: Pending[] = [];
  #channel: ModelsChannel | null = null;
  #nextId = 1;
  #startsWithoutAnswer = 0;
  #isClosed = false;
  #holdsNetworks = false;
  #idleTimer: NodeJS.Timeout | null = null;

  constructor(launch: LaunchModels) {
    this.#launch = launch;
  }

  /** Starts the process where none runs: what is asked next need not wait for it. */
  warm(): void {
    if (!this.#isClosed) this.#channel ??= this.#start();
  }

  /**
   * Asks for one thing.
   *
   * @throws FileFailureError when the file is at fault (reason in words)
   * @throws StudioError of whatever code when something else is: the pack, a checkpoint, the disk
   * @throws StudioError `modelsUnavailable` when the process cannot be kept running
   */
  ask<Kind extends ModelsRequest['kind']>(
    request: Extract<ModelsRequest, { kind: Kind }>,
    { onProgress, signal }: AskOptions = {},
  ): Promise<ModelsAnswers[Kind]> {
    if (this.#isClosed) {
      return Promise.reject(new StudioError('modelsUnavailable', 'The models process was stopped.'));
    }
    if (signal?.aborted === true) return Promise.reject(withdrawn());
    return new Promise((resolve, reject) => {
      const pending: Pending = {
        id: this.#nextId++,
        request,
        onProgress,
        signal,
        resolve: (answer) => {
          signal?.removeEventListener('abort', withdraw);
          resolve(answer);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', withdraw);
          reject(error);
        },
        deaths: 0,
        isSuspect: false,
        deathsAlone: 0,
        tookTooLong: false,
        timer: null,
      };
      const withdraw = () => this.#withdraw(pending);
      signal?.addEventListener('abort', withdraw, { once: true });
      if (isUrgent(request)) this.#waiting.unshift(pending);
      else this.#waiting.push(pending);
      this.#pump();
    });
  }

  /**
   * Ends the process, and with it what holds memory or keeps files open; the next question starts another one. What is in flight and not
   * withdrawn is asked again, and nobody is to blame.
   */
  recycle(): void {
    const channel = this.#channel;
    if (channel === null) return;
    this.#channel = null;
    this.#holdsNetworks = false;
    const again: Pending[] = [];
    for (const id of [...this.#inFlight.keys()]) {
      const pending = this.#take(id)!;
      if (pending.signal?.aborted === true) pending.reject(withdrawn());
      else again.push(pending);
    }
    this.#waiting.unshift(...again);
    channel.kill();
    this.#pump();
  }

  /** Ends the process and rejects what is still asked. */
  close(): void {
    this.#isClosed = true;
    this.#giveUp(new StudioError('cancelled', 'The studio is closing.'));
    this.#channel?.kill();
    this.#channel = null;
  }

  #withdraw(pending: Pending): void {
    for (const line of [this.#waiting, this.#suspects]) {
      const at = line.indexOf(pending);
      if (at === -1) continue;
      line.splice(at, 1);
      pending.reject(withdrawn());
      return;
    }
    if (!this.#inFlight.has(pending.id)) return;
    const isBuild = pending.request.kind === 'buildPack';
    if (isBuild) this.#channel?.post({ id: pending.id, cancel: true });
    setTimeout(
      () => {
        if (this.#inFlight.has(pending.id)) this.recycle();
      },
      isBuild ? buildGraceMs : graceMs,
    ).unref();
  }

  #pump(): void {
    if (this.#suspects.length > 0) {
      if (this.#inFlight.size === 0) this.#send(this.#suspects.shift()!);
      return;
    }
    if (this.#isAskingSuspect()) return;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) this.#send(next);
  }

  #isAskingSuspect(): boolean {
    for (const pending of this.#inFlight.values()) if (pending.isSuspect) return true;
    return false;
  }

  #send(pending: Pending): void {
    this.#inFlight.set(pending.id, pending);
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    if (runsNetworks(pending.request)) this.#holdsNetworks = true;
    pending.timer = setTimeout(() => {
      pending.tookTooLong = true;
      this.#channel?.kill();
    }, timeLimitMs).unref();
    this.#channel ??= this.#start();
    this.#channel.post({ id: pending.id, request: pending.request });
  }

  #start(): ModelsChannel {
    const channel = this.#launch();
    channel.onMessage((message) => this.#receive(message));
    channel.onExit((reason) => this.#survive(channel, reason));
    return channel;
  }

  #receive(message: FromModels): void {
    if ('progress' in message) {
      this.#hearProgress(message);
      return;
    }
    const pending = this.#take(message.id);
    if (pending === undefined) return;
    this.#startsWithoutAnswer = 0;
    this.#grantTime(pending.request.kind);
    if ('failure' in message) pending.reject(new FileFailureError(message.failure));
    else if ('problem' in message) {
      const { code, message: text, details } = message.problem;
      pending.reject(new StudioError(code, text, details));
    } else pending.resolve(message.answer as never);
    this.#pump();
    if (this.#holdsNetworks && this.#inFlight.size === 0) {
      this.#idleTimer = setTimeout(() => this.recycle(), idleMs).unref();
    }
  }

  /** Long work that still moves is not taking too long. */
  #hearProgress({ id, progress }: Extract<FromModels, { progress: unknown }>): void {
    const pending = this.#inFlight.get(id);
    pending?.timer?.refresh();
    pending?.onProgress?.(progress);
  }

  /** Requests of a kind wait for each other on the process's side: as long as one is answered, the rest are not taking too long. */
  #grantTime(kind: ModelsRequest['kind']): void {
    for (const { request, timer } of this.#inFlight.values()) if (request.kind === kind) timer?.refresh();
  }

  #take(id: number): Pending | undefined {
    const pending = this.#inFlight.get(id);
    if (pending === undefined) return undefined;
    this.#inFlight.delete(id);
    if (pending.timer !== null) clearTimeout(pending.timer);
    return pending;
  }

  #survive(channel: ModelsChannel, reason: string): void {
    if (channel !== this.#channel || this.#isClosed) return;
    this.#channel = null;
    this.#startsWithoutAnswer += 1;
    const wasAlone = this.#inFlight.size === 1;
    const again: Pending[] = [];
    for (const id of [...this.#inFlight.keys()]) {
      const pending = this.#take(id)!;
      if (pending.signal?.aborted === true) {
        pending.reject(withdrawn());
        continue;
      }
      pending.deaths += 1;
      if (wasAlone) pending.deathsAlone += 1;
      if (isToBlame(pending, reason)) {
        this.#startsWithoutAnswer = 0;
        pending.reject(
          new FileFailureError({
            code: 'crashed',
            message: `Reading this file ended the models process again and again (${reason}).`,
          }),
        );
      } else if (mayBeChance(pending, reason)) again.push(pending);
      else {
        pending.isSuspect = true;
        this.#suspects.push(pending);
      }
    }
    this.#waiting.unshift(...again);
    if (this.#startsWithoutAnswer > hopelessStarts + this.#suspects.length + again.length) {
      const advice = 'Run `npx sfiqa doctor` to see why.';
      this.#giveUp(
        new StudioError('modelsUnavailable', `The models process keeps ending (${reason}). ${advice}`),
      );
    } else this.#pump();
  }

  #giveUp(error: Error): void {
    const all = [...this.#inFlight.keys()].map((id) => this.#take(id)!);
    for (const pending of [...all, ...this.#suspects.splice(0), ...this.#waiting.splice(0)]) {
      pending.reject(error);
    }
    this.#startsWithoutAnswer = 0;
  }
}

function withdrawn(): StudioError {
  return new StudioError('cancelled', 'Cancelled.');
}

/** A kill from outside hits whatever is in flight: the first time it is asked again with all others, which costs the least. */
function mayBeChance({ deaths, tookTooLong }: Pending, reason: string): boolean {
  return reason === 'SIGKILL' && !tookTooLong && deaths === 1;
}

function isToBlame({ deathsAlone, tookTooLong }: Pending, reason: string): boolean {
  const isPerhapsChance = reason === 'SIGKILL' && !tookTooLong;
  return deathsAlone >= (isPerhapsChance ? killsToBlame : crashesToBlame);
}

function runsNetworks(request: ModelsRequest): boolean {
  return request.kind === 'embedText' || (request.kind === 'look' && request.run !== null);
}

/** What a person waits for goes before what runs in the background. */
function isUrgent(request: ModelsRequest): boolean {
  return request.kind === 'thumbnail' || request.kind === 'render';
}
