/** Writes a study pack as one zip file, image by image from where they lie; what is in memory is the design and one piece of one image. */
import { PassThrough, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { writeWhole } from '../export/write-whole.ts';
import { readHashing } from '../hash-file.ts';
import type { JobContext } from '../jobs.ts';
import type { PackedFile, StudyPack } from './pack-format.ts';

interface WritePackFile {
  pack: StudyPack;
  path: string;
  /** Where the bytes of an image lie, asked when its turn comes. */
  findImage: (file: PackedFile) => Promise<string | Buffer>;
  /** Told the hash of what was read. @throws where it is another image */
  check: (file: PackedFile, sha256: string) => void;
}

/**
 * Images are stored as they are (they are compressed already), so what comes out of the file can never be more than the file itself.
 * The file is there whole or not at all.
 *
 * @throws StudioError `unreadable`, `diskFull`, `cancelled`
 */
export async function writePackFile(
  { pack, path, findImage, check }: WritePackFile,
  { signal, report }: JobContext,
): Promise<void> {
  report({ phase: 'copying images', total: pack.files.length });
  const zip = new ZipFile();
  const content = new PassThrough();
  zip.outputStream.pipe(content);
  zip.on('error', (error: Error) => content.destroy(error));
  zip.addBuffer(Buffer.from(JSON.stringify(pack)), 'study.json');
  async function addImages(): Promise<void> {
    for (const [done, file] of pack.files.entries()) {
      const bytes = readHashing(await findImage(file), { signal }, (sha256) => check(file, sha256));
      const image = Readable.from(bytes, { objectMode: false });
      const stop = () => image.destroy();
      content.once('close', stop);
      zip.addReadStream(image, `images/${file.file}`, { compress: false });
      await finished(image);
      content.off('close', stop);
      report({ done: done + 1 });
    }
    zip.end();
  }
  addImages().catch((error: Error) => content.destroy(error));
  await writeWhole(content, path, { signal });
}
