/** The cards of what is on screen: asked for in pages, kept once known, so that a scrolled grid never goes blank. */
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ImageCard } from '../../../contract/images.ts';
import { orpc } from '../../api/client.ts';

/** Images a request asks for. One answer takes a few milliseconds and fills a screen. */
const pageSize = 60;

/** Pages asked for before and after the visible ones, so that scrolling meets cards that are there. */
const pagesAhead = 1;

/** Cards of images that left the screen; beyond this many the oldest go. */
const keptCards = 20_000;

export interface VisibleRange {
  /** Index of the first image on screen, and of the one after the last. */
  start: number;
  end: number;
}

/** Looks up the card of an image by its id; undefined while it is not known yet. */
export type CardOf = (id: number) => ImageCard | undefined;

/** Fetches the pages that the range touches. Cards of earlier answers are shown until newer ones come. */
export function useCards(
  ids: readonly number[],
  range: VisibleRange,
  { mosSetId, packTitle }: { mosSetId: number | undefined; packTitle: string | undefined },
): CardOf {
  // biome-ignore lint/correctness/useExhaustiveDependencies: MOS of another set, scores of another pack would be wrong, so nothing is kept
  const known = useMemo(() => new Map<number, ImageCard>(), [mosSetId, packTitle]);
  const firstSeen = Math.floor(range.start / pageSize);
  const lastSeen = Math.floor(Math.max(range.start, range.end - 1) / pageSize);
  const first = Math.max(0, firstSeen - pagesAhead);
  const last = lastSeen + pagesAhead;
  const pageCount = Math.max(0, Math.min(Math.ceil(ids.length / pageSize), last + 1) - first);
  const queries = useMemo(
    () =>
      Array.from({ length: pageCount }, (_, k) => {
        const page = first + k;
        const input = { ids: ids.slice(page * pageSize, (page + 1) * pageSize), mosSetId };
        const context = { isPatient: page < firstSeen || page > lastSeen };
        return { ...orpc.images.cards.queryOptions({ input, context }), gcTime: 60_000 };
      }),
    [ids, first, firstSeen, lastSeen, pageCount, mosSetId],
  );
  const fresh = useQueries({ queries, combine: gather });
  return useMemo(() => {
    for (const [id, card] of fresh) known.set(id, card);
    trim(known);
    return (id: number) => fresh.get(id) ?? known.get(id);
  }, [fresh, known]);
}

/** Drawn anew only when an answer came. */
function gather(answers: readonly { data: ImageCard[] | undefined }[]): ReadonlyMap<number, ImageCard> {
  return new Map(answers.flatMap(({ data }) => (data ?? []).map((card) => [card.id, card] as const)));
}

function trim(cards: Map<number, ImageCard>): void {
  for (const id of cards.keys()) {
    if (cards.size <= keptCards) return;
    cards.delete(id);
  }
}
