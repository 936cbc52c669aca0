/** Exported files as tests read them. */
import type { OutFile } from '../../core/export/table.ts';

/** All bytes of a file that is on its way out. */
export async function readContent({ content }: Pick<OutFile, 'content'>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** The same as text. */
export async function readText(file: Pick<OutFile, 'content'>): Promise<string> {
  return (await readContent(file)).toString('utf8');
}
