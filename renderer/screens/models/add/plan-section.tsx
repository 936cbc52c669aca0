/** What adding would do, looked up in the files themselves; the choices that remain; and the button that does it. */
import { Button, Checkbox, Group, Loader, Radio, Stack, Text, TextInput } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import type { AddPack, PackPlan, Precision } from '../../../../contract/pack.ts';
import { Sampling } from '../../../../contract/sampling.ts';
import { orpc } from '../../../api/client.ts';
import { noteJob, useJobs } from '../../../api/jobs.ts';
import { DialogFoot } from '../../../shared/dialog-foot.tsx';
import { Notice } from '../../../shared/notice.tsx';
import { precisionWords, samplingWords } from '../../../shared/pack-words.ts';
import { errorMessage } from '../../../shared/show-error.ts';
import { type AddDraft, orderOf } from './add-draft.ts';
import { PlanView } from './plan-view.tsx';

interface PlanSectionProps {
  draft: AddDraft;
  onChange: (part: Partial<AddDraft>) => void;
  onClose: () => void;
}

/** The plan of an order; that of the order before stays until the new one is there. */
function usePlan(order: z.input<typeof AddPack> | null) {
  return useQuery({
    ...orpc.packs.plan.queryOptions({ input: order ?? {} }),
    enabled: order !== null,
    placeholderData: keepPreviousData,
    // Files may change while the dialog is open; reading their headers is quick.
    staleTime: 0,
    retry: false,
  });
}

export function PlanSection({ draft, onChange, onClose }: PlanSectionProps) {
  const order = orderOf(draft);
  const plan = usePlan(order);
  // Needs no room on the disk: what there is to choose stays when a choice turns out to be too large.
  const plainest = usePlan(orderOf({ ...draft, sets: null, precision: 'float32', copies: false })).data;
  const isBusy = useJobs().some(
    ({ kind, state }) => (kind === 'addPack' || kind === 'fetchPack') && state === 'running',
  );
  const add = useMutation(
    orpc.packs.add.mutationOptions({
      onSuccess: (job) => {
        noteJob(job);
        onClose();
      },
    }),
  );
  const error = order === null ? null : (add.error ?? plan.error);
  const isReady = order !== null && plan.isSuccess && !plan.isPlaceholderData;
  // No box around it: its foot stays in view of the whole form.
  return (
    <>
      {plan.isFetching && plan.data === undefined && <Loader size="sm" aria-label="Looking at the files" />}
      {error !== null && (
        <Notice tone="problem" title="This cannot be added" role="alert">
          {errorMessage(error)}
        </Notice>
      )}
      {order !== null && plainest !== undefined && (
        <Stack gap="md" aria-busy={plan.isPlaceholderData || plan.isPending} data-testid="plan">
          {plan.error === null && plan.data !== undefined && <PlanView plan={plan.data} />}
          {draft.kind !== 'folder' && (
            <Choices draft={draft} plainest={plainest} weights={plan.data?.weights} onChange={onChange} />
          )}
        </Stack>
      )}
      {order !== null && (
        <NameField title={draft.title} suggested={plan.data?.title ?? ''} onChange={onChange} />
      )}
      <DialogFoot>
        {isBusy && (
          <Text size="sm" c="dimmed" flex={1}>
            Another model is being added. Wait for it or cancel it first.
          </Text>
        )}
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          disabled={!isReady || isBusy}
          loading={add.isPending}
          onClick={() => order !== null && add.mutate(order)}
        >
          Add
        </Button>
      </DialogFoot>
    </>
  );
}

interface ChoiceProps {
  onChange: (part: Partial<AddDraft>) => void;
}

/** Kept once it is left: half a name is no name, and each is looked up. */
function NameField({ title, suggested, onChange }: ChoiceProps & { title: string; suggested: string }) {
  const [text, setText] = useState(title);
  const keep = () => onChange({ title: text.trim() });
  return (
    <TextInput
      label="Name"
      description="A model can be added again under another name, with other sets or in another precision."
      placeholder={suggested}
      maxLength={120}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => event.key === 'Enter' && keep()}
    />
  );
}

interface ChoicesProps extends ChoiceProps {
  draft: AddDraft;
  plainest: PackPlan;
  /** How the pack would have them; undefined where that is not known. */
  weights: PackPlan['weights'] | undefined;
}

function Choices({ draft, plainest, weights, onChange }: ChoicesProps) {
  const sets = [...new Set(plainest.parts.flatMap((part) => part.sets))];
  return (
    <>
      {sets.length > 1 && <SetChoice sets={sets} chosen={draft.sets ?? sets} onChange={onChange} />}
      <PrecisionChoice precision={draft.precision} onChange={onChange} />
      {draft.kind === 'sfiqa' && <SamplingChoice sampling={draft.sampling} onChange={onChange} />}
      {(draft.copies || weights !== 'converted') && (
        <Checkbox
          label="Copy the weights into the library"
          description="Needed only where your files will not stay where they are; takes their whole size."
          checked={draft.copies}
          onChange={(event) => onChange({ copies: event.currentTarget.checked })}
        />
      )}
    </>
  );
}

function SetChoice({ sets, chosen, onChange }: ChoiceProps & { sets: string[]; chosen: string[] }) {
  return (
    <Checkbox.Group
      label="Trained sets"
      description="The official score is the mean of all; fewer are faster and need less memory."
      value={chosen}
      onChange={(to) => {
        if (to.length > 0)
          onChange({ sets: to.length === sets.length ? null : sets.filter((set) => to.includes(set)) });
      }}
    >
      <Group mt={6}>
        {sets.map((set) => (
          <Checkbox key={set} value={set} label={set} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}

function PrecisionChoice({ precision, onChange }: ChoiceProps & { precision: Precision }) {
  return (
    <Radio.Group label="Precision" value={precision} onChange={(to) => onChange({ precision: to })}>
      <Stack gap={6} mt={6}>
        {(['float32', 'int8', 'float16'] as const).map((name) => (
          <Radio key={name} value={name} label={`${name}: ${precisionWords[name]}`} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function SamplingChoice({ sampling, onChange }: ChoiceProps & { sampling: Sampling }) {
  return (
    <Radio.Group label="What Q sees" value={sampling} onChange={(to) => onChange({ sampling: to })}>
      <Stack gap={6} mt={6}>
        {Sampling.options.map((name) => (
          <Radio key={name} value={name} label={samplingWords[name]} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
