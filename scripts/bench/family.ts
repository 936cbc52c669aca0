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

/** Seconds of processors used by this process and its children, which other work on the machine changes little. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  const ofChildren = listChildren().map((pid) => {
    // Behind the name in parentheses; utime and stime are fields 14 and 15 (proc_pid_stat(5)).
    const fields = readIfThere(`/proc/${pid}/stat`)
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond;
  });
  return (user + system) / 1e6 + ofChildren.reduce((sum, seconds) => sum + seconds, 0);
}
