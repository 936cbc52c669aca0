/** A head's name, and a way to change it. */
import { ActionIcon, Button, Group, Text, TextInput } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Head } from '../../../contract/heads.ts';
import { orpc } from '../../api/client.ts';
import { showError } from '../../shared/show-error.ts';

export function HeadName({ head }: { head: Head }) {
  const [name, setName] = useState<string | null>(null);
  const rename = useMutation(
    orpc.heads.rename.mutationOptions({
      onSuccess: () => setName(null),
      onError: (error) => showError('The head could not be renamed', error),
    }),
  );
  if (name === null) {
    return (
      <Group gap={4} wrap="nowrap">
        <Text size="sm" fw={500}>
          {head.name}
        </Text>
        <ActionIcon size="sm" aria-label={`Rename “${head.name}”`} onClick={() => setName(head.name)}>
          <IconPencil size={14} stroke={1.7} />
        </ActionIcon>
      </Group>
    );
  }
  function save(event: FormEvent): void {
    event.preventDefault();
    if (name !== null && name.trim() !== '') rename.mutate({ id: head.id, name: name.trim() });
  }
  return (
    <form onSubmit={save}>
      <Group gap={4} wrap="nowrap">
        <TextInput
          size="xs"
          aria-label="Name of the head"
          maxLength={120}
          value={name}
          autoFocus
          onChange={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setName(null);
          }}
        />
        <Button type="submit" size="compact-xs" loading={rename.isPending}>
          Save
        </Button>
      </Group>
    </form>
  );
}
