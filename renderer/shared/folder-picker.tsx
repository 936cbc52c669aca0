/** Chooses a folder of the engine's machine, or a checkpoint or study pack in one, in the page: places, the path, what is inside; by keyboard, too. */
import { Anchor, Breadcrumbs, Button, Loader, Text, TextInput } from '@mantine/core';
import { IconCheck, IconCornerLeftUp, IconFile, IconFolder, IconPhoto } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { orpc } from '../api/client.ts';
import classes from './folder-picker.module.css';
import { formatBytes, formatCount } from './format.ts';
import { crumbsOf } from './path-crumbs.ts';
import { errorMessage } from './show-error.ts';
import { tidyPath } from './tidy-path.ts';

interface FolderPickerProps {
  /** Undefined: the engine's home folder. */
  path: string | undefined;
  onPath: (path: string) => void;
  /** What the picker stands in: told on every answer, null while there is none for the path that was typed or asked for last. */
  onFound: (found: { path: string; images: number } | null) => void;
  /** Lists files of the folder in place of its images. */
  files?: FileChoice;
}

interface FileChoice {
  /** Which files: checkpoints where nothing else is said. */
  kind?: 'checkpoints' | 'studyPacks';
  /** The path that is chosen now. */
  chosen: string;
  /** Null where a folder is chosen: then files are told of, and no buttons. */
  onFile: ((path: string) => void) | null;
}

export function FolderPicker({ path, onPath, onFound, files }: FolderPickerProps) {
  const browsed = useQuery({
    ...orpc.library.browse.queryOptions({ input: { path, images: true } }),
    placeholderData: keepPreviousData,
    staleTime: 0,
    retry: false,
  });
  const { data, error, isPlaceholderData } = browsed;
  const isWrong = error !== null;
  // What is listed until the answer comes is the folder before: nothing may be written there by mistake.
  const isKnown = data !== undefined && !isWrong && !isPlaceholderData;
  const [isTyped, setTyped] = useState(false);
  useEffect(() => {
    onFound(isKnown && !isTyped ? { path: data.path, images: data.images } : null);
  }, [data, isKnown, isTyped, onFound]);
  return (
    <div className={classes['picker']}>
      <nav className={classes['places']} aria-label="Places">
        {data?.shortcuts.map((place) => (
          <Button
            key={place.path}
            size="compact-sm"
            justify="start"
            color="gray"
            variant={place.path === data.path ? 'light' : 'subtle'}
            title={place.path}
            onClick={() => onPath(place.path)}
          >
            {place.name}
          </Button>
        ))}
      </nav>
      <div className={classes['folder']}>
        <PathField
          path={isKnown ? data.path : (path ?? data?.path ?? '')}
          {...{ onPath, error }}
          onTyped={setTyped}
        />
        {data !== undefined && <Crumbs path={data.path} onPath={onPath} />}
        {data === undefined ? (
          !isWrong && <Loader size="sm" m="md" />
        ) : (
          <FolderList key={data.path} {...data} onPath={onPath} files={files} />
        )}
      </div>
    </div>
  );
}

/** The path as text: type or paste one and press Enter. */
function PathField({
  path,
  onPath,
  error,
  onTyped,
}: {
  path: string;
  onPath: (path: string) => void;
  error: unknown;
  /** Another path stands there than the one that is shown below. */
  onTyped: (isTyped: boolean) => void;
}) {
  const [text, setText] = useState(path);
  useEffect(() => setText(path), [path]);
  useEffect(() => onTyped(text !== path), [text, path, onTyped]);
  function go(): void {
    const tidy = tidyPath(text);
    if (tidy !== '' && tidy !== path) onPath(tidy);
    else setText(path);
  }
  return (
    <TextInput
      label="Folder"
      description="Type or paste a path and press Enter"
      data-autofocus
      spellCheck={false}
      value={text}
      error={error === null ? undefined : errorMessage(error)}
      onChange={(event) => setText(event.currentTarget.value)}
      // A path that is pasted takes the place of what is there.
      onFocus={(event) => event.currentTarget.select()}
      onBlur={go}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || text === path) return;
        event.preventDefault();
        go();
      }}
    />
  );
}

