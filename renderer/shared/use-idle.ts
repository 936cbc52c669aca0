/** What can wait until the page has nothing else to do: dialogs that nobody has opened yet. */
import { useEffect, useState } from 'react';

/** A page that never comes to rest has them all the same. */
const longestWaitMs = 1_000;

/** False until the browser was idle for the first time since this was drawn. */
export function useIdle(): boolean {
  const [isIdle, setIdle] = useState(false);
  useEffect(() => {
    // Safari does not say when it is idle.
    if (typeof window.requestIdleCallback !== 'function') {
      const timer = setTimeout(() => setIdle(true), longestWaitMs);
      return () => clearTimeout(timer);
    }
    const asked = requestIdleCallback(() => setIdle(true), { timeout: longestWaitMs });
    return () => cancelIdleCallback(asked);
  }, []);
  return isIdle;
}
