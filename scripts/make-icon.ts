/** Draws the PNG icons that packages need from `build/icon.svg`, and gives the page the same drawing: `node scripts/make-icon.ts`. */
import { copyFile, mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const project = fileURLToPath(new URL('../', import.meta.url));
const drawing = `${project}build/icon.svg`;
const sizesPx = [16, 32, 48, 64, 128, 256, 512, 1024];

/** The drawing as a square PNG. */
export async function drawIcon(sizePx: number): Promise<Buffer> {
  const density = (72 * sizePx) / 64;
  return await sharp(drawing, { density }).resize(sizePx, sizePx).png({ compressionLevel: 9 }).toBuffer();
}

if (import.meta.main) {
  await mkdir(`${project}build/icons`, { recursive: true });
  for (const sizePx of sizesPx) {
    await sharp(await drawIcon(sizePx)).toFile(`${project}build/icons/${sizePx}x${sizePx}.png`);
  }
  await copyFile(`${project}build/icons/1024x1024.png`, `${project}build/icon.png`);
  await mkdir(`${project}renderer/public`, { recursive: true });
  await copyFile(drawing, `${project}renderer/public/icon.svg`);
}
