/** How long the rest of a study will take at the pace of the last images. */

const fewestTimes = 3;
const lastTimes = 20;

/**
 * Milliseconds for `left` images, from the median of the last twenty durations: a pause for coffee does not count.
 *
 * @param durationsMs how long each rated image took, in order; null is given for fewer than three
 */
export function estimateTimeLeft(durationsMs: readonly number[], left: number): number | null {
  if (durationsMs.length < fewestTimes) return null;
  const recent = durationsMs.slice(-lastTimes).toSorted((a, b) => a - b);
  const middle = recent.length / 2;
  const median = (recent[Math.floor(middle)]! + recent[Math.ceil(middle) - 1]!) / 2;
  return median * left;
}

/** `about 12 min left`; under a minute `less than a minute left`. */
export function formatTimeLeft(durationMs: number): string {
  const minutes = Math.round(durationMs / 60_000);
  if (minutes < 1) return 'less than a minute left';
  if (minutes < 90) return `about ${minutes} min left`;
  const hours = Math.round(minutes / 30) / 2;
  return `about ${String(hours).replace('.5', '½')} h left`;
}
