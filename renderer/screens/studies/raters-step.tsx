/** The last step of the wizard: what raters read, how many it takes, and what the recommendations say to the plan. */
import {
  ActionIcon,
  Button,
  Fieldset,
  Group,
  NumberInput,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
} from '@mantine/core';
import { IconDice5 } from '@tabler/icons-react';
import { Notice } from '../../shared/notice.tsx';
import { ChecklistView } from './checklist-view.tsx';
import { asRecommended, type DraftImages, type DraftStudy, drawSeed, scaleOf, wordsOf } from './draft.ts';
import type { DraftProblems } from './draft-problems.ts';
import { type Panel, Planner, RatersField } from './planner.tsx';
import type { Environment, Outlook } from './use-outlook.ts';

interface RatersStepProps {
  draft: DraftStudy;
  images: DraftImages;
  problems: DraftProblems;
  panel: Panel;
  outlook: Outlook;
  environment: Environment;
  /** Else the study stands beside the recommendations on its own page. */
  isNew: boolean;
  onChange: (part: Partial<DraftStudy>) => void;
  onPanel: (part: Partial<Panel>) => void;
  onEnvironment: (environment: Environment) => void;
}

export function RatersStep(props: RatersStepProps) {
  const { draft, problems, onChange } = props;
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
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Stack>
          <PanelFields {...props} />
          <SeedInput seed={draft.seed} problem={problems.seed} onChange={(seed) => onChange({ seed })} />
          <Notice tone="note" title="The first vote freezes the design">
            Until then everything here can be changed. After it, a change makes the study’s next version, so
            that votes given under different questions are never mixed.
          </Notice>
        </Stack>
        {props.isNew ? <StandardFields {...props} /> : null}
      </SimpleGrid>
    </Stack>
  );
}

function PanelFields({ draft, panel, outlook, onPanel }: RatersStepProps) {
  if (draft.plan.method === 'pairs') {
    return (
      <Fieldset legend="Planner">
        <RatersField panel={panel} onChange={onPanel} />
      </Fieldset>
    );
  }
  return (
    <Planner
      panel={panel}
      scale={scaleOf(draft.dimensions[0] ?? { scale: 'acr5', words: wordsOf('acr5') })}
      sets={outlook.sets}
      images={outlook.images}
      planned={outlook.planned}
      error={outlook.planError}
      onChange={onPanel}
    />
  );
}

function StandardFields({ draft, images, outlook, environment, onEnvironment, onChange }: RatersStepProps) {
  const added = asRecommended(draft, images);
  const isMissing = JSON.stringify({ ...draft, ...added }) !== JSON.stringify(draft);
  return (
    <Fieldset legend="By the book, as planned">
      <SegmentedControl
        aria-label="Where raters sit"
        size="xs"
        fullWidth
        mb="xs"
        value={environment}
        onChange={onEnvironment}
        data={[
          { value: 'any' as const, label: 'Raters sit anywhere' },
          { value: 'controlled' as const, label: 'In a controlled room' },
        ]}
      />
      {outlook.checklist === undefined ? (
        <Text size="sm" c="dimmed">
          The list follows once the questions are whole.
        </Text>
      ) : (
        <>
          {isMissing ? (
            <Button variant="default" size="compact-sm" mb="xs" onClick={() => onChange(added)}>
              Add what the plan lacks
            </Button>
          ) : null}
          <ChecklistView checklist={outlook.checklist} isNarrow />
        </>
      )}
    </Fieldset>
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
