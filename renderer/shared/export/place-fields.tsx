/** Where an export goes: to the browser as a download, or to a path on the studio's machine. */
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { electronBridge } from '../electron-bridge.ts';
import { FolderPicker } from '../folder-picker.tsx';
import { Choice } from './choice.tsx';
import type { ExportDraft } from './export-draft.ts';

const isHere =
  electronBridge() !== undefined || ['localhost', '127.0.0.1', '[::1]'].includes(window.location.hostname);

interface PlaceFieldsProps {
  draft: Pick<ExportDraft, 'format' | 'place' | 'folder'>;
  onDraft: (change: Partial<Pick<ExportDraft, 'place' | 'folder'>>) => void;
  name: string;
  onName: (name: string) => void;
}

/** A data set is a folder, which no browser downloads. */
export function PlaceFields({ draft: { format, place, folder }, onDraft, name, onName }: PlaceFieldsProps) {
  const isFolder = format === 'folder';
  const isWritten = isFolder || place === 'folder';
  const machine = isHere ? 'this computer' : 'the studio’s machine';
  return (
    <Stack gap="xs">
      {!isFolder && (
        <Choice
          label="Goes to"
          value={place}
          options={[
            { value: 'download', label: 'This browser, as a download' },
            { value: 'folder', label: `A folder of ${machine}` },
          ]}
          onChange={(to) => onDraft({ place: to })}
        />
      )}
      {isWritten && (
        <>
          <TextInput
            size="xs"
            label={isFolder ? 'Name of the new folder' : 'File name'}
            spellCheck={false}
            maxLength={200}
            value={name}
            onChange={(event) => onName(event.currentTarget.value)}
          />
          <WhereFolder folder={folder} onFolder={(to) => onDraft({ folder: to })} machine={machine} />
        </>
      )}
    </Stack>
  );
}

interface WhereFolderProps {
  folder: string | null;
  onFolder: (folder: string | null) => void;
  machine: string;
}

/** The folder of last time in one line; the picker where there is none, or another is wanted. */
function WhereFolder({ folder, onFolder, machine }: WhereFolderProps) {
  const [isChoosing, setChoosing] = useState(folder === null);
  const [path, setPath] = useState(folder ?? undefined);
  // While the picker looks at another folder, or finds none, nothing may be written to the one before.
  function noteFound(found: { path: string } | null): void {
    const to = found?.path ?? null;
    if (to !== folder) onFolder(to);
  }
  if (isChoosing) return <FolderPicker path={path} onPath={setPath} onFound={noteFound} />;
  return (
    <Group gap="xs" align="end" wrap="nowrap">
      <TextInput size="xs" flex={1} label={`Folder of ${machine}`} readOnly value={folder ?? ''} />
      <Button size="xs" variant="default" onClick={() => setChoosing(true)}>
        Another folder…
      </Button>
    </Group>
  );
}
