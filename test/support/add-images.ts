/** Puts images into a library that have a content hash and no file: enough for everything but looking at them. */
import { createHash } from 'node:crypto';
import type { NewStudy } from '../../contract/studies.ts';
import { scalePresets } from '../../contract/studies.ts';
import type { Studio } from '../../core/studio.ts';
import { saveImage, setGenerator, setPrompt } from '../../db/images.ts';

/** `prompts` × `generators` images; their ids in that order. */
export function addImages({ db }: Pick<Studio, 'db'>, prompts: number, generators = 1): number[] {
  return db.transaction(() =>
    Array.from({ length: prompts * generators }, (_, at) => {
      const [prompt, generator] = [Math.floor(at / generators), at % generators];
      const name = `g${generator}_${String(prompt).padStart(3, '0')}.png`;
      const hash = createHash('sha256').update(name).digest('hex');
      const id = saveImage(db, { hash, name, format: 'png', width: 8, height: 8, sizeBytes: 99 }, 0);
      setPrompt(db, id, `prompt ${prompt}`, 'list');
      setGenerator(db, id, `g${generator}`, 'list');
      return id;
    }),
  );
}

type PlanInput = NonNullable<NewStudy['design']['plan']>;

/** A study of one dimension on five levels, with what a test says otherwise. */
export function studyOf(
  imageIds: number[],
  { plan = {}, ...rest }: Partial<Omit<NewStudy, 'design' | 'imageIds'>> & { plan?: PlanInput } = {},
): NewStudy {
  const dimension = { label: 'Quality', question: '', showsPrompt: true, scale: scalePresets.acr5 };
  return {
    name: 'Made',
    imageIds,
    ...rest,
    design: { dimensions: [{ key: 'quality', ...dimension }], seed: 11, instructions: '', plan },
  };
}

export const ratingClient = { windowWidth: 1280, windowHeight: 800, devicePixelRatio: 1, userAgent: 'test' };
