/** The page's way to the studio: the contract's operations as functions, and as queries that are asked again when tables change. */
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import { QueryClient } from '@tanstack/react-query';
import type { contract } from '../../contract/operations.ts';

/** What a question says of itself beside its input. */
interface Asking {
  /** The answer is worth less than the pictures beside it: the browser sends them first. */
  isPatient?: boolean;
}

/** Every operation as an asynchronous function: `client.images.query({ … })`. Errors carry the contract's code and message. */
export const client: ContractRouterClient<typeof contract, Asking> = createORPCClient(
  new RPCLink<Asking>({
    url: new URL('/rpc', window.location.href),
    fetch: (request, init, { context }) =>
      fetch(request, context.isPatient === true ? { ...init, priority: 'low' } : init),
  }),
);

/** Query and mutation options of every operation: `useQuery(orpc.studies.list.queryOptions())`. */
export const orpc = createTanstackQueryUtils(client);

/** Answers stay until the event stream says that their tables changed. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: Number.POSITIVE_INFINITY, retry: isWorthAnother, refetchOnWindowFocus: false },
    mutations: { retry: false },
  },
});

/** Once more where the studio did not answer; what it answered it would answer again. */
function isWorthAnother(failures: number, error: Error): boolean {
  return failures < 1 && (!(error instanceof ORPCError) || error.status >= 500);
}
