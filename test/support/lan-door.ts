/** A web door that listens to the network, asked from any address without a socket: the code of the door from the guard on. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { Joined } from '../../contract/access.ts';
import type { Studio } from '../../core/studio.ts';
import { createAccess } from '../../web/identify.ts';
import { createAnswer } from '../../web/web-door.ts';
import type { StudioClient } from './web-studio.ts';

const own = '192.168.1.5:7430';

type Answer = ReturnType<typeof createAnswer>;

export function openLanDoor(studio: Studio): { answer: Answer; ownerKey: string } {
  const { access, ownerKey } = createAccess(studio.now, [`http://${own}/`]);
  return { ownerKey, answer: createAnswer(studio, access, false) };
}

export interface LanBrowser {
  client: StudioClient;
  fetch: (path: string, init?: RequestInit) => Promise<Response>;
  /** Asks an operation with any input, and gives the bare answer. */
  ask: (operation: string, input: unknown) => Promise<Response>;
  /** Joins by a code; gives the browser with the cookie it got. */
  join: (code: string, raterName?: string) => Promise<LanBrowser & { joined: Joined; setCookie: string }>;
}

/** A browser at an address of the network, with a cookie. */
export function callFrom(answer: Answer, address: string, cookie = ''): LanBrowser {
  let setCookie = '';
  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const request = new Request(`http://${own}${path}`, init);
    if (!request.headers.has('host')) request.headers.set('host', own);
    if (cookie !== '') request.headers.set('cookie', cookie);
    const response = await answer(request, address);
    setCookie = response.headers.get('set-cookie') ?? setCookie;
    return response;
  }
  const client: StudioClient = createORPCClient(
    new RPCLink({
      url: `http://${own}/rpc`,
      fetch: async (request) => {
        const path = new URL(request.url).pathname + new URL(request.url).search;
        const hasBody = request.method !== 'GET';
        return await ask(path, {
          method: request.method,
          headers: request.headers,
          ...(hasBody ? { body: await request.arrayBuffer() } : {}),
        });
      },
    }),
  );
  return {
    client,
    fetch: ask,
    ask: (operation, input) =>
      ask(`/rpc/${operation.replaceAll('.', '/')}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ json: input }),
      }),
    async join(code, raterName) {
      const joined = await client.access.join({ code, ...(raterName === undefined ? {} : { raterName }) });
      return { ...callFrom(answer, address, setCookie.split(';')[0]), joined, setCookie };
    },
  };
}
