/** Adds a folder: chooses it, says how deep, takes a prompt list with it, and starts scoring. */
import { Button, CloseButton, FileButton, Group, Modal, Stack, Switch, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { client, orpc } from '../../api/client.ts';
import { useRunningJob } from '../../api/jobs.ts';
import { electronBridge } from '../../shared/electron-bridge.ts';
import { FolderPicker } from '../../shared/folder-picker.tsx';
import { countOf, formatCount } from '../../shared/format.ts';
import { usePacks, useShownPack } from '../../shared/packs.ts';
import { PackSelect, ProviderSelect } from '../../shared/score-choice.tsx';
import { startScoring, waitForEnd } from '../../shared/score-folders.ts';
import { showError } from '../../shared/show-error.ts';
import { useSettings } from '../../shared/use-settings.ts';
import { describeKnown } from './known-folder.ts';

interface AddFolderDialogProps {
  opened: boolean;
  onClose: () => void;
}

export function AddFolderDialog({ opened, onClose }: AddFolderDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add a folder" size={760}>
      <AddFolderForm onClose={onClose} />
    </Modal>
  );
}

function AddFolderForm({ onClose }: { onClose: () => void }) {
  const [path, setPath] = useState<string | undefined>();
  const [found, setFound] = useState<{ path: string; images: number } | null>(null);
  const [isRecursive, setRecursive] = useState(true);
  const [list, setList] = useState<File | null>(null);
  const running = useRunningJob('score');
  const note = useCallback((to: { path: string; images: number } | null) => setFound(to), []);
  const packs = usePacks();
  const shown = useShownPack();
  const [, changeSettings] = useSettings();
  const [packId, setPackId] = useState<string | undefined>();
  const pack = packs.find(({ id }) => id === packId) ?? shown;
  const start = useMutation({
    mutationFn: startScoring,
    onSuccess: (job) => {
      if (pack !== undefined && pack.id !== shown?.id) changeSettings({ packId: pack.id });
      if (list !== null) void waitForEnd(job).then(() => importPromptList(list));
      onClose();
    },
    onError: (error) => showError('Scoring could not be started', error),
  });
  return (
    <Stack gap="md">
      <FolderPicker path={path} onPath={setPath} onFound={note} />
      <SystemDialog onPath={setPath} />
      {found !== null && <KnownFolder path={found.path} recursive={isRecursive} />}
      <Group justify="space-between" align="start">
        <Switch
          label="With all folders inside it"
          checked={isRecursive}
          onChange={(event) => setRecursive(event.currentTarget.checked)}
        />
        <PromptListField list={list} onList={setList} />
      </Group>
      <Group grow align="end">
        {packs.length > 1 && <PackSelect label="Score with" value={pack?.id} onChange={setPackId} />}
        <ProviderSelect pack={pack} />
      </Group>
      <Text size="sm" c="dimmed">
        Images stay where they are and are only read. Prompts are taken from their own metadata, from .txt
        files beside them, or from the list.
      </Text>
      <Group justify="end">
        {running !== undefined && (
          <Text size="sm" c="dimmed" flex={1}>
            Another folder is being scored. Wait for it or cancel it first.
          </Text>
        )}
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          disabled={found === null || running !== undefined}
          loading={start.isPending}
          onClick={() =>
            found !== null && start.mutate({ folder: found.path, recursive: isRecursive, packId: pack?.id })
          }
        >
          {found === null || isRecursive || found.images === 0
            ? 'Score this folder'
            : `Score ${countOf(found.images, 'image')}`}
        </Button>
      </Group>
    </Stack>
  );
}

/** Only in Electron: the dialog that the system has for it. */
function SystemDialog({ onPath }: { onPath: (path: string) => void }) {
  const bridge = electronBridge();
  if (bridge === undefined) return null;
  async function choose(): Promise<void> {
    const path = await bridge?.chooseFolder();
    if (path !== null && path !== undefined) onPath(path);
  }
  return (
    <Group>
      <Button size="compact-sm" variant="default" onClick={() => void choose()}>
        Choose with the system’s dialog…
      </Button>
    </Group>
  );
}

function KnownFolder(folder: { path: string; recursive: boolean }) {
  const roots = useQuery(orpc.library.roots.queryOptions()).data ?? [];
  return (
    <Text size="sm" role="status">
      {describeKnown(folder, roots)}
    </Text>
  );
}

function PromptListField({ list, onList }: { list: File | null; onList: (list: File | null) => void }) {
  return (
    <Group gap={6} wrap="nowrap">
      <FileButton accept=".csv,.tsv,.txt,.xlsx" onChange={onList}>
        {(props) => (
          <Button {...props} size="compact-sm" variant="default">
            {list === null ? 'Prompt list (CSV, XLSX)…' : list.name}
          </Button>
        )}
      </FileButton>
      {list !== null && <CloseButton size="sm" aria-label="No prompt list" onClick={() => onList(null)} />}
    </Group>
  );
}

/** Names in the list are matched with the files that are in the library by now. */
async function importPromptList(list: File): Promise<void> {
  try {
    const { rows, matched, unmatched } = await client.library.importPrompts({
      source: { fileName: list.name, file: list },
    });
    notifications.show({
      title: `Prompts from ${list.name}`,
      message:
        unmatched.length === 0
          ? `All ${formatCount(rows)} rows found their image.`
          : `${formatCount(matched)} of ${formatCount(rows)} rows found their image; not found: ${unmatched.slice(0, 3).join(', ')}${unmatched.length > 3 ? ' …' : ''}`,
      autoClose: unmatched.length === 0 ? 6000 : false,
    });
  } catch (error) {
    showError(`The prompt list ${list.name} could not be read`, error);
  }
}
