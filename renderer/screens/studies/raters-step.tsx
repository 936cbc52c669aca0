/** The last step of the wizard: what raters read, the seed of their orders, and how many raters it takes. */
import { ActionIcon, Group, NumberInput, Stack, Textarea } from '@mantine/core';
import { IconDice5 } from '@tabler/icons-react';
import { Notice } from '../../shared/notice.tsx';
import { type DraftImages, type DraftStudy, drawSeed } from './draft.ts';
import type { DraftProblems } from './draft-problems.ts';
import { Planner } from './planner.tsx';

interface RatersStepProps {
  draft: DraftStudy;
  images: DraftImages;
  problems: DraftProblems;
  onChange: (part: Partial<DraftStudy>) => void;
}

export function RatersStep({ draft, images, problems, onChange }: RatersStepProps) {
  const { plan, dimensions, stabilising, training, checks } = draft;
  const { repeatedImages, showings } = plan.order;
  const beside = training + stabilising + checks.length;
  return (
    <Stack>
      <Textarea
        label="Instructions"
        description="Shown to every rater before the first image: what to look at, what the ends of the scale mean."
        autosize
        minRows={2}
        maxRows={6}
        maxLength={4000}
        value={draft.instructions}
        onChange={(event) => onChange({ instructions: event.currentTarget.value })}
      />
      <Planner
        images={Math.max(0, images.imageIds.length - beside)}
        dimensions={dimensions.length}
        sessionMinutes={plan.sittings.capMinutes}
        uncountedPerSession={beside + repeatedImages * (showings - 1)}
      />
      <SeedInput seed={draft.seed} problem={problems.seed} onChange={(seed) => onChange({ seed })} />
      <Notice tone="note" title="The first vote freezes the design">
        Until then everything here can be changed. After it, a change makes the study’s next version, so that
        votes given under different questions are never mixed.
      </Notice>
    </Stack>
  );
}

interface SeedInputProps {
  seed: number | string;
  problem: string | undefined;
  onChange: (seed: number | string) => void;
}

function SeedInput({ seed, problem, onChange }: SeedInputProps) {
  return (
    <Group align="flex-end" gap="xs">
      <NumberInput
        label="Seed"
        description="Every rater’s order of images is drawn from it and can be drawn again."
        allowDecimal={false}
        allowNegative={false}
        hideControls
        value={seed}
        error={problem}
        onChange={onChange}
      />
      <ActionIcon
        size="input-sm"
        variant="default"
        aria-label="New seed"
        title="New seed"
        onClick={() => onChange(drawSeed())}
      >
        <IconDice5 size={18} stroke={1.7} />
      </ActionIcon>
    </Group>
  );
}
