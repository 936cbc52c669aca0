/** The library as a table: the grid's list, selection and keys; sorted by its heads, only the rows on screen drawn. */
import { IconCheck } from '@tabler/icons-react';
import { type KeyboardEvent, memo } from 'react';
import type { ImageCard, ImageOrder } from '../../../../contract/images.ts';
import frameClasses from '../../../shared/virtual-table.module.css';
import { ImageCell, SortHead, useVirtualRows, VirtualRows } from '../../../shared/virtual-table.tsx';
import { optionId } from '../image-card.tsx';
import { changeAfterKey, idAt, type ListProps, selectByClick, useIndexOf } from '../list-keys.ts';
import type { ListQuery } from '../list-view.ts';
import { directionLabels } from '../orders.ts';
import type { ShownScores } from '../shown-scores.ts';
import { useCards } from '../use-cards.ts';
import { ColumnEdge } from './column-edge.tsx';
import type { TableColumn, WidthChange } from './columns.ts';
import classes from './image-table.module.css';
import { useTableScroll } from './use-table-scroll.ts';

interface ImageTableProps extends ListProps {
  /** Names the question that `ids` answers: another question begins at the top. */
  listKey: string;
  mosSetId: number | undefined;
  shown: ShownScores | null;
  columns: readonly TableColumn[];
  /** Of columns that a person made wider or narrower, in CSS px. */
  widths: Record<string, number>;
  onWidths: (change: WidthChange) => void;
  order: Pick<ListQuery, 'order' | 'descending'>;
  onOrder: (order: Pick<ListQuery, 'order' | 'descending'>) => void;
}

const checkPx = 34;
/** The image's own column, as widths name it. */
const image = { id: 'image', label: 'Image', widthPx: 280 };

export function ImageTable(props: ImageTableProps) {
  const { ids, selection, columns, widths, mosSetId, shown, onOpen, listKey } = props;
  const { frame, virtual } = useVirtualRows(ids.length);
  const items = virtual.getVirtualItems();
  const range = { start: items[0]?.index ?? 0, end: (items.at(-1)?.index ?? -1) + 1 };
  const cardOf = useCards(ids, range, { mosSetId, packTitle: shown?.packTitle });
  const activeIndex = useIndexOf(ids, selection.activeId);
  const onStay = useTableScroll({ frame, virtual, ids, listKey, activeId: selection.activeId, activeIndex });
  const isActiveShown = activeIndex >= range.start && activeIndex < range.end;
  function handleKey(event: KeyboardEvent<HTMLElement>): void {
    // The heads' buttons have keys of their own, and the arrows along a row scroll it.
    if (event.target !== event.currentTarget || /^Arrow(Left|Right)$/.test(event.key)) return;
    const pageRows = Math.max(1, range.end - range.start - 24);
    const change = changeAfterKey(event, { ...props, onStay }, (key) =>
      rowAfterKey(key, activeIndex, { count: ids.length, pageRows }),
    );
    if (change === null) return;
    event.preventDefault();
    change();
  }
  const widthPx = [image, ...columns].reduce((sum, column) => sum + widthOf(column, widths), checkPx);
  const isAsChosen = Object.keys(widths).length > 0;
  return (
    <section ref={frame} className={classes['frame']} aria-label="Table">
      <table
        className={`${frameClasses['table']} ${classes['table']}`}
        style={isAsChosen ? { width: widthPx } : { minWidth: widthPx }}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows are selected is a grid (WAI-ARIA)
        role="grid"
        aria-label="Images"
        aria-multiselectable="true"
        aria-rowcount={ids.length + 1}
        aria-activedescendant={isActiveShown ? optionId(selection.activeId!) : undefined}
        tabIndex={0}
        onKeyDown={handleKey}
        onClick={(event) => selectByClick(event, props)}
        onDoubleClick={(event) => {
          const id = idAt(event, ids);
          if (id !== undefined) onOpen(id);
        }}
      >
        <Heads {...props} />
        <VirtualRows
          virtual={virtual}
          columnCount={columns.length + 2}
          renderAt={(at) => (
            <Row
              key={ids[at]}
              id={ids[at]!}
              at={at}
              card={cardOf(ids[at]!)}
              columns={columns}
              isSelected={selection.ids.has(ids[at]!)}
              isActive={ids[at] === selection.activeId}
            />
          )}
        />
      </table>
    </section>
  );
}

