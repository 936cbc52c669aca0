/** Which queries show which tables: what to ask again when the engine says that tables changed. */
import type { Topic } from '../../contract/events.ts';
import { orpc, queryClient } from './client.ts';

const keysOf: Record<Topic, () => readonly unknown[][]> = {
  images: () => [orpc.images.key(), orpc.curate.key(), orpc.library.key(), orpc.duplicates.key()],
  studies: () => [orpc.studies.key(), orpc.library.info.key()],
  votes: () => [orpc.studies.key(), orpc.library.info.key()],
  mos: () => [
    orpc.mos.key(),
    orpc.library.info.key(),
    orpc.agreement.key(),
    orpc.images.cards.key(),
    orpc.images.detail.key(),
    orpc.heads.interval.key(),
    orpc.heads.predict.key(),
    orpc.exports.options.key(),
  ],
  heads: () => [orpc.heads.key(), orpc.packs.key(), orpc.agreement.choices.key(), orpc.exports.options.key()],
  packs: () => [orpc.packs.key(), orpc.heads.key(), orpc.doctor.key(), orpc.exports.options.key()],
  scores: () => [orpc.images.key(), orpc.agreement.key(), orpc.library.coverage.key()],
  // Whose scores and MOS are shown are two of them.
  settings: () => [
    orpc.settings.key(),
    orpc.images.key(),
    orpc.library.info.key(),
    orpc.exports.options.key(),
  ],
};

/** How long changes are gathered: raters vote faster than long tables can be read. */
const gatherMs = 100;
const changed = new Set<Topic>();
let timer: ReturnType<typeof setTimeout> | null = null;

/** Asks again for what is on screen of the changed tables, soon; the rest is asked when it is next shown. */
export function refreshTopics(topics: readonly Topic[]): void {
  for (const topic of topics) changed.add(topic);
  if (timer === null) timer = setTimeout(refreshChanged, gatherMs);
}

/** An answer that is still on its way is waited for: votes that never stop would otherwise never let it arrive. */
function refreshChanged(): void {
  timer = null;
  for (const topic of [...changed]) {
    const queryKeys = keysOf[topic]();
    if (queryKeys.some((queryKey) => queryClient.isFetching({ queryKey }) > 0)) continue;
    changed.delete(topic);
    for (const queryKey of queryKeys) void queryClient.invalidateQueries({ queryKey });
  }
  if (changed.size > 0) timer = setTimeout(refreshChanged, gatherMs);
}

/** For when something may have changed unheard: before the event stream stood, or while it was lost. */
export function refreshEverything(): void {
  void queryClient.invalidateQueries();
}
