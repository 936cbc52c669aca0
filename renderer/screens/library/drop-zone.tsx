/** Takes what is dropped anywhere on the window, copies it where needed, and has it scored. */
import { Button, Group, Progress, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconFolderDown } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { formatCount } from '../../shared/format.ts';
import { scoreFolders } from '../../shared/score-folders.ts';
import { errorMessage, showError } from '../../shared/show-error.ts';
import classes from './drop-zone.module.css';
import { type CopyProgress, copyDrop, type Drop, readDrop } from './dropped-files.ts';

/** Shows nothing until something is dragged over the window or being copied. */
export function DropZone() {
  const [isOver, setOver] = useState(false);
  const [progress, setProgress] = useState<CopyProgress | null>(null);
  const abort = useRef<AbortController | null>(null);

  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    let depth = 0;
    function carriesFiles(event: DragEvent): boolean {
      return event.dataTransfer?.types.includes('Files') ?? false;
    }
    function enter(event: DragEvent): void {
      if (!carriesFiles(event)) return;
      depth += 1;
      setOver(true);
    }
    function leave(event: DragEvent): void {
      if (!carriesFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    }
    function drop(event: DragEvent): void {
      if (event.dataTransfer === null || !carriesFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      abort.current = new AbortController();
      void takeDrop(readDrop(event.dataTransfer), setProgress, abort.current.signal);
    }
    window.addEventListener('dragenter', enter, { signal });
    window.addEventListener('dragleave', leave, { signal });
    window.addEventListener('dragover', (event) => carriesFiles(event) && event.preventDefault(), { signal });
    window.addEventListener('drop', drop, { signal });
    return () => listening.abort();
  }, []);

  return (
    <>
      {isOver && (
        <div className={classes['target']} data-testid="drop-target">
          <IconFolderDown size={44} stroke={1.3} />
          <Text fw={600}>Drop images or folders to add them</Text>
        </div>
      )}
      {progress !== null && <CopyBar progress={progress} onCancel={() => abort.current?.abort()} />}
    </>
  );
}

function CopyBar({ progress, onCancel }: { progress: CopyProgress; onCancel: () => void }) {
  const { done, total } = progress;
  return (
    <section className={classes['copying']} aria-label="Copying dropped files">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">
          Copying into the library: {formatCount(done)} of {formatCount(total)}
        </Text>
        <Button size="compact-sm" variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </Group>
      <Progress size={4} mt={6} value={(done / total) * 100} aria-label="Copying" />
    </section>
  );
}

async function takeDrop(
  reading: Promise<Drop>,
  onProgress: (progress: CopyProgress | null) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { folders, files, ignored } = await reading;
    if (folders.length === 0 && files.length === 0) {
      const message =
        ignored > 0
          ? 'Tables of MOS are imported on the Tables screen, prompt lists in “Add folder…”.'
          : 'The drop held no files.';
      notifications.show({ title: 'There are no images in this drop', message });
      return;
    }
    const orders = folders.map((folder) => ({ folder, recursive: true }));
    if (files.length > 0) {
      onProgress({ done: 0, total: files.length, refused: [] });
      const { folder, progress } = await copyDrop(files, onProgress, signal);
      onProgress(null);
      tellOfRefused(progress);
      if (progress.refused.length < files.length) orders.push({ folder, recursive: true });
    }
    await scoreFolders(orders);
  } catch (error) {
    if (!signal.aborted) showError('The drop could not be taken', error);
  } finally {
    onProgress(null);
  }
}

function tellOfRefused({ refused }: CopyProgress): void {
  const [first] = refused;
  if (first === undefined) return;
  const more = refused.length > 1 ? ` And ${refused.length - 1} more.` : '';
  showError(
    `${formatCount(refused.length)} dropped ${refused.length === 1 ? 'file was' : 'files were'} refused`,
    `${first.path}: ${errorMessage(first.reason)}${more}`,
  );
}
