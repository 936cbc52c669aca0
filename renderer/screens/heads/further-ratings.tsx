/** Further MOS sets that a head learns from: of the same dimension, each moved from its scale to that of the first. */
import { Checkbox, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { LabelSource } from '../../../contract/heads.ts';
import type { MosSet, ScaleEnds } from '../../../contract/mos.ts';
import { orpc } from '../../api/client.ts';
import { formatCount } from '../../shared/format.ts';
import { ScaleInputs } from '../../shared/scale-inputs.tsx';
import { readScale, type TypedScale } from '../../shared/typed-scale.ts';

export interface FurtherDraft {
  /** Sets beside the first. */
  also: number[];
  /** Of sets whose scale nobody said. */
  scales: Record<number, TypedScale>;
}

interface FurtherRatingsProps {
  draft: FurtherDraft & { mosSetId: number; dimension: string };
  sets: MosSet[];
  onChange: (part: Partial<FurtherDraft>) => void;
}

/** Nothing where no other set has the dimension. */
export function FurtherRatings({ draft, sets, onChange }: FurtherRatingsProps) {
  const { mosSetId, dimension, also, scales } = draft;
  const known = useQuery(orpc.mos.scales.queryOptions({ input: { dimension } })).data ?? [];
  const others = sets.filter(({ id, dimensions }) => id !== mosSetId && dimensions.includes(dimension));
  if (others.length === 0) return null;
  const scaleOf = (id: number) => known.find((one) => one.mosSetId === id)?.scale ?? null;
  const asked = also.length === 0 ? [] : [mosSetId, ...also].filter((id) => scaleOf(id) === null);
  return (
    <Checkbox.Group
      label="Learn from more ratings, too"
      description={`Other sets of ${dimension}, moved to the scale of the first; an image that several sets have counts once, with the mean of its votes.`}
      value={also.map(String)}
      onChange={(chosen) => onChange({ also: chosen.map(Number) })}
    >
      <Stack gap={6} mt={8}>
        {others.map(({ id, name, images }) => (
          <Checkbox
            key={id}
            value={String(id)}
            label={`${name} (${formatCount(images)}${describeScale(scaleOf(id))})`}
          />
        ))}
        {asked.map((id) => (
          <ScaleInputs
            key={id}
            name={sets.find((set) => set.id === id)?.name ?? ''}
            scale={scales[id] ?? ['', '']}
            onChange={(scale) => onChange({ scales: { ...scales, [id]: scale } })}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

function describeScale(scale: readonly [number, number] | null): string {
  return scale === null ? '' : `, rated from ${scale[0]} to ${scale[1]}`;
}

/** The part of an order; scales that are not wholly typed are left for the engine to ask for. */
export function furtherOrder({
  mosSetId,
  dimension,
  also,
  scales,
}: FurtherDraft & { mosSetId: number; dimension: string }): { scale?: ScaleEnds; also: LabelSource[] } {
  const scaleOf = (id: number): { scale?: ScaleEnds } => {
    const scale = readScale(scales[id] ?? ['', '']);
    return scale === undefined ? {} : { scale };
  };
  return {
    ...(also.length === 0 ? {} : scaleOf(mosSetId)),
    also: also.map((id) => ({ mosSetId: id, dimension, ...scaleOf(id) })),
  };
}
