/** Chooses what a new head is trained on, and starts the training. */
import {
  Alert,
  Button,
  Group,
  Modal,
  NativeSelect,
  NumberInput,
  Radio,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { HeadInputs, TrainHead } from '../../../contract/heads.ts';
import type { MosSet } from '../../../contract/mos.ts';
import type { PackInfo } from '../../../contract/pack.ts';
import { orpc } from '../../api/client.ts';
import { noteJob } from '../../api/jobs.ts';
import { formatCount } from '../../shared/format.ts';
import { nameWithState } from '../../shared/pack-words.ts';
import { useShownPack } from '../../shared/packs.ts';
import { QueryGate } from '../../shared/query-gate.tsx';
import { errorMessage } from '../../shared/show-error.ts';
import { firstInputs, listInputs } from './head-inputs.ts';
import { isTarget, TargetChoice } from './target-choice.tsx';
import { TrainingOptions, type TrainingOptionsDraft, usualOptions } from './training-options.tsx';

export function TrainDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const sets = useQuery(orpc.mos.sets.queryOptions());
  const packs = useQuery(orpc.packs.list.queryOptions());
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Train a head"
      size={640}
      transitionProps={{ duration: 0 }}
    >
      <QueryGate query={sets}>
        {(allSets) => (
          <QueryGate query={packs}>
            {(allPacks) => (
              <TrainForm
                sets={allSets.filter(({ images }) => images > 0)}
                packs={allPacks}
                onClose={onClose}
              />
            )}
          </QueryGate>
        )}
      </QueryGate>
    </Modal>
  );
}

interface TrainFormProps {
  /** Sets with at least one MOS. */
  sets: MosSet[];
  packs: PackInfo[];
  onClose: () => void;
}

type Method = NonNullable<TrainHead['kind']>;

interface Draft extends TrainingOptionsDraft {
  packId: string;
  mosSetId: number;
  dimension: string;
  /** Empty where it is the dimension. */
  target: string;
  inputs: HeadInputs;
  kind: Method;
  name: string;
  seed: number | string;
}

const kinds: Record<Method, string> = {
  auto: 'Choose by cross-validation, and say why',
  ridge: 'Ridge: linear on the standardised inputs; few images are enough',
  quadratic: 'Quadratic ridge: also squares and products of the inputs',
  network: 'Network: bends where ridge cannot; needs some hundred images',
  tuned: 'The current head, trained on',
};

/** Methods for the few numbers of Q and S alone. */
const ofSignals: ReadonlySet<string> = new Set(['quadratic', 'tuned']);

/** Methods that train a network, or may choose one. */
const networks: ReadonlySet<string> = new Set(['auto', 'network', 'tuned']);

/** What the pack's inputs mean for a training. */
const inputWords: Record<HeadInputs, string> = {
  features:
    'Features: the numbers the pack stores for every image. The new head starts from the current one and is drawn back to it.',
  signals: 'Signals Q and S: the fusion network of SF-IQA (equation 3), trained anew on your labels.',
};

