/** Every image with its opinion scores, or with its MOS under each method; only rows on screen are asked for and drawn. */
import { SegmentedControl } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Study } from '../../../contract/studies.ts';
import type { AskImageStatistics, StudyStatistics } from '../../../contract/study-statistics.ts';
import { orpc } from '../../api/client.ts';
import { formatScore } from '../../shared/format.ts';
import { Card } from '../../shared/page.tsx';
import classes from '../../shared/virtual-table.module.css';
import { ImageCell, SortHead, VirtualTable } from '../../shared/virtual-table.tsx';
import { estimateNames } from './estimate-names.ts';
import type { Bt500 } from './estimates-card.tsx';

interface NumberColumn {
  key: string;
  label: string;
  /** What the label is short for. */
  title?: string;
  decimals: number;
}

type View = AskImageStatistics['view'];

const scoreColumns: NumberColumn[] = [
  { key: 'mos', label: 'MOS', decimals: 2 },
  { key: 'half', label: '± 95 %', decimals: 2 },
  { key: 'sd', label: 'SD', decimals: 2 },
  { key: 'n', label: 'N', decimals: 0 },
  { key: 'dmos', label: 'DMOS', decimals: 2 },
  { key: 'dmosHalf', label: '± 95 %', decimals: 2 },
  { key: 'zMos', label: 'z-MOS', decimals: 2 },
  { key: 'rescaled', label: '0–100', decimals: 1 },
  { key: 'recovered', label: 'Recovered', decimals: 2 },
  { key: 'recoveredHalf', label: '± 95 %', decimals: 2 },
];

function listColumns(study: Study, { estimates }: StudyStatistics, view: View): NumberColumn[] {
  if (view === 'methods') {
    return estimates.map(({ name }) => ({
      ...{ key: name, label: estimateNames[name].short, title: estimateNames[name].full, decimals: 2 },
    }));
  }
  const hasReferences = study.design.plan.method === 'hiddenReference';
  return scoreColumns.filter(({ key }) => hasReferences || !key.startsWith('dmos'));
}

/** Rows in one answer: a few screens. */
const pageRows = 200;

type AskRows = Omit<AskImageStatistics, 'from' | 'count'>;

/** The answer that has the row of a place; rows near each other share it, and the one before stays until it is there. */
function useRows(ask: AskRows, place: number) {
  const input = { ...ask, from: place - (place % pageRows), count: pageRows };
  return useQuery({
    ...orpc.studies.imageStatistics.queryOptions({ input }),
    placeholderData: keepPreviousData,
  }).data;
}

interface ImageTableProps {
  study: Study;
  statistics: StudyStatistics;
  bt500: Bt500;
}

export function ImageTable({ study, statistics, bt500 }: ImageTableProps) {
  const [view, setView] = useState<View>('scores');
  const [order, setOrder] = useState({ key: 'mos', isDescending: true });
  const columns = useMemo(() => listColumns(study, statistics, view), [study, statistics, view]);
  const sorted = columns.find(({ key }) => key === order.key) ?? columns[0]!;
  const ask: AskRows = {
    ...{ studyId: study.id, dimension: statistics.dimension, ...bt500 },
    ...{ view, order: sorted.key, isDescending: order.isDescending },
  };
  const total = useRows(ask, 0)?.total ?? 0;
  const places = useMemo(() => Array.from({ length: total }, (_, at) => at), [total]);
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
        renderRow={(place) => <ImageRow key={place} ask={ask} place={place} columns={columns} />}
      />
    </Card>
  );
}

interface ImageRowProps {
  ask: AskRows;
  place: number;
  columns: readonly NumberColumn[];
}

function ImageRow({ ask, place, columns }: ImageRowProps) {
  const row = useRows(ask, place)?.rows[place % pageRows];
  return (
    <tr aria-rowindex={place + 2}>
      {row === undefined ? <td /> : <ImageCell imageId={row.imageId} name={row.name} />}
      {columns.map(({ key, decimals }) => (
        <td key={key} className={classes['number']}>
          {row === undefined ? null : formatScore(row.values[key] ?? null, decimals)}
        </td>
      ))}
    </tr>
  );
}
