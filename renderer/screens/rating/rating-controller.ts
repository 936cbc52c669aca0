/** A sitting: which image and question is shown, what a vote does, and what is made ready ahead. Knows nothing of React. */
import type { Dimension, NewVote, PresentationCard, RatingSession } from '../../../contract/studies.ts';
import type { DecodeAhead, Decoded } from './decode-ahead.ts';
import {
  type Course,
  countDone,
  findOpenPlace,
  findPlaceAfter,
  findPlaceBefore,
  isSamePlace,
  type Place,
} from './places.ts';
import { type Entry, type PressedKey, readKey } from './scale-keys.ts';
import { estimateTimeLeft } from './time-left.ts';
import type { VoteQueue } from './vote-queue.ts';

export interface RatingState {
  phase: 'instructions' | 'rating' | 'done';
  /** What is on screen: image, prompt and question always belong together. */
  place: Place | null;
  bitmap: ImageBitmap | null;
  /** Why the image of `place` cannot be shown. */
  imageProblem: string | null;
  /** The next image is still on its way; the one before stays until it is there. */
  isWaiting: boolean;
  entry: Entry;
  /** Votes given in this sitting. */
  given: number;
  timeLeftMs: number | null;
}

export interface RatingTools {
  images: Pick<DecodeAhead, 'want' | 'peek' | 'load'>;
  queue: Pick<VoteQueue, 'add'>;
  now: () => number;
  newKey: () => string;
}

/** How many images are decoded before they are needed. */
const ahead = 2;

