/** Says so where a head is compared on what it may have been trained on: such figures flatter it. */
import { Alert } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Comparison } from '../../../contract/agreement.ts';
import { orpc } from '../../api/client.ts';

export function TrainingNote({ comparison }: { comparison: Comparison }) {
  const heads = useQuery(orpc.heads.list.queryOptions()).data ?? [];
  const sets = useQuery(orpc.mos.sets.queryOptions()).data ?? [];
  const { prediction, mosSetId } = comparison;
  if (prediction.kind !== 'head') return null;
  const head = heads.find(({ id }) => id === prediction.headId);
  const set = sets.find(({ id }) => id === mosSetId);
  if (head === undefined || set === undefined) return null;
  if (head.trainedOn?.mosSet === set.name) {
    return (
      <Alert color="yellow" p="xs" mb="md" title="This head was trained on this MOS set">
        These figures flatter it. What it is worth on images it has not seen stands on the heads screen.
      </Alert>
    );
  }
  if (!head.isShipped || set.kind !== 'imported') return null;
  return (
    <Alert color="gray" p="xs" mb="md" title="A head that comes with its pack">
      If this table holds images that the pack was made from (its sources are on the models screen), these
      figures flatter it; its cross-validated figures stand on the heads screen.
    </Alert>
  );
}