/** Where a key leads from a row, −1 for none; null where it does not move. */
function rowAfterKey(
  key: string,
  from: number,
  { count, pageRows }: { count: number; pageRows: number },
): number | null {
  const last = count - 1;
  const leads: Record<string, number> = {
    ...{ ArrowUp: from - 1, ArrowDown: from + 1, Home: 0, End: last },
    ...{ PageUp: from - pageRows, PageDown: from + pageRows },
  };
  const to = leads[key];
  if (to === undefined || count === 0) return null;
  return from < 0 && key !== 'End' ? 0 : Math.min(last, Math.max(0, to));
}

function widthOf(
  { id, widthPx }: Pick<TableColumn, 'id' | 'widthPx'>,
  widths: Record<string, number>,
): number {
  return widths[id] ?? widthPx;
}

function Heads({ columns, widths, onWidths, order, onOrder }: ImageTableProps) {
  function edgeOf(column: Pick<TableColumn, 'id' | 'label' | 'widthPx'>) {
    const { id, label } = column;
    return <ColumnEdge {...{ id, label, onWidths }} widthPx={widthOf(column, widths)} />;
  }
  function headProps(column: Pick<TableColumn, 'order'> & { order: ImageOrder }) {
    const isOrder = order.order === column.order;
    const descends = order.descending ? 'descending' : 'ascending';
    // Names from A, numbers from the highest.
    const isFirstDescending = directionLabels(column.order).descending === 'Highest first';
    return {
      direction: isOrder ? (descends as 'ascending' | 'descending') : null,
      onOrder: () =>
        onOrder({ order: column.order, descending: isOrder ? !order.descending : isFirstDescending }),
    };
  }
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col" style={{ width: checkPx }} aria-label="Selected" />
        <SortHead
          label={image.label}
          width={widthOf(image, widths)}
          isNumber={false}
          column={image.id}
          edge={edgeOf(image)}
          {...headProps({ order: 'name' })}
        />
        {columns.map((column) => {
          const { id, label, title, order: by, isNumber } = column;
          const width = widthOf(column, widths);
          return by === null ? (
            <th
              key={id}
              scope="col"
              title={title}
              aria-label={label}
              data-column={id}
              className={isNumber ? frameClasses['number'] : undefined}
              style={{ width }}
            >
              <span className={classes['plain']}>{label}</span>
              {edgeOf(column)}
            </th>
          ) : (
            <SortHead
              key={id}
              label={label}
              title={title}
              width={width}
              isNumber={isNumber}
              column={id}
              edge={edgeOf(column)}
              {...headProps({ order: by })}
            />
          );
        })}
      </tr>
    </thead>
  );
}

interface RowProps {
  id: number;
  at: number;
  /** Undefined until its answer came. */
  card: ImageCard | undefined;
  columns: readonly TableColumn[];
  isSelected: boolean;
  isActive: boolean;
}

const Row = memo(function Row({ id, at, card, columns, isSelected, isActive }: RowProps) {
  return (
    <tr
      id={optionId(id)}
      aria-rowindex={at + 2}
      aria-selected={isSelected}
      data-index={at}
      data-active={isActive || undefined}
    >
      <td>{isSelected && <IconCheck size={16} stroke={2.4} aria-label="selected" />}</td>
      <ImageCell imageId={id} name={card?.name ?? '…'} hasFile={card?.hasFile !== false} />
      {columns.map(({ id: column, isNumber, read }) => {
        const value = card === undefined ? null : read(card);
        return (
          <td
            key={column}
            className={isNumber ? frameClasses['number'] : undefined}
            title={isNumber ? undefined : (value ?? undefined)}
          >
            {value ?? (card === undefined ? '' : '–')}
          </td>
        );
      })}
    </tr>
  );
});
