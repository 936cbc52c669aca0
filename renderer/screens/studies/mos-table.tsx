/** Rows of MOS; only those on screen are drawn, so a hundred thousand are as fluid as ten. */
import { UnstyledButton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { MosRow } from '../../../contract/mos.ts';
import { formatScore } from '../../shared/format.ts';
import { thumbnailUrl } from '../../shared/image-url.ts';
import { halfWidth, type MosColumn, type MosOrder } from './mos-order.ts';
import classes from './mos-table.module.css';

interface MosTableProps {
  rows: MosRow[];
  order: MosOrder;
  onOrder: (order: MosOrder) => void;
}

const rowPx = 36;
const columns: { column: MosColumn; label: string; width: number | undefined }[] = [
  { column: 'name', label: 'Image', width: undefined },
  { column: 'mean', label: 'MOS', width: 66 },
  { column: 'sd', label: 'SD', width: 60 },
  { column: 'n', label: 'N', width: 48 },
  { column: 'ci', label: '95 % interval', width: 196 },
];

export function MosTable({ rows, order, onOrder }: MosTableProps) {
  const frame = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowPx,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const abovePx = items[0]?.start ?? 0;
  const belowPx = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section className={classes['frame']} ref={frame} aria-label="MOS of every image" tabIndex={0}>
      <table className={classes['table']} aria-rowcount={rows.length + 1}>
        <Head order={order} onOrder={onOrder} />
        <tbody>
          <Spacer heightPx={abovePx} />
          {items.map(({ index }) => (
            <Row key={rows[index]!.imageId} row={rows[index]!} at={index} />
          ))}
          <Spacer heightPx={belowPx} />
        </tbody>
      </table>
    </section>
  );
}

function Head({ order, onOrder }: Omit<MosTableProps, 'rows'>) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map(({ column, label, width }) => {
          const isOrder = order.column === column;
          const direction = order.descending ? 'descending' : 'ascending';
          return (
            <th
              key={column}
              scope="col"
              aria-sort={isOrder ? direction : 'none'}
              className={column === 'name' ? undefined : classes['number']}
              style={{ width }}
            >
              <UnstyledButton onClick={() => onOrder({ column, descending: isOrder && !order.descending })}>
                {label}
                <span aria-hidden="true">{isOrder ? (order.descending ? ' ↓' : ' ↑') : ''}</span>
              </UnstyledButton>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

/** Stands for the rows above or below the drawn ones. */
function Spacer({ heightPx }: { heightPx: number }) {
  if (heightPx <= 0) return null;
  return (
    <tr className={classes['spacer']}>
      <td colSpan={columns.length} style={{ height: heightPx }} />
    </tr>
  );
}

function Row({ row, at }: { row: MosRow; at: number }) {
  const half = halfWidth(row);
  return (
    <tr aria-rowindex={at + 2}>
      <td title={row.name}>
        <span style={{ display: 'flex', alignItems: 'center', gap: 10 }}>
          <img className={classes['thumb']} src={thumbnailUrl(row.imageId)} alt="" loading="lazy" />
          <span className={classes['name']}>{row.name}</span>
        </span>
      </td>
      <td className={classes['number']}>{formatScore(row.mean)}</td>
      <td className={classes['number']}>{formatScore(row.sd)}</td>
      <td className={classes['number']}>{row.n ?? '–'}</td>
      <td className={classes['number']}>
        {half === null ? '–' : `${formatScore(row.low)} to ${formatScore(row.high)} (±${formatScore(half)})`}
      </td>
    </tr>
  );
}
