/** Puts a study with its images into one file or a folder, to be rated on another machine by raters who are named here. */
import { SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
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
  const [form, setForm] = useState<keyof typeof forms>('file');
  const name = `${cleanName(study.name)}${forms[form].ending}`;
  const order = {
    label: 'Export here',
    failure: 'It cannot be exported',
    start: (folder: string) =>
      client.studies.exportPack({ studyId: study.id, path: joinPath(folder, name), raterNames }),
    isIncomplete: raterNames.length === 0,
    showsFiles: 'studyPacks' as const,
  };
  const above = (
    <Stack gap="xs">
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
      <SegmentedControl
        aria-label="Written as"
        size="xs"
        w="fit-content"
        value={form}
        onChange={setForm}
        data={[
          { value: 'file', label: 'One file' },
          { value: 'folder', label: 'A folder' },
        ]}
      />
    </Stack>
  );
  return (
    <FolderForm order={order} onClose={onClose} above={above}>
      <Text size="sm" c="dimmed">
        {forms[form].word} “{name}” is written there. This freezes the design. On the other machine: Studies,
        “Take a study pack in”.
      </Text>
    </FolderForm>
  );
}

const forms = {
  file: { word: 'A file', ending: '.sfiqa-study' },
  folder: { word: 'A folder', ending: ' study pack' },
} as const;

/** A study's name as files and folders are called on every system. */
function cleanName(name: string): string {
  return name
    .replaceAll(/[^\p{L}\p{N} ._-]+/gu, '-')
    .slice(0, 60)
    .trim();
}
