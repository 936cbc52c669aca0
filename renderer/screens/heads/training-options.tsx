/** How a head is trained, beyond what and on what: how rows are parted, and the paper's choices for networks. */
import { Checkbox, Group, NativeSelect, NumberInput, Stack, Switch } from '@mantine/core';
import type { TrainHead } from '../../../contract/heads.ts';
import { FieldSelect } from '../../shared/field-select.tsx';

export interface TrainingOptionsDraft {
  loss: NonNullable<TrainHead['loss']>;
  form: NonNullable<TrainHead['form']>;
  epochs: number | string;
  withQualityLayer: boolean;
  groupBy: string;
  learningCurve: boolean;
}

export const usualOptions: TrainingOptionsDraft = {
  loss: 'mse',
  form: 'released',
  epochs: 100,
  withQualityLayer: false,
  groupBy: 'prompt',
  learningCurve: true,
};

const losses: { value: TrainingOptionsDraft['loss']; label: string }[] = [
  { value: 'mse', label: 'MSE (base)' },
  { value: 'plcc', label: 'PLCC' },
  { value: 'rank', label: 'Margin rank' },
  { value: 'rank+plcc', label: 'Rank + PLCC (rplcc)' },
];

const forms: { value: TrainingOptionsDraft['form']; label: string }[] = [
  { value: 'released', label: 'As released' },
  { value: 'paper', label: 'As in the paper' },
];

interface TrainingOptionsProps {
  options: TrainingOptionsDraft;
  mosSetId: number;
  dimension: string;
  /** The fusion network is trained or may be chosen. */
  hasNetwork: boolean;
  /** The pack's last quality layer can train along with it. */
  hasLayer: boolean;
  onChange: (part: Partial<TrainingOptionsDraft>) => void;
}

export function TrainingOptions({
  options,
  mosSetId,
  dimension,
  hasNetwork,
  hasLayer,
  onChange,
}: TrainingOptionsProps) {
  return (
    <Stack gap="sm">
      <FieldSelect
        label="Split by"
        description="Images of one value are never on both sides of a split."
        choice={{ mosSetId, dimension }}
        value={options.groupBy}
        onChange={(groupBy) => onChange({ groupBy })}
      />
      {hasNetwork && (
        <Group grow align="flex-start">
          <NativeSelect
            label="Loss of the network"
            value={options.loss}
            onChange={(event) => {
              const found = losses.find(({ value }) => value === event.currentTarget.value);
              if (found !== undefined) onChange({ loss: found.value });
            }}
            data={losses}
          />
          <NativeSelect
            label="Form of the network"
            value={options.form}
            onChange={(event) => {
              const found = forms.find(({ value }) => value === event.currentTarget.value);
              if (found !== undefined) onChange({ form: found.value });
            }}
            data={forms}
          />
          <NumberInput
            label="Epochs"
            min={1}
            max={2000}
            allowDecimal={false}
            value={options.epochs}
            onChange={(epochs) => onChange({ epochs })}
          />
        </Group>
      )}
      {hasNetwork && hasLayer && (
        <Switch
          label="Train the last quality layer along"
          description="The layer that makes Q of the stored features, 1,536 weights a set: worth trying from some hundred labels on. Chosen by cross-validation, it is taken only where it is better."
          checked={options.withQualityLayer}
          onChange={(event) => onChange({ withQualityLayer: event.currentTarget.checked })}
        />
      )}
      <Checkbox
        label="Learning curve: whether more labels help"
        checked={options.learningCurve}
        onChange={(event) => onChange({ learningCurve: event.currentTarget.checked })}
      />
    </Stack>
  );
}
