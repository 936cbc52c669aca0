/** MOS of a study as it stands now, one dimension at a time. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { MosRow } from '../../../contract/mos.ts';
import type { Study } from '../../../contract/studies.ts';
import { orpc } from '../../api/client.ts';
import { formatCount } from '../../shared/format.ts';
import { Card } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import { DimensionChoice } from './dimension-choice.tsx';
import { type MosOrder, sortMosRows } from './mos-order.ts';
import { MosTable } from './mos-table.tsx';

export function MosCard({ study }: { study: Study }) {
  const { dimensions } = study.design;
  const [dimension, setDimension] = useState(dimensions[0]!.key);
  const rows = useQuery(orpc.mos.rows.queryOptions({ input: { mosSetId: study.mosSetId } }));
  return (
    <Card
      title="MOS"
      note="Mean of the votes that count, with Student’s 95 % interval; follows every vote."
      actions={<DimensionChoice dimensions={dimensions} value={dimension} onChange={setDimension} />}
    >
      <QueryGate query={rows}>
        {(all) => <SortedTable all={all} dimension={dimension} stimuli={study.stimuli} />}
      </QueryGate>
    </Card>
  );
}

function SortedTable({ all, dimension, stimuli }: { all: MosRow[]; dimension: string; stimuli: number }) {
  const [order, setOrder] = useState<MosOrder>({ column: 'name', descending: false });
  const rows = useMemo(
    () =>
      sortMosRows(
        all.filter((row) => row.dimension === dimension),
        order,
      ),
    [all, dimension, order],
  );
  if (rows.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No image has a vote on this question yet.
      </Text>
    );
  }
  return (
    <>
      <Text size="xs" c="dimmed" className="numbers" mb={6}>
        {formatCount(rows.length)} of {formatCount(stimuli)} images have votes
      </Text>
      <MosTable rows={rows} order={order} onOrder={setOrder} />
    </>
  );
}
