/** What the measurements of networks at true size share: weights by formula, a studio, images with prompts, and runs over folders of them. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { AddPack, Precision } from '../../contract/pack.ts';
import { writeScenes } from '../../test/support/make-images.ts';
import { openTestStudio, type TestStudio } from '../../test/support/open-test-studio.ts';
import { sharedPath } from '../../test/support/shared.ts';
import { writeUntrained } from '../support/make-untrained.ts';

const realImages = sharedPath('data/agiqa-3k/images/');

/** Where files go, and where weights of gigabytes are kept from run to run. */
export interface Places {
  folder: string;
  weights: string;
}

/** Weights of true size, written where they are not there yet. @returns the checkpoint’s path */
export async function provideWeights(kind: 'sfiqa' | 'pickscore', { weights }: Places): Promise<string> {
  const folder = join(weights, kind);
  const path = join(folder, kind === 'sfiqa' ? 'weights.safetensors' : 'model.safetensors');
  // The tokeniser is written last.
  if (existsSync(join(folder, 'tokenizer.json'))) return path;
  console.log(`writing ${kind} of true size to ${folder} (4 GB) …`);
  return await writeUntrained(kind, folder);
}

/** A studio with an empty library in the folder. */
export function openStudio({ folder }: Places): TestStudio {
  mkdirSync(folder, { recursive: true });
  return openTestStudio({ libraryFolder: join(folder, 'library') });
}

export async function addPack(
  { client, finish }: TestStudio,
  order: Pick<AddPack, 'sfiqa' | 'clip'> & { id: string; precision: Precision },
): Promise<void> {
  const { error } = await finish(client.packs.add(order));
  if (error !== null) throw new Error(error.message);
}

/** Real images where the shared folder is beside the checkout, else made ones; each with a prompt in a sidecar. */
export async function gatherImages(folder: string, count: number): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  if (existsSync(realImages)) {
    const names = readdirSync(realImages).sort();
    const step = Math.max(1, Math.floor(names.length / count));
    for (let at = 0; at < count; at += 1) {
      const name = names[(at * step) % names.length]!;
      copyFileSync(join(realImages, name), join(folder, name));
    }
  } else await writeScenes(folder, count, { width: 512, height: 512 });
  const images = readdirSync(folder).sort();
  for (const name of images) writeFileSync(join(folder, sidecarOf(name)), promptOf(name));
  return images;
}

export function promptOf(name: string): string {
  return `a picture called ${name.replaceAll(/[._-]/g, ' ')}, highly detailed`;
}

function sidecarOf(name: string): string {
  return `${name.replace(/\.[^.]+$/, '')}.txt`;
}

/** Copies of images, with their prompts, in a folder of their own. */
export function makeRound(from: string, to: string, names: readonly string[]): void {
  mkdirSync(to);
  for (const name of names) {
    copyFileSync(join(from, name), join(to, name));
    copyFileSync(join(from, sidecarOf(name)), join(to, sidecarOf(name)));
  }
}

/** Other contents, the same picture: a comment behind the end of the file is none of it. */
export function changeFile(path: string, comment: string): void {
  writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from(comment)]));
}

/** @returns how long it took in milliseconds */
export async function scoreAll(
  { client, finish }: TestStudio,
  path: string,
  packId: string,
): Promise<number> {
  const startedAt = performance.now();
  const { state, error } = await finish(client.library.score({ folder: path, packId, providers: ['cpu'] }));
  if (state !== 'done') throw new Error(`Scoring ended as ${state}: ${error?.message}`);
  return performance.now() - startedAt;
}

/** Bytes of files that are nobody else's links. */
export function ownBytes(folder: string): number {
  const files = readdirSync(folder).map((name) => statSync(join(folder, name)));
  return files.filter(({ nlink }) => nlink === 1).reduce((sum, { size }) => sum + size, 0);
}
