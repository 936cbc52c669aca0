/** Which parts of a list are shown: columns of the table, numbers and badges of the cards. */
import { Button, Checkbox, Popover, Stack } from '@mantine/core';
import type { ReactNode } from 'react';

interface PartChooserProps<Part> {
  /** What is chosen: `Columns`. */
  label: string;
  icon: ReactNode;
  parts: readonly Part[];
  isShown: (part: Part) => boolean;
  onShow: (part: Part, isShown: boolean) => void;
}

export function PartChooser<Part extends { id: string; title: string }>(props: PartChooserProps<Part>) {
  const { label, parts, isShown, onShow } = props;
  return (
    <Popover position="bottom-end" trapFocus>
      <Popover.Target>
        <Button size="compact-xs" variant="default" leftSection={props.icon}>
          {label}…
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={6} mah="60dvh" style={{ overflow: 'auto' }} role="group" aria-label={label}>
          {parts.map((part) => (
            <Checkbox
              key={part.id}
              size="xs"
              label={part.title}
              checked={isShown(part)}
              onChange={(event) => onShow(part, event.currentTarget.checked)}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
