/** Toolbar, grid, viewer, and what is done with a selection. */
import { Button } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { EmptyState } from '../../shared/empty-state.tsx';
import { ExportDialog } from '../../shared/export/export-dialog.tsx';
import type { ShownImages } from '../../shared/export/export-sources.ts';
import { useShownPack } from '../../shared/packs.ts';
import { ScoreLibraryDialog } from '../../shared/score-library-dialog.tsx';
import { errorMessage } from '../../shared/show-error.ts';
import { useIdle } from '../../shared/use-idle.ts';
import { NewStudyDialog } from '../studies/new-study-dialog.tsx';
import { useCloseUp } from './close-up.tsx';
import { isReviewing, RejectedQueue, RejectedReview } from './curate/rejected.tsx';
import { useCurating } from './curate/use-curating.tsx';
import { DuplicatesView } from './duplicates/duplicates-view.tsx';
import { useFacetPanel } from './facets/facet-panel.tsx';
import { FoldersDrawer } from './folders-drawer.tsx';
import { useKeptSelection } from './kept-place.ts';
import classes from './library-screen.module.css';
import { asShown, type ListQuery, useListView } from './list-view.ts';
import { clear, orderedIds, type Selection, selectAll } from './selection.ts';
import { ShownList } from './shown-list.tsx';
import type { ShownScores } from './shown-scores.ts';
import { StatusLine } from './status-line.tsx';
import { Toolbar } from './toolbar.tsx';
import { useImageList } from './use-image-list.ts';
import { useLibraryKeys } from './use-library-keys.ts';
import { ViewControls } from './view-controls.tsx';
import { useQuerySteps } from './way-back.ts';

/** What lies over the grid. */
export type Open = 'add' | 'folders' | 'failures' | 'score' | 'study' | 'duplicates' | 'export' | null;

interface BrowserProps {
  open: Open;
  onOpen: (open: Open) => void;
  images: number;
  failed: number;
}

export function ImageBrowser({ open, onOpen, images, failed }: BrowserProps) {
  const [query, changeQuery] = useQuerySteps();
  const view = useListView();
  const [selection, setSelection] = useKeptSelection();
  const facets = useFacetPanel(query, changeQuery);
  const searchRef = useRef<HTMLInputElement>(null);
  const { list, isLoaded, hasNothing, error, orders, narrowedTo, unscored } = useImageList(
    asShown(query, view),
    changeQuery,
  );
  const { ids } = list;
  const { selectedIds, elsewhere } = useSelected(selection, ids);
  const closeUp = useCloseUp({ ids, selectedIds, selection, onSelect: setSelection });
  const isFree = open === null && !closeUp.isOpen;
  const curating = useCurating(actedOn(selection, selectedIds), { isFree, isInDialog: false });
  const { around, focusList } = useListFocus(isFree && isLoaded, hasNothing ? 'nothing' : view.layout.kind);
  useLibraryKeys({
    isFree,
    hasSelection: selectedIds.length > 0,
    search: () => searchRef.current?.focus(),
    toggleFacets: facets.toggle,
    turn: () => changeQuery({ descending: !query.descending }),
    view,
    groupBy: query.groupBy,
    changeQuery,
    onOpen,
    selectAll: () => setSelection(selectAll(selection, ids)),
    clear: () => setSelection(clear(selection)),
    compare: closeUp.compare,
    like: likeQuery(selection, list.shown),
    ask: (asked) => changeQuery({ filter: { query: asked } }),
  });

  const rejected = { query, isListed: isLoaded, onQuery: changeQuery, focusList };
  return (
    <>
      <Toolbar {...{ query, orders, searchRef, onOpen, facets }} onQuery={changeQuery} />
      <StatusLine
        matching={isLoaded ? ids.length : null}
        {...{ images, failed, narrowedTo, unscored, onOpen }}
        selected={selectedIds.length}
        selectedElsewhere={elsewhere}
        shown={list.shown}
        queue={<RejectedQueue {...rejected} />}
        review={<RejectedReview {...rejected} />}
        view={<ViewControls list={list} view={view} query={query} onQuery={changeQuery} />}
        onCompare={closeUp.compare}
        onClear={() => {
          setSelection(clear(selection));
          focusList();
        }}
      />
      <div className={classes['body']}>
        {facets.panel}
        <div className={classes['grid']} ref={around}>
          {hasNothing ? (
            <NothingMatches
              {...{ error, isEmpty: images === 0, isReviewed: isReviewing(query) }}
              onReset={() => changeQuery({ filter: {} })}
            />
          ) : (
            <ShownList
              {...{ list, view, query, selection }}
              onQuery={changeQuery}
              onSelect={setSelection}
              onOpen={closeUp.view}
            />
          )}
        </div>
      </div>
      <BrowserDialogs
        {...{ open, onOpen }}
        onQuery={changeQuery}
        shown={{ query: asShown(query, view), matching: ids.length, selectedIds }}
      />
      {curating}
      {closeUp.element}
    </>
  );
}

