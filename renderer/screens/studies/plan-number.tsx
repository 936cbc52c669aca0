/** A whole number of the plan within its bounds; what is out of them is put right when the field is left. */
import { NumberInput } from '@mantine/core';

interface PlanNumberProps {
  label: string;
  description?: string;
  value: number | null;
  min: number;
  max: number;
  /** What an empty field means, where it may be empty. */
  none?: string;
  suffix?: string;
  onChange: (value: number | null) => void;
}

export function PlanNumber({ label, description, value, min, max, none, suffix, onChange }: PlanNumberProps) {
  return (
    <NumberInput
      label={label}
      description={description}
      defaultValue={value ?? ''}
      min={min}
      max={max}
      allowDecimal={false}
      allowNegative={false}
      {...(none === undefined ? {} : { placeholder: none })}
      {...(suffix === undefined ? {} : { suffix: ` ${suffix}` })}
      onChange={(typed) => {
        if (typed === '') {
          if (none !== undefined) onChange(null);
        } else {
          const number = Number(typed);
          if (Number.isInteger(number) && number >= min && number <= max) onChange(number);
        }
      }}
    />
  );
}