function Crumbs({ path, onPath }: { path: string; onPath: (path: string) => void }) {
  return (
    <Breadcrumbs separatorMargin={4} className={classes['crumbs']}>
      {crumbsOf(path).map((crumb) => (
        <Anchor
          key={crumb.path}
          component="button"
          type="button"
          size="xs"
          className={classes['crumb'] ?? ''}
          onClick={() => onPath(crumb.path)}
        >
          {crumb.name}
        </Anchor>
      ))}
    </Breadcrumbs>
  );
}

interface BrowsedFile {
  name: string;
  path: string;
  sizeBytes: number;
}

interface FolderListProps {
  parent: string | null;
  folders: { name: string; path: string }[];
  images: number;
  checkpoints: BrowsedFile[];
  studyPacks: BrowsedFile[];
  onPath: (path: string) => void;
  files: FileChoice | undefined;
}

/** Arrows move, Enter goes in or chooses, Backspace goes up. */
function FolderList(props: FolderListProps) {
  const { parent, folders, images, onPath, files } = props;
  const list = useRef<HTMLDivElement>(null);
  function handleKey(event: KeyboardEvent): void {
    const rows = [...(list.current?.querySelectorAll<HTMLButtonElement>('button') ?? [])];
    const at = rows.findIndex((row) => row.matches(':focus'));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to !== undefined) rows[Math.min(rows.length - 1, Math.max(0, to))]?.focus();
    else if (event.key === 'Backspace' && parent !== null) onPath(parent);
    else return;
    event.preventDefault();
  }
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys move among the buttons inside */}
      <div ref={list} className={classes['list']} onKeyDown={handleKey}>
        {parent !== null && (
          <button type="button" className={classes['row']} onClick={() => onPath(parent)}>
            <IconCornerLeftUp size={16} /> One folder up
          </button>
        )}
        {folders.map(({ name, path }) => (
          <button key={path} type="button" className={classes['row']} onClick={() => onPath(path)}>
            <IconFolder size={16} /> <span>{name}</span>
          </button>
        ))}
        {files === undefined ? (
          folders.length === 0 && <Empty text="No folders in here." />
        ) : (
          <Files files={files} found={props[files.kind ?? 'checkpoints']} />
        )}
      </div>
      {files === undefined && (
        <Text size="sm" className={classes['count']} data-testid="browse-images">
          <IconPhoto size={16} /> {images === 0 ? 'No images' : formatCount(images)}
          {images === 1 ? ' image' : images > 1 ? ' images' : ''} directly in this folder
        </Text>
      )}
    </>
  );
}

const absent = {
  checkpoints: 'No checkpoint files in here (.safetensors, .pt, .bin).',
  studyPacks: 'No study pack files in here (.sfiqa-study, .zip).',
} as const;

function Files({
  files: { kind = 'checkpoints', chosen, onFile },
  found,
}: {
  files: FileChoice;
  found: BrowsedFile[];
}) {
  if (found.length === 0) return <Empty text={absent[kind]} />;
  if (onFile === null) {
    return found.map(({ name, path, sizeBytes }) => (
      <div key={path} className={classes['fact']}>
        <IconFile size={16} />
        <span className={classes['file']}>{name}</span>
        <span className={classes['size']}>{formatBytes(sizeBytes)}</span>
      </div>
    ));
  }
  return found.map(({ name, path, sizeBytes }) => (
    <button
      key={path}
      type="button"
      className={classes['row']}
      aria-pressed={path === chosen}
      onClick={() => onFile(path)}
    >
      {path === chosen ? <IconCheck size={16} /> : <IconFile size={16} />}
      <span className={classes['file']}>{name}</span>
      <span className={classes['size']}>{formatBytes(sizeBytes)}</span>
    </button>
  ));
}

function Empty({ text }: { text: string }) {
  return (
    <Text size="sm" c="dimmed" p={8}>
      {text}
    </Text>
  );
}
