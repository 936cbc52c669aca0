/** What a run over a folder has counted: files looked at, skipped, failed for what reasons, gone meanwhile. */
import type { ReasonCount } from '../contract/jobs.ts';
import type { FileFailure } from '../native-models/messages.ts';

export class RunTally {
  looked = 0;
  skipped = 0;
  failed = 0;
  /** Files that went away while others were looked at. */
  gone = 0;
  /** Files whose metadata is there and could not be read. */
  garbled = 0;
  readonly #reasons = new Map<string, ReasonCount>();

  countFailure({ code, message }: FileFailure): void {
    this.failed += 1;
    const known = this.#reasons.get(code);
    if (known === undefined) this.#reasons.set(code, { code, message, count: 1 });
    else known.count += 1;
  }

  /** Files that nothing more is done with. */
  get done(): number {
    return this.looked + this.skipped + this.failed + this.gone;
  }

  /** Why files failed, and what others have counted beside them: the most frequent reason first. */
  listReasons(others: readonly ReasonCount[] = []): ReasonCount[] {
    return [...this.#reasons.values(), ...others].sort((a, b) => b.count - a.count);
  }
}
