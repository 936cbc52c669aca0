/** PickScore by name: what comes, how much, under which terms. Offline, the job ends with what to download and where to put it. */
import { Anchor, Button, Group, Text } from '@mantine/core';
import { IconCloudDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { orpc } from '../../api/client.ts';
import { noteJob, useJobs } from '../../api/jobs.ts';
import { usePacks } from '../../shared/packs.ts';
import { Card } from '../../shared/page.tsx';
import { showError } from '../../shared/show-error.ts';

/** On the screen until there is a pack that compares picture and prompt. */
export function FetchCard() {
  const packs = usePacks();
  if (packs.length === 0 || packs.some(({ network }) => network?.hasSimilarity === true)) return null;
  return (
    <Card
      title="PickScore_v1"
      note="Compares a picture with its prompt (S). Tuned on half a million choices of people; also the similarity branch of SF-IQA."
    >
      <FetchOffer />
    </Card>
  );
}

/** Nothing once it was fetched. */
export function FetchOffer({ onStarted }: { onStarted?: () => void }) {
  const isThere = usePacks().some(({ id }) => id === 'pickscore');
  const isBusy = useJobs().some(({ kind, state }) => kind === 'fetchPack' && state === 'running');
  const fetchPack = useMutation(
    orpc.packs.fetch.mutationOptions({
      onSuccess: (job) => {
        noteJob(job);
        onStarted?.();
      },
      onError: (error) => showError('PickScore could not be fetched', error),
    }),
  );
  if (isThere) return null;
  return (
    <Group gap="md" wrap="nowrap">
      <Button
        size="compact-sm"
        variant="default"
        flex="none"
        leftSection={<IconCloudDownload size={16} stroke={1.7} />}
        loading={fetchPack.isPending}
        disabled={isBusy}
        onClick={() => fetchPack.mutate({ name: 'pickscore' })}
      >
        Fetch PickScore_v1
      </Button>
      <Text size="xs" c="dimmed">
        3.9 GB from the Hugging Face hub, checked by hash; goes on where it stopped. Its authors’ terms are on
        the{' '}
        <Anchor
          href="https://huggingface.co/yuvalkirstain/PickScore_v1"
          target="_blank"
          rel="noreferrer"
          inherit
          underline="always"
        >
          model card
        </Anchor>
        : read them before you use or share what it gives.
      </Text>
    </Group>
  );
}
