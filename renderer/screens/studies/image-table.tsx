/** Every image with its MOS, z-MOS and recovered quality; only rows on screen are drawn. */
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Study } from '../../../contract/studies.ts';
import type { StudyStatistics } from '../../../contract/study-statistics.ts';
import { orpc } from '../../api/client.ts';
import { formatScore } from '../../shared/format.ts';
import { Card } from '../../shared/page.tsx';
import classes from './mos-table.module.css';
import { ImageCell, SortHead, VirtualTable } from './virtual-table.tsx';

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
  const head = (
    <>
      <th scope="col">Image</th>
      {columns.map(({ column, label }) => (
        <SortHead
          key={column}
          label={label}
          width={92}
          isNumber
          direction={order.column === column ? (order.isDescending ? 'descending' : 'ascending') : null}
          onOrder={() =>
            setOrder({ column, isDescending: order.column === column ? !order.isDescending : true })
          }
        />
      ))}
    </>
  );
  return (
    <Card title="Images" note="z-MOS: mean of each rater’s own z-scores, in SDs and rescaled to 0–100.">
      <VirtualTable
        label="Every image"
        rows={rows}
        columnCount={columns.length + 1}
        head={head}
        renderRow={(row, at) => (
          <ImageRow key={row.imageId} row={row} at={at} name={names.get(row.imageId)} />
        )}
      />
    </Card>
  );
}

function ImageRow({ row, at, name }: { row: Row; at: number; name: string | undefined }) {
  return (
    <tr aria-rowindex={at + 2}>
      <ImageCell imageId={row.imageId} name={name} />
      {columns.map(({ column, decimals }) => (
        <td key={column} className={classes['number']}>
          {formatScore(row[column], decimals)}
        </td>
      ))}
    </tr>
  );
}
