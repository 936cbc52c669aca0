import { mkdirSync } from 'node:fs';
import { launchBrowser } from './test/support/browser.ts';
const base = 'http://127.0.0.1:4871';
mkdirSync('/tmp/h-heads/shots', { recursive: true });
const browser = await launchBrowser();
const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
page.on('console', (m) => m.type() === 'error' && console.log('console', m.text()));
page.on('pageerror', (e) => console.log('pageerror', e.message));
export async function shots(name: string) {
  for (const [w, h] of [[1280, 800], [3840, 2160]] as const)
    for (const scheme of ['dark', 'light'] as const) {
      if (w === 3840 && scheme === 'light' && !process.env.ALL) continue;
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width: w, height: h });
      await page.waitForTimeout(700);
      await page.screenshot({ path: `/tmp/h-heads/shots/${name}-${w}-${scheme}.png` });
    }
  await page.setViewportSize({ width: 1280, height: 800 });
}
const { run } = await import(process.argv[2]!);
try { await run({ page, base, shots }); } catch (e) { console.log('ERR', String(e).slice(0, 1500)); await page.screenshot({ path: '/tmp/h-heads/shots/error.png' }); }
await browser.close();
