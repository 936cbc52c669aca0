/** Numbers, times and sizes as people read them; the same everywhere. */

const count = new Intl.NumberFormat('en-GB');

/** A whole number with thousands separators. */
export function formatCount(value: number): string {
  return count.format(value);
}

/** A count with what is counted, whose plural ends in s: `1 row`, `2,000 rows`. */
export function countOf(value: number, what: string): string {
  return `${formatCount(value)} ${what}${value === 1 ? '' : 's'}`;
}

/** A score or MOS: two decimals, a real minus sign; an en dash where it does not exist. */
export function formatScore(value: number | null | undefined, decimals = 2): string {
  if (value === null || value === undefined) return '–';
  return value.toFixed(decimals).replace('-', '−');
}

/** A correlation: three decimals. */
export function formatCoefficient(value: number | null | undefined): string {
  return formatScore(value, 3);
}

/** A length of time in the two units that matter: `1 h 12 min`, `3 min 20 s`, `8 s`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A size in bytes as KB, MB or GB (powers of 1000). */
export function formatBytes(sizeBytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = sizeBytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** A day and time in the reader's zone: `24 Nov 2026, 14:05`. */
export function formatTime(timeMs: number): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' }).format(timeMs);
}
