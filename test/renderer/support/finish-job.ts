/** Waits until a job that a browser test began through the operations is done. */
import { expect, vi } from 'vitest';
import type { Job } from '../../../contract/jobs.ts';
import type { StudioClient } from '../../support/web-studio.ts';

const longMs = 120_000;

/** Fails where the job ends otherwise. */
export async function finishJob(
  { studio }: { studio: { client: StudioClient } },
  started: Promise<Job>,
): Promise<void> {
  const { id } = await started;
  const state = async () =>
    (await studio.client.jobs.list()).find((job) => job.id === id)?.state ?? 'running';
  await vi.waitUntil(async () => (await state()) !== 'running', { timeout: longMs, interval: 100 });
  expect(await state()).toBe('done');
}
