/** Two to four images that are compared, and how: pure functions from one state to the next. */
import { type View, wholeView } from '../viewer/zoom.ts';

export const mostCompared = 4;

export type CompareMode = 'side' | 'wipe' | 'difference';

export interface Comparison {
  /** Two to four. */
  ids: readonly number[];
  /** Place of the image that the keys act on. */
  active: number;
  /** Place of the image that the others are compared with. */
  reference: number;
  mode: CompareMode;
  /** Whether all are zoomed and moved together. */
  isLocked: boolean;
  /** One an image, all the same where they are locked. */
  views: readonly View[];
  /** Per cent of the width, from the left, on which the reference is seen. */
  wipePercent: number;
  /** What differences are multiplied by. */
  gain: number;
}

/** Side by side, whole, the first as reference. */
export function startComparison(ids: readonly number[]): Comparison {
  const compared = ids.slice(0, mostCompared);
  return {
    ...{ ids: compared, active: Math.min(1, compared.length - 1), reference: 0 },
    ...{ mode: 'side', isLocked: true, wipePercent: 50, gain: 4 },
    views: compared.map(() => wholeView),
  };
}

/** Zooms or moves the image at a place: all of them where they are locked. */
export function setView(state: Comparison, at: number, view: View): Comparison {
  return { ...state, views: state.views.map((known, k) => (state.isLocked || k === at ? view : known)) };
}

/** Locking brings all to where the active one is. */
export function toggleLock(state: Comparison): Comparison {
  const isLocked = !state.isLocked;
  return isLocked
    ? setView({ ...state, isLocked }, state.active, state.views[state.active]!)
    : { ...state, isLocked };
}

export function activate(state: Comparison, at: number): Comparison {
  return at >= 0 && at < state.ids.length ? { ...state, active: at } : state;
}

/** The image before or after the active one, round the end. */
export function activateNext(state: Comparison, by: number): Comparison {
  const { length } = state.ids;
  return { ...state, active: (state.active + by + length) % length };
}

/** The active image becomes what the others are compared with. */
export function makeReference(state: Comparison): Comparison {
  return { ...state, reference: state.active };
}

/** Another image in the active one's place; nothing where it is compared already. */
export function replaceActive(state: Comparison, id: number): Comparison {
  if (state.ids.includes(id)) return state;
  return { ...state, ids: state.ids.map((known, k) => (k === state.active ? id : known)) };
}

/** The next image of the list, forwards or backwards, that is not compared yet; null where there is none. */
export function nextCandidate(state: Comparison, order: readonly number[], by: 1 | -1): number | null {
  for (let at = order.indexOf(state.ids[state.active]!) + by; at >= 0 && at < order.length; at += by) {
    if (!state.ids.includes(order[at]!)) return order[at]!;
  }
  return null;
}

/** Without the active image; two stay at least. */
export function takeOutActive(state: Comparison): Comparison {
  const { active, reference } = state;
  if (state.ids.length <= 2) return state;
  const without = <Item>(items: readonly Item[]) => items.filter((_, k) => k !== active);
  return {
    ...state,
    ids: without(state.ids),
    views: without(state.views),
    active: Math.min(active, state.ids.length - 2),
    reference: reference > active ? reference - 1 : reference === active ? 0 : reference,
  };
}

/** Moves the line between the two pictures, within 0 and 100 per cent. */
export function moveWipe(state: Comparison, toPercent: number): Comparison {
  return { ...state, wipePercent: Math.min(100, Math.max(0, toPercent)) };
}

/** Doubles or halves the gain, from 1 to 64. */
export function changeGain(state: Comparison, by: 2 | 0.5): Comparison {
  return { ...state, gain: Math.min(64, Math.max(1, state.gain * by)) };
}

/** Places of the reference and of the one it is compared with where only two are seen: the active one, or the first that is not the reference. */
export function pairOf({ ids, active, reference }: Comparison): [number, number] {
  const other = active === reference ? ids.findIndex((_, k) => k !== reference) : active;
  return [reference, other];
}

/** How many columns show the most of pictures of about this shape in a frame of this shape. */
export function chooseColumns(count: number, frameRatio: number, pictureRatio: number): number {
  const areaWith = (columns: number) => {
    const [width, height] = [frameRatio / columns, 1 / Math.ceil(count / columns)];
    return Math.min(width / pictureRatio, height);
  };
  const columns = Array.from({ length: count }, (_, k) => k + 1);
  return columns.reduce((best, one) => (areaWith(one) > areaWith(best) + 1e-9 ? one : best), 1);
}
