/** What this process and its children have used, by Linux' own account; nothing elsewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of `/proc/<pid>/stat` a second; the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Child processes that run now. */
function listChildren(): string[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    const parent = /^PPid:\s+(\d+)$/m.exec(readIfThere(`/proc/${name}/status`))?.[1];
    return Number(parent) === process.pid;
  });
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The most resident memory in bytes that a child has had; 0 where nobody tells. */
export function peakOfChildren(): number {
  const peaks = listChildren().map((pid) =>
    Number(/^VmHWM:\s+(\d+) kB$/m.exec(readIfThere(`/proc/${pid}/status`))?.[1] ?? 0),
  );
  return 1024 * Math.max(0, ...peaks);
}

/** Seconds of processors used by this process and its children, those that have ended as well; other work on the machine changes them little. */
export function cpuSeconds(): number {
  const own = ticksOf('self', ['utime', 'stime', 'cutime', 'cstime']);
  const ofChildren = listChildren().map((pid) => ticksOf(pid, ['utime', 'stime']));
  return [own, ...ofChildren].reduce((sum, ticks) => sum + ticks, 0) / ticksPerSecond;
}

/** Places behind the name in parentheses, the second field of `/proc/<pid>/stat` (proc_pid_stat(5)). */
const places = { utime: 11, stime: 12, cutime: 13, cstime: 14 };

function ticksOf(pid: string, names: (keyof typeof places)[]): number {
  const fields = readIfThere(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
  return names.reduce((sum, name) => sum + Number(fields[places[name]] ?? 0), 0);
}
