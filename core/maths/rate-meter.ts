/** Rate and remaining time of running work, from the last ten seconds. */

const windowMs = 10_000;
const sampleEveryMs = 100;

export class RateMeter {
  readonly #samples: { at: number; done: number }[] = [];

  /**
   * Takes a reading.
   *
   * @param done items finished so far; `total` may be unknown; `now` in milliseconds
   * @returns items a second over the window and milliseconds left; null while there is too little to tell
   */
  measure(
    done: number,
    total: number | null,
    now: number,
  ): { perSecond: number | null; etaMs: number | null } {
    const last = this.#samples.at(-1);
    if (last === undefined || now - last.at >= sampleEveryMs) this.#samples.push({ at: now, done });
    while (this.#samples.length > 2 && now - this.#samples[0]!.at > windowMs) this.#samples.shift();
    const first = this.#samples[0]!;
    const elapsedMs = now - first.at;
    if (elapsedMs < 200 || done <= first.done) return { perSecond: null, etaMs: null };
    const perSecond = ((done - first.done) * 1000) / elapsedMs;
    return { perSecond, etaMs: total === null ? null : ((total - done) * 1000) / perSecond };
  }
}
