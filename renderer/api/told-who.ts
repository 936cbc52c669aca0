/** Who sits before the page, as the page itself says: nothing has to be asked before everything else is. */
import { Who } from '../../contract/access.ts';
import { orpc, queryClient } from './client.ts';

/** Undefined where the page came without it: then it is asked. */
export function takeToldWho(): Who | undefined {
  const told = document.querySelector<HTMLMetaElement>('meta[name=who]')?.content ?? '';
  // What a page that no studio served says in its place is no JSON.
  if (!told.startsWith('{')) return undefined;
  return queryClient.setQueryData(orpc.access.who.queryKey(), Who.parse(JSON.parse(told)));
}
