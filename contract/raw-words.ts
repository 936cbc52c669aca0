/** The words by which an image's raw metadata is found: as they are indexed, and as a query asks for them. */

/** More distinct words than any workflow has; what is longer than a word is data (a picture in base64). */
const mostWords = 20_000;
const longestWord = 100;

/** Scripts that put no spaces between words: each letter is one. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;

/** Distinct runs of letters and digits, in the order they first come; JSON's escapes are read as what they stand for. */
export function splitRawWords(text: string): string[] {
  const plain = text
    .replace(/\\+u([0-9a-f]{4})/gi, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\+[nrt"]/g, ' ')
    .replace(unspaced, ' $& ');
  const words = new Set<string>();
  for (const [word] of plain.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    if (word.length <= longestWord) words.add(word.toLowerCase());
    if (words.size === mostWords) break;
  }
  return [...words];
}
