import { expect, test } from 'vitest';
import { providers } from '../../contract/pack.ts';
import { orderProviders } from '../../native-models/inference/probe-providers.ts';
import { reportProviders } from '../../native-models/report-providers.ts';

test('the doctor hears of every execution provider, in the order of trying, and why one does not run here', async () => {
  const report = await reportProviders(3);
  expect(report).toMatchObject({ workers: 3, onnxruntime: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  expect(report.providers.map(({ name }) => name)).toEqual([...providers]);
  for (const { isUsable, reason } of report.providers) {
    expect(isUsable).toBe(reason === null);
    if (reason !== null) expect(reason).toMatch(/\w{3,}.*\.?/);
  }
  expect(report.providers.at(-1)).toEqual({ name: 'cpu', isUsable: true, reason: null });
});

test('automatic: what runs here, the CPU last, and for int8 the CPU alone; asked for: that, then the CPU', async () => {
  const usable = (await reportProviders(1)).providers.filter(({ isUsable }) => isUsable);
  expect(await orderProviders(null, 'float32')).toEqual(usable.map(({ name }) => name));
  expect(await orderProviders(null, 'int8')).toEqual(['cpu']);
  expect(await orderProviders(['webgpu'], 'int8')).toEqual(['webgpu', 'cpu']);
  expect(await orderProviders(['cpu'], 'float16')).toEqual(['cpu']);
});
