/** The library: a welcome while it is empty, else everything that was added. */
import { Center, Loader, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { orpc } from '../../api/client.ts';
import { useRunningJob } from '../../api/jobs.ts';
import { useIdle } from '../../shared/use-idle.ts';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { AddFolderDialog } from './add-folder-dialog.tsx';
import { DropZone } from './drop-zone.tsx';
import { FailuresDrawer } from './failures-drawer.tsx';
import { FirstRun } from './first-run.tsx';
import { ImageBrowser, type Open } from './image-browser.tsx';
import classes from './library-screen.module.css';
import { useEarlyList } from './use-image-list.ts';

export function LibraryScreen() {
  const [open, setOpen] = useState<Open>(null);
  const isListed = useEarlyList();
  const isIdle = useIdle();
  const info = useQuery(orpc.library.info.queryOptions()).data;
  const isScoring = useRunningJob('score') !== undefined;
  useShortcuts([
    {
      keys: 'F',
      label: 'Add a folder',
      group: 'Library',
      run: () => setOpen('add'),
      disabled: open !== null,
    },
  ]);
  if (info === undefined || !isListed) {
    return (
      <Center h="100%">
        <Loader size="sm" aria-label="Loading" />
      </Center>
    );
  }
  const isEmpty = info.images === 0 && info.failed === 0 && !isScoring;
  const close = () => setOpen(null);
  return (
    <div className={classes['screen']}>
      {!isEmpty && <VisuallyHidden component="h1">Library</VisuallyHidden>}
      <DropZone />
      {isEmpty ? (
        <FirstRun onAdd={() => setOpen('add')} />
      ) : (
        <ImageBrowser open={open} onOpen={setOpen} images={info.images} failed={info.failed} />
      )}
      {(isIdle || open !== null) && (
        <>
          <AddFolderDialog opened={open === 'add'} onClose={close} />
          <FailuresDrawer opened={open === 'failures'} onClose={close} />
        </>
      )}
    </div>
  );
}
