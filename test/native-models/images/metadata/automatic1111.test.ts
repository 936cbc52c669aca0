/** The parameters text of AUTOMATIC1111 and its relatives is read whatever stands in its prompt, its values and its line ends. */
import { describe, expect, test } from 'vitest';
import { readParametersText } from '../../../../native-models/images/metadata/automatic1111.ts';
import { measureCpuMs } from '../../../support/measure-cpu.ts';

const settings = 'Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 42, Size: 512x768, Model: base';
const told = { steps: 20, sampler: 'Euler a', cfg: 7, seed: '42', width: 512, height: 768, model: 'base' };

describe('prompts', () => {
  test('with “Negative prompt:” inside a line, and with lines that look like settings', () => {
    const text = `a sign that says Negative prompt: no dogs\nSteps: 5 of a stair\nNegative prompt: blurry,\nSampler: none\n${settings}`;
    expect(readParametersText(text)).toMatchObject({
      ...told,
      prompt: 'a sign that says Negative prompt: no dogs\nSteps: 5 of a stair',
      negativePrompt: 'blurry,\nSampler: none',
    });
  });

  test('that are empty, and what to avoid alone', () => {
    expect(readParametersText(settings)).toMatchObject({ ...told, prompt: null, negativePrompt: '' });
    expect(readParametersText(`Negative prompt: blurry\n${settings}`)).toMatchObject({
      ...{ prompt: null, negativePrompt: 'blurry' },
    });
  });

  test('with CRLF, a byte order mark, trailing blank lines and a final NUL', () => {
    const text = `\uFEFFa fox\r\nin the snow\r\nNegative prompt: fog\r\n${settings}\r\n\r\n\0`;
    expect(readParametersText(text)).toMatchObject({
      ...told,
      prompt: 'a fox\nin the snow',
      negativePrompt: 'fog',
    });
  });

  test('with lone carriage returns, or all in one line', () => {
    const parts = ['a fox', 'Negative prompt: fog', settings];
    for (const between of ['\r', ' ']) {
      expect(readParametersText(parts.join(between))).toMatchObject({
        ...{ ...told, prompt: 'a fox', negativePrompt: 'fog' },
      });
    }
  });

  test('whose mark of what to avoid has another capital', () => {
    const text = `a fox\nNegative Prompt: fog\n${settings}`;
    expect(readParametersText(text)).toMatchObject({ ...told, prompt: 'a fox', negativePrompt: 'fog' });
  });

  test('whose lines begin with steps, before and after the settings', () => {
    const text = `Steps: 20, of stone\na fox\n${settings}\nTemplate: a fox\nSteps: 3 of wood`;
    expect(readParametersText(text)).toMatchObject({ ...told, prompt: 'Steps: 20, of stone\na fox' });
  });

  test('without any settings are read where they say what to avoid, else not', () => {
    expect(readParametersText('a fox\nNegative prompt: fog')).toMatchObject({
      prompt: 'a fox',
      negativePrompt: 'fog',
    });
    expect(readParametersText('Created with GIMP')).toBeNull();
    expect(readParametersText('{"prompt": "Negative prompt: fog"}')).toBeNull();
  });
});

describe('programs', () => {
  test.each([
    ['Version: v1.10.1', 'AUTOMATIC1111'],
    ['Version: f2.0.1v1.10.1-previous-659-gc055f2d4', 'Forge'],
    ['Version: f1.0.0v2-v1.10.1RC-latest-2190-ge4b2e2c', 'reForge'],
    ['Version: f0.0.17-v1.10.1', 'EasyReforge'],
    ['Version: classic', 'Forge Classic'],
    ['Version: neo-2.1', 'Forge Neo'],
    ['App: SDNext, Version: 6caa9e5', 'SD.Next'],
    ['Backend: Diffusers, Version: 6caa9e5', 'SD.Next'],
    ['ADetailer version: f2.1, Version: v1.9', 'AUTOMATIC1111'],
  ])('%s', (version, tool) => {
    expect(readParametersText(`a fox\n${settings}, ${version}`)?.tool).toBe(tool);
  });
});

