/** Lends the test files of one process a real Chromium, one after another or at once: each has contexts of its own, as windows that nobody shares. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';

export interface LentBrowser {
  newContext: (options?: BrowserContextOptions) => Promise<BrowserContext>;
  /** A page in a context of its own. */
  newPage: (options?: BrowserContextOptions) => Promise<Page>;
  /** Closes what was opened here; the browser ends with the process. */
  close: () => Promise<void>;
}

let running: Promise<Browser> | null = null;

/** For one test file; close it in `afterAll`. */
export async function lendBrowser(): Promise<LentBrowser> {
  const browser = await findBrowser();
  const contexts: BrowserContext[] = [];
  async function newContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await browser.newContext(options);
    contexts.push(context);
    return context;
  }
  return {
    newContext,
    newPage: async (options) => await (await newContext(options)).newPage(),
    close: async () => {
      for (const context of contexts) await context.close();
    },
  };
}

async function findBrowser(): Promise<Browser> {
  running ??= launch();
  const browser = await running;
  if (browser.isConnected()) return browser;
  running = launch();
  return await running;
}

/** It lives on while other files are tested, some of which signal their own process. */
function launch(): Promise<Browser> {
  return launchBrowser({ heedsSignals: false });
}
