/** Names of ours as file names. */

/** UTF-8 bytes: file systems take 255 for a name, an ending and a number included. */
const mostBytes = 180;
const mostLetters = 80;
/** What Windows takes for a device, whatever its ending. */
const deviceName = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;

/** A name of ours as part of a file name that every system accepts. */
export function fileStem(name: string): string {
  const letters = [...name.toWellFormed().replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, '_')].slice(0, mostLetters);
  return cutToBytes(letters.join(''), mostBytes).replace(deviceName, '$1_');
}

/** The beginning of a text that takes at most so many bytes as UTF-8, no character cut in two. */
export function cutToBytes(text: string, most: number): string {
  let bytes = 0;
  let kept = '';
  for (const letter of text) {
    bytes += Buffer.byteLength(letter);
    if (bytes > most) break;
    kept += letter;
  }
  return kept;
}
