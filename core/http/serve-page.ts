/** Serves the built page with a strict content security policy: its own scripts only, no other origin, nothing inline without a nonce. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const pageFolder = fileURLToPath(new URL('../../dist/renderer/', import.meta.url));

const mediaTypes: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

const notBuilt = `<!doctype html><meta charset="utf-8"><title>SF-IQA Studio</title>
<p>The page is not built yet. Run <code>npm run build</code> in the project folder and reload.</p>`;

/** A file of the built page, or `index.html` for every other path that a person may have in the address bar. */
export function servePage(url: URL): Response {
  if (url.pathname.startsWith('/assets/') || extname(url.pathname) !== '') return serveAsset(url.pathname);
  const nonce = randomBytes(16).toString('base64');
  const html = readPageFile('index.html')?.toString('utf8').replaceAll('__CSP_NONCE__', nonce) ?? notBuilt;
  return new Response(html, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': pagePolicy(nonce),
    },
  });
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

function serveAsset(pathname: string): Response {
  const mediaType = mediaTypes[extname(pathname)];
  const bytes = mediaType === undefined ? null : readPageFile(pathname.slice(1));
  if (mediaType === undefined || bytes === null) return new Response('Not found', { status: 404 });
  const isHashed = pathname.startsWith('/assets/');
  return new Response(new Uint8Array(bytes), {
    headers: {
      'content-type': mediaType,
      'cache-control': isHashed ? 'private, max-age=31536000, immutable' : 'no-cache',
    },
  });
}

function readPageFile(relative: string): Buffer | null {
  try {
    const path = normalize(join(pageFolder, decodeURIComponent(relative)));
    return path.startsWith(pageFolder) ? readFileSync(path) : null;
  } catch {
    return null;
  }
}
