/** The export dialog: which images, in what form, which columns, how that looks, and where it goes. */
import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { Job } from '../../../contract/jobs.ts';
import { ExportForm, type ExportFormProps } from './export-form.tsx';
import { ExportProgress } from './export-progress.tsx';

interface ExportDialogProps extends Omit<ExportFormProps, 'onClose' | 'onStarted'> {
  opened: boolean;
  onClose: () => void;
}

/** Starts anew each time it is opened, with what was chosen last. */
export function ExportDialog({ opened, onClose, ...form }: ExportDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Export" size={1040}>
      <ExportSteps {...form} onClose={onClose} />
    </Modal>
  );
}

function ExportSteps(props: Omit<ExportFormProps, 'onStarted'>) {
  const [job, setJob] = useState<Job | null>(null);
  return job === null ? (
    <ExportForm {...props} onStarted={setJob} />
  ) : (
    <ExportProgress begun={job} onAgain={() => setJob(null)} onClose={props.onClose} />
  );
}
