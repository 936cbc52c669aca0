/** One path of the engine's machine: typed, pasted, or found by browsing in the page. */
import { Button, Group, TextInput } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { FolderPicker } from '../../../shared/folder-picker.tsx';
import { tidyPath } from '../../../shared/tidy-path.ts';
import classes from '../models.module.css';
import type { FileQuestion } from './add-draft.ts';

interface FileFieldProps {
  question: FileQuestion;
  path: string;
  onPath: (path: string) => void;
  isBrowsing: boolean;
  onBrowse: (isOpen: boolean) => void;
}

export function FileField({ question, path, onPath, isBrowsing, onBrowse }: FileFieldProps) {
  const { label, description, isRequired } = question;
  const [text, setText] = useState(path);
  useEffect(() => setText(path), [path]);
  /** Only a whole path is looked at: half of one is no mistake yet. */
  function keep(): void {
    const tidy = tidyPath(text);
    setText(tidy);
    if (tidy !== path) onPath(tidy);
  }
  return (
    <div>
      <Group gap={8} wrap="nowrap" align="end">
        <TextInput
          flex={1}
          label={label}
          description={description}
          placeholder={isRequired ? 'Path' : 'Path (may stay empty)'}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onBlur={keep}
          onKeyDown={(event) => event.key === 'Enter' && keep()}
        />
        <Button
          variant="default"
          aria-expanded={isBrowsing}
          aria-label={`Browse for ${label}`}
          onClick={() => onBrowse(!isBrowsing)}
        >
          {isBrowsing ? 'Close' : 'Browse…'}
        </Button>
      </Group>
      {isBrowsing && (
        <Browser
          question={question}
          path={path}
          onChosen={(chosen) => {
            onPath(chosen);
            onBrowse(false);
          }}
        />
      )}
    </div>
  );
}

interface BrowserProps {
  question: FileQuestion;
  path: string;
  onChosen: (path: string) => void;
}

function Browser({ question: { takes, label }, path, onChosen }: BrowserProps) {
  const [at, setAt] = useState(path === '' ? undefined : folderOf(path, takes));
  const [folder, setFolder] = useState<string | null>(null);
  const note = useCallback((found: { path: string } | null) => setFolder(found?.path ?? null), []);
  return (
    <div className={classes['browser']}>
      <FolderPicker
        path={at}
        onPath={setAt}
        onFound={note}
        files={{ chosen: path, onFile: takes === 'folder' ? null : onChosen }}
      />
      {takes !== 'file' && (
        <Group justify="end" mt={8}>
          <Button
            size="compact-sm"
            variant="default"
            disabled={folder === null}
            onClick={() => folder !== null && onChosen(folder)}
            aria-label={`Use this folder for ${label}`}
          >
            Use this folder
          </Button>
        </Group>
      )}
    </div>
  );
}

/** Where browsing begins: at the chosen file's folder. */
function folderOf(path: string, takes: FileQuestion['takes']): string {
  const isFile = takes === 'file' || /\.(pt|pth|bin|safetensors|json)$/i.test(path);
  const cut = path.replace(/[\\/][^\\/]*$/, '');
  return !isFile ? path : cut === '' ? '/' : cut;
}