describe('settings', () => {
  test('without steps', () => {
    const text =
      'a fox\nSampler: DPM++ 2M, Schedule type: Karras, CFG scale: 4.5, Seed: 18446744073709551557, Model: base';
    expect(readParametersText(text)).toMatchObject({
      ...{ prompt: 'a fox', seed: '18446744073709551557', steps: null, cfg: 4.5, sampler: 'DPM++ 2M' },
    });
  });

  test('with quoted values that hold commas, quotes, colons and line ends', () => {
    const text = `a fox\n${settings.replace('Model: base', 'Model: "my, \\"best\\" model: v2"')}, Hires prompt: "a hare, Steps: 9, Seed: 1\\nx", Hires steps: 4, Lora hashes: "style: 0a1b2c, pose v2: ffff", Version: v1.10.1`;
    expect(readParametersText(text)).toMatchObject({
      ...{ ...told, model: 'my, "best" model: v2' },
      loras: [
        { name: 'style', weight: null },
        { name: 'pose v2', weight: null },
      ],
    });
  });

  test('whose seed has a decimal point', () => {
    expect(readParametersText('a fox\nSteps: 5, Seed: 42.0')?.seed).toBe('42');
  });

  test('that go on over further lines, as extensions write templates', () => {
    const text = `a red fox\n${settings}, Version: f2.0.1\nTemplate: a {red|blue} fox\nNegative Template: fog`;
    expect(readParametersText(text)).toMatchObject({ ...told, prompt: 'a red fox', tool: 'Forge' });
  });

  test('name LoRAs in the prompt with their weights, which hashes do not repeat', () => {
    const text = `a fox <lora:style:0.7>, <lora:pose> <lora:dir\\two:-0.5:1>\n${settings}, Lora hashes: "style: 0a1b"`;
    expect(readParametersText(text)?.loras).toEqual([
      { name: 'style', weight: 0.7 },
      { name: 'pose', weight: 1 },
      { name: 'dir\\two', weight: -0.5 },
    ]);
  });

  test('name LoRAs among the hashes of everything, and weigh them by name', () => {
    const hashes = 'Hashes: {"model": "ab", "lora:style": "cd"}, Version: v1.7';
    const text = `a fox <lora:pose:te=0.5:unet=1>\n${settings}, ${hashes}`;
    expect(readParametersText(text)?.loras).toEqual([
      { name: 'pose', weight: 0.5 },
      { name: 'style', weight: null },
    ]);
  });

  test('of Civitai tell model and LoRAs as JSON', () => {
    const text = `a fox\nSteps: 25, Sampler: Euler, CFG scale: 5, Seed: 1, Size: 64x64, Clip skip: 2, Civitai resources: [{"type":"checkpoint","modelVersionId":1,"modelName":"Base, XL","modelVersionName":"v1"},{"type":"lora","weight":0.65,"modelVersionId":2,"modelName":"Style"}], Civitai metadata: {"remixOfId":3}`;
    expect(readParametersText(text)).toMatchObject({
      ...{ tool: 'Civitai', model: 'Base, XL', loras: [{ name: 'Style', weight: 0.65 }] },
    });
  });

  test('of a hundred thousand characters are read at once', async () => {
    const cpuMs = await measureCpuMs(() => {
      readParametersText(`${'a fox, '.repeat(50_000)}\n${settings}, Odd: ${'x: "'.repeat(50_000)}`);
      readParametersText(`${'Steps: '.repeat(200_000)}\n${'['.repeat(100_000)}`);
      readParametersText(`${'"a: [{'.repeat(50_000)}, Seed: 1, Model: x`);
    });
    expect(cpuMs).toBeLessThan(2000);
  });
});
