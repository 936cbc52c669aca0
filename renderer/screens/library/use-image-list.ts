/** What the list shows and what its menus offer, for a query. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { orpc } from '../../api/client.ts';
import { useRunningJob } from '../../api/jobs.ts';
import { useShownPack } from '../../shared/packs.ts';
import { asShown, type ListQuery, useListQuery, useListView } from './list-view.ts';
import { listOrders, listTargets } from './orders.ts';
import { useShownMosSet } from './shown-mos.tsx';
import { useShownScores } from './shown-scores.ts';

/** A list that is there by then is drawn along with what lies around it. */
const longestWaitMs = 400;

const noIds: readonly number[] = [];
const noDimensions: readonly string[] = [];

/** By the MOS set that the library shows: the studio knows it, so that nothing has to be asked before the list. */
export function listOptions(query: ListQuery) {
  return orpc.images.query.queryOptions({ input: query });
}

/**
 * Asks for the list while it is not yet known what the library holds: it takes the longest, on a thread of its own.
 *
 * @returns whether it can be drawn at once, or has taken so long that a person wants to see what else is there
 */
export function useEarlyList(): boolean {
  const [query] = useListQuery();
  const options = listOptions(asShown(query, useListView()));
  const { isPending } = useQuery({ ...options, notifyOnChangeProps: ['isPending'] });
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), longestWaitMs);
    return () => clearTimeout(timer);
  }, []);
  return isLate || !isPending;
}

/** No ids until the first answer; afterwards the last list stays until the next one comes, and `listKey` with it. */
export function useImageList(query: ListQuery, changeQuery: (change: Partial<ListQuery>) => void) {
  const pack = useShownPack();
  const shown = useShownScores();
  const info = useQuery(orpc.library.info.queryOptions()).data;
  const mosSetId = info?.mosSetId ?? undefined;
  const mosSet = useShownMosSet();
  const answer = useQuery({ ...listOptions(query), placeholderData: keepPreviousData });
  const { rootId, studyId, ...filter } = query.filter;
  const roots = useQuery({ ...orpc.library.roots.queryOptions(), enabled: rootId !== undefined }).data ?? [];
  const root = roots.find(({ id }) => id === rootId);
  const narrowedTo = [];
  if (rootId !== undefined) {
    const label = `only ${root?.path ?? 'one folder'}`;
    narrowedTo.push({ label, onRemove: () => changeQuery({ filter: { ...filter, studyId } }) });
  }
  if (studyId !== undefined) {
    const onRemove = () => changeQuery({ filter: { ...filter, rootId } });
    narrowedTo.push({ label: 'only the images of one study', onRemove });
  }
  const error = useLastingError(JSON.stringify(query), answer);
  const answeredKey = useRef('');
  // The same images grouped otherwise are the same list.
  if (answer.data !== undefined && !answer.isPlaceholderData)
    answeredKey.current = JSON.stringify({ ...query, groupBy: undefined });
  return {
    list: {
      ids: (error === null ? answer.data?.ids : null) ?? noIds,
      groups: answer.data?.groups,
      listKey: answeredKey.current,
      mosSetId,
      areAllPictured: info?.announced === 0,
      targets: listTargets(pack, mosSet),
      dimensions: mosSet?.dimensions ?? noDimensions,
      shown,
    },
    isLoaded: answer.data !== undefined || error !== null,
    hasNothing: error !== null || answer.data?.ids.length === 0,
    error,
    narrowedTo,
    orders: listOrders(pack, mosSet),
    unscored: useUnscored(answer.data !== undefined),
  };
}

/** Why a question has no answer, also while it is asked again, because the library changed: the list before it is no answer. */
function useLastingError(
  question: string,
  { error, isPlaceholderData }: { error: Error | null; isPlaceholderData: boolean },
): Error | null {
  const last = useRef<{ question: string; error: Error } | null>(null);
  if (error !== null) last.current = { question, error };
  else if (!isPlaceholderData || last.current?.question !== question) last.current = null;
  return last.current?.error ?? null;
}

/**
 * Images with a file that the shown pack has not scored: what came into a watched folder, what a run that was stopped has left. Asked for
 * when the list is there; none while a run goes on, of which the foot of the window tells.
 */
function useUnscored(isListed: boolean): number {
  const isRunning = useRunningJob('score') !== undefined;
  const enabled = isListed && !isRunning;
  const input = { filter: { scored: false, hasFile: true } };
  const { data } = useQuery({
    ...orpc.images.count.queryOptions({ input, context: { isPatient: true } }),
    enabled,
  });
  return enabled ? (data ?? 0) : 0;
}
