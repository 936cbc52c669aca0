/** The files in a zip archive as tests read them, a workbook’s parts among them. */
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';

/** Every file's text by its path. */
export async function readParts(archive: Buffer): Promise<Map<string, string>> {
  const zip = await fromBufferPromise(archive, { lazyEntries: true });
  const parts = new Map<string, string>();
  for await (const entry of zip.eachEntry()) {
    const bytes = await buffer(await zip.openReadStreamPromise(entry));
    parts.set(entry.fileName, bytes.toString('utf8'));
  }
  return parts;
}
