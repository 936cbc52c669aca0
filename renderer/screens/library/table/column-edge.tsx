/** The edge of a column's head: dragged, or moved by arrow keys, it makes the column wider or narrower; a double click or Enter takes that back. */
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import type { WidthChange } from './columns.ts';
import classes from './image-table.module.css';

interface ColumnEdgeProps {
  id: string;
  label: string;
  widthPx: number;
  onWidths: (change: WidthChange) => void;
}

const leastPx = 48;
const mostPx = 1200;
const stepPx = 16;

export function ColumnEdge({ id, label, widthPx, onWidths }: ColumnEdgeProps) {
  const grip = useRef({ atPx: 0, widthPx: 0 });
  /** All columns stay as wide as they are seen; without a width of its own a table fills its frame. */
  function change(edge: HTMLElement, px: number | null): void {
    const heads = [...edge.closest('tr')!.querySelectorAll<HTMLElement>('[data-column]')];
    const seen = heads.map((head) => [head.dataset['column']!, head.offsetWidth]);
    const own = px === null ? null : Math.round(Math.min(mostPx, Math.max(leastPx, px)));
    onWidths({ ...Object.fromEntries(seen), [id]: own });
  }
  function handleKey(event: KeyboardEvent<HTMLElement>): void {
    const by = { ArrowLeft: -stepPx, ArrowRight: stepPx }[event.key];
    if (by === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    event.stopPropagation();
    change(event.currentTarget, by === undefined ? null : seenWidth(event.currentTarget) + by);
  }
  function handleMove(event: PointerEvent<HTMLElement>): void {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const movedPx = event.clientX - grip.current.atPx;
    if (movedPx !== 0) change(event.currentTarget, grip.current.widthPx + movedPx);
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> is no separator that moves
    <span
      className={classes['edge']}
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${label}`}
      aria-valuenow={Math.round(widthPx)}
      aria-valuemin={leastPx}
      aria-valuemax={mostPx}
      tabIndex={0}
      title="Drag, or ← and →; double click or Enter: as it was"
      onKeyDown={handleKey}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        grip.current = { atPx: event.clientX, widthPx: seenWidth(event.currentTarget) };
      }}
      onPointerMove={handleMove}
      onDoubleClick={(event) => change(event.currentTarget, null)}
    />
  );
}

function seenWidth(edge: HTMLElement): number {
  return edge.closest('th')!.offsetWidth;
}
