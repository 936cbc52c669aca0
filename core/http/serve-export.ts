/** Serves exports as downloads: `/export?kind=mos&mosSetId=1`, streamed. */
import { Readable } from 'node:stream';
import { StudioError } from '../../contract/errors.ts';
import { ExportRequest } from '../../contract/exports.ts';
import { openExport } from '../export/export-table.ts';
import type { Studio } from '../studio.ts';

/** A download of the file that the query string asks for. @throws StudioError `badInput`, `notFound` */
export async function serveExport(studio: Studio, url: URL): Promise<Response> {
  const query: Record<string, string | number> = Object.fromEntries(url.searchParams);
  for (const name of ['mosSetId', 'studyId']) if (name in query) query[name] = Number(query[name]);
  const request = ExportRequest.safeParse(query);
  if (!request.success) {
    throw new StudioError('badInput', 'This export does not exist: say kind, and mosSetId or studyId.');
  }
  const file = await openExport(studio, request.data);
  const text = Readable.from(file.text, { objectMode: false });
  const fileName = encodeURIComponent(file.fileName);
  return new Response(Readable.toWeb(text) as ReadableStream<Uint8Array>, {
    headers: {
      'content-type': file.mediaType,
      'content-disposition': `attachment; filename*=UTF-8''${fileName}`,
      'cache-control': 'no-store',
    },
  });
}
