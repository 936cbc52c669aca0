/** Scores every folder of the library with a pack: what is done already is skipped, so it also goes on where it stopped. */
import { Button, Checkbox, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { describeComputed, describeStoredBy } from '../../contract/computed-words.ts';
import type { PackInfo } from '../../contract/pack.ts';
import { orpc } from '../api/client.ts';
import { useRunningJob } from '../api/jobs.ts';
import { countOf } from './format.ts';
import { Notice } from './notice.tsx';
import { precisionWarning } from './pack-words.ts';
import { usePacks } from './packs.ts';
import { providersOf, useChosenProvider } from './providers.ts';
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
  const [again, setAgain] = useState(false);
  if (pack === undefined) return null;
  const warning = precisionWarning(pack);
  const canStart = reachable.length > 0 && running === undefined;
  function start(): void {
    if (settings?.packId !== packId) change({ packId });
    const orders = reachable.map(({ path, recursive }) => ({ folder: path, recursive, packId, again }));
    scoreFolders(orders).catch((error) => showError('Scoring could not be started', error));
    onClose();
  }
  return (
    <Stack>
      <Text size="sm">
        With <b>{pack.title}</b>: {countOf(files, 'file')} in {countOf(reachable.length, 'folder')}. What it
        has scored already is skipped; afterwards its scores are the ones that are shown.
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
      <OtherNumbers pack={pack} again={again} onAgain={setAgain} />
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

interface OtherNumbersProps {
  pack: PackInfo;
  again: boolean;
  onAgain: (again: boolean) => void;
}

/** What is stored that this run would compute otherwise, and whether it is computed again. */
function OtherNumbers({ pack, again, onAgain }: OtherNumbersProps) {
  const [provider] = useChosenProvider();
  const plan = useQuery({
    ...orpc.packs.planRun.queryOptions({ input: { id: pack.id, providers: providersOf(provider) } }),
    enabled: pack.network !== null,
  }).data;
  if (plan?.uses == null || plan.others.length === 0) return null;
  return (
    <Notice tone="note" title="Some of what is stored was computed otherwise" testId="other-numbers">
      <List size="sm" spacing={2}>
        {plan.others.map((stored) => (
          <List.Item key={describeComputed(stored)}>{describeStoredBy(stored)}</List.Item>
        ))}
      </List>
      <Checkbox
        mt="xs"
        label="Compute those again"
        description={`They are kept unless you ask: this run would use ${describeComputed(plan.uses)}, whose numbers differ a little.`}
        checked={again}
        onChange={(event) => onAgain(event.currentTarget.checked)}
      />
    </Notice>
  );
}