/** Asks for images like the one the keyboard is at; null where there is none, or nothing compares pictures. */
function likeQuery({ activeId }: Selection, shown: ShownScores | null): string | null {
  return activeId !== null && shown?.branches.includes('s') === true ? `like:${activeId}` : null;
}

/** What is selected, else the image that the keyboard is at. */
function actedOn({ activeId }: Selection, selectedIds: readonly number[]): readonly number[] {
  return selectedIds.length > 0 || activeId === null ? selectedIds : [activeId];
}

interface BrowserDialogsProps extends Pick<BrowserProps, 'open' | 'onOpen'> {
  onQuery: (change: Partial<ListQuery>) => void;
  shown: ShownImages;
}

function BrowserDialogs({ open, onOpen, onQuery, shown: images }: BrowserDialogsProps) {
  const shown = useShownPack();
  const isIdle = useIdle();
  const close = () => onOpen(null);
  if (!isIdle && open === null) return null;
  return (
    <>
      <FoldersDrawer
        opened={open === 'folders'}
        onGo={onOpen}
        onShowOnly={(rootId) => onQuery({ filter: { rootId } })}
      />
      {shown !== undefined && (
        <ScoreLibraryDialog packId={shown.id} opened={open === 'score'} onClose={close} />
      )}
      <NewStudyDialog imageIds={images.selectedIds} opened={open === 'study'} onClose={close} />
      <ExportDialog opened={open === 'export'} onClose={close} shown={images} />
      {open === 'duplicates' && (
        <DuplicatesView
          onClose={close}
          onQuery={(query) => {
            onQuery({ filter: { query } });
            close();
          }}
        />
      )}
    </>
  );
}

/**
 * The list, or the button of what stands in its place, has the keyboard when the screen opens, when it is drawn as `kind`, and when a
 * dialog over it closes.
 */
function useListFocus(isWanted: boolean, kind: string) {
  const around = useRef<HTMLDivElement>(null);
  const focusList = useCallback(() => {
    const find = (what: string) => around.current?.querySelector<HTMLElement>(what);
    (find('[aria-label="Images"]') ?? find('button'))?.focus();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another kind is another element
  useEffect(() => {
    if (!isWanted) return;
    const isElsewhere = document.activeElement !== null && document.activeElement !== document.body;
    if (!isElsewhere) focusList();
  }, [isWanted, kind]);
  return { around, focusList };
}

/** The selected images in the order of the list, and how many of them it does not show. */
function useSelected({ ids: selected }: Selection, ids: readonly number[]) {
  return useMemo(
    () => ({ selectedIds: orderedIds({ ids: selected }, ids), elsewhere: countElsewhere(selected, ids) }),
    [selected, ids],
  );
}

function countElsewhere(selected: ReadonlySet<number>, shown: readonly number[]): number {
  if (selected.size === 0) return 0;
  return selected.size - shown.filter((id) => selected.has(id)).length;
}

interface NothingMatchesProps {
  error: Error | null;
  isEmpty: boolean;
  /** It was the queue of rejected images. */
  isReviewed: boolean;
  onReset: () => void;
}

function NothingMatches({ error, isEmpty, isReviewed, onReset }: NothingMatchesProps) {
  if (isEmpty) {
    return <EmptyState title="No images yet" text="They appear here as they are scored." />;
  }
  const [title, text] =
    error !== null
      ? ['This could not be searched for', errorMessage(error)]
      : isReviewed
        ? [
            'No rejected image is left to review',
            'What is known of those in the trash stays. A file that is put back from there is known again.',
          ]
        : ['No image matches', 'Search for less, or show all images again.'];
  return (
    <EmptyState title={title!} text={text!}>
      <Button variant="default" onClick={onReset}>
        Show all images
      </Button>
    </EmptyState>
  );
}
