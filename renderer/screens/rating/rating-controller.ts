/** A sitting: which images and question are shown, what an answer does, and what is made ready ahead. Knows nothing of React. */
import type { Dimension, PairChoice, RatingSession, SessionNote } from '../../../contract/studies.ts';
import type { DecodeAhead, Decoded } from './decode-ahead.ts';
import { type Answer, comparesPairs, type Item, listItems, listTraining } from './items.ts';
import { readPairKey } from './pair-keys.ts';
import {
  type Course,
  countDone,
  countOpen,
  countQuestions,
  findOpenPlace,
  findPlaceAfter,
  findPlaceBefore,
  isSamePlace,
  listItemsAround,
  type Place,
  positionOf,
} from './places.ts';
import { type Entry, type PressedKey, readKey } from './scale-keys.ts';
import { estimateTimeLeft } from './time-left.ts';
import { Viewing, type ViewingClock } from './viewing.ts';
import type { VoteQueue } from './vote-queue.ts';

/** `trained`: the training is over, votes count from now on; `break`: one is offered; `over`: the sitting has reached its cap. */
export type Phase = 'instructions' | 'rating' | 'trained' | 'break' | 'over' | 'done';

export interface RatingState {
  phase: Phase;
  /** What is on screen: images, prompt and question always belong together. */
  place: Place | null;
  /** Of the images of `place`, in their order; empty where they cannot be shown. */
  bitmaps: readonly ImageBitmap[];
  /** Counts what is shown one after another: another number, another showing, even of the same image. */
  showing: number;
  /** Why an image of `place` cannot be shown. */
  imageProblem: string | null;
  /** The next images are still on their way; the ones before stay until they are there. */
  isWaiting: boolean;
  entry: Entry;
  /** Answers given in this sitting; one that was corrected counts once. */
  given: number;
  timeLeftMs: number | null;
  isTraining: boolean;
  /** The last answer of the training, for the feedback. */
  practised: { dimension: Dimension; answer: Answer } | null;
}

export interface RatingTools extends ViewingClock {
  images: Pick<DecodeAhead, 'want' | 'peek' | 'load'>;
  queue: Pick<VoteQueue, 'add'>;
  newKey: () => string;
}

/** How many items are decoded before they are needed. */
const ahead = 2;
const nothingShown = { place: null, bitmaps: [], imageProblem: null, isWaiting: false, entry: null };

function idsOf({ images }: Item): number[] {
  return images.map(({ imageId }) => imageId);
}

