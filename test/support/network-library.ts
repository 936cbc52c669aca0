/** A library with a pack of tiny networks, whose inference is a formula: weights are made in a folder, added, and said to be trained. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageDetail } from '../../contract/images.ts';
import type { Job } from '../../contract/jobs.ts';
import type { AddPack, PackInfo, PackManifest } from '../../contract/pack.ts';
import { predictHead } from '../../core/maths/head.ts';
import { decodeHead } from '../../core/maths/head-codec.ts';
import { readPack } from '../../core/packs.ts';
import { registerPack } from '../../core/register-pack.ts';
import { activeHeads } from '../../db/heads.ts';
import { writeUntrained } from '../../scripts/support/make-untrained.ts';
import { FormulaModels, formulaEmbedding } from './formula-models.ts';
import { openTestStudio, type TestStudio } from './open-test-studio.ts';

export interface NetworkLibrary extends TestStudio {
  models: FormulaModels;
  /** The checkpoint of `sets`. */
  weights: string;
  /** Where images go. */
  images: string;
}

/** A studio and, in its temporary folder, a tiny checkpoint; nothing is added yet. */
export async function openNetworkLibrary({
  kind = 'tiny' as 'tiny' | 'tinyClip',
  sets = ['base'],
} = {}): Promise<NetworkLibrary> {
  const models = new FormulaModels();
  const studio = openTestStudio({ launchModels: models.launch });
  const weights = await writeUntrained(kind, join(studio.folder('weights'), 'in'), { sets });
  return { ...studio, models, weights, images: studio.folder('images') };
}

/** Adds the checkpoint as a pack; gives its id. */
export async function addTiny(
  library: NetworkLibrary,
  order: Partial<AddPack> & { isTrained?: boolean } = {},
): Promise<string> {
  const { isTrained = true, ...rest } = order;
  const part = library.weights.endsWith('model.safetensors') ? 'clip' : 'sfiqa';
  const job = await library.finish(library.client.packs.add({ [part]: library.weights, ...rest }));
  if (job.summary?.packId === undefined) throw new Error(job.error?.message ?? job.state);
  if (isTrained) callTrained(library, job.summary.packId);
  return job.summary.packId;
}

/** The formula's weights are said to be trained, so that their numbers are shown: what stands in the manifest is believed. */
function callTrained({ studio }: NetworkLibrary, id: string): void {
  const pack = studio.packs.get(id)!;
  const path = join(pack.folder, 'manifest.json');
  const manifest: PackManifest = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...manifest, isUntrained: false }));
  registerPack(studio, readPack(pack.folder, id));
}

/** Adds the checkpoint, and shows its scores. */
export async function openWithPack(
  options: Parameters<typeof openNetworkLibrary>[0] = {},
): Promise<{ library: NetworkLibrary; packId: string }> {
  const library = await openNetworkLibrary(options);
  const packId = await addTiny(library);
  await library.client.settings.change({ packId });
  return { library, packId };
}

/** Scores the library's images to the end. */
export async function scoreImages({ client, finish, images }: NetworkLibrary, packId: string): Promise<Job> {
  return await finish(client.library.score({ folder: images, packId }));
}

/** Everything known of every image, by name. */
export async function readDetails({ client }: NetworkLibrary): Promise<ImageDetail[]> {
  const { ids } = await client.images.query({ order: 'name' });
  return await Promise.all(ids.map((id) => client.images.detail({ id })));
}

export function signalOf(detail: ImageDetail, name: string): number | undefined {
  return detail.signals.find((signal) => signal.name === name)?.value;
}

/** S as the formula has it. */
export function expectedS(
  { studio }: NetworkLibrary,
  packId: string,
  { hash, prompt, member }: { hash: string; prompt: string; member: string },
): number {
  const network = studio.packs.get(packId)!.manifest.network!;
  const { embeddingLength } = network.similarity!;
  const image = formulaEmbedding({ kind: 'image', what: hash, member }, embeddingLength);
  const text = formulaEmbedding({ kind: 'text', what: prompt, member }, embeddingLength);
  const { logitScale } = network.members.find(({ name }) => name === member)!;
  return logitScale! * image.reduce((sum, value, at) => sum + value * text[at]!, 0);
}

/** P of the active head for given signals. */
export function expectedP({ studio }: NetworkLibrary, packId: string, signals: number[]): number {
  const head = activeHeads(studio.db, packId).find(({ target }) => target === 'overall')!;
  return predictHead(decodeHead(head.weights), Float32Array.from(signals), 1)[0]!;
}

/** A pack as the screens show it. */
export async function infoOf({ client }: Pick<TestStudio, 'client'>, id: string): Promise<PackInfo> {
  return (await client.packs.list()).find((pack) => pack.id === id)!;
}

/** The overall scores of a pack, by name; undefined where there is none. */
export async function readOverall(
  client: NetworkLibrary['client'],
  packId: string,
): Promise<(number | undefined)[]> {
  await client.settings.change({ packId });
  const { ids } = await client.images.query({ order: 'name' });
  return (await client.images.cards({ ids })).map(({ scores }) => scores['overall']);
}
