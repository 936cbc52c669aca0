/** Decides which requests the web door lets in: those of its own page and of programs on this machine, nobody else's page. */
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { StudioError } from '../contract/errors.ts';

/** Largest body outside `/drop`, which has the byte limit of the settings: a table of a million rows fits. */
export const maxBodyBytes = 128 * 1024 * 1024;

/** Largest body of somebody who is not the owner: raters send votes. */
export const maxRaterBodyBytes = 64 * 1024;

/** Paths that answer with data; everything else is the page. */
const dataPlaces = new Set(['rpc', 'api', 'image', 'thumb', 'export', 'exported', 'drop']);

/**
 * Throws where a request must not be answered.
 *
 * A page of another site can make a browser send requests here, directly (cross-site request forgery) or after pointing its own
 * name at this machine (DNS rebinding). The browser tells on it: `Host` carries the foreign name, `Origin` and `Sec-Fetch-Site`
 * (Fetch Metadata Request Headers, W3C) the foreign site. Another port of the same machine is another site, too.
 * Programs that are not browsers send none of these and are let in.
 *
 * @param isLoopback whether the door listens on this machine only; else numeric addresses and the machine's name are its names, too
 * @throws StudioError `forbidden`, `tooLarge`, `badInput` for a body that does not say its length
 */
export function assertWelcome(request: Request, isLoopback: boolean): void {
  const host = request.headers.get('host') ?? '';
  if (!isOwnName(hostNameOf(host), isLoopback)) {
    throw new StudioError('forbidden', `This studio does not answer as “${host}”.`, { host });
  }
  const { pathname, protocol } = new URL(request.url);
  const place = pathname.split('/')[1] ?? '';
  const isPage = request.method === 'GET' && !dataPlaces.has(place);
  if (!isPage) assertSameSite(request, `${protocol}//${host}`);
  if (place !== 'drop') assertBoundedBody(request);
}

function hostNameOf(host: string): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '';
}

function isOwnName(name: string, isLoopback: boolean): boolean {
  if (name === 'localhost' || name === '127.0.0.1' || name === '[::1]') return true;
  if (isLoopback) return false;
  const isAddress = isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0;
  return isAddress || name === hostname().toLowerCase();
}

function assertSameSite(request: Request, own: string): void {
  const site = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  const isForeign = site !== null && site !== 'same-origin' && site !== 'none';
  if (isForeign || (origin !== null && origin !== own)) {
    throw new StudioError('forbidden', 'This studio answers its own page only, not pages of other sites.');
  }
}

/** @throws StudioError `tooLarge` for a body beyond what a rater ever sends */
export function assertSmallBody(request: Request): void {
  if (Number(request.headers.get('content-length') ?? 0) <= maxRaterBodyBytes) return;
  throw new StudioError('tooLarge', `A rater's request may have at most ${maxRaterBodyBytes} bytes.`);
}

function assertBoundedBody(request: Request): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const length = request.headers.get('content-length');
  if (length === null && request.headers.has('transfer-encoding')) {
    throw new StudioError('badInput', 'Say the length of the body (Content-Length).');
  }
  if (Number(length ?? 0) > maxBodyBytes) {
    throw new StudioError('tooLarge', `A body may have at most ${maxBodyBytes} bytes here.`);
  }
}
