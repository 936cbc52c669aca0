/** Text chunks of a PNG file (tEXt, zTXt, iTXt; PNG specification, third edition, 11.3.3), wherever they stand. */
import { constants, inflateSync } from 'node:zlib';
import { maxBlockChars, maxBlocks } from './blocks.ts';

/** Types of chunks as numbers: a file has hundreds of IDAT, and to read each one's name as text takes longer than all texts. */
export const pngTypes = { IDAT: 0x49_44_41_54, IEND: 0x49_45_4e_44, caBX: 0x63_61_42_58 };

/** Keyword and text of each chunk up to the end (IEND): megabytes of zeros may follow. A wrong CRC is passed over: it does not make the text less readable. A cut-off file gives what it has. */
export function readPngText(bytes: Buffer): Map<string, string> {
  const blocks = new Map<string, string>();
  for (let at = 8; at + 8 <= bytes.length && blocks.size < maxBlocks; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.readUInt32BE(at + 4);
    const end = at + 8 + length;
    if (end > bytes.length || type === pngTypes.IEND) break;
    const chunk =
      type === pngTypes.IDAT
        ? null
        : readChunk(bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, end));
    if (chunk !== null && !blocks.get(chunk[0])) blocks.set(...chunk);
    at = end + 4;
  }
  return blocks;
}

/** A PNG's chunks but those of pixels (IDAT), which readers need not copy, and what follows its end; anything else as it is. */
export function withoutPixels(bytes: Buffer): Buffer {
  if (bytes.toString('latin1', 1, 4) !== 'PNG') return bytes;
  const kept = [bytes.subarray(0, 8)];
  let from = 8;
  for (let at = 8; at + 8 <= bytes.length; ) {
    const end = at + 12 + bytes.readUInt32BE(at);
    const type = bytes.readUInt32BE(at + 4);
    if (type === pngTypes.IEND) return Buffer.concat([...kept, bytes.subarray(from, end)]);
    if (type === pngTypes.IDAT) {
      if (at > from) kept.push(bytes.subarray(from, at));
      from = end;
    }
    at = end;
  }
  return Buffer.concat([...kept, bytes.subarray(from)]);
}

/** Keyword and text of a text chunk; null for other chunks and damaged ones. */
function readChunk(type: string, data: Buffer): [string, string] | null {
  if (type !== 'tEXt' && type !== 'zTXt' && type !== 'iTXt') return null;
  const keywordEnd = data.indexOf(0);
  if (keywordEnd < 1 || keywordEnd > 79) return null;
  const keyword = data.toString('latin1', 0, keywordEnd);
  const rest = data.subarray(keywordEnd + 1);
  const text = type === 'tEXt' ? rest : type === 'zTXt' ? inflate(rest.subarray(1)) : internationalText(rest);
  return text === null ? null : [keyword, decodeText(text)];
}

/** Compression flag and method, language tag, translated keyword, then the text. */
function internationalText(rest: Buffer): Buffer | null {
  const languageEnd = rest.indexOf(0, 2);
  const translatedEnd = languageEnd < 0 ? -1 : rest.indexOf(0, languageEnd + 1);
  if (translatedEnd < 0) return null;
  const text = rest.subarray(translatedEnd + 1);
  return rest[0] === 1 ? inflate(text) : text;
}

/** Null beyond the bound, so that a small chunk cannot fill the memory, and where the data is damaged; what is cut off gives what is left. */
function inflate(data: Buffer): Buffer | null {
  try {
    return inflateSync(data, { maxOutputLength: maxBlockChars, finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return null;
  }
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** UTF-8 where it is valid (several tools put it into tEXt against the specification), Latin-1 otherwise. */
export function decodeText(data: Uint8Array): string {
  const bounded = data.subarray(0, maxBlockChars);
  try {
    return strictUtf8.decode(bounded);
  } catch {
    return Buffer.from(bounded).toString('latin1');
  }
}
