/** Writes sidecars on a thread, one after the other: each is whole or as it was before, and no image is touched. */
import type { JobSummary } from '../../contract/jobs.ts';
import type { Db } from '../../db/database.ts';
import { readablePath } from './image-columns.ts';
import { blocksOf, factsOf } from './image-rows.ts';
import { LeftOut } from './left-out.ts';
import { serveWriter, type WriteHooks, type WriterAnswer, type WriterTask } from './run-writer.ts';
import { describeImage, type SidecarPlan } from './sidecar-facts.ts';
import { SidecarPlaces } from './sidecar-places.ts';
import { updateSidecar } from './update-sidecar.ts';

/** Files that are named with the reason; all are counted. */
const namedAtMost = 100;

interface SidecarTask extends WriterTask {
  plan: SidecarPlan;
}

/** Writes them. Cancelled, it says what is written until then. */
export function writeSidecars({ plan, ...task }: SidecarTask): Promise<WriterAnswer> {
  return serveWriter(task, plan, (db, hooks) => writeAll(db, plan, hooks));
}

async function writeAll(db: Db, plan: SidecarPlan, { signal, onRow }: WriteHooks): Promise<JobSummary> {
  const tally = new Tally();
  const places = new SidecarPlaces(db, plan.naming);
  for (const { facts, rows } of factsOf(db, blocksOf(db, { ...plan, rows: 'images' }), {
    ...plan,
    columns: [],
  })) {
    for (const { id } of rows) {
      if (signal.aborted) return tally.describe();
      const told = describeImage(facts, id, plan);
      const files = facts.files().get(id) ?? [];
      if (told === null) tally.leaveOut(facts.images().get(id)!.name, 'it has neither scores nor MOS');
      else if (files.length === 0) tally.leaveOut(facts.images().get(id)!.name, 'no file of it is left');
      else {
        for (const file of files) {
          const place = await places.find(file);
          const outcome = 'why' in place ? place : await updateSidecar(place.sidecar, told);
          if ('why' in outcome) tally.leaveOut(readablePath(file), outcome.why);
          else tally.count(outcome);
        }
      }
      onRow();
    }
  }
  return tally.describe();
}

class Tally {
  readonly #leftOut = new LeftOut();
  readonly #named: string[] = [];
  #written = 0;
  #same = 0;
  #skipped = 0;

  count({ isWritten }: { isWritten: boolean }): void {
    if (isWritten) this.#written += 1;
    else this.#same += 1;
  }

  leaveOut(name: string, why: string): void {
    this.#leftOut.add(why);
    this.#skipped += 1;
    if (this.#named.length < namedAtMost) this.#named.push(`${name}: ${why}`);
  }

  describe(): JobSummary {
    const more = this.#skipped - this.#named.length;
    const notes = [
      ...(this.#same === 0 ? [] : [`${this.#same} said the same already and were not written again.`]),
      ...this.#named,
      ...(more === 0 ? [] : [`… and ${more} more`]),
    ];
    return { rows: this.#written, ...this.#leftOut.describe(), ...(notes.length === 0 ? {} : { notes }) };
  }
}
