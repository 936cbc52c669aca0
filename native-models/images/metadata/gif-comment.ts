/** The first comment of a GIF (GIF89a, 24), where AUTOMATIC1111 puts its parameters. */
import { decodeText } from './png-text.ts';

/** The text, or null where there is none or the file is no GIF. Blocks behind the first picture are looked at, too. */
export function readGifComment(bytes: Buffer): string | null {
  if (bytes.toString('latin1', 0, 3) !== 'GIF' || bytes.length < 13) return null;
  for (let at = 13 + tableBytes(bytes[10]!); at < bytes.length; ) {
    const kind = bytes[at];
    if (kind === 0x21) {
      const { data, end } = readSubBlocks(bytes, at + 2);
      if (bytes[at + 1] === 0xfe) return decodeText(data);
      at = end;
    } else if (kind === 0x2c && at + 10 < bytes.length) {
      at = readSubBlocks(bytes, at + 11 + tableBytes(bytes[at + 9]!)).end;
    } else return null;
  }
  return null;
}

/** The colour table that the packed fields announce. */
function tableBytes(packed: number): number {
  return packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0;
}

/** Parts of up to 255 bytes, each after its length, up to one of none. */
function readSubBlocks(bytes: Buffer, start: number): { data: Buffer; end: number } {
  const parts: Buffer[] = [];
  let at = start;
  for (let length = bytes[at] ?? 0; length > 0; length = bytes[at] ?? 0) {
    parts.push(bytes.subarray(at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { data: Buffer.concat(parts), end: at + 1 };
}
