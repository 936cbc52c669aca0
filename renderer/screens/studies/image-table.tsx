/** Every image with its opinion scores, or with its MOS under each method; only rows on screen are drawn. */
import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Study } from '../../../contract/studies.ts';
import type { StudyStatistics } from '../../../contract/study-statistics.ts';
import { orpc } from '../../api/client.ts';
import { formatScore } from '../../shared/format.ts';
import { Card } from '../../shared/page.tsx';
import classes from '../../shared/virtual-table.module.css';
import { ImageCell, SortHead, VirtualTable } from '../../shared/virtual-table.tsx';
import { estimateNames } from './estimate-names.ts';

interface NumberColumn {
  key: string;
  label: string;
  /** What the label is short for. */
  title?: string;
  decimals: number;
  /** By image. */
  values: readonly (number | null)[];
}

type View = 'scores' | 'methods';

function listColumns({ images, estimates }: StudyStatistics, view: View): NumberColumn[] {
  if (view === 'methods') {
    return estimates.map(({ name, mos }) => ({
      ...{ key: name, label: estimateNames[name].short, title: estimateNames[name].full },
      ...{ decimals: 2, values: mos },
    }));
  }
  const columns: NumberColumn[] = [
    { key: 'mos', label: 'MOS', decimals: 2, values: images.mos },
    { key: 'half', label: '± 95 %', decimals: 2, values: images.half },
    { key: 'sd', label: 'SD', decimals: 2, values: images.sd },
    { key: 'n', label: 'N', decimals: 0, values: images.n },
    { key: 'dmos', label: 'DMOS', decimals: 2, values: images.dmos },
    { key: 'dmosHalf', label: '± 95 %', decimals: 2, values: images.dmosHalf },
    { key: 'zMos', label: 'z-MOS', decimals: 2, values: images.zMos },
    { key: 'rescaled', label: '0–100', decimals: 1, values: images.rescaled },
    { key: 'recovered', label: 'Recovered', decimals: 2, values: images.recovered },
    { key: 'recoveredHalf', label: '± 95 %', decimals: 2, values: images.recoveredHalf },
  ];
  return columns.filter(({ key, values }) => !key.startsWith('dmos') || values.length > 0);
}

/** Places in the order of a column; those without a value come last either way. */
function orderPlaces(values: readonly (number | null)[], isDescending: boolean): number[] {
  const sign = isDescending ? -1 : 1;
  return [...values.keys()].sort((a, b) => {
    const [x, y] = [values[a]!, values[b]!];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (x - y);
  });
}

export function ImageTable({ study, statistics }: { study: Study; statistics: StudyStatistics }) {
  const [view, setView] = useState<View>('scores');
  const [order, setOrder] = useState({ key: 'mos', isDescending: true });
  const { data } = useQuery(orpc.mos.rows.queryOptions({ input: { mosSetId: study.mosSetId } }));
  const names = useMemo(() => new Map(data?.map(({ imageId, name }) => [imageId, name])), [data]);
  const columns = useMemo(() => listColumns(statistics, view), [statistics, view]);
  const sorted = columns.find(({ key }) => key === order.key) ?? columns[0]!;
  const places = useMemo(() => orderPlaces(sorted.values, order.isDescending), [sorted, order.isDescending]);
  const head = (
    <>
      <th scope="col">Image</th>
      {columns.map(({ key, label, title }) => (
        <SortHead
          key={key}
          label={label}
          title={title}
          width={88}
          isNumber
          direction={sorted.key === key ? (order.isDescending ? 'descending' : 'ascending') : null}
          onOrder={() => setOrder({ key, isDescending: sorted.key === key ? !order.isDescending : true })}
        />
      ))}
    </>
  );
  return (
    <Card
      title="Images"
      note={
        view === 'methods'
          ? 'The MOS of every image under each method, in units of the scale.'
          : 'Of the raters that count. z-MOS: mean of each rater’s own z-scores, in SDs and rescaled to 0–100.'
      }
      actions={
        <SegmentedControl
          aria-label="Columns"
          size="xs"
          value={view}
          onChange={setView}
          data={[
            { value: 'scores' as const, label: 'Opinion scores' },
            { value: 'methods' as const, label: 'Under each method' },
          ]}
        />
      }
    >
      <VirtualTable
        label="Every image"
        rows={places}
        columnCount={columns.length + 1}
        head={head}
        renderRow={(place, at) => {
          const imageId = statistics.images.imageId[place]!;
          return (
            <tr key={imageId} aria-rowindex={at + 2}>
              <ImageCell imageId={imageId} name={names.get(imageId)} />
              {columns.map(({ key, decimals, values }) => (
                <td key={key} className={classes['number']}>
                  {formatScore(values[place] ?? null, decimals)}
                </td>
              ))}
            </tr>
          );
        }}
      />
    </Card>
  );
}
