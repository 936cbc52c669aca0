/** Downloads the challenge's lines, or says what they lack: a submission with holes is worth nothing. */
import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { PackInfo } from '../../../contract/pack.ts';
import { downloadExport } from '../../shared/export-link.tsx';
import { showError } from '../../shared/show-error.ts';

export function ChallengeButton({ pack: { id, title } }: { pack: PackInfo }) {
  const download = useMutation({
    mutationFn: downloadExport,
    onError: (error) => showError('The challenge’s lines cannot be written yet', error),
  });
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconDownload size={14} stroke={1.7} />}
      aria-label={`Challenge lines: ${title}`}
      loading={download.isPending}
      onClick={() => download.mutate({ kind: 'challenge', packId: id })}
    >
      Challenge lines
    </Button>
  );
}
