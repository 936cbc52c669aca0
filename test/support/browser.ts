/** Starts the headless Chromium that npm brought, for tests and benches that drive real pages. */
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/**
 * Flags that concern the sandbox of a serverless host, or draw through an emulated graphics card: without one pages paint several
 * times faster, and a browser that has scrolled much closes at once instead of after half a minute.
 */
const unwanted =
  /^--(single-process|no-zygote|disable-web-security|headless|window-size|in-process-gpu|use-gl|use-angle|ignore-gpu-blocklist|enable-unsafe-swiftshader)/;

/** A Chromium; tests are lent one (`lend-browser.ts`). Two processes may start one at the same moment: the package unpacks its binary once a machine. @param options `heedsSignals`: a signal to this process closes it and ends the process */
export async function launchBrowser({ heedsSignals = true } = {}): Promise<Browser> {
  return await playwright.launch({
    handleSIGINT: heedsSignals,
    handleSIGTERM: heedsSignals,
    handleSIGHUP: heedsSignals,
    executablePath: await chromium.executablePath(),
    args: [
      ...chromium.args.filter((flag) => !unwanted.test(flag)),
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--force-color-profile=srgb',
    ],
    headless: true,
  });
}
