/** How a person looks at the library: what is shown, in which order, how large. Kept in this browser. */
import { useLocalStorage } from '@mantine/hooks';
import { z } from 'zod';
import { ImageQuery } from '../../../contract/images.ts';
import { quote } from '../../../contract/query.ts';

export const smallestThumbPx = 96;
export const largestThumbPx = 448;
const firstThumbPx = 192;

/** The request for the ids; `filter`, `order` and `descending` as the contract says them. */
export type ListQuery = ReturnType<typeof ImageQuery.parse>;

/** Under which this browser keeps them. */
const keys = { query: 'library-query', layout: 'library-layout', thumbPx: 'library-thumb-px' };

const firstQuery: ListQuery = { filter: {}, order: 'pictures', descending: true };

/** The query and the function that changes some of it. What an older version stored and nobody understands is dropped. */
export function useListQuery(): [ListQuery, (change: Partial<ListQuery>) => void] {
  const [query, setQuery] = useLocalStorage<ListQuery>({
    key: keys.query,
    defaultValue: firstQuery,
    getInitialValueInEffect: false,
    deserialize: readQuery,
  });
  return [query, (change) => setQuery((known) => ({ ...known, ...change }))];
}

/** The list as it is first shown: what the hooks give as soon as anything is drawn. */
export function readFirstView(): { query: ListQuery; thumbPx: number; isGrid: boolean } {
  const kept = (key: string) => localStorage.getItem(key) ?? undefined;
  const layout = readLayout(kept(keys.layout));
  const query = asShown(readQuery(kept(keys.query)), { layout });
  return { query, thumbPx: readThumb(kept(keys.thumbPx)), isGrid: layout.kind === 'grid' };
}

/** The size of the square a thumbnail lies in, in CSS px. */
function useThumbPx(): [number, (px: number) => void] {
  const [px, setPx] = useLocalStorage<number>({
    key: keys.thumbPx,
    defaultValue: firstThumbPx,
    getInitialValueInEffect: false,
    deserialize: readThumb,
  });
  return [px, (to) => setPx(clampThumb(to))];
}

const Layout = z.object({
  kind: z.enum(['grid', 'table']),
  /** Columns of the table that a person showed or hid, by their names. */
  columns: z.record(z.string(), z.boolean()),
  /** How wide a person made columns of the table, in CSS px, by their names. */
  widths: z.record(z.string(), z.number().positive()).default({}),
  /** Parts of the cards that a person showed or hid. */
  parts: z.record(z.string(), z.boolean()).default({}),
});
type Layout = z.infer<typeof Layout>;

const firstLayout: Layout = { kind: 'grid', columns: {}, widths: {}, parts: {} };

/** How the list is drawn, with the functions that change some of it. */
export interface ListView {
  layout: Layout;
  onLayout: (change: Partial<Layout>) => void;
  /** The side of the square a thumbnail lies in, in CSS px. */
  thumbPx: number;
  onThumbPx: (px: number) => void;
}

export function useListView(): ListView {
  const [layout, setLayout] = useLocalStorage<Layout>({
    key: keys.layout,
    defaultValue: firstLayout,
    getInitialValueInEffect: false,
    deserialize: readLayout,
  });
  const [thumbPx, onThumbPx] = useThumbPx();
  return {
    layout,
    onLayout: (change) => setLayout((known) => ({ ...known, ...change })),
    thumbPx,
    onThumbPx,
  };
}

/** Something that is on until a person turns it off. */
export function useKept(key: string): [boolean, (to: boolean) => void] {
  const [isOn, setOn] = useLocalStorage({ key, defaultValue: true, getInitialValueInEffect: false });
  return [isOn, setOn];
}

/** What was stored, as this version understands it; null where it does not. */
function readStored<Value>(text: string | undefined, schema: z.ZodType<Value>): Value | null {
  try {
    return schema.safeParse(JSON.parse(text ?? '')).data ?? null;
  } catch {
    return null;
  }
}

function readLayout(text: string | undefined): Layout {
  return readStored(text, Layout) ?? firstLayout;
}

function readThumb(text: string | undefined): number {
  return clampThumb(Number(text));
}

function clampThumb(px: number): number {
  if (!Number.isFinite(px) || px <= 0) return firstThumbPx;
  return Math.min(largestThumbPx, Math.max(smallestThumbPx, Math.round(px)));
}

function readQuery(text: string | undefined): ListQuery {
  const stored = readStored(text, ImageQuery);
  return stored === null ? firstQuery : withTextAsQuery(stored);
}

/** What was searched for before there were words for it. */
function withTextAsQuery({ filter: { text, ...filter }, ...rest }: ListQuery): ListQuery {
  const query = text === undefined || text === '' ? filter.query : quote(text);
  return { ...rest, filter: { ...filter, query } };
}

/** A table is sorted by its heads alone. */
export function asShown(query: ListQuery, { layout }: Pick<ListView, 'layout'>): ListQuery {
  return layout.kind === 'table' ? { ...query, groupBy: undefined } : query;
}
