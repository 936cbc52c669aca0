/** Serves the built page with a strict content security policy: its own scripts only, no other origin, nothing inline without a nonce. */
import { randomBytes } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Who } from '../../contract/access.ts';

const pageFolder = fileURLToPath(new URL('../../dist/renderer/', import.meta.url));

const mediaTypes: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

const pieceBytes = 256 * 1024;

const notBuilt = `<!doctype html><meta charset="utf-8"><title>SF-IQA Studio</title>
<p>The page is not built yet. Run <code>npm run build</code> in the project folder and reload.</p>`;

/**
 * A file of the built page, or `index.html` for every other path that a person may have in the address bar. It comes with the answer to
 * its first question.
 *
 * @param who sits before the page, as it is to know
 */
export function servePage(url: URL, who: Who): Response {
  if (url.pathname.startsWith('/assets/') || extname(url.pathname) !== '') return serveAsset(url.pathname);
  const nonce = randomBytes(16).toString('base64');
  const page = findPageFile('index.html');
  const built = page === null ? null : readFileSync(page.path, 'utf8').replaceAll('__CSP_NONCE__', nonce);
  const html = built?.replace('__WHO__', () => quoteForAttribute(JSON.stringify(who))) ?? notBuilt;
  return new Response(html, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': pagePolicy(nonce),
    },
  });
}

function quoteForAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

/** The policy of the page. Style attributes set by script are not inline style; style elements need the nonce. */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}

/** Piece by piece: the browser compiles the first lines of a script while the others come. */
function serveAsset(pathname: string): Response {
  const mediaType = mediaTypes[extname(pathname)];
  const file = mediaType === undefined ? null : findPageFile(pathname.slice(1));
  if (mediaType === undefined || file === null) return new Response('Not found', { status: 404 });
  const isHashed = pathname.startsWith('/assets/');
  const body = Readable.toWeb(createReadStream(file.path, { highWaterMark: pieceBytes }));
  return new Response(body as ReadableStream<Uint8Array>, {
    headers: {
      'content-type': mediaType,
      'content-length': String(file.sizeBytes),
      'cache-control': isHashed ? 'private, max-age=31536000, immutable' : 'no-cache',
    },
  });
}

/** Null where the page has no such file. */
function findPageFile(relative: string): { path: string; sizeBytes: number } | null {
  try {
    const path = normalize(join(pageFolder, decodeURIComponent(relative)));
    const found = path.startsWith(pageFolder) ? statSync(path) : null;
    return found?.isFile() === true ? { path, sizeBytes: found.size } : null;
  } catch {
    return null;
  }
}
