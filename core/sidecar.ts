/** Prompts in text files beside images: `fox.txt` or `fox.png.txt` for `fox.png`. */
import { open, stat } from 'node:fs/promises';

/** A prompt is a text of a few lines; what is longer is cut off. */
const maxBytes = 100_000;

/** The text of a sidecar (UTF-8, or UTF-16 with a byte order mark), trimmed; null where it is empty or cannot be read. Never throws. */
export async function readSidecarPrompt(path: string): Promise<string | null> {
  try {
    // Opening a named pipe would wait for a writer.
    if (!(await stat(path)).isFile()) return null;
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
      const text = decodeText(buffer.subarray(0, bytesRead)).replaceAll('\r\n', '\n').trim();
      return text === '' ? null : text;
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

function decodeText(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder('utf-8').decode(bytes);
}
