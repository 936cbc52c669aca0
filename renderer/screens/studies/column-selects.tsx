/** Says which column of a table is which field. */
import { NativeSelect, SimpleGrid } from '@mantine/core';

interface ColumnSelectsProps<Field extends string> {
  fields: readonly { field: Field; label: string }[];
  header: readonly string[];
  /** Beside each other where there is room. */
  across: number;
  mapping: Partial<Record<Field, string | undefined>> | null;
  /** @param column '' where the table has no such column */
  onChoose: (field: Field, column: string) => void;
}

export function ColumnSelects<Field extends string>(props: ColumnSelectsProps<Field>) {
  const { fields, header, across, mapping, onChoose } = props;
  return (
    <SimpleGrid cols={{ base: 2, sm: across }} verticalSpacing="xs">
      {fields.map(({ field, label }) => (
        <NativeSelect
          key={field}
          size="xs"
          label={label}
          value={mapping?.[field] ?? ''}
          data={[{ value: '', label: '–' }, ...new Set(header)]}
          onChange={(event) => onChoose(field, event.currentTarget.value)}
        />
      ))}
    </SimpleGrid>
  );
}
