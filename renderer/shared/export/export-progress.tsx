/** An export that was started: how far it is, a way to stop it, and where it went. */
import { Button, Group, ScrollArea, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { Job } from '../../../contract/jobs.ts';
import { useJobs } from '../../api/jobs.ts';
import { CopyValue } from '../copy-value.tsx';
import { startDownload } from '../export-link.tsx';
import { formatCount } from '../format.ts';
import { Notice } from '../notice.tsx';
import { RunningInDialog } from '../running-in-dialog.tsx';
import classes from './export.module.css';

interface ExportProgressProps {
  /** The job as it was when it began. */
  begun: Job;
  onAgain: () => void;
  onClose: () => void;
}

export function ExportProgress({ begun, onAgain, onClose }: ExportProgressProps) {
  const job = useJobs().find(({ id }) => id === begun.id) ?? begun;
  useDownload(job);
  if (job.state === 'running') {
    const stopped = job.kind === 'exportSidecars' ? 'keeps what is written.' : 'leaves nothing behind.';
    return (
      <RunningInDialog
        job={job}
        stopped={stopped}
        failure="The export could not be stopped"
        onClose={onClose}
      />
    );
  }
  return (
    <Stack>
      {job.state === 'done' ? <Done job={job} /> : <Stopped job={job} />}
      <Group justify="end">
        <Button variant="default" onClick={onAgain}>
          {job.state === 'done' ? 'Export something else' : 'Back'}
        </Button>
        {/* What had the keyboard is gone. */}
        <Button autoFocus onClick={onClose}>
          Close
        </Button>
      </Group>
    </Stack>
  );
}

/** What was made for download comes by itself, once. */
function useDownload({ summary }: Job): void {
  const begun = useRef<string | null>(null);
  const download = summary?.download;
  useEffect(() => {
    if (download === undefined || begun.current === download) return;
    begun.current = download;
    startDownload(`/exported/${download}`);
  }, [download]);
}

function Done({ job: { kind, summary } }: { job: Job }) {
  const { rows = 0, path, download, skipped = 0, reasons = [], notes = [] } = summary ?? {};
  const what = kind === 'exportSidecars' ? 'sidecar' : 'row';
  return (
    <>
      <Notice
        tone="note"
        title={`${formatCount(rows)} ${rows === 1 ? what : `${what}s`} written`}
        role="status"
      >
        {path !== undefined && <CopyValue label="path" value={path} />}
        {download !== undefined && (
          <Button
            component="a"
            href={`/exported/${download}`}
            download
            size="compact-sm"
            variant="default"
            leftSection={<IconDownload size={14} />}
          >
            Download again
          </Button>
        )}
      </Notice>
      {skipped > 0 && (
        <Notice tone="warning" title={`${formatCount(skipped)} left out`}>
          {reasons.map(({ message, count }) => `${formatCount(count)} × ${message}`).join('\n')}
        </Notice>
      )}
      {notes.length > 0 &&
        (kind === 'exportSidecars' ? (
          <ScrollArea.Autosize mah={160} tabIndex={0} role="region" aria-label="Files">
            <Text size="xs" className={classes['notes']}>
              {notes.join('\n')}
            </Text>
          </ScrollArea.Autosize>
        ) : (
          <Notice tone="warning" title={notes.join(' ')} />
        ))}
    </>
  );
}

function Stopped({ job }: { job: Job }) {
  return job.state === 'failed' ? (
    <Notice tone="problem" title="It could not be exported" role="alert">
      {job.error?.message}
    </Notice>
  ) : (
    <Notice
      tone="note"
      title={
        job.kind === 'exportSidecars'
          ? `Cancelled: ${formatCount(job.summary?.rows ?? 0)} sidecars are written`
          : 'Cancelled: nothing was written'
      }
      role="status"
    />
  );
}
