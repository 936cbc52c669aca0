/** How much of the processors' time a page and its engine take for something: what it lasts where nothing else runs, however busy a machine is. */
import type { CDPSession, Page } from 'playwright-core';
import { readCpuMs } from '../../../scripts/support/read-cpu-ms.ts';
import type { WebStudio } from '../../support/web-studio.ts';

export interface Spent<Given> {
  /** What `act` gave. */
  given: Given;
  /** Of the page's main thread and the engine together; of the page's alone where the system does not tell of processes. */
  spentMs: number;
  /** By the clock. */
  lastedMs: number;
}

/** @param act what is measured; where it goes to a page, from one that was empty */
export async function measureSpent<Given>(
  page: Page,
  studio: WebStudio,
  act: () => Promise<Given>,
): Promise<Spent<Given>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async () => (await readThreadMs(session)) + (readCpuMs(studio.process.pid!) ?? 0);
  const [spentBefore, before] = [await spent(), performance.now()];
  const given = await act();
  const lastedMs = performance.now() - before;
  const spentMs = (await spent()) - spentBefore;
  await session.detach();
  return { given, spentMs, lastedMs };
}

async function readThreadMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return 1000 * metrics.find(({ name }) => name === 'ThreadTime')!.value;
}
