/** Chooses a field in which the images of a MOS set differ. */
import { NativeSelect, type NativeSelectProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { MosChoice } from '../../contract/agreement.ts';
import { orpc } from '../api/client.ts';

interface FieldSelectProps extends Omit<NativeSelectProps, 'data' | 'value' | 'onChange'> {
  choice: MosChoice;
  value: string;
  onChange: (field: string) => void;
}

/** The field that is chosen is listed even where the set has none of that name. */
export function FieldSelect({ choice, value, onChange, ...props }: FieldSelectProps) {
  const { mosSetId, dimension } = choice;
  const fields = useQuery(orpc.agreement.fields.queryOptions({ input: { mosSetId, dimension } })).data ?? [];
  const listed = fields.map(({ name, label }) => ({ value: name, label }));
  return (
    <NativeSelect
      {...props}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={listed.some((one) => one.value === value) ? listed : [{ value, label: value }, ...listed]}
    />
  );
}
