/** What the doctor says of the models process: versions, threads, and which execution providers run here, in the order of trying. */
import ort from 'onnxruntime-node/package.json' with { type: 'json' };
import sharp from 'sharp';
import { probeProviders } from './inference/probe-providers.ts';
import type { ProviderReport } from './messages.ts';

/** Versions, and for each provider whether it runs, or why not. */
export async function reportProviders(workers: number): Promise<ProviderReport> {
  const probed = await probeProviders();
  return {
    sharp: sharp.versions.sharp ?? 'unknown',
    libvips: sharp.versions.vips,
    onnxruntime: ort.version,
    workers,
    providers: probed.map(({ name, reason }) => ({ name, isUsable: reason === null, reason })),
  };
}
