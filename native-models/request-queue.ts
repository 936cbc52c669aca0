/** The order in which waiting requests get a thread: what a person waits for, then identities, then looks. */
import type { TaskQueue } from 'piscina';

type Task = Parameters<TaskQueue['push']>[0];

/**
 * Requests of one kind keep their order. Identities go before looks because they take a hundredth of the time and the engine needs them
 * to ask for the next looks: so that no thread waits for the engine.
 */
export class RequestQueue implements TaskQueue {
  readonly #urgent: Task[] = [];
  readonly #identify: Task[] = [];
  readonly #look: Task[] = [];

  get size(): number {
    return this.#urgent.length + this.#identify.length + this.#look.length;
  }

  push(task: Task): void {
    this.#lineOf(task).push(task);
  }

  shift(): Task | null {
    return this.#urgent.shift() ?? this.#identify.shift() ?? this.#look.shift() ?? null;
  }

  remove(task: Task): void {
    const line = this.#lineOf(task);
    const at = line.indexOf(task);
    if (at >= 0) line.splice(at, 1);
  }

  #lineOf(task: Task): Task[] {
    const name = 'name' in task ? task.name : null;
    if (name === 'look' || name === 'prepare' || name === 'fingerprint') return this.#look;
    return name === 'identify' ? this.#identify : this.#urgent;
  }
}
