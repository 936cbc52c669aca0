/** How a person looks at the library: what is shown, in which order, how large. Kept in this browser. */
import { useLocalStorage } from '@mantine/hooks';
import { ImageQuery } from '../../../contract/images.ts';
import { quote } from '../../../contract/query.ts';

export const smallestThumbPx = 96;
export const largestThumbPx = 448;
const firstThumbPx = 192;

/** The request for the ids; `filter`, `order` and `descending` as the contract says them. */
export type ListQuery = ReturnType<typeof ImageQuery.parse>;

const firstQuery: ListQuery = { filter: {}, order: 'pictures', descending: true };

/** The query and the function that changes some of it. What an older version stored and nobody understands is dropped. */
export function useListQuery(): [ListQuery, (change: Partial<ListQuery>) => void] {
  const [query, setQuery] = useLocalStorage<ListQuery>({
    key: 'library-query',
    defaultValue: firstQuery,
    getInitialValueInEffect: false,
    deserialize: readQuery,
  });
  return [query, (change) => setQuery((known) => ({ ...known, ...change }))];
}

/** The size of the square a thumbnail lies in, in CSS px. */
export function useThumbPx(): [number, (px: number) => void] {
  const [px, setPx] = useLocalStorage<number>({
    key: 'library-thumb-px',
    defaultValue: firstThumbPx,
    getInitialValueInEffect: false,
    deserialize: (text) => clampThumb(Number(text)),
  });
  return [px, (to) => setPx(clampThumb(to))];
}

function clampThumb(px: number): number {
  if (!Number.isFinite(px) || px <= 0) return firstThumbPx;
  return Math.min(largestThumbPx, Math.max(smallestThumbPx, Math.round(px)));
}

function readQuery(text: string | undefined): ListQuery {
  try {
    const parsed = ImageQuery.safeParse(JSON.parse(text ?? ''));
    return parsed.success ? withTextAsQuery(parsed.data) : firstQuery;
  } catch {
    return firstQuery;
  }
}

/** What was searched for before there were words for it. */
function withTextAsQuery({ filter: { text, ...filter }, ...rest }: ListQuery): ListQuery {
  const query = text === undefined || text === '' ? filter.query : quote(text);
  return { ...rest, filter: { ...filter, query } };
}
