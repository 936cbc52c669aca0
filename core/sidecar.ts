/** Prompts in text files beside images: `fox.txt` or `fox.png.txt` for `fox.png`. */
import { open, stat } from 'node:fs/promises';
import { decodeText } from './tables/decode-text.ts';

/** A prompt is a text of a few lines; what is longer is cut off. */
const maxBytes = 100_000;

/**
 * The text of a sidecar, in any usual encoding, trimmed; of parameters that AUTOMATIC1111 writes there the prompt alone. Null where it is
 * empty, no text, or cannot be read. Never throws.
 */
export async function readSidecarPrompt(path: string): Promise<string | null> {
  try {
    // Opening a named pipe would wait for a writer.
    if (!(await stat(path)).isFile()) return null;
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
      const { text } = decodeText(withoutCutCharacter(buffer.subarray(0, bytesRead)));
      const prompt = withoutSettings(text.replaceAll('\r\n', '\n')).trim();
      return prompt === '' || isBinary(text) ? null : prompt;
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

/** When a sidecar was written or put there; 0 where there is none. */
export async function sidecarChangedAt(path: string): Promise<number> {
  return await stat(path).then(
    ({ ctimeMs }) => ctimeMs,
    () => 0,
  );
}

/** Of a text that was cut at its bound the last character may be a part of one. */
function withoutCutCharacter(bytes: Buffer): Buffer {
  if (bytes.length < maxBytes) return bytes;
  const from = bytes.findLastIndex((byte) => (byte & 0xc0) !== 0x80);
  return bytes[from]! < 0x80 ? bytes : bytes.subarray(0, from);
}

/** What a parameters text has behind its prompt: lines of what to avoid, and a last one of settings. */
function withoutSettings(text: string): string {
  const lines = text.split('\n');
  const settings = lines.findLastIndex((line) => /^\s*Steps: ?\d+, /.test(line));
  if (settings < 0) return text;
  const negative = lines.findIndex((line) => /^\s*Negative prompt:/.test(line));
  return lines.slice(0, negative < 0 ? settings : Math.min(negative, settings)).join('\n');
}

/** Files of other kinds are called `.txt`, too; control characters are in no text. */
function isBinary(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text);
}
