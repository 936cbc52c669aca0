/** What a head that comes with a pack was worth where it was judged, as its manifest says. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Head } from '../../../contract/heads.ts';
import { orpc } from '../../api/client.ts';
import { formatCoefficient } from '../../shared/format.ts';

export function ShippedFigures({ head }: { head: Head }) {
  const packs = useQuery(orpc.packs.list.queryOptions()).data ?? [];
  const shipped = packs
    .find(({ id }) => id === head.packId)
    ?.heads.find(({ target, inputs }) => target === head.target && inputs === head.inputs);
  const clean = shipped?.figures['clean'];
  if (clean === undefined) {
    return (
      <Text size="xs" c="dimmed">
        No figures come with it. The agreement screen compares it with ratings of yours.
      </Text>
    );
  }
  return (
    <>
      <Text size="sm" className="numbers">
        SRCC <b>{formatCoefficient(clean.srcc)}</b> · PLCC <b>{formatCoefficient(clean.plcc)}</b>
      </Text>
      <Text size="xs" c="dimmed">
        Cross-validated by prompt on the pack’s own training data; more on the models screen.
      </Text>
    </>
  );
}
