/** Progress of a job on stderr: one line that is redrawn on a terminal, a line every few seconds elsewhere. */
import type { Job } from '../contract/jobs.ts';

const plainEveryMs = 5_000;

export class ProgressLine {
  readonly #out = process.stderr;
  #shownAt = Date.now();
  #isOpen = false;

  show(job: Job): void {
    if (this.#out.isTTY) {
      const text = describeProgress(job).slice(0, (this.#out.columns || 80) - 1);
      this.#out.write(`\r\x1b[K${text}`);
      this.#isOpen = true;
    } else if (Date.now() - this.#shownAt >= plainEveryMs) {
      this.#shownAt = Date.now();
      this.#out.write(`${describeProgress(job)}\n`);
    }
  }

  /** Takes the line away: what comes next is the summary. */
  end(): void {
    if (this.#isOpen) this.#out.write('\r\x1b[K');
    this.#isOpen = false;
  }
}

/** E.g. `scoring 120 of 300 (40 %), 18.2 a second, 10 s left, 3 failed`. */
export function describeProgress({ kind, progress }: Pick<Job, 'kind' | 'progress'>): string {
  const { phase, done, total, failed, perSecond, etaMs } = progress;
  const show = countsBytes(kind, total) ? describeBytes : String;
  const count = total === null ? show(done) : `${show(done)} of ${show(total)}`;
  const share = total === null || total === 0 ? '' : ` (${Math.floor((done / total) * 100)} %)`;
  return [
    `${phase} ${count}${share}`,
    perSecond === null ? null : `${show === String ? perSecond.toFixed(1) : show(perSecond)} a second`,
    etaMs === null ? null : `${describeDuration(etaMs)} left`,
    failed === 0 ? null : `${failed} failed`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

const bytesKinds: readonly Job['kind'][] = ['addPack', 'remakePack', 'fetchPack', 'exportPack'];

/** Work on packs counts bytes, but for steps of a few files. */
function countsBytes(kind: Job['kind'], total: number | null): boolean {
  return bytesKinds.includes(kind) && (total ?? 0) >= 10_000;
}

/** E.g. `812 B`, `1.2 MB`, `3.94 GB`. */
export function describeBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? Math.round(value) : value.toPrecision(3)} ${units[power]}`;
}

/** E.g. `8 s`, `3 min 20 s`, `2 h 5 min`. */
export function describeDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
