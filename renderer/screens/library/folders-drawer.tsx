/** The folders of the library: what each holds, whether it is watched and can be reached, looking through it and scoring it again, showing only it. */
import { Button, Drawer, Group, Stack, Switch, Text } from '@mantine/core';
import { IconFolder, IconPlugX } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { Root } from '../../../contract/images.ts';
import { orpc, queryClient } from '../../api/client.ts';
import { noteJob, useRunningJob } from '../../api/jobs.ts';
import { CopyValue } from '../../shared/copy-value.tsx';
import { countOf, formatCount, formatTime } from '../../shared/format.ts';
import { useShownPack } from '../../shared/packs.ts';
import { startScoring } from '../../shared/score-folders.ts';
import { showError } from '../../shared/show-error.ts';
import { useSettings } from '../../shared/use-settings.ts';
import { FolderState } from './folder-state.tsx';
import { TakeOutButton } from './take-out-folder.tsx';

interface FoldersDrawerProps {
  opened: boolean;
  /** Goes from here to the dialog that adds, to the failures, or back to the grid. */
  onGo: (to: 'add' | 'failures' | null) => void;
  onShowOnly: (rootId: number) => void;
}

export function FoldersDrawer({ opened, onGo, onShowOnly }: FoldersDrawerProps) {
  return (
    <Drawer opened={opened} onClose={() => onGo(null)} title="Folders" position="right" size="lg">
      <Folders onGo={onGo} onShowOnly={onShowOnly} />
    </Drawer>
  );
}

function Folders({ onGo, onShowOnly }: Omit<FoldersDrawerProps, 'opened'>) {
  const roots = useQuery(orpc.library.roots.queryOptions()).data ?? [];
  return (
    <Stack gap="lg">
      {roots.length === 0 && <Text c="dimmed">No folder was added yet.</Text>}
      {roots.map((root) => (
        <Folder
          key={root.id}
          root={root}
          onFailures={() => onGo('failures')}
          onShowOnly={() => {
            onShowOnly(root.id);
            onGo(null);
          }}
        />
      ))}
      <Group justify="space-between">
        <Button onClick={() => onGo('add')}>Add folder…</Button>
        {roots.length > 0 && <ScoresNewSwitch />}
      </Group>
    </Stack>
  );
}

/** Whether what comes into watched folders is scored, too. */
function ScoresNewSwitch() {
  const [settings, change] = useSettings();
  const pack = useShownPack();
  if (settings === undefined) return null;
  return (
    <Switch
      label={`Score new images with ${pack?.title ?? 'the shown model'}`}
      checked={settings.scoresNew}
      onChange={(event) => change({ scoresNew: event.currentTarget.checked })}
    />
  );
}

interface FolderProps {
  root: Root;
  onShowOnly: () => void;
  onFailures: () => void;
}

function Folder({ root, onShowOnly, onFailures }: FolderProps) {
  const counts = [
    `${countOf(root.files, 'file')}${root.recursive ? ', with all folders inside' : ''}`,
    ...(root.missing > 0 ? [`${formatCount(root.missing)} missing`] : []),
    `added ${formatTime(root.addedAt)}`,
  ];
  return (
    <Stack gap={6} component="section" aria-label={root.path}>
      <Group gap={8} wrap="nowrap">
        {root.isReachable ? <IconFolder size={18} /> : <IconPlugX size={18} />}
        <CopyValue label="path" value={root.path} />
      </Group>
      <Text size="sm" className="numbers">
        {counts.join(' · ')}
      </Text>
      <FolderState root={root} />
      <FolderActions root={root} onShowOnly={onShowOnly} onFailures={onFailures} />
    </Stack>
  );
}

function FolderActions({ root, onShowOnly, onFailures }: FolderProps) {
  const scoring = useRunningJob('score');
  const scanning = useRunningJob('scan');
  const score = useMutation({
    mutationFn: startScoring,
    onSuccess: noteJob,
    onError: (error) => showError('Scoring could not be started', error),
  });
  const rescan = useMutation(
    orpc.library.rescan.mutationOptions({
      onSuccess: noteJob,
      onError: (error) => showError('The folder was not looked through', error),
    }),
  );
  const watch = useMutation(
    orpc.library.watch.mutationOptions({
      onSuccess: (roots) => queryClient.setQueryData(orpc.library.roots.queryKey(), roots),
      onError: (error) => showError('That was not changed', error),
    }),
  );
  return (
    <Group gap={8}>
      <Button size="compact-sm" variant="default" onClick={onShowOnly}>
        Show only these
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        disabled={scanning !== undefined}
        loading={rescan.isPending}
        onClick={() => rescan.mutate({ id: root.id })}
      >
        Look for changes
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        disabled={!root.isReachable || scoring !== undefined}
        loading={score.isPending}
        onClick={() => score.mutate({ folder: root.path, recursive: root.recursive })}
      >
        Score again
      </Button>
      {root.failed > 0 && (
        <Button size="compact-sm" variant="subtle" color="red" onClick={onFailures}>
          {formatCount(root.failed)} failed
        </Button>
      )}
      <Switch
        size="sm"
        label="Watch"
        checked={root.isWatched}
        disabled={watch.isPending}
        onChange={(event) => watch.mutate({ id: root.id, isWatched: event.currentTarget.checked })}
      />
      <TakeOutButton root={root} />
    </Group>
  );
}
