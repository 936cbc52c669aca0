/** The grid: tens of thousands of images of which only the visible ones exist in the page; selects and moves like a file manager. */
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react';
import { type GridGeometry, gapPx, layOut, paddingPx } from './grid-geometry.ts';
import { ImageCardView, optionId } from './image-card.tsx';
import classes from './image-grid.module.css';
import { changeAfterKey, idAt, selectByClick, useIndexOf } from './list-keys.ts';
import type { Selection } from './selection.ts';
import type { ShownScores } from './shown-scores.ts';
import { type CardOf, useCards } from './use-cards.ts';

interface ImageGridProps {
  ids: readonly number[];
  /** Names the question that `ids` answers: another question begins at the top. */
  listKey: string;
  thumbPx: number;
  mosSetId: number | undefined;
  /** The rows of numbers on each card. */
  targets: readonly string[];
  /** Whose numbers these are. */
  shown: ShownScores | null;
  selection: Selection;
  onSelect: (selection: Selection) => void;
  onOpen: (id: number) => void;
}

export function ImageGrid(props: ImageGridProps) {
  const { ids, selection, mosSetId, shown } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: sizeRef, width, height } = useElementSize<HTMLDivElement>();
  const lines = props.targets.length + ((shown?.branches.length ?? 0) > 0 ? 1 : 0);
  const geometry = layOut(width, props.thumbPx, lines);
  const { columns, rowHeightPx } = geometry;
  const rows = useVirtualizer({
    count: Math.ceil(ids.length / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    overscan: 3,
    paddingStart: paddingPx,
    paddingEnd: paddingPx,
  });
  useSteadyScroll({ scroller, rows, ids, listKey: props.listKey, columns, rowHeightPx });
  const items = rows.getVirtualItems();
  const range = { start: (items[0]?.index ?? 0) * columns, end: ((items.at(-1)?.index ?? -1) + 1) * columns };
  const visibleRange = { start: range.start, end: Math.min(range.end, ids.length) };
  const cardOf = useCards(ids, visibleRange, { mosSetId, packTitle: shown?.packTitle });
  const visible = width === 0 ? [] : ids.slice(range.start, range.end);
  const activeIndex = useIndexOf(ids, selection.activeId);
  const isActiveShown = activeIndex >= range.start && activeIndex < range.end;
  useFollowActive(selection.activeId, Math.floor(activeIndex / columns), rows);

  function handleKey(event: KeyboardEvent): void {
    const pageRows = Math.max(1, Math.floor(height / rowHeightPx));
    const change = changeAfterKey(event, props, { columns, pageRows, activeIndex });
    if (change === null) return;
    event.preventDefault();
    change();
  }

  return (
    <div
      ref={useMergedRef(scroller, sizeRef)}
      className={classes['scroller']}
      role="listbox"
      aria-label="Images"
      aria-multiselectable="true"
      aria-activedescendant={
        isActiveShown && selection.activeId !== null ? optionId(selection.activeId) : undefined
      }
      tabIndex={0}
      data-testid="image-grid"
      onKeyDown={handleKey}
      onClick={(event) => selectByClick(event, props)}
      onDoubleClick={(event) => {
        const id = idAt(event, ids);
        if (id !== undefined) props.onOpen(id);
      }}
    >
      <div role="presentation" style={{ height: rows.getTotalSize(), position: 'relative' }}>
        <VisibleCards {...props} visible={visible} first={range.start} geometry={geometry} cardOf={cardOf} />
      </div>
    </div>
  );
}

interface VisibleCardsProps extends ImageGridProps {
  visible: readonly number[];
  /** Index of the first visible image. */
  first: number;
  geometry: GridGeometry;
  cardOf: CardOf;
}

function VisibleCards(props: VisibleCardsProps) {
  const { visible, first, geometry, cardOf, ids, selection, targets, shown } = props;
  const { columns, cardWidthPx, cardHeightPx, rowHeightPx, showsPrompt } = geometry;
  return visible.map((id, k) => {
    const index = first + k;
    return (
      <ImageCardView
        key={id}
        id={id}
        index={index}
        count={ids.length}
        card={cardOf(id)}
        isSelected={selection.ids.has(id)}
        isActive={id === selection.activeId}
        showsPrompt={showsPrompt}
        targets={targets}
        shown={shown}
        x={paddingPx + (index % columns) * (cardWidthPx + gapPx)}
        y={paddingPx + Math.floor(index / columns) * rowHeightPx}
        width={cardWidthPx}
        height={cardHeightPx}
      />
    );
  });
}

type Rows = ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>;

/** Brings the image the keyboard moves to into view; where it lies after a change of order or size is no move. */
function useFollowActive(activeId: number | null, row: number, rows: Rows): void {
  const latest = useRef({ row, rows });
  latest.current = { row, rows };
  useEffect(() => {
    const { row: at, rows: shown } = latest.current;
    if (activeId !== null && at >= 0) shown.scrollToIndex(at, { align: 'auto' });
  }, [activeId]);
}

interface Steady {
  scroller: React.RefObject<HTMLDivElement | null>;
  rows: Rows;
  ids: readonly number[];
  listKey: string;
  columns: number;
  rowHeightPx: number;
}

/** Keeps the first visible image where it is when cards change their size or images come in before it. */
function useSteadyScroll({ scroller, rows, ids, listKey, columns, rowHeightPx }: Steady): void {
  const first = useRef<{ id: number; offset: number } | null>(null);
  const latestRows = useRef(rows);
  latestRows.current = rows;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it runs when the question changes, whatever it is
  useLayoutEffect(() => {
    first.current = null;
    if (scroller.current !== null) scroller.current.scrollTop = 0;
  }, [listKey, scroller]);
  useLayoutEffect(() => {
    latestRows.current.measure();
    const element = scroller.current;
    const index = first.current === null ? -1 : ids.indexOf(first.current.id);
    if (element === null || first.current === null || index < columns) return;
    element.scrollTop = paddingPx + (Math.floor(index / columns) + first.current.offset) * rowHeightPx;
  }, [ids, columns, rowHeightPx, scroller]);
  useEffect(() => {
    const element = scroller.current;
    function note(): void {
      const row = Math.max(0, ((element?.scrollTop ?? 0) - paddingPx) / rowHeightPx);
      const id = ids[Math.floor(row) * columns];
      first.current = id === undefined || row === 0 ? null : { id, offset: row - Math.floor(row) };
    }
    note();
    element?.addEventListener('scroll', note, { passive: true });
    return () => element?.removeEventListener('scroll', note);
  }, [ids, columns, rowHeightPx, scroller]);
}
