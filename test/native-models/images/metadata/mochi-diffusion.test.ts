/** Mochi Diffusion's caption is read by its names, through semicolons within the prompt. */
import { expect, test } from 'vitest';
import { readMochiDiffusion } from '../../../../native-models/images/metadata/mochi-diffusion.ts';

test('a caption with names and values', () => {
  const caption =
    'Include in Image: a fox; in snow: red; Exclude from Image: fog; Model: sd-2; Steps: 20; Guidance Scale: 7.5; Seed: 5; Size: 512x768; Upscaler: ; Scheduler: DPM-Solver++; Generator: Mochi Diffusion 3.1';
  expect(readMochiDiffusion(new Map([['Caption', caption]]))).toMatchObject({
    ...{ tool: 'Mochi Diffusion', prompt: 'a fox; in snow: red', negativePrompt: 'fog', model: 'sd-2' },
    ...{ steps: 20, cfg: 7.5, seed: '5', width: 512, height: 768, sampler: 'DPM-Solver++' },
  });
});

test('another caption is none', () => {
  expect(readMochiDiffusion(new Map([['Caption', 'a fox; Steps: 20']]))).toBeNull();
});
