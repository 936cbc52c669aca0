/** A table of images of which only the rows on screen are drawn, so a hundred thousand are as fluid as ten. */
import { UnstyledButton } from '@mantine/core';
import { IconPhotoOff } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useRef, useState } from 'react';
import { thumbnailUrl } from './image-url.ts';
import classes from './virtual-table.module.css';

export const rowPx = 36;
export const headPx = 32;

interface VirtualTableProps<Row> {
  label: string;
  rows: readonly Row[];
  columnCount: number;
  /** The cells of the head's row. */
  head: ReactNode;
  /** A `<tr>` with a key. */
  renderRow: (row: Row, at: number) => ReactNode;
}

export function VirtualTable<Row>({ label, rows, columnCount, head, renderRow }: VirtualTableProps<Row>) {
  const { frame, virtual } = useVirtualRows(rows.length);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section className={classes['frame']} ref={frame} aria-label={label} tabIndex={0}>
      <table className={classes['table']} aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>{head}</tr>
        </thead>
        <VirtualRows
          virtual={virtual}
          columnCount={columnCount}
          renderAt={(at) => renderRow(rows[at]!, at)}
        />
      </table>
    </section>
  );
}

type Virtual = ReturnType<typeof useVirtualizer<HTMLElement, Element>>;

/** Which rows are on screen: `frame` is what scrolls, the head sticks to its top. */
export function useVirtualRows(count: number): { frame: RefObject<HTMLElement | null>; virtual: Virtual } {
  const frame = useRef<HTMLElement>(null);
  const virtual = useVirtualizer<HTMLElement, Element>({
    count,
    getScrollElement: () => frame.current,
    estimateSize: () => rowPx,
    overscan: 12,
    // The head covers as much of the frame as the last row would lie below it.
    scrollPaddingEnd: headPx,
  });
  return { frame, virtual };
}

interface VirtualRowsProps {
  virtual: Virtual;
  columnCount: number;
  /** A `<tr>` with a key. */
  renderAt: (at: number) => ReactNode;
}

/** The rows on screen, and room for the others. */
export function VirtualRows({ virtual, columnCount, renderAt }: VirtualRowsProps) {
  const items = virtual.getVirtualItems();
  return (
    <tbody>
      <Spacer heightPx={items[0]?.start ?? 0} columnCount={columnCount} />
      {items.map(({ index }) => renderAt(index))}
      <Spacer heightPx={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} columnCount={columnCount} />
    </tbody>
  );
}

/** Stands for the rows above or below the drawn ones. */
function Spacer({ heightPx, columnCount }: { heightPx: number; columnCount: number }) {
  if (heightPx <= 0) return null;
  return (
    <tr className={classes['spacer']}>
      <td colSpan={columnCount} style={{ height: heightPx }} />
    </tr>
  );
}

interface SortHeadProps {
  label: string;
  /** What the column tells, longer than its label. */
  title?: string | undefined;
  width: number | undefined;
  isNumber: boolean;
  /** How the table is sorted by this column; null where by another. */
  direction: 'ascending' | 'descending' | null;
  onOrder: () => void;
  /** The column by its name, and what makes it wider or narrower, where something does. */
  column?: string;
  edge?: ReactNode;
}

/** A head that says how the table is sorted, and sorts it. */
export function SortHead(props: SortHeadProps) {
  const { label, title, width, isNumber, direction, onOrder, column, edge } = props;
  return (
    <th
      scope="col"
      aria-sort={direction ?? 'none'}
      // An edge has words of its own, which are not the column's.
      aria-label={edge === undefined ? undefined : label}
      data-column={column}
      className={isNumber ? classes['number'] : undefined}
      style={{ width }}
      title={title}
    >
      <UnstyledButton onClick={onOrder}>
        {label}
        <span aria-hidden="true">{direction === null ? '' : direction === 'descending' ? ' ↓' : ' ↑'}</span>
      </UnstyledButton>
      {edge}
    </th>
  );
}

/** An image by its thumbnail and name. */
export function ImageCell({ imageId, name, hasFile = true }: ImageCellProps) {
  return (
    <td title={name}>
      <span style={{ display: 'flex', alignItems: 'center', gap: 10 }}>
        {hasFile ? (
          <Thumbnail key={imageId} imageId={imageId} />
        ) : (
          <Absent why="known from a table, no file yet" />
        )}
        <span className={classes['name']}>{name ?? `Image ${imageId}`}</span>
      </span>
    </td>
  );
}

interface ImageCellProps {
  imageId: number;
  name: string | undefined;
  /** Where it is not known, the image is asked for. */
  hasFile?: boolean;
}

function Thumbnail({ imageId }: { imageId: number }) {
  const [isBroken, setBroken] = useState(false);
  if (isBroken) return <Absent why="cannot be shown" />;
  return (
    <img
      className={classes['thumb']}
      src={thumbnailUrl(imageId)}
      alt=""
      loading="lazy"
      onError={() => setBroken(true)}
    />
  );
}

/** In place of a thumbnail, as on the library's cards. */
function Absent({ why }: { why: string }) {
  return (
    <span className={classes['absent']} role="img" aria-label={why} title={why}>
      <IconPhotoOff size={16} stroke={1.3} aria-hidden="true" />
    </span>
  );
}