export class RatingController {
  readonly session: RatingSession;
  readonly #tools: RatingTools;
  readonly #listeners = new Set<() => void>();
  readonly #presentations: PresentationCard[];
  readonly #unshowable = new Set<number>();
  readonly #durationsMs: number[] = [];
  #state: RatingState = {
    phase: 'instructions',
    place: null,
    bitmap: null,
    imageProblem: null,
    isWaiting: false,
    entry: null,
    given: 0,
    timeLeftMs: null,
  };
  /** Where the sitting is going: `place` once its image is ready. */
  #target: Place | null;
  #paintedImageId: number | null = null;
  #paintedAt = 0;
  #itemBeganAt = 0;

  constructor(session: RatingSession, tools: RatingTools) {
    this.session = session;
    this.#tools = tools;
    this.#presentations = session.presentations.map((card) => ({ ...card }));
    this.#target = findOpenPlace(this.#course(), null);
    tools.images.want(this.#idsAround(this.#target));
  }

  /** A snapshot that changes only when something did; for React's external stores. */
  readonly read = (): RatingState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Presentations with every answer, of all sittings. */
  countDone(): number {
    return countDone(this.#course());
  }

  get unshowable(): number {
    return this.#unshowable.size;
  }

  get dimension(): Dimension | null {
    const { place } = this.#state;
    return place === null ? null : this.session.design.dimensions[place.dimension]!;
  }

  get presentation(): PresentationCard | null {
    const { place } = this.#state;
    return place === null ? null : this.#presentations[place.item]!;
  }

  /** The instructions are read: on to the first open question. */
  begin(): void {
    this.#goTo(this.#target);
  }

  /** The image's pixels are on screen from this moment on: votes count, and the time of viewing runs. */
  notePainted(imageId: number): void {
    if (this.#paintedImageId === imageId) return;
    this.#paintedImageId = imageId;
    this.#paintedAt = this.#tools.now();
    if (this.#itemBeganAt === 0) this.#itemBeganAt = this.#paintedAt;
  }

  /** A key of the scale. True where it meant something. */
  press(key: PressedKey): boolean {
    const { dimension } = this;
    if (dimension === null || !this.#takesVotes()) return false;
    const meaning = readKey(dimension.scale, this.#state.entry, key);
    if (meaning.kind === 'none') return false;
    if (meaning.kind === 'vote') this.vote(meaning.value);
    else this.#change({ entry: meaning.entry });
    return true;
  }

  /** Gives a vote on what is shown. It is not taken before the image is painted, nor while votes cannot be stored. */
  vote(value: number): void {
    const { place } = this.#state;
    const { presentation, dimension } = this;
    if (place === null || presentation === null || dimension === null || !this.#takesVotes()) return;
    const now = this.#tools.now();
    const vote: NewVote = {
      sessionId: this.session.sessionId,
      presentationId: presentation.id,
      dimension: dimension.key,
      value,
      key: this.#tools.newKey(),
      shownMs: now - this.#paintedAt,
    };
    if (!this.#tools.queue.add(vote)) return;
    const doneBefore = this.countDone();
    presentation.votes = { ...presentation.votes, [dimension.key]: value };
    if (this.countDone() > doneBefore) {
      this.#durationsMs.push(now - this.#itemBeganAt);
      this.#itemBeganAt = now;
    }
    this.#change({ given: this.#state.given + 1 });
    this.#goTo(findOpenPlace(this.#course(), place));
  }

  /** One question back, to look at its vote or to correct it; from the end to the last question. */
  goBack(): void {
    if (this.#state.phase === 'instructions') return;
    const before = findPlaceBefore(this.#course(), this.#target);
    if (before !== null) this.#goTo(before);
  }

  /** Leaves a vote that is given as it is and goes on. */
  goOn(): void {
    const { place, phase, isWaiting } = this.#state;
    if (phase !== 'rating' || place === null || isWaiting) return;
    const after = findPlaceAfter(this.#course(), place);
    if (!isSamePlace(after, place)) this.#goTo(after);
  }

  /** Goes past an image that cannot be shown; its questions stay open for another sitting. */
  skip(): void {
    const { place, imageProblem } = this.#state;
    if (place === null || imageProblem === null) return;
    this.#unshowable.add(place.item);
    this.#goTo(findOpenPlace(this.#course(), place));
  }

  /** Asks again for an image that could not be shown. */
  retryImage(): void {
    if (this.#state.imageProblem !== null) this.#goTo(this.#state.place);
  }

  #takesVotes(): boolean {
    const { phase, isWaiting, imageProblem } = this.#state;
    const isPainted = this.#paintedImageId === this.presentation?.imageId;
    return phase === 'rating' && !isWaiting && imageProblem === null && isPainted;
  }

  #goTo(place: Place | null): void {
    this.#target = place;
    this.#tools.images.want(this.#idsAround(place));
    if (place === null) {
      this.#change({
        phase: 'done',
        place: null,
        bitmap: null,
        imageProblem: null,
        isWaiting: false,
        entry: null,
      });
      return;
    }
    const { imageId } = this.#presentations[place.item]!;
    const ready = this.#tools.images.peek(imageId);
    if (ready !== null) {
      this.#show(place, ready);
      return;
    }
    this.#change({ phase: 'rating', isWaiting: true, entry: null });
    void this.#tools.images.load(imageId).then((decoded) => {
      if (this.#target === place) this.#show(place, decoded);
    });
  }

  #show(place: Place, decoded: Decoded): void {
    const left = this.#presentations.length - this.#unshowable.size - this.countDone();
    const common = {
      phase: 'rating' as const,
      place,
      isWaiting: false,
      entry: null,
      timeLeftMs: estimateTimeLeft(this.#durationsMs, left),
    };
    if ('bitmap' in decoded) this.#change({ ...common, bitmap: decoded.bitmap, imageProblem: null });
    else this.#change({ ...common, bitmap: null, imageProblem: decoded.problem });
  }

  /** The image of a place, the next ones in the order they will be asked for, the one before, and the one still on screen. */
  #idsAround(place: Place | null): number[] {
    const course = this.#course();
    const items = new Set<number>();
    if (place !== null) items.add(place.item);
    const last = course.dimensions.length - 1;
    let from = place === null ? null : { item: place.item, dimension: last };
    for (let found = 0; found < ahead && from !== null; found += 1) {
      const next = findOpenPlace(course, from);
      if (next === null || items.has(next.item)) break;
      items.add(next.item);
      from = { item: next.item, dimension: last };
    }
    const before = findPlaceBefore(course, place === null ? null : { item: place.item, dimension: 0 });
    if (before !== null) items.add(before.item);
    if (this.#state.place !== null) items.add(this.#state.place.item);
    return [...items].map((item) => this.#presentations[item]!.imageId);
  }

  #course(): Course {
    const dimensions = this.session.design.dimensions.map(({ key }) => key);
    return { presentations: this.#presentations, dimensions, unshowable: this.#unshowable };
  }

  #change(part: Partial<RatingState>): void {
    this.#state = { ...this.#state, ...part };
    for (const listener of [...this.#listeners]) listener();
  }
}
