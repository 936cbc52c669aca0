/** How far a job is, in words; the same at the foot of the window and on the screen it belongs to. */
import type { Job, JobKind } from '../../contract/jobs.ts';
import { formatBytes, formatCount, formatDuration } from './format.ts';

/** Jobs whose progress is counted in bytes. */
const inBytes: readonly JobKind[] = ['addPack', 'remakePack', 'fetchPack', 'exportPack'];

/** `Fetching model.safetensors · 1.2 GB of 3.9 GB · 11 MB a second · 4 min 2 s left`. */
export function describeProgress({ kind, progress }: Pick<Job, 'kind' | 'progress'>): string {
  const { phase, done, total, failed, skipped, perSecond, etaMs } = progress;
  const isBytes = inBytes.includes(kind);
  const amount = isBytes ? formatBytes : formatCount;
  const parts = [
    phase,
    total === null ? amount(done) : `${amount(done)} of ${amount(total)}`,
    skipped > 0 ? `${amount(skipped)} ${isBytes ? 'was' : 'were'} done already` : null,
    failed > 0 ? `${formatCount(failed)} failed` : null,
    perSecond === null ? null : `${describeRate(perSecond, isBytes)} a second`,
    etaMs === null ? null : `${formatDuration(etaMs)} left`,
  ];
  return parts.filter((part) => part !== null && part !== '').join(' · ');
}

function describeRate(perSecond: number, isBytes: boolean): string {
  if (isBytes) return formatBytes(perSecond);
  return perSecond < 10 ? perSecond.toFixed(1) : String(Math.round(perSecond));
}
