/** Says or corrects on which scale an imported MOS set was rated: each dimension's ends, and whether the lowest value was the best. */
import { Button, Checkbox, Group, Modal, NumberInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { MosSet, RatedScale } from '../../../contract/mos.ts';
import { orpc } from '../../api/client.ts';
import { Notice } from '../../shared/notice.tsx';
import { errorMessage } from '../../shared/show-error.ts';
import { findScaleProblem, readScale } from '../../shared/typed-scale.ts';
import classes from './tables.module.css';

interface ScaleDialogProps {
  /** Whose scales; closed where null. */
  set: MosSet | null;
  onClose: () => void;
}

export function ScaleDialog({ set, onClose }: ScaleDialogProps) {
  return (
    <Modal opened={set !== null} onClose={onClose} title={`Scale of “${set?.name ?? ''}”`} size={560}>
      {set !== null && <ScaleForm set={set} onDone={onClose} />}
    </Modal>
  );
}

interface ScaleDraft {
  dimension: string;
  low: number | string;
  high: number | string;
  lowerIsBetter: boolean;
}

function ScaleForm({ set, onDone }: { set: MosSet; onDone: () => void }) {
  const [drafts, setDrafts] = useState<ScaleDraft[]>(() =>
    set.scales.map(({ dimension, scale, lowerIsBetter }) => {
      const [low, high] = scale ?? ['', ''];
      return { dimension, low, high, lowerIsBetter };
    }),
  );
  const saving = useMutation(orpc.mos.changeScales.mutationOptions({ onSuccess: onDone }));
  const problem = findProblem(drafts);
  const turns = set.scales.some(({ lowerIsBetter }, at) => drafts[at]!.lowerIsBetter !== lowerIsBetter);
  function change(at: number, said: Partial<ScaleDraft>): void {
    saving.reset();
    setDrafts((known) => known.with(at, { ...known[at]!, ...said }));
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (problem === null) saving.mutate({ mosSetId: set.id, scales: drafts.map(readDraft) });
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text size="sm">
          The lowest and highest value that raters could give; both empty where nobody knows. Gaps, labels,
          intervals and stars follow.
        </Text>
        {drafts.map((draft, at) => (
          <ScaleFields
            key={draft.dimension}
            draft={draft}
            isFirst={at === 0}
            onChange={(said) => change(at, said)}
          />
        ))}
        {turns && (
          <Text size="sm" role="status">
            The means are turned round on their scale. Heads that learnt from them stay as they are: train
            them again.
          </Text>
        )}
        {saving.error !== null && (
          <Notice tone="problem" title="The scale was not changed" role="alert">
            {errorMessage(saving.error)}
          </Notice>
        )}
        <Group justify="flex-end">
          {problem !== null && (
            <Text size="sm" c="dimmed" role="status">
              {problem}
            </Text>
          )}
          <Button type="submit" disabled={problem !== null} loading={saving.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ScaleFieldsProps {
  draft: ScaleDraft;
  /** Has the keyboard when the dialog opens. */
  isFirst: boolean;
  onChange: (said: Partial<ScaleDraft>) => void;
}

function ScaleFields({
  draft: { dimension, low, high, lowerIsBetter },
  isFirst,
  onChange,
}: ScaleFieldsProps) {
  return (
    <fieldset className={classes['scale']} aria-label={dimension}>
      <div className={classes['of']}>
        <Text size="sm" fw={500} truncate title={dimension}>
          {dimension}
        </Text>
      </div>
      <NumberInput
        size="xs"
        label="Lowest"
        value={low}
        onChange={(value) => onChange({ low: value })}
        {...(isFirst ? { 'data-autofocus': true } : {})}
      />
      <NumberInput size="xs" label="Highest" value={high} onChange={(value) => onChange({ high: value })} />
      <div className={classes['direction']}>
        <Checkbox
          size="xs"
          label="Lower is better"
          checked={lowerIsBetter}
          onChange={(event) => onChange({ lowerIsBetter: event.currentTarget.checked })}
        />
      </div>
    </fieldset>
  );
}

function readDraft({ dimension, low, high, lowerIsBetter }: ScaleDraft): RatedScale {
  return { dimension, scale: readScale([low, high]) ?? null, lowerIsBetter };
}

function findProblem(drafts: readonly ScaleDraft[]): string | null {
  const problems = drafts.map(({ dimension, low, high, lowerIsBetter }) =>
    lowerIsBetter && low === '' && high === ''
      ? `Say the lowest and highest value of ${dimension}.`
      : findScaleProblem([low, high], dimension),
  );
  return problems.find((problem) => problem !== null) ?? null;
}
