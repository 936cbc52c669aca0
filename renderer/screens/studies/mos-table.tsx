/** Rows of MOS with their intervals, sorted by any column. */
import type { MosRow } from '../../../contract/mos.ts';
import { formatScore } from '../../shared/format.ts';
import classes from '../../shared/virtual-table.module.css';
import { ImageCell, SortHead, VirtualTable } from '../../shared/virtual-table.tsx';
import { halfWidth, type MosColumn, type MosOrder } from './mos-order.ts';

interface MosTableProps {
  rows: MosRow[];
  order: MosOrder;
  onOrder: (order: MosOrder) => void;
}

const columns: { column: MosColumn; label: string; width: number | undefined }[] = [
  { column: 'name', label: 'Image', width: undefined },
  { column: 'mean', label: 'MOS', width: 66 },
  { column: 'sd', label: 'SD', width: 60 },
  { column: 'n', label: 'N', width: 48 },
  { column: 'ci', label: '95 % interval', width: 196 },
];

export function MosTable({ rows, order, onOrder }: MosTableProps) {
  const head = columns.map(({ column, label, width }) => {
    const isOrder = order.column === column;
    return (
      <SortHead
        key={column}
        label={label}
        width={width}
        isNumber={column !== 'name'}
        direction={isOrder ? (order.descending ? 'descending' : 'ascending') : null}
        onOrder={() => onOrder({ column, descending: isOrder && !order.descending })}
      />
    );
  });
  return (
    <VirtualTable
      label="MOS of every image"
      rows={rows}
      columnCount={columns.length}
      head={head}
      renderRow={(row, at) => <Row key={row.imageId} row={row} at={at} />}
    />
  );
}

function Row({ row, at }: { row: MosRow; at: number }) {
  const half = halfWidth(row);
  return (
    <tr aria-rowindex={at + 2}>
      <ImageCell imageId={row.imageId} name={row.name} />
      <td className={classes['number']}>{formatScore(row.mean)}</td>
      <td className={classes['number']}>{formatScore(row.sd)}</td>
      <td className={classes['number']}>{row.n ?? '–'}</td>
      <td className={classes['number']}>
        {half === null ? '–' : `${formatScore(row.low)} to ${formatScore(row.high)} (±${formatScore(half)})`}
      </td>
    </tr>
  );
}
