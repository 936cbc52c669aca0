/** Which images a study is made of, and which of them are there for other ends than a MOS. */
import { Fieldset, SimpleGrid, Stack, Text } from '@mantine/core';
import { countOf } from '../../shared/format.ts';
import { CheckEditor } from './check-editor.tsx';
import type { DraftImages, DraftStudy } from './draft.ts';
import type { DraftProblems } from './draft-problems.ts';
import { ManifestPicker } from './manifest-picker.tsx';
import { PlanNumber } from './plan-number.tsx';

interface ImagesStepProps {
  draft: DraftStudy;
  images: DraftImages;
  problems: DraftProblems;
  onChange: (part: Partial<DraftStudy>) => void;
  onImages: (images: DraftImages) => void;
}

export function ImagesStep({ draft, images, problems, onChange, onImages }: ImagesStepProps) {
  const { imageIds, items } = images;
  const isPairs = draft.plan.method === 'pairs';
  const fromTable = [
    [items.training.length, 'training'],
    [items.stabilising.length, 'stabilising'],
    [items.gold.length, 'gold'],
    [items.traps.length, 'trap'],
  ].filter(([count]) => Number(count) > 0);
  return (
    <Stack>
      <Text size="sm" data-testid="study-images">
        {imageIds.length === 0 ? 'No images yet.' : `${countOf(imageIds.length, 'image')} to rate`}
        {fromTable.length === 0
          ? ''
          : `; the table adds ${fromTable.map(([count, role]) => `${count} ${role}`).join(', ')}`}
      </Text>
      <ManifestPicker onImages={onImages} />
      {problems.images === undefined ? null : (
        <Text size="sm" c="red" role="alert">
          {problems.images}
        </Text>
      )}
      <Fieldset legend="Drawn from these images, and not counted in a MOS">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <PlanNumber
            label="Training"
            description="before a rater’s first sitting; answers are not stored"
            value={draft.training}
            min={0}
            max={100}
            onChange={(training) => onChange({ training: training ?? 0 })}
          />
          {isPairs ? null : (
            <PlanNumber
              label="Stabilising"
              description="first in every sitting; BT.500 asks for about five"
              value={draft.stabilising}
              min={0}
              max={50}
              onChange={(stabilising) => onChange({ stabilising: stabilising ?? 0 })}
            />
          )}
        </SimpleGrid>
      </Fieldset>
      {isPairs ? null : (
        <CheckEditor
          checks={draft.checks}
          dimensions={draft.dimensions}
          imageIds={imageIds}
          problem={problems.checks}
          onChange={(checks) => onChange({ checks })}
        />
      )}
    </Stack>
  );
}
