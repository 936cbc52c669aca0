import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { PackManifest } from '../../../contract/pack.ts';
import { createRandom } from '../../../core/maths/random.ts';
import { brisqueLength } from '../../../native-models/classic/brisque.ts';
import { featureLength, featureVersion, lookClassic } from '../../../native-models/classic/classic.ts';
import type { RgbImage } from '../../../native-models/images/decode.ts';
import manifest from '../../../packs/classic/manifest.json' with { type: 'json' };

/** Soft shapes with fine texture: the kind of structure that photographs have. */
function paintScene(width: number, height: number): RgbImage {
  const random = createRandom(7);
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const shape =
        90 + 60 * Math.sin(x / 37) * Math.cos(y / 23) + (Math.hypot(x - 200, y - 150) < 90 ? 50 : 0);
      const grain = 6 * random.normal();
      const at = 3 * (y * width + x);
      rgb[at] = Math.max(0, Math.min(255, shape + grain));
      rgb[at + 1] = Math.max(0, Math.min(255, shape * 0.8 + grain + 20));
      rgb[at + 2] = Math.max(0, Math.min(255, shape * 0.5 + grain + 40));
    }
  }
  return { rgb, width, height };
}

async function blurred({ rgb, width, height }: RgbImage, sigma: number): Promise<RgbImage> {
  const data = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .blur(sigma)
    .raw()
    .toBuffer();
  return { rgb: data, width, height };
}

function signalsOf(look: ReturnType<typeof lookClassic>): Record<string, number> {
  const { niqe, colourfulness, sharpness, contrast } = look.signals;
  return { niqe, colourfulness, sharpness, contrast } as Record<string, number>;
}

describe('the manifest of classic', () => {
  it('states the features that the code gives', () => {
    expect(PackManifest.parse(manifest).features).toEqual({ version: featureVersion, length: featureLength });
  });
});

describe('what classic gives for a picture', () => {
  it('is 727 finite features, 36 of NIQE, 36 of BRISQUE and four signals, whatever the size', async () => {
    for (const [width, height] of [
      [512, 512],
      [768, 512],
      [400, 700],
    ] as const) {
      const look = lookClassic(paintScene(width, height));
      expect(look.vectors['features']?.length).toBe(727);
      expect(look.vectors['features']?.every(Number.isFinite)).toBe(true);
      expect(look.vectors['niqe']?.length).toBe(36);
      expect(look.vectors['brisque']?.length).toBe(brisqueLength);
      for (const value of Object.values(signalsOf(look))) expect(Number.isFinite(value)).toBe(true);
    }
  });

  it('still has features for a picture too small or too flat for NIQE, and says what is missing', async () => {
    const flat = lookClassic({ rgb: new Uint8Array(48 * 48 * 3).fill(200), width: 48, height: 48 });
    expect(flat.vectors['features']?.every(Number.isFinite)).toBe(true);
    expect(flat.vectors['niqe']).toBeUndefined();
    expect(flat.signals['niqe']).toEqual({ reason: expect.stringContaining('48 × 48') });
    expect(flat.signals).toMatchObject({ colourfulness: 0, sharpness: 0, contrast: 0 });
  });

  it('is the same for the same pixels', async () => {
    const [a, b] = [lookClassic(paintScene(600, 512)), lookClassic(paintScene(600, 512))];
    expect(a).toEqual(b);
  });

  it('finds a blurred picture less sharp and lower in contrast', async () => {
    const scene = paintScene(512, 512);
    const clear = signalsOf(lookClassic(scene));
    const soft = signalsOf(lookClassic(await blurred(scene, 3)));
    expect(soft['sharpness']).toBeLessThan(clear['sharpness']! / 2);
    expect(soft['contrast']).toBeLessThan(clear['contrast']!);
  });

  it('finds a grey picture without colour and a saturated one colourful', async () => {
    const scene = paintScene(512, 512);
    const grey = { ...scene, rgb: scene.rgb.map((_, i, all) => all[i - (i % 3)]!) };
    const vivid = {
      ...scene,
      rgb: scene.rgb.map((value, i) => (i % 3 === 0 ? 255 : i % 3 === 1 ? value : 0)),
    };
    expect(signalsOf(lookClassic(grey))['colourfulness']).toBe(0);
    const plain = signalsOf(lookClassic(scene))['colourfulness']!;
    expect(signalsOf(lookClassic(vivid))['colourfulness']).toBeGreaterThan(plain);
  });
});

describe('BRISQUE’s features', () => {
  it('see white noise as nearly Gaussian at both scales (shape near 2), pushed apart a little by the local mean', async () => {
    const random = createRandom(3);
    const rgb = new Uint8Array(512 * 512 * 3);
    for (let at = 0; at < rgb.length; at += 3) rgb.fill(128 + 20 * random.normal(), at, at + 3);
    const features = lookClassic({ rgb, width: 512, height: 512 }).vectors['brisque']!;
    expect(features[0]).toBeGreaterThan(1.9);
    expect(features[18]).toBeGreaterThan(1.9);
    for (const at of [2, 6, 10, 14]) {
      const leftToRight = features[at + 2]! / features[at + 3]!;
      expect(leftToRight).toBeGreaterThan(0.9);
      expect(leftToRight).toBeLessThan(2);
    }
  });
});
