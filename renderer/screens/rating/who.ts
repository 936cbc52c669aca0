/** Who sits before this page: the owner of the studio, a rater of one study, or somebody who has to join first. */
import { useQuery } from '@tanstack/react-query';
import type { Who } from '../../../contract/access.ts';
import { orpc } from '../../api/client.ts';

/** Undefined until the first answer; null where there is none: the studio does not answer, and says so itself. */
export function useWho(): Who | null | undefined {
  const { data, isPending } = useQuery(orpc.access.who.queryOptions());
  return isPending ? undefined : (data ?? null);
}