function TrainForm({ sets, packs, onClose }: TrainFormProps) {
  const shownId = useShownPack()?.id;
  const [draft, setDraft] = useState<Draft>(() => ({
    packId: (packs.find(({ id }) => id === shownId) ?? packs[0])?.id ?? '',
    mosSetId: sets[0]?.id ?? 0,
    dimension: sets[0]?.dimensions[0] ?? '',
    target: '',
    inputs: firstInputs(packs.find(({ id }) => id === shownId) ?? packs[0]),
    kind: 'auto',
    ...usualOptions,
    name: '',
    seed: 1,
  }));
  const train = useMutation(
    orpc.heads.train.mutationOptions({
      onSuccess: (job) => {
        noteJob(job);
        onClose();
      },
    }),
  );
  const pack = packs.find(({ id }) => id === draft.packId);
  const set = sets.find(({ id }) => id === draft.mosSetId);
  if (pack === undefined || set === undefined) {
    return (
      <Text size="sm">Training needs images with a MOS: rate some in a study, or import a MOS table.</Text>
    );
  }
  const hasNetwork = draft.inputs === 'signals' && networks.has(draft.kind);
  const { hasLayer } = listInputs(pack).signals;
  function change(part: Partial<Draft>): void {
    setDraft((known) => {
      const next = { ...known, ...part };
      return next.inputs !== 'signals' && ofSignals.has(next.kind) ? { ...next, kind: 'auto' } : next;
    });
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    const { name, seed, epochs, withQualityLayer, target, ...rest } = draft;
    train.mutate({
      ...rest,
      target: target === '' ? draft.dimension : target,
      withQualityLayer: withQualityLayer && hasNetwork && hasLayer,
      seed: Number(seed),
      epochs: Number(epochs),
      ...(name.trim() === '' ? {} : { name: name.trim() }),
    });
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <DataChoice draft={draft} sets={sets} packs={packs} onChange={change} />
        <TargetChoice {...draft} onChange={(target) => change({ target })} />
        <InputChoice draft={draft} pack={pack} onChange={change} />
        <Radio.Group label="Kind" value={draft.kind} onChange={(kind) => change({ kind })}>
          <Stack gap={6} mt={6}>
            {Object.entries(kinds).map(([kind, label]) =>
              ofSignals.has(kind) && draft.inputs !== 'signals' ? null : (
                <Radio key={kind} value={kind} label={label} />
              ),
            )}
          </Stack>
        </Radio.Group>
        <TrainingOptions
          options={draft}
          mosSetId={draft.mosSetId}
          dimension={draft.dimension}
          hasNetwork={hasNetwork}
          hasLayer={hasLayer}
          onChange={change}
        />
        <NameAndSeed draft={draft} onChange={change} />
        {train.error === null ? null : (
          <Alert color="red" role="alert">
            {errorMessage(train.error)}
          </Alert>
        )}
        <Group justify="space-between">
          <Text size="xs" c="dimmed" maw={360}>
            Judged on groups it has not seen. The current head stays active until you say otherwise.
          </Text>
          <Button
            type="submit"
            loading={train.isPending}
            disabled={draft.seed === '' || draft.epochs === '' || !isTarget(draft.target)}
          >
            Train
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ChoiceProps {
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
}

function DataChoice({ draft, sets, packs, onChange }: ChoiceProps & Pick<TrainFormProps, 'sets' | 'packs'>) {
  const set = sets.find(({ id }) => id === draft.mosSetId);
  return (
    <Group grow align="flex-start">
      <NativeSelect
        label="MOS set"
        data-autofocus
        value={String(draft.mosSetId)}
        onChange={(event) => {
          const chosen = sets.find(({ id }) => String(id) === event.currentTarget.value);
          if (chosen !== undefined) onChange({ mosSetId: chosen.id, dimension: chosen.dimensions[0] ?? '' });
        }}
        data={sets.map(({ id, name, images }) => ({
          value: String(id),
          label: `${name} (${formatCount(images)})`,
        }))}
      />
      <NativeSelect
        label="Dimension"
        value={draft.dimension}
        onChange={(event) => onChange({ dimension: event.currentTarget.value })}
        data={set?.dimensions ?? []}
      />
      <NativeSelect
        label="Pack"
        value={draft.packId}
        onChange={(event) => {
          const chosen = packs.find(({ id }) => id === event.currentTarget.value);
          if (chosen !== undefined) onChange({ packId: chosen.id, inputs: firstInputs(chosen) });
        }}
        data={packs.map((pack) => ({ value: pack.id, label: nameWithState(pack) }))}
      />
    </Group>
  );
}

function InputChoice({ draft, pack, onChange }: ChoiceProps & { pack: PackInfo }) {
  const { features, signals } = listInputs(pack);
  return (
    <Radio.Group label="Inputs" value={draft.inputs} onChange={(inputs) => onChange({ inputs })}>
      <Stack gap={6} mt={6}>
        <Radio
          value="features"
          label={inputWords.features}
          disabled={features.whyNot !== null}
          description={features.whyNot}
        />
        <Radio
          value="signals"
          label={inputWords.signals}
          disabled={signals.whyNot !== null}
          description={signals.whyNot ?? `It reads, in this order: ${signals.reads.join(', ')}.`}
        />
      </Stack>
    </Radio.Group>
  );
}

function NameAndSeed({ draft, onChange }: ChoiceProps) {
  return (
    <Group grow align="flex-start">
      <TextInput
        label="Name"
        placeholder="made from target, set and time"
        maxLength={120}
        value={draft.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <NumberInput
        label="Seed"
        min={0}
        max={0xffffffff}
        allowDecimal={false}
        value={draft.seed}
        onChange={(seed) => onChange({ seed })}
      />
    </Group>
  );
}
