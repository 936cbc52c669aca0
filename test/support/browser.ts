/** Starts the headless Chromium that npm brought, for tests that drive real pages. */
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/** Flags that concern the sandbox of a serverless host or slow a page down; the rest of the package's flags are kept. */
const unwanted = /^--(single-process|no-zygote|disable-web-security|headless|window-size|in-process-gpu)/;

/**
 * A Chromium of its own for one test file; close it in `afterAll`. Two test files may start one at the same moment: the package
 * unpacks its binary once a machine.
 */
export async function launchBrowser(): Promise<Browser> {
  return await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [
      ...chromium.args.filter((flag) => !unwanted.test(flag)),
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--force-color-profile=srgb',
    ],
    headless: true,
  });
}
