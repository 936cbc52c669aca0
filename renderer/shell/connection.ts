/** Whether the engine answers: a small store that the shell shows. */
import { useSyncExternalStore } from 'react';

let isConnected = true;
const listeners = new Set<() => void>();

export function setConnected(value: boolean): void {
  if (value === isConnected) return;
  isConnected = value;
  for (const listener of listeners) listener();
}

export function useConnected(): boolean {
  return useSyncExternalStore(subscribe, () => isConnected);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
