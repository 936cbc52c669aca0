/** Models that can be fetched by name: what comes, how much, under which licence. */
import { Anchor, Button, Group, Text } from '@mantine/core';
import { IconCloudDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { PackInfo } from '../../../contract/pack.ts';
import { orpc } from '../../api/client.ts';
import { noteJob, useJobs } from '../../api/jobs.ts';
import { Card } from '../../shared/page.tsx';
import { showError } from '../../shared/show-error.ts';

/** Shown until there is a pack that compares picture and prompt; offline, the job ends with what to download and where to put it. */
export function FetchCard({ packs }: { packs: readonly PackInfo[] }) {
  const jobs = useJobs();
  const isBusy = jobs.some(({ kind, state }) => kind === 'fetchPack' && state === 'running');
  const fetchPack = useMutation(
    orpc.packs.fetch.mutationOptions({
      onSuccess: noteJob,
      onError: (error) => showError('PickScore could not be fetched', error),
    }),
  );
  if (packs.some(({ network }) => network?.hasSimilarity === true)) return null;
  return (
    <Card
      title="PickScore_v1"
      note="Compares a picture with its prompt (S). Tuned on half a million choices of people; also the similarity branch of SF-IQA."
    >
      <Group gap="md" align="center">
        <Button
          size="compact-sm"
          leftSection={<IconCloudDownload size={16} stroke={1.7} />}
          loading={fetchPack.isPending}
          disabled={isBusy}
          onClick={() => fetchPack.mutate({ name: 'pickscore' })}
        >
          Fetch PickScore_v1
        </Button>
        <Text size="sm" c="dimmed">
          3.9 GB from the Hugging Face hub, checked by hash; goes on where it stopped. The terms of its
          authors are on its{' '}
          <Anchor
            href="https://huggingface.co/yuvalkirstain/PickScore_v1"
            target="_blank"
            rel="noreferrer"
            inherit
          >
            model card
          </Anchor>
          : read them before you use or share what it gives.
        </Text>
      </Group>
    </Card>
  );
}
