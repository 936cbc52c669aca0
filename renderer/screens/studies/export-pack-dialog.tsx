/** Puts a study with its images into a folder, to be rated on another machine by raters who are named here. */
import { Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Study } from '../../../contract/studies.ts';
import { client } from '../../api/client.ts';
import { FolderDialog, FolderForm } from '../../shared/folder-dialog.tsx';
import { joinPath } from '../../shared/path-crumbs.ts';
import { splitNames } from './split-names.ts';

interface ExportPackDialogProps {
  study: Study;
  opened: boolean;
  onClose: () => void;
}

export function ExportPackDialog({ study, opened, onClose }: ExportPackDialogProps) {
  return (
    <FolderDialog title={`Study pack of ${study.name}`} opened={opened} onClose={onClose}>
      <ExportForm study={study} onClose={onClose} />
    </FolderDialog>
  );
}

function ExportForm({ study, onClose }: Omit<ExportPackDialogProps, 'opened'>) {
  const [text, setText] = useState('');
  const raterNames = splitNames(text);
  const name = nameFolder(study.name);
  const order = {
    label: 'Export here',
    failure: 'It cannot be exported',
    start: (folder: string) =>
      client.studies.exportPack({ studyId: study.id, folder: joinPath(folder, name), raterNames }),
    isIncomplete: raterNames.length === 0,
  };
  const who = (
    <Textarea
      label="Who rates there"
      description="One name a line. What is laid out for them goes along, and nobody else is let in."
      autosize
      minRows={2}
      maxRows={6}
      data-autofocus
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
  return (
    <FolderForm order={order} onClose={onClose} above={who}>
      <Text size="sm" c="dimmed">
        A folder “{name}” is written there. This freezes the design. On the other machine: Studies, “Take a
        study pack in”.
      </Text>
    </FolderForm>
  );
}

/** A study's name as a folder is called on every system. */
function nameFolder(name: string): string {
  return `${name
    .replaceAll(/[^\p{L}\p{N} ._-]+/gu, '-')
    .slice(0, 60)
    .trim()} study pack`;
}
