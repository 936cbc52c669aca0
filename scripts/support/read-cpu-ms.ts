/** What a process has had of the processors' time. */
import { readFileSync } from 'node:fs';

/** In milliseconds, in steps of 10, as Linux tells (proc(5): `utime` and `stime`); null elsewhere. */
export function readCpuMs(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [userTicks, systemTicks] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (userTicks! + systemTicks!) * 10;
}
