/** Folders that moved: where each lies, and saying where it lies now. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconFolder, IconPlugX } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { Relink, Relinked } from '../../../contract/keep.ts';
import { client, orpc } from '../../api/client.ts';
import { FolderPicker } from '../../shared/folder-picker.tsx';
import { countOf, formatCount } from '../../shared/format.ts';
import { showError } from '../../shared/show-error.ts';
import { Card } from './card.tsx';

export function RelinkCard() {
  const roots = useQuery(orpc.library.roots.queryOptions()).data ?? [];
  const [from, setFrom] = useState<string | null>(null);
  if (roots.length === 0) return null;
  return (
    <Card
      title="Folders"
      text="Where your images lie. When they moved to another disk or machine, say so once: scores, votes and thumbnails stay theirs."
    >
      <Stack gap={6}>
        {roots.map((root) => (
          <Group key={root.id} gap={8} wrap="nowrap">
            {root.isReachable ? <IconFolder size={18} /> : <IconPlugX size={18} />}
            <Text size="sm" flex={1} style={{ overflowWrap: 'anywhere' }}>
              {root.path}
              {!root.isReachable && <b> · cannot be reached</b>}
            </Text>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`It moved…: ${root.path}`}
              onClick={() => setFrom(root.path)}
            >
              It moved…
            </Button>
          </Group>
        ))}
      </Stack>
      <Modal opened={from !== null} onClose={() => setFrom(null)} title="Where does it lie now?" size={760}>
        {from !== null && <RelinkForm first={from} onDone={() => setFrom(null)} />}
      </Modal>
    </Card>
  );
}

function RelinkForm({ first, onDone }: { first: string; onDone: () => void }) {
  const [from, setFrom] = useState(first);
  const [path, setPath] = useState<string | undefined>();
  const [to, setTo] = useState<string | null>(null);
  const note = useCallback((found: { path: string } | null) => setTo(found?.path ?? null), []);
  const relink = useMutation({
    mutationFn: (order: Relink) => client.library.relink(order),
    onSuccess: ({ roots }) => {
      notifications.show({ title: 'The new place is noted', message: roots.map(describeFound).join(' ') });
      onDone();
    },
    onError: (error) => showError('Nothing was changed', error),
  });
  return (
    <Stack gap="md">
      <TextInput
        label="It was"
        description="Shorten it to a folder above, and everything below moves with it."
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <FolderPicker path={path} onPath={setPath} onFound={note} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button
          disabled={to === null || from.trim() === ''}
          loading={relink.isPending}
          onClick={() => to !== null && relink.mutate({ from, to })}
        >
          It lies here
        </Button>
      </Group>
    </Stack>
  );
}

function describeFound({ to, found, looked }: Relinked['roots'][number]): string {
  return `${to}: of ${countOf(looked, 'file')} looked for ${formatCount(found)} ${found === 1 ? 'is' : 'are'} there.`;
}
