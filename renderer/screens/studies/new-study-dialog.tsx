/** Designs a study over a selection of images; from its creation on the design is frozen. */
import {
  ActionIcon,
  Button,
  Group,
  Modal,
  NumberInput,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconDice5 } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { orpc } from '../../api/client.ts';
import { formatCount } from '../../shared/format.ts';
import { showError } from '../../shared/show-error.ts';
import { DimensionEditor } from './dimension-editor.tsx';
import {
  type DraftProblems,
  type DraftStudy,
  drawSeed,
  findProblems,
  hasProblems,
  newDraft,
  studyOfDraft,
} from './draft.ts';
import { ScaleEditor } from './scale-editor.tsx';

interface NewStudyDialogProps {
  imageIds: number[];
  opened: boolean;
  onClose: () => void;
}

/** Shows the new study's page once it is created. */
export function NewStudyDialog({ imageIds, opened, onClose }: NewStudyDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={760}
      title={`New study of ${formatCount(imageIds.length)} image${imageIds.length === 1 ? '' : 's'}`}
      transitionProps={{ duration: 0 }}
    >
      <StudyForm imageIds={imageIds} onClose={onClose} />
    </Modal>
  );
}

function StudyForm({ imageIds, onClose }: Omit<NewStudyDialogProps, 'opened'>) {
  const [draft, setDraft] = useState(() => newDraft(drawSeed()));
  const [wasSent, setWasSent] = useState(false);
  const [, navigate] = useLocation();
  const create = useMutation(
    orpc.studies.create.mutationOptions({
      onSuccess: (study) => {
        onClose();
        navigate(`/studies/${study.id}`);
      },
      onError: (error) => showError('The study could not be created', error),
    }),
  );
  const problems = findProblems(draft);
  const shown: DraftProblems = wasSent ? problems : { labels: {} };
  function change(part: Partial<DraftStudy>): void {
    setDraft((known) => ({ ...known, ...part }));
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    setWasSent(true);
    if (!hasProblems(problems)) create.mutate(studyOfDraft(draft, imageIds));
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          placeholder="e.g. SDXL against FLUX, portraits"
          data-autofocus
          value={draft.name}
          error={shown.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <DimensionEditor
          dimensions={draft.dimensions}
          problems={shown}
          onChange={(dimensions) => change({ dimensions })}
        />
        <ScaleEditor draft={draft} problem={shown.words} onChange={change} />
        <Textarea
          label="Instructions"
          description="Shown to every rater before the first image."
          autosize
          minRows={2}
          maxRows={8}
          maxLength={4000}
          value={draft.instructions}
          onChange={(event) => change({ instructions: event.currentTarget.value })}
        />
        <SeedInput seed={draft.seed} problem={shown.seed} onChange={(seed) => change({ seed })} />
        <Text size="sm" c="dimmed">
          Once created, the design cannot be changed: votes given under different questions must not be mixed.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending} disabled={imageIds.length === 0}>
            Create study
          </Button>
        </Group>
      </Stack>
    </form>
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
