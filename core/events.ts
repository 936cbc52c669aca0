/** The bus that tells open pages what happened: progress of jobs, and which tables changed. */
import { randomUUID } from 'node:crypto';
import { EventPublisher } from '@orpc/server';
import type { StudioEvent, Topic } from '../contract/events.ts';
import type { Job } from '../contract/jobs.ts';

/** Changes within this time are told once. */
const gatherMs = 80;

export class EventBus {
  readonly #publisher = new EventPublisher<{ event: StudioEvent }>({ maxBufferedEvents: 1000 });
  readonly #topics = new Set<Topic>();
  readonly #counts = new Map<Topic, number>();
  /** Of this run of the studio. */
  readonly #run = randomUUID();
  #happened = 0;
  #timer: NodeJS.Timeout | null = null;

  /** Another one after whatever happens. */
  get moment(): string {
    return `${this.#run} ${this.#happened}`;
  }

  /** Tells that tables changed; several calls shortly after each other become one event. */
  changed(...topics: Topic[]): void {
    this.#happened += 1;
    for (const topic of topics) {
      this.#topics.add(topic);
      this.#counts.set(topic, this.countChanges(topic) + 1);
    }
    this.#timer ??= setTimeout(() => this.#tell(), gatherMs).unref();
  }

  /** How often these were told to have changed: for what is kept until they do. */
  countChanges(...topics: Topic[]): number {
    return topics.reduce((sum, topic) => sum + (this.#counts.get(topic) ?? 0), 0);
  }

  job(job: Job): void {
    this.#happened += 1;
    this.#publisher.publish('event', { kind: 'job', job });
  }

  /** All events from now on, until the signal aborts. */
  watch(signal: AbortSignal | undefined): AsyncIterable<StudioEvent> {
    return this.#publisher.subscribe('event', signal === undefined ? {} : { signal });
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #tell(): void {
    this.#timer = null;
    const topics = [...this.#topics];
    this.#topics.clear();
    this.#publisher.publish('event', { kind: 'changed', topics });
  }
}
