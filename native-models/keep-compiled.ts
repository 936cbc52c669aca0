/** Keeps the code that a thread has compiled, for the next start: this process ends by being killed, and node keeps it only at other ends. */
import { flushCompileCache } from 'node:module';

const kept = new Set<string>();

/** To be called when a kind of work has been done: the first time it has loaded what it needs, and compiled it. */
export function keepCompiled(work: string): void {
  if (kept.has(work)) return;
  kept.add(work);
  flushCompileCache();
}
