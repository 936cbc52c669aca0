/** The parts of the form that starts a training: on what, from which inputs, under which name. */
import { Group, NativeSelect, NumberInput, Radio, Stack, TextInput } from '@mantine/core';
import type { HeadInputs, TrainHead } from '../../../contract/heads.ts';
import type { MosSet } from '../../../contract/mos.ts';
import type { PackInfo } from '../../../contract/pack.ts';
import { formatCount } from '../../shared/format.ts';
import type { FurtherDraft } from './further-ratings.tsx';
import { firstInputs, listInputs } from './head-inputs.ts';
import type { TrainingOptionsDraft } from './training-options.tsx';

export type Method = NonNullable<TrainHead['kind']>;

export interface Draft extends TrainingOptionsDraft, FurtherDraft {
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

/** What the pack's inputs mean for a training. */
const inputWords: Record<HeadInputs, string> = {
  features:
    'Features: the numbers the pack stores for every image. The new head starts from the current one and is drawn back to it.',
  signals: 'Signals Q and S: the fusion network of SF-IQA (equation 3), trained anew on your labels.',
};

interface ChoiceProps {
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
}

export function DataChoice({
  draft,
  sets,
  packs,
  onChange,
}: ChoiceProps & { sets: MosSet[]; packs: PackInfo[] }) {
  const set = sets.find(({ id }) => id === draft.mosSetId);
  return (
    <Group grow align="flex-start">
      <NativeSelect
        label="MOS set"
        data-autofocus
        ref={takeKeyboard}
        value={String(draft.mosSetId)}
        onChange={(event) => {
          const chosen = sets.find(({ id }) => String(id) === event.currentTarget.value);
          if (chosen !== undefined)
            onChange({ mosSetId: chosen.id, dimension: chosen.dimensions[0] ?? '', also: [] });
        }}
        data={sets.map(({ id, name, images }) => ({
          value: String(id),
          label: `${name} (${formatCount(images)})`,
        }))}
      />
      <NativeSelect
        label="Dimension"
        value={draft.dimension}
        onChange={(event) => onChange({ dimension: event.currentTarget.value, also: [] })}
        data={set?.dimensions ?? []}
      />
      <NativeSelect
        label="Pack"
        value={draft.packId}
        onChange={(event) => {
          const chosen = packs.find(({ id }) => id === event.currentTarget.value);
          if (chosen !== undefined) onChange({ packId: chosen.id, inputs: firstInputs(chosen) });
        }}
        data={packs.map((pack) => ({ value: pack.id, label: pack.title }))}
      />
    </Group>
  );
}

/**
 * The form may come after the dialog, when its sets are known. Where both come at once, the dialog must have noted first where the
 * keyboard was, to give it back: `autoFocus` would take it before.
 */
function takeKeyboard(field: HTMLElement | null): void {
  if (field !== null) setTimeout(() => field.focus({ preventScroll: true }));
}

export function InputChoice({ draft, pack, onChange }: ChoiceProps & { pack: PackInfo }) {
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

export function NameAndSeed({ draft, onChange }: ChoiceProps) {
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
