/** A value that people paste elsewhere: a path, a hash, a prompt; with a button that copies it. */
import { ActionIcon, CopyButton, Group, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';

interface CopyValueProps {
  /** What it is, for the button: “Copy path”. */
  label: string;
  value: string;
  /** Shown in its place; all of it is copied. */
  shown?: string;
  /** Plain text in place of the code-like face. */
  isProse?: boolean;
}

export function CopyValue({ label, value, shown = value, isProse = false }: CopyValueProps) {
  return (
    <Group gap={4} wrap="nowrap" align="start" justify="space-between" flex={1} miw={0}>
      <Text
        size={isProse ? 'sm' : 'xs'}
        {...(isProse ? {} : { ff: 'monospace' })}
        style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}
      >
        {shown}
      </Text>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copied' : `Copy ${label}`}>
            <ActionIcon size="sm" onClick={copy} aria-label={`Copy ${label}`}>
              {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
