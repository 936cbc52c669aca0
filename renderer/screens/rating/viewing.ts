/** How long a rater has had an image before the eyes: which images are painted, since when, and how much of that was a pause. */

export interface ViewingClock {
  now: () => number;
  /** All time so far that was no rating, in ms. */
  pausedMs: () => number;
}

export interface ViewingTimes {
  /** Since all images were on screen. */
  shownMs: number;
  /** Since the question was on screen with them. */
  keyMs: number;
  /** How much of `shownMs` was a pause. */
  pausedMs: number;
}

export class Viewing {
  readonly #clock: ViewingClock;
  readonly #painted = new Set<number>();
  #paintedAt = 0;
  #pausedBefore = 0;
  #askedAt = 0;

  constructor(clock: ViewingClock) {
    this.#clock = clock;
  }

  /** Rating time: a clock that stands during pauses, in ms. */
  ratedNow(): number {
    return this.#clock.now() - this.#clock.pausedMs();
  }

  /** Nothing is before the eyes any more. */
  clear(): void {
    this.#painted.clear();
  }

  /** Another question about what is shown. */
  noteAsked(): void {
    this.#askedAt = this.#clock.now();
  }

  /** An image is on screen; the times begin with the last of them. */
  notePainted(imageId: number, shown: readonly number[]): void {
    if (this.#painted.has(imageId)) return;
    this.#painted.add(imageId);
    if (!this.shows(shown)) return;
    this.#paintedAt = this.#clock.now();
    this.#askedAt = this.#paintedAt;
    this.#pausedBefore = this.#clock.pausedMs();
  }

  /** Whether all of these are on screen. */
  shows(imageIds: readonly number[]): boolean {
    return imageIds.length > 0 && imageIds.every((id) => this.#painted.has(id));
  }

  measure(): ViewingTimes {
    const now = this.#clock.now();
    return {
      shownMs: now - this.#paintedAt,
      keyMs: now - this.#askedAt,
      pausedMs: this.#clock.pausedMs() - this.#pausedBefore,
    };
  }
}
