/** Which queries show which tables: what to ask again when the engine says that tables changed. */
import type { Topic } from '../../contract/events.ts';
import { orpc, queryClient } from './client.ts';

const keysOf: Record<Topic, () => readonly unknown[][]> = {
  images: () => [orpc.images.key(), orpc.library.key()],
  studies: () => [orpc.studies.key(), orpc.library.info.key()],
  votes: () => [orpc.studies.key(), orpc.library.info.key()],
  mos: () => [orpc.mos.key(), orpc.agreement.key(), orpc.images.cards.key(), orpc.images.detail.key()],
  heads: () => [orpc.heads.key(), orpc.packs.key(), orpc.agreement.choices.key()],
  scores: () => [orpc.images.key(), orpc.agreement.key()],
  settings: () => [orpc.settings.key()],
};

/** Asks again for what is on screen of the changed tables; the rest is asked when it is next shown. */
export function refreshTopics(topics: readonly Topic[]): void {
  for (const topic of topics) {
    for (const queryKey of keysOf[topic]()) void queryClient.invalidateQueries({ queryKey });
  }
}

/** Before the event stream stands, and while it is lost, anything may change unheard. */
export function refreshEverything(): void {
  void queryClient.invalidateQueries();
}
