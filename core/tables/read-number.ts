/** Numbers as people's tables write them. */

/** A number, with a point or a comma before the decimals; null for an empty cell, not finite where the cell is no number. */
export function readNumber(cell: string): number | null {
  const text = cell.trim();
  if (text === '' || /^(nan|na|n\/a|null|none)$/i.test(text)) return null;
  return Number(/^[+-]?\d+,\d+$/.test(text) ? text.replace(',', '.') : text);
}
