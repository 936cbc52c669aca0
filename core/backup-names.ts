/** Names of backups, and which of them are kept: pure. */
import type { Backup, BackupReason } from '../contract/keep.ts';

const dayMs = 24 * 60 * 60 * 1000;
const weekMs = 7 * dayMs;

/** How many of each kind stay; those somebody asked for are theirs to remove. */
const newestKept = 3;
const daysKept = 4;
const weeksKept = 4;

/** `2026-11-26T01.58.03.123Z-automatic.sqlite`: no colons, which Windows does not have in names. */
export function nameBackup(madeAt: number, reason: BackupReason): string {
  return `${new Date(madeAt).toISOString().replaceAll(':', '.')}-${reason}.sqlite`;
}

/** What a name says; null for files that are no backups. */
export function parseBackupName(name: string): Pick<Backup, 'madeAt' | 'reason'> | null {
  const found =
    /^(\d{4}-\d\d-\d\dT\d\d)\.(\d\d)\.(\d\d\.\d{3}Z)-(automatic|asked|migration|replaced)\.sqlite$/.exec(
      name,
    );
  if (found === null) return null;
  const madeAt = Date.parse(`${found[1]}:${found[2]}:${found[3]}`);
  return Number.isNaN(madeAt) ? null : { madeAt, reason: found[4] as BackupReason };
}

/**
 * Backups that have had their time. Of the automatic ones stay the newest three, the newest of each of the last four days that have one,
 * and of each of the last four weeks; of those before a migration or a restore the newest three. Those that a wrong clock dated after
 * `now` take nobody's place: the newest three of each kind stay beside them.
 */
export function chooseOutdated(backups: readonly Backup[], now: number): Backup[] {
  const newestFirst = backups.toSorted((a, b) => b.madeAt - a.madeAt);
  const misdated = newestFirst.filter(({ madeAt }) => madeAt > now);
  const dated = newestFirst.filter(({ madeAt }) => madeAt <= now);
  const automatic = dated.filter(({ reason }) => reason === 'automatic');
  const newestOf = (reason: BackupReason) =>
    [dated, misdated].flatMap((all) => all.filter((one) => one.reason === reason).slice(0, newestKept));
  const kept = new Set([
    ...newestOf('automatic'),
    ...newestOfEach(automatic, dayMs).slice(0, daysKept),
    ...newestOfEach(automatic, weekMs).slice(0, weeksKept),
    ...newestOf('migration'),
    ...newestOf('replaced'),
    ...newestFirst.filter(({ reason }) => reason === 'asked'),
  ]);
  return newestFirst.filter((backup) => !kept.has(backup));
}

function newestOfEach(newestFirst: readonly Backup[], spanMs: number): Backup[] {
  const bySpan = Map.groupBy(newestFirst, ({ madeAt }) => Math.floor(madeAt / spanMs));
  return [...bySpan.values()].map(([newest]) => newest!);
}
