/** The server half of every door: one function from a Request to a Response. */
import { SmartCoercionPlugin } from '@orpc/json-schema';
import { OpenAPIHandler } from '@orpc/openapi/fetch';
import { OpenAPIReferencePlugin } from '@orpc/openapi/plugins';
import { RPCHandler } from '@orpc/server/fetch';
import { ResponseHeadersPlugin } from '@orpc/server/plugins';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { StudioError } from '../contract/errors.ts';
import { assertOwnImage, assertRole, type CallContext, ownerContext } from './access/caller.ts';
import { describeCaller } from './access/join.ts';
import { errorResponse } from './http/error-response.ts';
import { receiveDroppedFile } from './http/receive-drop.ts';
import { serveExport, serveExported } from './http/serve-export.ts';
import { serveImage, serveThumbnail } from './http/serve-image.ts';
import { servePage } from './http/serve-page.ts';
import { sendWritten } from './http/written-answer.ts';
import { createRouter } from './router.ts';
import type { Studio } from './studio.ts';
import { studioVersion } from './version.ts';

export type Fetch = (request: Request) => Promise<Response>;
/** The same for a door that others come through, too: it says who asks. */
export type GuardedFetch = (request: Request, context: CallContext) => Promise<Response>;

/** Headers on every answer: no sniffing, no embedding elsewhere, no referrer. */
const commonHeaders = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
};

/** The studio for a door that only its owner comes through, such as the window. */
export function createFetch(studio: Studio): Fetch {
  const fetch = createGuardedFetch(studio);
  return (request) => fetch(request, ownerContext);
}

/**
 * The studio as a fetch function: `/rpc` for the page, `/api` (OpenAPI, with its description at `/api/spec.json`) for other programs,
 * `/image/:id`, `/thumb/:id`, `/export`, `/exported`, `/drop`, and the page itself for everything else. What a rater or a guest may not have is refused.
 */
export function createGuardedFetch(studio: Studio): GuardedFetch {
  // Whoever opens a door soon shows a list and its pictures. Of a large library both take longest, and what makes them longer than a window
  // takes to open.
  if (studio.reading.isLarge) {
    studio.reading.warm();
    studio.models.warm();
  }
  const router = createRouter(studio);
  const schemaConverters = [new ZodToJsonSchemaConverter()];
  const rpc = new RPCHandler(router, {
    plugins: [new ResponseHeadersPlugin()],
    clientInterceptors: [sendWritten(['{"json":', '}'])],
  });
  const api = new OpenAPIHandler(router, {
    clientInterceptors: [sendWritten(['', ''])],
    plugins: [
      new ResponseHeadersPlugin(),
      new SmartCoercionPlugin({ schemaConverters }),
      new OpenAPIReferencePlugin({
        schemaConverters,
        docsPath: '/reference',
        specPath: '/spec.json',
        specGenerateOptions: { info: { title: 'SF-IQA Studio', version: studioVersion } },
      }),
    ],
  });
  async function route(request: Request, call: CallContext): Promise<Response> {
    const { caller } = call;
    const context = { ...call, written: { json: null } };
    const url = new URL(request.url);
    const [, place = '', ...rest] = url.pathname.split('/');
    switch (place) {
      case 'rpc':
        return orNotFound(await rpc.handle(request, { prefix: '/rpc', context }));
      case 'api':
        return orNotFound(await api.handle(request, { prefix: '/api', context }));
      case 'image':
        assertOwnImage(studio, caller, idIn(rest));
        return await serveImage(studio, idIn(rest), request);
      case 'thumb':
        assertRole(caller, 'owner');
        return await serveThumbnail(studio, { id: idIn(rest), size: url.searchParams.get('px') }, request);
      case 'export':
        assertRole(caller, 'owner');
        return await serveExport(studio, url);
      case 'exported':
        assertRole(caller, 'owner');
        return await serveExported(studio, rest.map(decodePart));
      case 'drop': {
        assertRole(caller, 'owner');
        const [drop = '', ...path] = rest.map(decodePart);
        return await receiveDroppedFile(studio, { drop, path: path.join('/') }, request);
      }
      default:
        // Whoever is shown a page is soon shown pictures.
        studio.models.warm();
        return servePage(url, describeCaller(studio, call));
    }
  }
  return async (request, context) => {
    const response = await route(request, context).catch(errorResponse);
    for (const [name, value] of Object.entries(commonHeaders)) response.headers.set(name, value);
    return response;
  };
}

function orNotFound(result: { matched: boolean; response: Response | undefined }): Response {
  if (result.response !== undefined) return result.response;
  return errorResponse(new StudioError('notFound', 'There is no such operation.'));
}

/** A part of a path as it was meant. */
function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new StudioError('badInput', `“${part}” is not a part of a path.`);
  }
}

function idIn(rest: string[]): number {
  const id = Number(rest[0]);
  if (rest.length !== 1 || !Number.isInteger(id) || id < 1) {
    throw new StudioError('badInput', 'An image id is a positive whole number.');
  }
  return id;
}
