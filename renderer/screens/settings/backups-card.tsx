/** Backups of the library: the list, one more now, and going back to one when the studio is next opened. */
import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { BackupReason, Backups } from '../../../contract/keep.ts';
import { client, orpc, queryClient } from '../../api/client.ts';
import { CopyValue } from '../../shared/copy-value.tsx';
import { formatBytes, formatTime } from '../../shared/format.ts';
import { Notice } from '../../shared/notice.tsx';
import { showError } from '../../shared/show-error.ts';
import { Card } from './card.tsx';

const reasons: Record<BackupReason, string> = {
  automatic: 'by itself',
  asked: 'asked for',
  migration: 'before an update',
  replaced: 'replaced by going back',
};

function refresh(): void {
  void queryClient.invalidateQueries({ queryKey: orpc.library.backups.key() });
}

export function BackupsCard() {
  const kept = useQuery({ ...orpc.library.backups.queryOptions(), staleTime: 0 }).data;
  const backUp = useMutation({
    mutationFn: () => client.library.backUp(),
    onSuccess: refresh,
    onError: (error) => showError('No backup could be made', error),
  });
  const restore = useMutation({
    mutationFn: (name: string | null) => client.library.restore({ name }),
    onSuccess: refresh,
    onError: (error) => showError('This backup cannot be gone back to', error),
  });
  return (
    <Card
      title="Backups"
      text="One a day is made by itself: the newest three, four days and four weeks stay. They hold what the studio remembers, not your images."
    >
      {kept !== undefined && <CopyValue label="folder of backups" value={kept.folder} />}
      {kept?.problem != null && (
        <Notice tone="problem" title="The last backup could not be made">
          {kept.problem}
        </Notice>
      )}
      {kept?.restoresNext != null && (
        <Notice tone="warning" title="Going back when the studio is next opened">
          <Stack gap="xs" align="start">
            <span>
              Close the studio and open it again to go back to {nameNext(kept)}. What is there now is kept as
              a backup.
            </span>
            <Button size="compact-sm" variant="default" onClick={() => restore.mutate(null)}>
              Stay with what is there
            </Button>
          </Stack>
        </Notice>
      )}
      <Group>
        <Button size="sm" variant="default" loading={backUp.isPending} onClick={() => backUp.mutate()}>
          Back up now
        </Button>
      </Group>
      {kept?.backups.length === 0 && (
        <Text size="sm" c="dimmed">
          There is no backup yet.
        </Text>
      )}
      {kept !== undefined && kept.backups.length > 0 && (
        <BackupTable {...kept} onRestore={(name) => restore.mutate(name)} />
      )}
    </Card>
  );
}

/** By its time, as the list names it. */
function nameNext({ backups, restoresNext }: Backups): string {
  const next = backups.find(({ name }) => name === restoresNext);
  return next === undefined ? `${restoresNext}` : `the backup of ${formatTime(next.madeAt)}`;
}

interface BackupTableProps extends Pick<Backups, 'backups' | 'restoresNext'> {
  onRestore: (name: string) => void;
}

function BackupTable({ backups, restoresNext, onRestore }: BackupTableProps) {
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Made</Table.Th>
          <Table.Th>Why</Table.Th>
          <Table.Th>Size</Table.Th>
          <Table.Td />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {backups.map(({ name, madeAt, reason, sizeBytes }) => (
          <Table.Tr key={name}>
            <Table.Td>{formatTime(madeAt)}</Table.Td>
            <Table.Td>{reasons[reason]}</Table.Td>
            <Table.Td className="numbers">{formatBytes(sizeBytes)}</Table.Td>
            <Table.Td ta="right">
              <Button
                size="compact-sm"
                variant="subtle"
                aria-label={`Go back to it: the backup of ${formatTime(madeAt)}`}
                disabled={restoresNext === name}
                onClick={() => onRestore(name)}
              >
                Go back to it
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
