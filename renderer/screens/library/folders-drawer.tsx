/** The folders of the library: what each holds, whether it can be reached, scoring it again, showing only it. */
import { Badge, Button, Drawer, Group, Stack, Text } from '@mantine/core';
import { IconFolder, IconPlugX } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { Root } from '../../../contract/images.ts';
import { orpc } from '../../api/client.ts';
import { noteJob, useRunningJob } from '../../api/jobs.ts';
import { CopyValue } from '../../shared/copy-value.tsx';
import { formatCount, formatTime } from '../../shared/format.ts';
import { startScoring } from '../../shared/score-folders.ts';
import { showError } from '../../shared/show-error.ts';

interface FoldersDrawerProps {
  opened: boolean;
  /** Goes from here to the dialog that adds, to the failures, or back to the grid. */
  onGo: (to: 'add' | 'failures' | null) => void;
  onShowOnly: (rootId: number) => void;
}

export function FoldersDrawer({ opened, onGo, onShowOnly }: FoldersDrawerProps) {
  return (
    <Drawer
      opened={opened}
      onClose={() => onGo(null)}
      title="Folders"
      position="right"
      size="lg"
      transitionProps={{ duration: 0 }}
    >
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
      <Group>
        <Button onClick={() => onGo('add')}>Add folder…</Button>
      </Group>
    </Stack>
  );
}

interface FolderProps {
  root: Root;
  onShowOnly: () => void;
  onFailures: () => void;
}

function Folder({ root, onShowOnly, onFailures }: FolderProps) {
  const running = useRunningJob('score');
  const score = useMutation({
    mutationFn: startScoring,
    onSuccess: noteJob,
    onError: (error) => showError('Scoring could not be started', error),
  });
  return (
    <Stack gap={6} component="section" aria-label={root.path}>
      <Group gap={8} wrap="nowrap">
        {root.isReachable ? <IconFolder size={18} /> : <IconPlugX size={18} />}
        <CopyValue label="path" value={root.path} />
      </Group>
      <Group gap={8}>
        <Text size="sm" className="numbers">
          {formatCount(root.files)} {root.files === 1 ? 'file' : 'files'}
          {root.recursive ? ', with all folders inside' : ''} · added {formatTime(root.addedAt)}
        </Text>
        {!root.isReachable && (
          <Badge color="yellow" variant="light">
            cannot be reached
          </Badge>
        )}
      </Group>
      {!root.isReachable && (
        <Text size="sm" c="dimmed">
          Its drive is not connected, or the folder was moved. Scores and votes of its images are kept.
        </Text>
      )}
      <Group gap={8}>
        <Button size="compact-sm" variant="default" onClick={onShowOnly}>
          Show only these
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={!root.isReachable || running !== undefined}
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
      </Group>
    </Stack>
  );
}
