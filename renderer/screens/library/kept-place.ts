/** Where a person is in the library: kept in this tab while other screens are seen, when the list is drawn otherwise, and over a reload. */
import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import { z } from 'zod';
import { nothingSelected, type Selection } from './selection.ts';

const Place = z.object({
  /** Names the question that the list answers, however it is drawn. */
  listKey: z.string(),
  /** The image that the keyboard is at where it is on screen, else the first one there. */
  id: z.number(),
  /** Of its row, from the top of what is seen, in CSS px; negative where it begins above. */
  fromTopPx: z.number(),
});
export type Place = z.infer<typeof Place>;

const Kept = z.object({ activeId: z.number().nullable(), place: Place.nullable() });

const key = 'library-place';
let { selection, place } = readKept();
/** Of the list that is shown. */
let readPlace: (() => Place | null) | null = null;
window.addEventListener('pagehide', () => {
  place = readPlace?.() ?? place;
  sessionStorage.setItem(key, JSON.stringify({ activeId: selection.activeId, place }));
});

function readKept(): { selection: Selection; place: Place | null } {
  try {
    const { activeId, place } = Kept.parse(JSON.parse(sessionStorage.getItem(key) ?? ''));
    return { selection: { ...nothingSelected, activeId }, place };
  } catch {
    return { selection: nothingSelected, place: null };
  }
}

/** Whether the list begins anywhere but at its top. */
export function hasKeptPlace(): boolean {
  return place !== null;
}

/** What is selected stays so while another screen is seen; of a page that is loaded anew the keyboard's place alone. */
export function useKeptSelection(): [Selection, (to: Selection) => void] {
  const [shown, setShown] = useState(selection);
  function select(to: Selection): void {
    selection = to;
    setShown(to);
  }
  return [shown, select];
}

/**
 * Where the list was left when it left the page, told once, when it is there again; null where it answers another question now.
 *
 * @param listKey empty until there is an answer
 */
export function useLeftPlace(listKey: string): () => Place | null {
  const left = useRef<Place | null>(null);
  const latest = useRef(listKey);
  latest.current = listKey;
  // What takes the place of another list is drawn before that one is gone.
  useLayoutEffect(() => {
    left.current = place;
  }, []);
  return useCallback(() => {
    if (latest.current === '') return null;
    const told = left.current;
    left.current = null;
    return told?.listKey === latest.current ? told : null;
  }, []);
}

/** Keeps where a list is when it leaves the page. @param read gives null where it shows nothing yet */
export function useKeptPlace(read: () => Place | null): void {
  const latest = useRef(read);
  latest.current = read;
  useLayoutEffect(() => {
    const readLatest = () => latest.current();
    readPlace = readLatest;
    return () => {
      place = readLatest() ?? place;
      if (readPlace === readLatest) readPlace = null;
    };
  }, []);
}
