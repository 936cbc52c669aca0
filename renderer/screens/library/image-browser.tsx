/** Toolbar, grid, viewer, and what is done with a selection. */
import { Button } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { EmptyState } from '../../shared/empty-state.tsx';
import { useShownPack } from '../../shared/packs.ts';
import { ScoreLibraryDialog } from '../../shared/score-library-dialog.tsx';
import { NewStudyDialog } from '../studies/new-study-dialog.tsx';
import { FoldersDrawer } from './folders-drawer.tsx';
import { ImageGrid } from './image-grid.tsx';
import classes from './library-screen.module.css';
import { useListQuery, useThumbPx } from './list-view.ts';
import { clear, moveTo, nothingSelected, orderedIds, type Selection, selectAll } from './selection.ts';
import { StatusLine } from './status-line.tsx';
import { ThumbSize } from './thumb-size.tsx';
import { Toolbar } from './toolbar.tsx';
import { useImageList } from './use-image-list.ts';
import { useLibraryKeys } from './use-library-keys.ts';
import { ImageViewer } from './viewer/image-viewer.tsx';

/** What lies over the grid. */
export type Open = 'add' | 'folders' | 'failures' | 'score' | 'study' | null;

interface BrowserProps {
  open: Open;
  onOpen: (open: Open) => void;
  images: number;
  failed: number;
}

export function ImageBrowser({ open, onOpen, images, failed }: BrowserProps) {
  const [query, changeQuery] = useListQuery();
  const [thumbPx, setThumbPx] = useThumbPx();
  const [selection, setSelection] = useState(nothingSelected);
  const [viewedId, setViewedId] = useState<number | null>(null);
  const searchRef = useRef<HTMLInputElement>(null);
  const { list, isLoaded, orders, narrowedTo, unscored } = useImageList(query, changeQuery);
  const { ids } = list;
  const { selectedIds, elsewhere } = useSelected(selection, ids);
  const isFree = open === null && viewedId === null;
  const grid = useGridFocus(isFree && isLoaded);
  useLibraryKeys({
    isFree,
    hasSelection: selectedIds.length > 0,
    search: () => searchRef.current?.focus(),
    turn: () => changeQuery({ descending: !query.descending }),
    resize: (by) => setThumbPx(thumbPx + by),
    createStudy: () => onOpen('study'),
    selectAll: () => setSelection(selectAll(selection, ids)),
    clear: () => setSelection(clear(selection)),
  });
  function view(id: number): void {
    setViewedId(id);
    setSelection(moveTo(selection, id));
  }

  return (
    <>
      <Toolbar query={query} onQuery={changeQuery} orders={orders} searchRef={searchRef} onOpen={onOpen} />
      <StatusLine
        matching={isLoaded ? ids.length : images}
        images={images}
        failed={failed}
        selected={selectedIds.length}
        selectedElsewhere={elsewhere}
        narrowedTo={narrowedTo}
        shown={list.shown}
        unscored={unscored}
        onScore={() => onOpen('score')}
        size={<ThumbSize px={thumbPx} onPx={setThumbPx} />}
        onFailures={() => onOpen('failures')}
        onCreateStudy={() => onOpen('study')}
        onClear={() => setSelection(clear(selection))}
      />
      <div className={classes['grid']} ref={grid}>
        {isLoaded && ids.length === 0 ? (
          <NothingMatches isEmpty={images === 0} onReset={() => changeQuery({ filter: {} })} />
        ) : (
          <ImageGrid
            {...list}
            thumbPx={thumbPx}
            selection={selection}
            onSelect={setSelection}
            onOpen={view}
          />
        )}
      </div>
      <FoldersDrawer
        opened={open === 'folders'}
        onGo={onOpen}
        onShowOnly={(rootId) => changeQuery({ filter: { rootId } })}
      />
      <ScoreShown opened={open === 'score'} onClose={() => onOpen(null)} />
      <NewStudyDialog imageIds={selectedIds} opened={open === 'study'} onClose={() => onOpen(null)} />
      {viewedId !== null && (
        <ImageViewer ids={ids} imageId={viewedId} onShow={view} onClose={() => setViewedId(null)} />
      )}
    </>
  );
}

function ScoreShown(props: { opened: boolean; onClose: () => void }) {
  const shown = useShownPack();
  return shown === undefined ? null : <ScoreLibraryDialog packId={shown.id} {...props} />;
}

/** The grid has the keyboard when the screen opens and when a dialog over it closes. */
function useGridFocus(isWanted: boolean) {
  const around = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isWanted) return;
    const isElsewhere = document.activeElement !== null && document.activeElement !== document.body;
    if (!isElsewhere) around.current?.querySelector<HTMLElement>('[role="listbox"]')?.focus();
  }, [isWanted]);
  return around;
}

/** The selected images in the order of the list, and how many of them it does not show. */
function useSelected(selection: Selection, ids: readonly number[]) {
  return useMemo(
    () => ({ selectedIds: orderedIds(selection, ids), elsewhere: countElsewhere(selection.ids, ids) }),
    [selection, ids],
  );
}

function countElsewhere(selected: ReadonlySet<number>, shown: readonly number[]): number {
  if (selected.size === 0) return 0;
  return selected.size - shown.filter((id) => selected.has(id)).length;
}

function NothingMatches({ isEmpty, onReset }: { isEmpty: boolean; onReset: () => void }) {
  if (isEmpty) {
    return <EmptyState title="No images yet" text="They appear here as they are scored." />;
  }
  return (
    <EmptyState title="No image matches" text="Search for less, or show all images again.">
      <Button variant="default" onClick={onReset}>
        Show all images
      </Button>
    </EmptyState>
  );
}
