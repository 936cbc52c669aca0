/** A table of images of which only the rows on screen are drawn, so a hundred thousand are as fluid as ten. */
import { UnstyledButton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useRef } from 'react';
import { thumbnailUrl } from '../../shared/image-url.ts';
import classes from './mos-table.module.css';

const rowPx = 36;

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
  const frame = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowPx,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section className={classes['frame']} ref={frame} aria-label={label} tabIndex={0}>
      <table className={classes['table']} aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>{head}</tr>
        </thead>
        <tbody>
          <Spacer heightPx={items[0]?.start ?? 0} columnCount={columnCount} />
          {items.map(({ index }) => renderRow(rows[index]!, index))}
          <Spacer heightPx={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} columnCount={columnCount} />
        </tbody>
      </table>
    </section>
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
  /** What the label is short for. */
  title?: string | undefined;
  width: number | undefined;
  isNumber: boolean;
  /** How the table is sorted by this column; null where by another. */
  direction: 'ascending' | 'descending' | null;
  onOrder: () => void;
}

/** A head that says how the table is sorted, and sorts it. */
export function SortHead({ label, title, width, isNumber, direction, onOrder }: SortHeadProps) {
  return (
    <th
      scope="col"
      aria-sort={direction ?? 'none'}
      className={isNumber ? classes['number'] : undefined}
      style={{ width }}
      title={title}
    >
      <UnstyledButton onClick={onOrder}>
        {label}
        <span aria-hidden="true">{direction === null ? '' : direction === 'descending' ? ' ↓' : ' ↑'}</span>
      </UnstyledButton>
    </th>
  );
}

/** An image by its thumbnail and name. */
export function ImageCell({ imageId, name }: { imageId: number; name: string | undefined }) {
  return (
    <td title={name}>
      <span style={{ display: 'flex', alignItems: 'center', gap: 10 }}>
        <img className={classes['thumb']} src={thumbnailUrl(imageId)} alt="" loading="lazy" />
        <span className={classes['name']}>{name ?? `Image ${imageId}`}</span>
      </span>
    </td>
  );
}
