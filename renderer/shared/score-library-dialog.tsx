/** Scores every folder of the library with a pack: what is done already is skipped, so it also goes on where it stopped. */
import { Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { orpc } from '../api/client.ts';
import { useRunningJob } from '../api/jobs.ts';
import { formatCount } from './format.ts';
import { Notice } from './notice.tsx';
import { precisionWarning } from './pack-words.ts';
import { usePacks } from './packs.ts';
import { ProviderSelect } from './score-choice.tsx';
import { scoreFolders } from './score-folders.ts';
import { showError } from './show-error.ts';
import { useSettings } from './use-settings.ts';

interface ScoreLibraryDialogProps {
  packId: string;
  opened: boolean;
  onClose: () => void;
}

export function ScoreLibraryDialog({ packId, opened, onClose }: ScoreLibraryDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Score the library" size={560}>
      <ScoreForm packId={packId} onClose={onClose} />
    </Modal>
  );
}

function ScoreForm({ packId, onClose }: Omit<ScoreLibraryDialogProps, 'opened'>) {
  const pack = usePacks().find(({ id }) => id === packId);
  const roots = useQuery(orpc.library.roots.queryOptions()).data ?? [];
  const [settings, change] = useSettings();
  const running = useRunningJob('score');
  const reachable = roots.filter(({ isReachable }) => isReachable);
  const files = reachable.reduce((sum, root) => sum + root.files, 0);
  if (pack === undefined) return null;
  const warning = precisionWarning(pack);
  const canStart = reachable.length > 0 && running === undefined;
  function start(): void {
    if (settings?.packId !== packId) change({ packId });
    const orders = reachable.map(({ path, recursive }) => ({ folder: path, recursive, packId }));
    scoreFolders(orders).catch((error) => showError('Scoring could not be started', error));
    onClose();
  }
  return (
    <Stack>
      <Text size="sm">
        With <b>{pack.title}</b>: {formatCount(files)} {files === 1 ? 'file' : 'files'} in{' '}
        {formatCount(reachable.length)} {reachable.length === 1 ? 'folder' : 'folders'}. What it has scored
        already is skipped; afterwards its scores are the ones that are shown.
      </Text>
      {roots.length > reachable.length && (
        <List size="sm">
          {roots
            .filter(({ isReachable }) => !isReachable)
            .map(({ path }) => (
              <List.Item key={path}>{path} cannot be reached now and is left out.</List.Item>
            ))}
        </List>
      )}
      {warning !== null && (
        <Notice tone="warning" title="This precision is not good enough here">
          {warning}
        </Notice>
      )}
      <ProviderSelect pack={pack} />
      <Group justify="end">
        {running !== undefined && (
          <Text size="sm" c="dimmed" flex={1}>
            A folder is being scored. Wait for it or cancel it first.
          </Text>
        )}
        <Button variant="default" onClick={onClose} data-autofocus={!canStart || undefined}>
          Cancel
        </Button>
        <Button disabled={!canStart} onClick={start} data-autofocus={canStart || undefined}>
          {reachable.length === 0 ? 'There is no folder to score' : 'Score'}
        </Button>
      </Group>
    </Stack>
  );
}
