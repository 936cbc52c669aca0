/** Which part of a sitting is no rating: another window, a break, nobody at the keys; added up and told. */

export type PauseKind = 'idle' | 'focusLoss' | 'break';

export interface Pause {
  kind: PauseKind;
  /** When it began, milliseconds since 1970. */
  at: number;
  durationMs: number;
}

export interface ClockTools {
  /** A clock that never jumps, in milliseconds. */
  now: () => number;
  /** Milliseconds since 1970. */
  wallNow: () => number;
  onPause: (pause: Pause) => void;
}

/** Nobody touches key, mouse or screen for so long: from then on the time is a pause. */
export const idleAfterMs = 60_000;

export class SittingClock {
  readonly #tools: ClockTools;
  #pausedMs = 0;
  #lastInputAt: number;
  #stopped: { kind: PauseKind; at: number } | null = null;

  constructor(tools: ClockTools) {
    this.#tools = tools;
    this.#lastInputAt = tools.now();
  }

  /** All pauses so far, the one that runs included, in ms. */
  pausedMs(): number {
    const now = this.#tools.now();
    const runs =
      this.#stopped === null ? Math.max(0, now - this.#lastInputAt - idleAfterMs) : now - this.#stopped.at;
    return this.#pausedMs + runs;
  }

  /** A sign of life. */
  noteInput(): void {
    if (this.#stopped !== null) return;
    const now = this.#tools.now();
    const idleMs = now - this.#lastInputAt - idleAfterMs;
    if (idleMs > 0) this.#add('idle', this.#lastInputAt + idleAfterMs, idleMs);
    this.#lastInputAt = now;
  }

  /** The clock stands from now on; a second reason does not begin another pause. */
  stop(kind: PauseKind): void {
    if (this.#stopped !== null) return;
    this.noteInput();
    this.#stopped = { kind, at: this.#tools.now() };
  }

  /** The clock runs again, if this is why it stood. */
  goOn(kind: PauseKind): void {
    if (this.#stopped?.kind !== kind) return;
    const now = this.#tools.now();
    this.#add(kind, this.#stopped.at, now - this.#stopped.at);
    this.#stopped = null;
    this.#lastInputAt = now;
  }

  #add(kind: PauseKind, from: number, durationMs: number): void {
    this.#pausedMs += durationMs;
    const at = Math.round(this.#tools.wallNow() - (this.#tools.now() - from));
    this.#tools.onPause({ kind, at, durationMs: Math.round(durationMs) });
  }
}
