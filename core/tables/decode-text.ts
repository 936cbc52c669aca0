/** Text files in the encodings that people's tools write: told by a mark, found out, or chosen; what does not fit is told by its line. */
import { StudioError } from '../../contract/errors.ts';
import type { TextEncoding } from '../../contract/mos.ts';

/** As people know them. */
const encodingNames: Record<TextEncoding, string> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16LE',
  'utf-16be': 'UTF-16BE',
  gb18030: 'GB18030',
  'windows-1252': 'Windows-1252',
  shift_jis: 'Shift_JIS',
  big5: 'Big5',
  'euc-kr': 'EUC-KR',
};

const marks: readonly [start: string, encoding: TextEncoding][] = [
  ['\xef\xbb\xbf', 'utf-8'],
  ['\xff\xfe', 'utf-16le'],
  ['\xfe\xff', 'utf-16be'],
];

/**
 * The text of a file. By byte order mark; else UTF-16 where every other byte is zero; else UTF-8 where it is valid; else Shift_JIS
 * where its kana are many; else GB18030 where bytes beyond ASCII come in its pairs; else Windows-1252, which older spreadsheets write.
 *
 * @param chosen takes the place of finding out
 * @throws StudioError `badInput` with the first line that is not of the chosen encoding, or of UTF-8 where most others are
 */
export function decodeText(
  bytes: Buffer,
  { chosen, fileName = 'The file' }: { chosen?: TextEncoding | undefined; fileName?: string } = {},
): { text: string; encoding: string } {
  const encoding = chosen ?? detectEncoding(bytes);
  const text = tryDecoding(bytes, encoding);
  if (text === null) {
    throw new StudioError(
      'badInput',
      `Line ${findWrongLine(bytes, encoding)} of ${fileName} is not ${encodingNames[encoding]} text. Mend it, or say in which encoding the file is.`,
      { line: findWrongLine(bytes, encoding) },
    );
  }
  return { text, encoding: encodingNames[encoding] };
}

/** The beginning of a text file, which may end within a character: what cannot be read of it is left to be seen. */
export function decodeStart(bytes: Buffer): string {
  return new TextDecoder(detectEncoding(bytes)).decode(bytes);
}

function detectEncoding(bytes: Buffer): TextEncoding {
  const marked = marks.find(([start]) => bytes.toString('latin1', 0, start.length) === start);
  if (marked !== undefined) return marked[1];
  const wide = detectUtf16(bytes);
  if (wide !== null) return wide;
  if (tryDecoding(bytes, 'utf-8') !== null) return 'utf-8';
  if (isMostlyUtf8(bytes)) return 'utf-8';
  if (hasKana(bytes)) return 'shift_jis';
  return isPairedGb18030(bytes) ? 'gb18030' : 'windows-1252';
}

/** Tables are mostly of ASCII (digits, delimiters, line ends), whose high byte is zero in UTF-16. */
function detectUtf16(bytes: Buffer): TextEncoding | null {
  const length = Math.min(bytes.length, 20_000) & ~1;
  let [even, odd] = [0, 0];
  for (let at = 0; at < length; at += 2) {
    if (bytes[at] === 0) even += 1;
    if (bytes[at + 1] === 0) odd += 1;
  }
  const some = length / 2 / 5;
  if (odd > some && even < odd / 10) return 'utf-16le';
  return even > some && odd < even / 10 ? 'utf-16be' : null;
}

/** A file in which more characters beyond ASCII are well-formed UTF-8 than bytes are not is a damaged one of UTF-8. */
function isMostlyUtf8(bytes: Buffer): boolean {
  const text = bytes.toString('utf8');
  const wrong = text.split('\uFFFD').length - 1;
  const right = text.match(/[^\0-\x7F\uFFFD]/gu)?.length ?? 0;
  return right > wrong;
}

/** Japanese sentences have kana, whose first byte is 0x82 or 0x83 in Shift_JIS, in more than a fifth of their characters. */
function hasKana(bytes: Buffer): boolean {
  let [kana, others] = [0, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    const [lead, trail] = [bytes[at]!, bytes[at + 1] ?? 0];
    if (lead < 0x80) continue;
    const isKana =
      (lead === 0x82 && trail >= 0x9f && trail <= 0xf1) || (lead === 0x83 && trail >= 0x40 && trail <= 0x96);
    if (isKana) kana += 1;
    else others += 1;
    at += 1;
  }
  return kana * 4 > others && tryDecoding(bytes, 'shift_jis') !== null;
}

/** Chinese text has both bytes of nearly every pair beyond ASCII (GB/T 2312's characters); accented letters stand alone. */
function isPairedGb18030(bytes: Buffer): boolean {
  let [pairs, others] = [0, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at]! < 0x80) continue;
    const isPair = bytes[at]! >= 0xa1 && (bytes[at + 1] ?? 0) >= 0xa1;
    if (isPair) pairs += 1;
    else others += 1;
    at += 1;
  }
  return pairs > 4 * others && tryDecoding(bytes, 'gb18030') !== null;
}

function tryDecoding(bytes: Uint8Array, encoding: TextEncoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The first line, from 1, that cannot be decoded; a character never spans lines in these encodings. */
function findWrongLine(bytes: Buffer, encoding: TextEncoding): number {
  const width = encoding.startsWith('utf-16') ? 2 : 1;
  const end = Buffer.from('\n', 'utf16le').subarray(0, width);
  const lineEnd = encoding === 'utf-16be' ? Buffer.from([0, 10]) : end;
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    let next = bytes.indexOf(lineEnd, start);
    while (next >= 0 && (next - start) % width !== 0) next = bytes.indexOf(lineEnd, next + 1);
    const stop = next < 0 ? bytes.length : next;
    if (tryDecoding(bytes.subarray(start, stop), encoding) === null) return line;
    start = stop + width;
  }
  return line;
}
