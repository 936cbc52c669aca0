/** Serves exports as downloads: tables as they are made (`/export?kind=mos&mosSetId=1`), and files that a job has made (`/exported/…`). */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { StudioError } from '../../contract/errors.ts';
import { ExportRequest, TableFormat } from '../../contract/exports.ts';
import { mediaTypes } from '../export/encode-table.ts';
import { downloadsOf } from '../export/export-place.ts';
import { openExport } from '../export/export-table.ts';
import type { OutFile } from '../export/table.ts';
import type { Studio } from '../studio.ts';

/** A download of the file that the query string asks for. @throws StudioError `badInput`, `notFound` */
export async function serveExport(studio: Studio, url: URL): Promise<Response> {
  const query: Record<string, string | number> = Object.fromEntries(url.searchParams);
  for (const name of ['mosSetId', 'studyId']) if (name in query) query[name] = Number(query[name]);
  const request = ExportRequest.safeParse(query);
  if (!request.success) {
    throw new StudioError('badInput', 'This export does not exist: say kind, and mosSetId or studyId.');
  }
  const { content, fileName, mediaType } = await openExport(studio, request.data);
  const pieces = Readable.from(inTurns(content), { objectMode: false });
  return asDownload(pieces, fileName, { 'content-type': mediaType });
}

/** Others have their turn after each piece: for a reader that always takes the next one at once, the engine would do nothing else until the end. */
async function* inTurns(content: OutFile['content']): AsyncGenerator<string | Uint8Array> {
  for await (const piece of content) {
    yield piece;
    await setImmediate();
  }
}

/** A file that an export made for download: its id and its name. @throws StudioError `notFound` */
export async function serveExported(
  studio: Studio,
  [id = '', fileName = '', ...rest]: string[],
): Promise<Response> {
  const isName = /^[0-9a-f]{16}$/.test(id) && /^[^/\\]+$/.test(fileName) && rest.length === 0;
  const path = join(downloadsOf(studio.folder), id, fileName);
  const found = isName ? await stat(path).catch(() => null) : null;
  if (found === null || !found.isFile()) {
    throw new StudioError('notFound', 'This export is not there any more: make it again.');
  }
  const format = TableFormat.safeParse(extname(fileName).slice(1));
  return asDownload(createReadStream(path), fileName, {
    'content-type': format.success ? mediaTypes[format.data] : 'application/octet-stream',
    'content-length': String(found.size),
  });
}

function asDownload(content: Readable, fileName: string, headers: Record<string, string>): Response {
  return new Response(Readable.toWeb(content) as ReadableStream<Uint8Array>, {
    headers: {
      ...headers,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
      'cache-control': 'no-store',
    },
  });
}