export class RatingController {
  readonly session: RatingSession;
  readonly isPairs: boolean;
  readonly #tools: RatingTools;
  readonly #listeners = new Set<() => void>();
  readonly #mainItems: Item[];
  readonly #training: Item[];
  #items: Item[];
  readonly #unshowable = new Set<number>();
  readonly #durationsMs: number[] = [];
  #state: RatingState = {
    ...nothingShown,
    phase: 'instructions',
    showing: 0,
    given: 0,
    timeLeftMs: null,
    isTraining: false,
    practised: null,
  };
  /** Where the sitting is going: `place` once its images are ready. */
  #target: Place | null;
  readonly #viewing: Viewing;
  /** In rating time: when the item that is shown began, and when the last break ended. */
  #unitBeganAt = 0;
  #isSittingOver = false;
  #restedAt: number | null = null;

  constructor(session: RatingSession, tools: RatingTools) {
    this.session = session;
    this.isPairs = comparesPairs(session);
    this.#tools = tools;
    this.#viewing = new Viewing(tools);
    this.#mainItems = listItems(session);
    this.#training = listTraining(session);
    this.#items = this.#training.length > 0 ? this.#training : this.#mainItems;
    this.#target = findOpenPlace(this.#course(), null);
    tools.images.want(this.#idsAround(this.#target));
  }

  /** A snapshot that changes only when something did; for React's external stores. */
  readonly read = (): RatingState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** How many items have every answer, of how many, over all sittings; the training does not count. */
  countItems(): { done: number; total: number } {
    const course = { ...this.#course(), presentations: this.#mainItems };
    return { done: countDone(course), total: this.#mainItems.length };
  }

  get unshowable(): number {
    return this.#state.isTraining ? 0 : this.#unshowable.size;
  }

  get trainingItems(): number {
    return this.#training.length;
  }

  get dimension(): Dimension | null {
    const { place } = this.#state;
    return place === null ? null : this.session.design.dimensions[place.dimension]!;
  }

  get item(): Item | null {
    const { place } = this.#state;
    return place === null ? null : this.#items[place.item]!;
  }

  /** Which item is shown, of how many; in separate passes which question. From 1. */
  readProgress(): { at: number; of: number } {
    const { place } = this.#state;
    const course = this.#course();
    if (course.passes !== 'separate') return { at: (place?.item ?? 0) + 1, of: this.#items.length };
    return { at: (place === null ? 0 : positionOf(course, place)) + 1, of: countQuestions(course) };
  }

  /** The instructions, the end of the training or a break are read: on to the next open question. */
  begin(): void {
    const { phase } = this.#state;
    if (phase === 'instructions') {
      this.#change({ isTraining: this.#training.length > 0 });
      this.#restedAt ??= this.#viewing.ratedNow();
    }
    if (phase === 'break') this.#restedAt = this.#viewing.ratedNow();
    this.#unitBeganAt = this.#viewing.ratedNow();
    this.#goTo(this.#target);
  }

  /** An image's pixels are on screen from this moment on: with all of them answers count, and the time of viewing runs. */
  notePainted(imageId: number): void {
    if (this.item !== null) this.#viewing.notePainted(imageId, idsOf(this.item));
  }

  /** A key of the scale, or of the choice. True where it meant something. */
  press(key: PressedKey): boolean {
    const { dimension } = this;
    if (dimension === null || !this.#takesVotes()) return false;
    if (this.isPairs) {
      const choice = readPairKey(key.key, this.session.rules);
      if (choice !== null) this.vote(choice);
      return choice !== null;
    }
    const meaning = readKey(dimension.scale, this.#state.entry, key);
    if (meaning.kind === 'none') return false;
    if (meaning.kind === 'vote') this.vote(meaning.value);
    else this.#change({ entry: meaning.entry });
    return true;
  }

  /** Sets a value that is not given yet: a finger on the scale. */
  move(value: number): void {
    if (this.#takesVotes()) this.#change({ entry: { kind: 'moved', value } });
  }

  /** Gives an answer to what is shown. It is not taken before all is painted, nor while votes cannot be stored. */
  vote(answer: number | PairChoice): void {
    const { place } = this.#state;
    const { item, dimension } = this;
    if (place === null || item === null || dimension === null || !this.#takesVotes()) return;
    if (item.id !== null && !this.#send(item.id, dimension.key, answer)) return;
    const isFirst = item.votes[dimension.key] === undefined;
    const doneBefore = countDone(this.#course());
    item.votes = { ...item.votes, [dimension.key]: answer };
    if (this.#course().passes === 'separate' || countDone(this.#course()) > doneBefore) {
      const now = this.#viewing.ratedNow();
      if (item.id !== null) this.#durationsMs.push(now - this.#unitBeganAt);
      this.#unitBeganAt = now;
    }
    const next = findOpenPlace(this.#course(), place);
    if (item.id === null) this.#change({ practised: { dimension, answer } });
    else if (isFirst) this.#change({ given: this.#state.given + 1 });
    if (item.id === null && next === null) this.#endTraining();
    else if (next !== null && next.item !== place.item) this.#goPastItem(next);
    else this.#goTo(next);
  }

  /** One question back, to look at its answer or to correct it; from the end to the last question. */
  goBack(): void {
    if (this.#state.phase !== 'rating' && this.#state.phase !== 'done') return;
    const before = findPlaceBefore(this.#course(), this.#target);
    if (before !== null) this.#goTo(before);
  }

  /** Leaves an answer that is given as it is and goes on. */
  goOn(): void {
    const { place, phase, isWaiting } = this.#state;
    if (phase !== 'rating' || place === null || isWaiting) return;
    const after = findPlaceAfter(this.#course(), place);
    if (!isSamePlace(after, place)) this.#goTo(after);
  }

  /** Goes past an image that cannot be shown; its questions stay open for another sitting. */
  skip(): void {
    const { place, imageProblem, isTraining } = this.#state;
    if (place === null || imageProblem === null) return;
    this.#unshowable.add(place.item);
    const next = findOpenPlace(this.#course(), place);
    if (isTraining && next === null) this.#endTraining();
    else this.#goTo(next);
  }

  /** Asks again for an image that could not be shown. */
  retryImage(): void {
    if (this.#state.imageProblem !== null) this.#goTo(this.#state.place);
  }

  /** The studio says that the cap is reached: what is shown may be finished. */
  noteSittingOver(): void {
    this.#isSittingOver = true;
  }

  /** Keeps what happened beside votes with the sitting. */
  note(note: Pick<SessionNote, 'kind' | 'at' | 'durationMs' | 'detail'>): void {
    const { sessionId } = this.session;
    this.#tools.queue.add({ sessionId, key: this.#tools.newKey(), ...note });
  }

  #send(presentationId: number, dimension: string, answer: Answer): boolean {
    const common = {
      sessionId: this.session.sessionId,
      presentationId,
      dimension,
      key: this.#tools.newKey(),
      ...this.#viewing.measure(),
    };
    return this.#tools.queue.add(
      typeof answer === 'number' ? { ...common, value: answer } : { ...common, choice: answer },
    );
  }

  /** Between two items is the place for the end of a sitting and for a break. */
  #goPastItem(next: Place): void {
    const { isTraining } = this.#state;
    const every = this.session.rules?.breakEveryMs ?? null;
    const isLong = every !== null && this.#viewing.ratedNow() - (this.#restedAt ?? 0) >= every;
    if (isTraining || !(this.#isSittingOver || isLong)) {
      this.#goTo(next);
      return;
    }
    this.#target = next;
    this.#tools.images.want(this.#idsAround(next));
    this.#leaveStage(this.#isSittingOver ? 'over' : 'break');
  }

  #endTraining(): void {
    this.#items = this.#mainItems;
    this.#unshowable.clear();
    this.#target = findOpenPlace(this.#course(), null);
    this.#leaveStage('trained');
    this.#change({ isTraining: false });
    this.#tools.images.want(this.#idsAround(this.#target));
  }

  #leaveStage(phase: Phase): void {
    this.#viewing.clear();
    this.#change({ ...nothingShown, phase });
  }

  #takesVotes(): boolean {
    const { phase, isWaiting, imageProblem } = this.#state;
    return phase === 'rating' && !isWaiting && imageProblem === null && this.#showsItem();
  }

  #showsItem(): boolean {
    return this.item !== null && this.#viewing.shows(idsOf(this.item));
  }

  #goTo(place: Place | null): void {
    this.#target = place;
    this.#tools.images.want(this.#idsAround(place));
    if (place === null) {
      this.#leaveStage('done');
      return;
    }
    const ids = idsOf(this.#items[place.item]!);
    const ready = ids.map((id) => this.#tools.images.peek(id)).filter((decoded) => decoded !== null);
    if (ready.length === ids.length) {
      this.#show(place, ready);
      return;
    }
    this.#change({ phase: 'rating', isWaiting: true, entry: null });
    void Promise.all(ids.map((id) => this.#tools.images.load(id))).then((decoded) => {
      if (this.#target === place) this.#show(place, decoded);
    });
  }

  #show(place: Place, decoded: readonly Decoded[]): void {
    const { place: before, showing } = this.#state;
    const isSameItem = before?.item === place.item;
    if (!isSameItem) this.#viewing.clear();
    this.#viewing.noteAsked();
    const problems = decoded.flatMap((one) => ('problem' in one ? one.problem : []));
    const course = this.#course();
    const left = course.passes === 'separate' ? countOpen(course) : this.#countOpenItems();
    this.#change({
      phase: 'rating',
      place,
      showing: isSameItem ? showing : showing + 1,
      isWaiting: false,
      entry: null,
      timeLeftMs: this.#state.isTraining ? null : estimateTimeLeft(this.#durationsMs, left),
      bitmaps: problems.length > 0 ? [] : decoded.flatMap((one) => ('bitmap' in one ? one.bitmap : [])),
      imageProblem: problems[0] ?? null,
    });
  }

  #countOpenItems(): number {
    return this.#items.length - this.#unshowable.size - countDone(this.#course());
  }

  /** The images around a place, and those still on screen. */
  #idsAround(place: Place | null): number[] {
    const items = new Set(listItemsAround(this.#course(), place, ahead));
    const shown = this.#state.place;
    if (shown !== null) items.add(shown.item);
    return [...items].flatMap((item) => idsOf(this.#items[item]!));
  }

  #course(): Course {
    const dimensions = this.session.design.dimensions.map(({ key }) => key);
    const passes = this.session.rules?.passes;
    return { presentations: this.#items, dimensions, unshowable: this.#unshowable, passes };
  }

  #change(part: Partial<RatingState>): void {
    this.#state = { ...this.#state, ...part };
    for (const listener of [...this.#listeners]) listener();
  }
}
