/** Every image with its MOS, z-MOS and recovered quality; only rows on screen are drawn. */
import { UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { Study } from '../../../contract/studies.ts';
import type { StudyStatistics } from '../../../contract/study-statistics.ts';
import { orpc } from '../../api/client.ts';
import { formatScore } from '../../shared/format.ts';
import { thumbnailUrl } from '../../shared/image-url.ts';
import { Card } from '../../shared/page.tsx';
import classes from './mos-table.module.css';

type Row = StudyStatistics['images'][number];
type Column = 'mos' | 'half' | 'sd' | 'n' | 'zMos' | 'rescaled' | 'recovered' | 'recoveredHalf';

const columns: { column: Column; label: string; decimals: number }[] = [
  { column: 'mos', label: 'MOS', decimals: 2 },
  { column: 'half', label: '± 95 %', decimals: 2 },
  { column: 'sd', label: 'SD', decimals: 2 },
  { column: 'n', label: 'N', decimals: 0 },
  { column: 'zMos', label: 'z-MOS', decimals: 2 },
  { column: 'rescaled', label: '0–100', decimals: 1 },
  { column: 'recovered', label: 'Recovered', decimals: 2 },
  { column: 'recoveredHalf', label: '± 95 %', decimals: 2 },
];
const rowPx = 36;

/** A sorted copy; rows without a value come last either way. */
export function sortRows(rows: readonly Row[], column: Column, isDescending: boolean): Row[] {
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [x, y] = [a[column], b[column]];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (x - y);
  });
}

export function ImageTable({ study, statistics }: { study: Study; statistics: StudyStatistics }) {
  const [order, setOrder] = useState<{ column: Column; isDescending: boolean }>({
    column: 'mos',
    isDescending: true,
  });
  const { data } = useQuery(orpc.mos.rows.queryOptions({ input: { mosSetId: study.mosSetId } }));
  const names = useMemo(() => new Map(data?.map(({ imageId, name }) => [imageId, name])), [data]);
  const rows = useMemo(
    () => sortRows(statistics.images, order.column, order.isDescending),
    [statistics, order],
  );
  return (
    <Card title="Images" note="z-MOS: mean of each rater’s own z-scores, in SDs and rescaled to 0–100.">
      <Rows
        rows={rows}
        names={names}
        order={order}
        onOrder={(column) =>
          setOrder({ column, isDescending: order.column === column ? !order.isDescending : true })
        }
      />
    </Card>
  );
}

interface RowsProps {
  rows: Row[];
  names: ReadonlyMap<number, string>;
  order: { column: Column; isDescending: boolean };
  onOrder: (column: Column) => void;
}

function Rows({ rows, names, order, onOrder }: RowsProps) {
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
    <section className={classes['frame']} ref={frame} aria-label="Every image" tabIndex={0}>
      <table className={classes['table']} aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">Image</th>
            {columns.map(({ column, label }) => (
              <th
                key={column}
                scope="col"
                className={classes['number']}
                style={{ width: 92 }}
                aria-sort={
                  order.column === column ? (order.isDescending ? 'descending' : 'ascending') : 'none'
                }
              >
                <UnstyledButton onClick={() => onOrder(column)}>
                  {label}
                  <span aria-hidden="true">
                    {order.column === column ? (order.isDescending ? ' ↓' : ' ↑') : ''}
                  </span>
                </UnstyledButton>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer heightPx={items[0]?.start ?? 0} />
          {items.map(({ index }) => (
            <ImageRow
              key={rows[index]!.imageId}
              row={rows[index]!}
              at={index}
              name={names.get(rows[index]!.imageId)}
            />
          ))}
          <Spacer heightPx={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} />
        </tbody>
      </table>
    </section>
  );
}

function Spacer({ heightPx }: { heightPx: number }) {
  if (heightPx <= 0) return null;
  return (
    <tr className={classes['spacer']}>
      <td colSpan={columns.length + 1} style={{ height: heightPx }} />
    </tr>
  );
}

function ImageRow({ row, at, name }: { row: Row; at: number; name: string | undefined }) {
  return (
    <tr aria-rowindex={at + 2}>
      <td title={name}>
        <span style={{ display: 'flex', alignItems: 'center', gap: 10 }}>
          <img className={classes['thumb']} src={thumbnailUrl(row.imageId)} alt="" loading="lazy" />
          <span className={classes['name']}>{name ?? `Image ${row.imageId}`}</span>
        </span>
      </td>
      {columns.map(({ column, decimals }) => (
        <td key={column} className={classes['number']}>
          {formatScore(row[column], decimals)}
        </td>
      ))}
    </tr>
  );
}
