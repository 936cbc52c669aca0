/** The grid: tens of thousands of images of which only the visible ones exist in the page; selects and moves like a file manager. */
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { type KeyboardEvent, useMemo, useRef } from 'react';
import type { ImageGroup } from '../../../contract/images.ts';
import { chooseFace, type KnownNumbers } from './card-face.ts';
import { type GridGeometry, gapPx, layOut, paddingPx } from './grid-geometry.ts';
import {
  type GridRow,
  headPx,
  headRowOf,
  indexAfterKey,
  indexBesideHead,
  layOutRows,
  type PlacedGroup,
  rowOfIndex,
  type ShownRow,
} from './grid-rows.ts';
import { GroupHead, headId, nameGroup, StickyHead } from './group-head.tsx';
import { ImageCardView, optionId } from './image-card.tsx';
import classes from './image-grid.module.css';
import { changeAfterKey, idAt, type ListProps, selectByClick, useIndexOf } from './list-keys.ts';
import { type CardOf, useCards } from './use-cards.ts';
import { useWholeCards } from './use-fling.ts';
import { useFollowActive, useKeptGridPlace, useSteadyScroll } from './use-grid-scroll.ts';
import { useGridWindow } from './use-grid-window.ts';
import { useGrouping } from './use-grouping.ts';

/** Rows before and after the screen that are drawn, too. */
const rowsAhead = 3;

interface ImageGridProps extends ListProps, KnownNumbers {
  /** In which the images lie, one after the other; none where the list is not grouped. */
  groups: readonly ImageGroup[] | undefined;
  /** Names the question that `ids` answers: another question begins at the top. */
  listKey: string;
  thumbPx: number;
  mosSetId: number | undefined;
  /** Every image of the library has come with a file: its picture need not wait for its card. */
  areAllPictured: boolean;
  /** Parts of the cards that a person showed or hid. */
  parts: Record<string, boolean>;
}

export function ImageGrid(props: ImageGridProps) {
  const { selection, mosSetId, shown } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: sizeRef, width, height } = useElementSize<HTMLDivElement>();
  const geometry = useGeometry(width, props);
  const grouping = useGrouping(props);
  const { shownIds, groups, activeGroup } = grouping;
  const gridRows = useGridRows(width > 0, { count: shownIds.length, groups, ...geometry });
  const aheadPx = rowsAhead * geometry.rowHeightPx;
  const room = { heightPx: height, aheadPx, slackPx: geometry.rowHeightPx / 2 };
  const { rows, top, topPx, isFlung } = useGridWindow({ scroller, gridRows, ...room });
  const placed = { topPx, ids: shownIds, listKey: props.listKey, gridRows };
  useSteadyScroll({ ...placed, scroller, isMeasured: width > 0 });
  const range = { start: rows[0]?.from ?? 0, end: rows.at(-1)?.to ?? 0 };
  const cardOf = useCards(shownIds, range, { mosSetId, packTitle: shown?.packTitle });
  const whole = useWholeCards(shownIds.slice(range.start, range.end), isFlung);
  const activeIndex = useIndexOf(shownIds, selection.activeId);
  const activeRow = activeIndex >= 0 ? rowOfIndex(gridRows, activeIndex) : headRowOf(gridRows, activeGroup);
  const covered = groups.length > 0 ? headPx : 0;
  const active = { activeId: selection.activeId, row: gridRows[activeRow], headPx: covered };
  const onStay = useFollowActive({ ...active, scroller });
  useKeptGridPlace({ ...placed, ...active, heightPx: height });
  const list = { ...props, ids: shownIds, onStay };

  function handleKey(event: KeyboardEvent): void {
    const pageRows = Math.max(1, Math.floor(height / geometry.rowHeightPx));
    const change =
      grouping.changeAfterKey(event) ??
      changeAfterKey(event, list, (key) => {
        if (activeIndex < 0 && activeRow >= 0)
          return indexBesideHead(key, gridRows[activeRow]!.start, shownIds.length);
        return indexAfterKey(key, activeIndex, { rows: gridRows, count: shownIds.length, pageRows });
      });
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
      aria-activedescendant={nameActive({ rows, activeIndex, activeId: selection.activeId, activeGroup })}
      tabIndex={0}
      data-testid="image-grid"
      onKeyDown={handleKey}
      onClick={(event) => grouping.toggleMet(event) || selectByClick(event, list)}
      onDoubleClick={(event) => {
        const id = idAt(event, shownIds);
        if (id !== undefined) props.onOpen(id);
      }}
    >
      <StickyHead groups={groups} row={top} />
      <div role="presentation" className={classes['sheet']} style={{ height: heightOf(gridRows) }}>
        {width > 0 && (
          <VisibleRows
            {...list}
            rows={rows}
            groups={groups}
            activeGroup={activeIndex < 0 ? activeGroup : -1}
            geometry={geometry}
            cardOf={cardOf}
            whole={whole}
          />
        )}
      </div>
    </div>
  );
}

