/** Which columns the table has. */
import { Button, Checkbox, Popover, Stack } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import type { TableColumn } from './columns.ts';

interface ColumnChooserProps {
  columns: readonly TableColumn[];
  isShown: (column: TableColumn) => boolean;
  onShow: (column: TableColumn, isShown: boolean) => void;
}

export function ColumnChooser({ columns, isShown, onShow }: ColumnChooserProps) {
  return (
    <Popover position="bottom-end" trapFocus transitionProps={{ duration: 0 }}>
      <Popover.Target>
        <Button size="compact-xs" variant="default" leftSection={<IconColumns3 size={14} />}>
          Columns…
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={6} mah="60dvh" style={{ overflow: 'auto' }} role="group" aria-label="Columns">
          {columns.map((column) => (
            <Checkbox
              key={column.id}
              size="xs"
              label={column.title}
              checked={isShown(column)}
              onChange={(event) => onShow(column, event.currentTarget.checked)}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
