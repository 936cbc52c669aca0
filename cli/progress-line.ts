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
export function describeProgress({ progress }: Pick<Job, 'progress'>): string {
  const { phase, done, total, failed, perSecond, etaMs } = progress;
  const count = total === null ? `${done}` : `${done} of ${total}`;
  const share = total === null || total === 0 ? '' : ` (${Math.floor((done / total) * 100)} %)`;
  return [
    `${phase} ${count}${share}`,
    perSecond === null ? null : `${perSecond.toFixed(1)} a second`,
    etaMs === null ? null : `${describeDuration(etaMs)} left`,
    failed === 0 ? null : `${failed} failed`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

/** E.g. `8 s`, `3 min 20 s`, `2 h 5 min`. */
export function describeDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