/** The same object for the same question, so that cards that stay are not drawn anew. */
function useGeometry(widthPx: number, { thumbPx, parts, targets, dimensions, shown }: ImageGridProps) {
  const known = JSON.stringify({ targets, dimensions });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the lists are new ones at each turn, their words are not
  return useMemo(
    () => layOut(widthPx, thumbPx, chooseFace({ targets, dimensions, shown }, parts)),
    [widthPx, thumbPx, parts, known, shown],
  );
}

/** None while it is not known how much room there is: in no width at all a library would have as many rows as images. */
function useGridRows(
  isMeasured: boolean,
  { count, groups, columns, rowHeightPx }: GridGeometry & { count: number; groups: readonly PlacedGroup[] },
): readonly GridRow[] {
  const topPx = groups.length > 0 ? 0 : paddingPx;
  return useMemo(
    () => (isMeasured ? layOutRows({ count, groups, columns, rowHeightPx, topPx }) : []),
    [isMeasured, count, groups, columns, rowHeightPx, topPx],
  );
}

function heightOf(rows: readonly GridRow[]): number {
  const last = rows.at(-1);
  return (last === undefined ? 0 : last.y + last.heightPx) + paddingPx;
}

interface Active {
  rows: readonly ShownRow[];
  activeIndex: number;
  activeId: number | null;
  activeGroup: number;
}

/** The element at which the keyboard is, where it is in the page: a card, or the head of a collapsed group. */
function nameActive({ rows, activeIndex, activeId, activeGroup }: Active): string | undefined {
  if (activeId === null) return undefined;
  if (rows.some(({ from, to }) => activeIndex >= from && activeIndex < to)) return optionId(activeId);
  const isHeadShown = rows.some(({ row }) => row.isHead && row.group === activeGroup);
  return activeIndex < 0 && isHeadShown ? headId(activeGroup) : undefined;
}

interface VisibleRowsProps extends ImageGridProps {
  rows: readonly ShownRow[];
  groups: readonly PlacedGroup[];
  /** The collapsed group that the keyboard is at, −1 for none. */
  activeGroup: number;
  geometry: GridGeometry;
  cardOf: CardOf;
  /** The cards that are drawn whole. */
  whole: ReadonlySet<number>;
}

/** Cards of a group stand in an element that says its name. */
function VisibleRows(props: VisibleRowsProps) {
  const { rows, groups, activeGroup } = props;
  if (groups.length === 0)
    return rows.map((shown) => <CardRow key={shown.row.start} of={shown} {...props} />);
  return [...Map.groupBy(rows, ({ row }) => row.group)].map(([at, members]) => (
    // biome-ignore lint/a11y/useSemanticElements: options of a list box are grouped by role, no form's fields
    <div key={groups[at]!.key} role="group" aria-label={nameGroup(groups[at]!)}>
      {members.map((shown) =>
        shown.row.isHead ? (
          <GroupHead key="head" group={groups[at]!} at={at} y={shown.row.y} isActive={at === activeGroup} />
        ) : (
          <CardRow key={shown.row.start} of={shown} {...props} />
        ),
      )}
    </div>
  ));
}

function CardRow({ of: { row, from, to }, ...props }: VisibleRowsProps & { of: ShownRow }) {
  const { geometry, cardOf, whole, ids, selection, shown, areAllPictured } = props;
  const { cardWidthPx, cardHeightPx, face } = geometry;
  return ids
    .slice(from, to)
    .map((id, k) => (
      <ImageCardView
        key={id}
        id={id}
        index={from + k}
        count={ids.length}
        card={cardOf(id)}
        isSelected={selection.ids.has(id)}
        isActive={id === selection.activeId}
        isWhole={whole.has(id)}
        isPictured={areAllPictured}
        face={face}
        shown={shown}
        x={paddingPx + (from + k - row.start) * (cardWidthPx + gapPx)}
        y={row.y}
        width={cardWidthPx}
        height={cardHeightPx}
      />
    ));
}
