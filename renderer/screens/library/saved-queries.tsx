/** The menu of queries that were saved: one is asked again, what is shown is saved, and from here all of them are kept in order. */
import { ActionIcon, Button, Group, Menu, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBookmark } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client, orpc } from '../../api/client.ts';
import { showError } from '../../shared/show-error.ts';
import { useMenuTarget } from '../../shared/use-menu-target.ts';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { KeptDialog } from './curate/kept-dialog.tsx';
import type { ListQuery } from './list-view.ts';

interface SavedQueriesProps {
  query: ListQuery;
  onQuery: (change: Partial<ListQuery>) => void;
}

export function SavedQueries({ query, onQuery }: SavedQueriesProps) {
  const saved = useQuery(orpc.images.savedQueries.queryOptions()).data ?? [];
  const [isNaming, naming] = useDisclosure(false);
  const [isKeeping, keeping] = useDisclosure(false);
  const { target, opening } = useMenuTarget();
  useShortcuts([
    { keys: 'shift+B', label: 'Collections and saved queries…', group: 'Curate', run: keeping.open },
  ]);
  return (
    <>
      <Menu position="bottom-start" width={320}>
        <Menu.Target>
          <ActionIcon ref={target} size={30} variant="default" aria-label="Saved queries">
            <IconBookmark size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {saved.length === 0 && <Menu.Label>No query was saved yet.</Menu.Label>}
          {saved.map(({ id, name, query: stored }) => (
            <Menu.Item key={id} onClick={() => onQuery(stored)}>
              {name}
              <Text size="xs" c="dimmed" truncate>
                {stored.filter.query}
              </Text>
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={opening(naming.open)}>Save what is shown…</Menu.Item>
          <Menu.Item onClick={opening(keeping.open)}>Collections and saved queries…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={isNaming} onClose={naming.close} title="Save this query">
        <NameForm query={query} names={saved.map(({ name }) => name)} onDone={naming.close} />
      </Modal>
      <KeptDialog query={query} opened={isKeeping} onClose={keeping.close} onQuery={onQuery} />
    </>
  );
}

interface NameFormProps {
  query: ListQuery;
  /** Of the queries there are. */
  names: readonly string[];
  onDone: () => void;
}

function NameForm({ query, names, onDone }: NameFormProps) {
  const [name, setName] = useState('');
  const isTaken = names.some((one) => one.toLowerCase() === name.trim().toLowerCase());
  const save = useMutation({
    mutationFn: () => client.images.saveQuery({ name, query }),
    onSuccess: onDone,
    onError: (error) => showError('The query could not be saved', error),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack>
        <TextInput
          data-autofocus
          label="Name"
          description={
            isTaken
              ? 'There is a query of this name: what is shown takes its place.'
              : 'Order and narrowing are saved with it.'
          }
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="end">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" disabled={name.trim() === ''} loading={save.isPending}>
            {isTaken ? 'Replace' : 'Save'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
