/** One thread of the models process: reads, decodes and measures one image at a time. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StudioError } from '../contract/errors.ts';
import { PackManifest } from '../contract/pack.ts';
import { lookClassic } from './classic/classic.ts';
import { decode, type RgbImage } from './images/decode.ts';
import { describeFailure } from './images/failures.ts';
import { identifyFile } from './images/identify.ts';
import { hashOf, readImageFile } from './images/read-image-file.ts';
import { writeShown, writeThumbnail } from './images/show.ts';
import type {
  FileFailure,
  IdentifyRequest,
  Identity,
  Look,
  LookRequest,
  RenderRequest,
  ThumbnailRequest,
} from './messages.ts';

/** Errors lose their class between threads, so what is wrong with a file travels as a value. */
export type Outcome<Answer> = { answer: Answer } | { failure: FileFailure };

async function attempt<Answer>(work: () => Promise<Answer>): Promise<Outcome<Answer>> {
  try {
    return { answer: await work() };
  } catch (thrown) {
    return { failure: describeFailure(thrown) };
  }
}

export function identify({ path, limits }: IdentifyRequest): Promise<Outcome<Identity>> {
  return attempt(() => identifyFile(path, limits));
}

export function look({ path, hash, limits, packFolder }: LookRequest): Promise<Outcome<Look>> {
  return attempt(async () => {
    const { bytes } = await readImageFile(path, limits);
    if (hashOf(bytes) !== hash) {
      throw new StudioError(
        'unreadable',
        'The file changed while it was being read. Score the folder again.',
        {
          system: 'changed',
        },
      );
    }
    return lookerOf(packFolder)(await decode(bytes, limits));
  });
}

export function thumbnail({
  path,
  limits,
  sizePx,
  to,
}: ThumbnailRequest): Promise<Outcome<{ width: number; height: number }>> {
  return attempt(() => writeThumbnail(path, limits, { sizePx, to }));
}

export function render({ path, limits, to }: RenderRequest): Promise<Outcome<{ mediaType: string }>> {
  return attempt(() => writeShown(path, limits, to));
}

type Looker = (image: RgbImage) => Look | Promise<Look>;

/** Which code looks at pixels for each kind of pack. */
const lookers: Record<PackManifest['kind'], Looker> = { naturalSceneStatistics: lookClassic };

const known = new Map<string, Looker>();

function lookerOf(packFolder: string): Looker {
  const looker = known.get(packFolder);
  if (looker !== undefined) return looker;
  const manifest = PackManifest.parse(JSON.parse(readFileSync(join(packFolder, 'manifest.json'), 'utf8')));
  known.set(packFolder, lookers[manifest.kind]);
  return lookers[manifest.kind];
}
