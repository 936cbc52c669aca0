/** MOS of a study as it stands now, one dimension at a time. */
import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import type { MosRow } from '../../../contract/mos.ts';
import type { Study } from '../../../contract/studies.ts';
import { orpc } from '../../api/client.ts';
import { formatCount } from '../../shared/format.ts';
import { Card } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import { DimensionChoice, listMeasures } from './dimension-choice.tsx';
import { type MosOrder, sortMosRows } from './mos-order.ts';
import { MosTable } from './mos-table.tsx';

export function MosCard({ study }: { study: Study }) {
  const measures = listMeasures(study.design);
  const [measure, setMeasure] = useState(measures[0]!.key);
  const isDmos = study.design.dimensions.every(({ key }) => key !== measure);
  const rows = useQuery(orpc.mos.rows.queryOptions({ input: { mosSetId: study.mosSetId } }));
  return (
    <Card
      title="MOS"
      note={
        isDmos
          ? 'Own vote − vote on the hidden reference + best level (ITU-T P.910, ACR-HR), mean of the raters that count, with Student’s 95 % interval.'
          : 'Mean of the votes that count, with Student’s 95 % interval; follows every vote.'
      }
      actions={
        <Group gap="xs">
          {!isDmos && rows.data?.some(({ dimension }) => dimension === measure) === true && (
            <Button
              component={Link}
              href={`/heads?${new URLSearchParams({ train: String(study.mosSetId), dimension: measure })}`}
              size="compact-sm"
              variant="default"
            >
              Train a head on it…
            </Button>
          )}
          <DimensionChoice dimensions={measures} value={measure} onChange={setMeasure} />
        </Group>
      }
    >
      <QueryGate query={rows}>
        {(all) => <SortedTable all={all} dimension={measure} stimuli={study.stimuli} />}
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
