/** Files beyond these limits are refused before they are decoded, so that no file can fill the memory. */
import { Button, Group, NumberInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Settings } from '../../../contract/settings.ts';
import { useSettings } from '../../shared/use-settings.ts';
import { Card } from './card.tsx';

const megapixel = 1_000_000;
const mebibyte = 1024 * 1024;
const defaults = Settings.parse({});

export function LimitsCard() {
  return (
    <Card
      title="Limits for images"
      text="An image beyond a limit is listed as failed with its reason and never stops a run. Score its folder again after a change."
    >
      <Group align="start" gap="xl">
        <LimitField
          name="maxPixels"
          label="Largest image"
          unit="megapixels"
          unitSize={megapixel}
          max={1000}
        />
        <LimitField name="maxBytes" label="Largest file" unit="MiB" unitSize={mebibyte} max={7600} />
      </Group>
    </Card>
  );
}

interface LimitFieldProps {
  name: 'maxPixels' | 'maxBytes';
  label: string;
  unit: string;
  unitSize: number;
  max: number;
}

/** Stored when one leaves the field or presses Enter, if it is a limit the studio takes. */
function LimitField({ name, label, unit, unitSize, max }: LimitFieldProps) {
  const [settings, change] = useSettings();
  const stored = settings?.[name] ?? defaults[name];
  const [value, setValue] = useState<string | number>(stored / unitSize);
  useEffect(() => setValue(stored / unitSize), [stored, unitSize]);
  function keep(): void {
    const limit = Math.round(Number(value) * unitSize);
    if (value === '' || !Number.isFinite(limit) || limit < 1000) setValue(stored / unitSize);
    else if (limit !== stored) change({ [name]: limit });
  }
  return (
    <NumberInput
      label={label}
      description={`The default is ${defaults[name] / unitSize} ${unit}`}
      suffix={` ${unit}`}
      thousandSeparator=","
      min={0.001}
      max={max}
      decimalScale={3}
      w={260}
      value={value}
      onChange={setValue}
      onBlur={keep}
      onKeyDown={(event) => event.key === 'Enter' && keep()}
      rightSectionWidth={64}
      rightSection={
        stored === defaults[name] ? undefined : (
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => change({ [name]: defaults[name] })}
            aria-label={`${label}: back to the default`}
          >
            Default
          </Button>
        )
      }
    />
  );
}
