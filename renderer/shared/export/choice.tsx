/** One of a few words, side by side under their question, as the export dialog asks. */
import { Group, Radio } from '@mantine/core';

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}

export function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  function choose(word: string): void {
    const chosen = options.find((option) => option.value === word);
    if (chosen !== undefined) onChange(chosen.value);
  }
  return (
    <Radio.Group size="xs" label={label} value={value} onChange={choose}>
      <Group gap="lg">
        {options.map((option) => (
          <Radio key={option.value} size="xs" value={option.value} label={option.label} />
        ))}
      </Group>
    </Radio.Group>
  );
}
