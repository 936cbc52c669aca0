/** How images are judged: each by itself, with hidden references, or two side by side. */
import { Radio, Stack } from '@mantine/core';
import type { Method } from '../../../contract/study-plan.ts';

const methods: { method: Method; label: string; description: string }[] = [
  {
    method: 'absolute',
    label: 'One by one (ACR)',
    description: 'Each image gets a level or number. Fast, and the usual choice (ITU-T P.910).',
  },
  {
    method: 'pairs',
    label: 'Pairs',
    description:
      'Two images side by side, which is better? Finer differences, many more showings (ITU-T P.910).',
  },
  {
    method: 'hiddenReference',
    label: 'One by one with hidden references (ACR-HR)',
    description: 'A table names the reference of each image; DMOS is given beside MOS.',
  },
];

interface MethodFieldsProps {
  method: Method;
  onChange: (method: Method) => void;
}

export function MethodFields({ method: now, onChange }: MethodFieldsProps) {
  return (
    <Radio.Group
      label="Method"
      value={now}
      onChange={(value) => {
        const chosen = methods.find(({ method }) => method === value);
        if (chosen !== undefined) onChange(chosen.method);
      }}
    >
      <Stack gap={6} mt={4}>
        {methods.map(({ method, label, description }) => (
          <Radio key={method} value={method} label={label} description={description} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
