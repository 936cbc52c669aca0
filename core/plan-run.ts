/** What a run of networks would compute with, and what of a pack's stored numbers was computed otherwise. */
import { Computed, type Provider, type RunPlan } from '../contract/pack.ts';
import { getPack, type Pack } from './packs.ts';
import { listOthers } from './stored-by.ts';
import type { Studio } from './studio.ts';

/** @throws StudioError `notFound`, `modelsUnavailable` */
export async function planRun(
  studio: Studio,
  { id, providers }: { id: string; providers?: readonly Provider[] | undefined },
): Promise<RunPlan> {
  const pack = getPack(studio, id);
  const uses = await expectRun(studio, pack, providers ?? null);
  return { uses, others: uses === null ? [] : await listOthers(studio, pack.manifest, [uses]) };
}

/** What a run would be computed with; null for packs without networks, which have one way. */
export async function expectRun(
  studio: Studio,
  { manifest }: Pack,
  providers: readonly Provider[] | null,
): Promise<Computed | null> {
  if (manifest.network === null) return null;
  const { precision } = manifest.network;
  return Computed.parse(await studio.models.ask({ kind: 'expectRun', providers, precision }));
}
