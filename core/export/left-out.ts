/** What an export left out, counted by reason. */
import type { JobSummary } from '../../contract/jobs.ts';

export class LeftOut {
  readonly #reasons = new Map<string, number>();

  add(why: string): void {
    this.#reasons.set(why, (this.#reasons.get(why) ?? 0) + 1);
  }

  /** Nothing where nothing was left out. */
  describe(): Pick<JobSummary, 'skipped' | 'reasons'> {
    const reasons = [...this.#reasons].map(([why, count]) => ({
      code: 'unreadable',
      message: `Left out: ${why}.`,
      count,
    }));
    const skipped = reasons.reduce((sum, { count }) => sum + count, 0);
    return skipped === 0 ? {} : { skipped, reasons };
  }
}
