/** Chooses what a new head is trained on, and starts the training. */
import { Alert, Button, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { MosSet } from '../../../contract/mos.ts';
import type { PackInfo } from '../../../contract/pack.ts';
import { orpc } from '../../api/client.ts';
import { noteJob } from '../../api/jobs.ts';
import { trainedOnly, useShownPack } from '../../shared/packs.ts';
import { QueryGate } from '../../shared/query-gate.tsx';
import { errorMessage } from '../../shared/show-error.ts';
import { FurtherRatings, furtherOrder } from './further-ratings.tsx';
import { firstInputs, listInputs } from './head-inputs.ts';
import { isTarget, TargetChoice } from './target-choice.tsx';
import { DataChoice, type Draft, InputChoice, type Method, NameAndSeed } from './train-choices.tsx';
import { TrainingOptions, usualOptions } from './training-options.tsx';

/** The ratings that a page which led here is about. */
interface WantedRatings {
  mosSetId: number;
  dimension: string | null;
}

interface TrainDialogProps {
  opened: boolean;
  wanted: WantedRatings | null;
  onClose: () => void;
}

export function TrainDialog({ opened, wanted, onClose }: TrainDialogProps) {
  const sets = useQuery(orpc.mos.sets.queryOptions());
  const packs = useQuery(orpc.packs.list.queryOptions());
  return (
    <Modal opened={opened} onClose={onClose} title="Train a head" size={640}>
      <QueryGate query={sets}>
        {(allSets) => (
          <QueryGate query={packs}>
            {(allPacks) => (
              <TrainForm
                // Votes may be newer than the sets that are known: begun anew once the wanted one is among them.
                key={keyOfStart(allSets, wanted)}
                sets={allSets.filter(({ images }) => images > 0)}
                packs={trainedOnly(allPacks)}
                wanted={wanted}
                onClose={onClose}
              />
            )}
          </QueryGate>
        )}
      </QueryGate>
    </Modal>
  );
}

function keyOfStart(sets: readonly MosSet[], wanted: WantedRatings | null): string {
  const usable = sets.filter(({ images }) => images > 0);
  if (usable.some(({ id }) => id === wanted?.mosSetId)) return 'wanted';
  return usable.length === 0 ? 'none' : 'first';
}

interface TrainFormProps {
  /** Sets with at least one MOS. */
  sets: MosSet[];
  packs: PackInfo[];
  wanted: WantedRatings | null;
  onClose: () => void;
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

function draftFirst({
  sets,
  packs,
  wanted,
  shownId,
}: Omit<TrainFormProps, 'onClose'> & { shownId: string | undefined }): Draft {
  const pack = packs.find(({ id }) => id === shownId) ?? packs[0];
  const set = sets.find(({ id }) => id === wanted?.mosSetId) ?? sets[0];
  return {
    packId: pack?.id ?? '',
    mosSetId: set?.id ?? 0,
    dimension: set?.dimensions.find((one) => one === wanted?.dimension) ?? set?.dimensions[0] ?? '',
    target: '',
    inputs: firstInputs(pack),
    kind: 'auto',
    also: [],
    scales: {},
    ...usualOptions,
    name: '',
    seed: 1,
  };
}

function TrainForm({ sets, packs, wanted, onClose }: TrainFormProps) {
  const shownId = useShownPack()?.id;
  const [draft, setDraft] = useState(() => draftFirst({ sets, packs, wanted, shownId }));
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
    const { name, seed, epochs, withQualityLayer, target, also: _also, scales: _scales, ...rest } = draft;
    train.mutate({
      ...rest,
      ...furtherOrder(draft),
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
        <FurtherRatings draft={draft} sets={sets} onChange={change} />
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
