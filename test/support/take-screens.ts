/** Pictures of the screens for the documentation, made by the browser tests when `SFIQA_SCREENS=1`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import sharp from 'sharp';

const folder = fileURLToPath(new URL('../../docs/screens/', import.meta.url));
const sizes = [
  { width: 1280, height: 800 },
  { width: 2560, height: 1440 },
];
const mostBytes = 300_000;

/** Saves what the page shows as `<name>-<width>-<scheme>.png`, in every size and scheme; does nothing without the variable. */
export async function takeScreens(page: Page, name: string): Promise<void> {
  if (process.env['SFIQA_SCREENS'] !== '1') return;
  mkdirSync(folder, { recursive: true });
  const before = page.viewportSize();
  for (const size of sizes) {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
      // Thumbnails that the larger window brings in, and the virtual rows around them, need a moment.
      await page.waitForTimeout(700);
      await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined);
      const shot = await page.screenshot();
      await writeSmall(shot, `${folder}${name}-${size.width}-${colorScheme}.png`);
    }
  }
  await page.emulateMedia({ colorScheme: null });
  if (before !== null) await page.setViewportSize(before);
}

/** As many colours, and as much dither between them, as fit into the bytes. */
async function writeSmall(png: Buffer, path: string): Promise<void> {
  for (const [colours, dither] of [
    [256, 1],
    [256, 0],
    [128, 0],
    [32, 0],
  ] as const) {
    const small = await sharp(png)
      .png({ palette: true, colours, dither, effort: 10, compressionLevel: 9 })
      .toBuffer();
    if (small.byteLength > mostBytes && colours > 32) continue;
    writeFileSync(path, small);
    return;
  }
}
