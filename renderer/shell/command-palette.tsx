/** The command palette: what the screen can do now, screens, studies, collections, saved queries and models, found by typing. */
import { useHotkeys } from '@mantine/hooks';
import { Spotlight, type SpotlightActionGroupData, spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { orpc } from '../api/client.ts';
import { type ListQuery, useListQuery } from '../screens/library/list-view.ts';
import { collectionQuery } from '../shared/collection-query.ts';
import { Keys } from '../shared/keys.tsx';
import { isDialogOpen, useListedShortcuts, useRegisteredShortcuts } from './shortcuts.ts';

const keys = 'mod+K';
const mostShown = 60;
/** Mantine gives the focus back this long after a dialog closed. */
const focusBackMs = 20;

export function CommandPalette() {
  const [isOpen, setOpen] = useState(false);
  // Also while one types in a field of the page.
  useHotkeys([[keys, () => !isDialogOpen() && spotlight.open()]], []);
  useListedShortcuts([
    { keys, label: 'Find a command, screen, study …', group: 'Help', run: spotlight.open },
  ]);
  const commands = useCommands();
  const places = usePlaces(isOpen);
  return (
    <Spotlight
      actions={[...commands, ...places]}
      shortcut={null}
      limit={mostShown}
      nothingFound="Nothing is called so."
      highlightQuery
      scrollable
      maxHeight={360}
      lockScroll={false}
      transitionProps={{ duration: 0 }}
      onSpotlightOpen={() => setOpen(true)}
      onSpotlightClose={() => setOpen(false)}
      searchProps={{
        placeholder: 'Find a command, screen, study, collection, query or model',
        'aria-label': 'Find a command, screen, study, collection, query or model',
        leftSection: <IconSearch size={18} />,
      }}
    />
  );
}

/** What works on the screen, as its keys are listed. */
function useCommands(): SpotlightActionGroupData[] {
  const shortcuts = useRegisteredShortcuts().filter((one) => one.keys !== keys);
  const groups = Map.groupBy(shortcuts, ({ group }) => group);
  return [...groups].flatMap(([group, all]) => {
    const actions = all.flatMap(({ keys: its, label, run }) =>
      run === undefined
        ? []
        : [
            {
              id: `${group} ${label}`,
              label,
              rightSection: <Keys keys={its} />,
              onClick: () => afterDialog(() => run(new KeyboardEvent('keydown'))),
            },
          ],
    );
    return actions.length === 0 ? [] : [{ group, actions }];
  });
}

/** Where one can go beyond the screens; asked for once the palette is open. */
function usePlaces(isOpen: boolean): SpotlightActionGroupData[] {
  const [, navigate] = useLocation();
  const [query, changeQuery] = useListQuery();
  const enabled = isOpen;
  const studies = useQuery({ ...orpc.studies.list.queryOptions(), enabled }).data ?? [];
  const collections = useQuery({ ...orpc.curate.collections.queryOptions(), enabled }).data ?? [];
  const saved = useQuery({ ...orpc.images.savedQueries.queryOptions(), enabled }).data ?? [];
  const packs = useQuery({ ...orpc.packs.list.queryOptions(), enabled }).data ?? [];
  function show(asked: Partial<ListQuery>): void {
    changeQuery({ ...query, ...asked });
    navigate('/');
  }
  const group = (title: string, actions: { id: number | string; label: string; go: () => void }[]) => ({
    group: title,
    actions: actions.map(({ id, label, go }) => ({
      ...{ id: `${title} ${id}`, label, description: title },
      onClick: () => afterDialog(go),
    })),
  });
  return [
    group(
      'Study',
      studies.map(({ id, name }) => ({ id, label: name, go: () => navigate(`/studies/${id}`) })),
    ),
    group(
      'Collection',
      collections.map(({ id, name }) => ({
        ...{ id, label: name },
        go: () => show({ filter: { query: collectionQuery(name) } }),
      })),
    ),
    group(
      'Saved query',
      saved.map(({ id, name, query: stored }) => ({ id, label: name, go: () => show(stored) })),
    ),
    group(
      'Model',
      packs.map(({ id, title }) => ({ id, label: title, go: () => navigate('/models') })),
    ),
  ].filter(({ actions }) => actions.length > 0);
}

/** What is chosen is done on the page, once the palette is gone and the focus is where it was. */
function afterDialog(run: () => void): void {
  if (isDialogOpen()) requestAnimationFrame(() => afterDialog(run));
  else setTimeout(run, focusBackMs);
}
