/** Tables on a terminal: columns as wide as their longest cell, numbers to the right. */

/** A table as text, a line a row; the header is underlined. Control characters of cells are shown as `?`. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = [header, ...rows].map((row) => row.map((cell) => cell.replaceAll(/\p{Cc}/gu, '?')));
  const widths = header.map((_, at) => Math.max(...shown.map((row) => (row[at] ?? '').length)));
  const isNumber = header.map(
    (_, at) => rows.length > 0 && rows.every((row) => /^[-−]?[\d.,]*%?$/.test(row[at] ?? '')),
  );
  const lines = shown.map((row) =>
    row
      .map((cell, at) => (isNumber[at] ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!)))
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

/** A number with three decimals and its interval, or why there is none. */
export function formatEstimate(
  estimate: { value: number; low: number | null; high: number | null } | { reason: string },
): string {
  if ('reason' in estimate) return `– (${estimate.reason})`;
  const { value, low, high } = estimate;
  const interval = low === null || high === null ? '' : ` [${low.toFixed(3)}, ${high.toFixed(3)}]`;
  return value.toFixed(3) + interval;
}
