/** Stars that other programs show, made of a MOS where somebody wants them. */
import { Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { SidecarExportInput } from '../../../contract/export-sidecars.ts';
import { orpc } from '../../api/client.ts';
import { ScaleInputs } from '../scale-inputs.tsx';
import { readScale, type TypedScale } from '../typed-scale.ts';

/** What is chosen of stars. */
export interface StarDraft {
  /** Null: they stay as they are. */
  dimension: string | null;
  /** Where the MOS set does not say its scale. */
  scale: TypedScale;
}

export const noStars: StarDraft = { dimension: null, scale: ['', ''] };

interface StarFieldsProps {
  mosSetId: number | undefined;
  stars: StarDraft;
  onStars: (stars: StarDraft) => void;
}

/** Nothing where there is no MOS to make stars of. */
export function StarFields({ mosSetId, stars: { dimension, scale }, onStars }: StarFieldsProps) {
  const set = useQuery(orpc.mos.sets.queryOptions()).data?.find(({ id }) => id === mosSetId);
  const scales = useQuery({
    ...orpc.mos.scales.queryOptions({ input: { dimension: dimension ?? '' } }),
    enabled: dimension !== null,
  }).data;
  if (set === undefined) return null;
  const known = scales?.find((one) => one.mosSetId === set.id);
  return (
    <Stack gap="xs">
      <Select
        size="xs"
        maw={380}
        label="Stars that other programs show"
        allowDeselect={false}
        data={[
          { value: '', label: 'Stay as they are' },
          ...set.dimensions.map((one) => ({ value: one, label: `From the MOS of ${one}, 1 to 5` })),
        ]}
        value={dimension ?? ''}
        onChange={(value) => onStars({ dimension: value === '' ? null : value, scale })}
      />
      {known?.scale === null && (
        <ScaleInputs
          name={set.name}
          scale={scale}
          onChange={(typed) => onStars({ dimension, scale: typed })}
        />
      )}
    </Stack>
  );
}

/** The part of an order; a scale that is not wholly typed is left for the engine to ask for. */
export function starsOrder({
  dimension,
  scale,
}: StarDraft): Pick<SidecarExportInput, 'rating' | 'ratingScale'> {
  if (dimension === null) return {};
  const ratingScale = readScale(scale);
  return { rating: dimension, ...(ratingScale === undefined ? {} : { ratingScale }) };
}
