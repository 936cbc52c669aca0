/** Names as people write them into one field. */

/** One a line, or with commas or semicolons between; each once. */
export function splitNames(text: string): string[] {
  return [...new Set(text.split(/[\n,;]/).map((name) => name.trim()))].filter((name) => name !== '');
}
