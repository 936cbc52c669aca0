/** How large raters see the images. */
import { Checkbox, Fieldset, SegmentedControl, Stack, Text } from '@mantine/core';
import type { StudyPlan, ViewingPlan } from '../../../contract/study-plan.ts';

interface ViewingFieldsProps {
  plan: StudyPlan;
  onChange: (plan: StudyPlan) => void;
}

const words: Record<ViewingPlan['size'], string> = {
  chosen: 'Each rater chooses before the first image; what they chose is recorded.',
  pixels: 'One pixel of the image is one of the screen. An image larger than the window has to be moved.',
  fit: 'The whole image, made smaller where it has to be and never enlarged.',
};

export function ViewingFields({ plan, onChange }: ViewingFieldsProps) {
  const { viewing } = plan;
  const change = (part: Partial<ViewingPlan>) => onChange({ ...plan, viewing: { ...viewing, ...part } });
  return (
    <Fieldset legend="Viewing">
      <Stack gap="xs">
        <SegmentedControl
          aria-label="Images are shown"
          value={viewing.size}
          onChange={(size) => change({ size })}
          data={[
            { value: 'chosen' as const, label: 'As raters choose' },
            { value: 'pixels' as const, label: 'In true pixels' },
            { value: 'fit' as const, label: 'Fitted to the window' },
          ]}
        />
        <Text size="xs" c="dimmed">
          {words[viewing.size]}
        </Text>
        <Checkbox
          label="A rater may look at an image in the other size (Z, or Space held)"
          checked={viewing.allowsZoom}
          onChange={(event) => change({ allowsZoom: event.currentTarget.checked })}
        />
      </Stack>
    </Fieldset>
  );
}
