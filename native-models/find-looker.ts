/** Which code looks at the pixels for a pack: apart from the thread's other work, which needs none of this memory. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StudioError } from '../contract/errors.ts';
import { PackManifest } from '../contract/pack.ts';
import { lookClassic } from './classic/classic.ts';
import type { RgbImage } from './images/decode.ts';
import type { Look } from './messages.ts';

type Looker = (image: RgbImage) => Look | Promise<Look>;

/** By kind of pack; networks have a thread of their own. */
const lookers: Record<Exclude<PackManifest['kind'], 'network'>, Looker> = {
  naturalSceneStatistics: lookClassic,
};

const known = new Map<string, Looker>();

/** @throws StudioError `internal` for a pack of networks */
export function findLooker(packFolder: string): Looker {
  const looker = known.get(packFolder);
  if (looker !== undefined) return looker;
  const { kind } = PackManifest.parse(JSON.parse(readFileSync(join(packFolder, 'manifest.json'), 'utf8')));
  if (kind === 'network')
    throw new StudioError('internal', 'Packs of networks are asked with how to run them.');
  known.set(packFolder, lookers[kind]);
  return lookers[kind];
}
