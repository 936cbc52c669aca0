/** Pictures that are decoded before they are painted, so that nothing flashes: the last one stays until the next is ready. */
import { useEffect, useState } from 'react';
import { imageUrl } from '../../../shared/image-url.ts';
import { createLatestFirst } from './latest-first.ts';
import type { Size } from './zoom.ts';

/** A picture that can be painted, or why it cannot. */
export type Decoded = { id: number; size: Size } | { id: number; failure: string };

/**
 * What is ready to be painted; the last one while the next is still coming, and what was passed on the way; null where there is no file or
 * nothing yet.
 */
export function useDecoded(imageId: number, hasFile: boolean | undefined): Decoded | null {
  const [decoded, setDecoded] = useState<Decoded | null>(null);
  const [want] = useState(() =>
    createLatestFirst(async (id: number | null) => (id === null ? null : await decode(id)), setDecoded),
  );
  const wanted = hasFile === false ? null : imageId;
  useEffect(() => want(wanted), [want, wanted]);
  return decoded;
}

/** Fetches and decodes what may be shown next. */
export function useDecodeAhead(ids: readonly number[]): void {
  const key = ids.join(' ');
  useEffect(() => {
    // What cannot be fetched ahead is told of when it is shown.
    for (const id of key.split(' ').filter((part) => part !== '')) decode(Number(id)).catch(() => undefined);
  }, [key]);
}

async function decode(id: number): Promise<Decoded> {
  const image = new Image();
  image.src = imageUrl(id);
  try {
    await image.decode();
    return { id, size: { width: image.naturalWidth, height: image.naturalHeight } };
  } catch {
    return { id, failure: await whyNot(id) };
  }
}

/** The engine's own words for a picture that did not come. */
async function whyNot(id: number): Promise<string> {
  try {
    const answer = await fetch(imageUrl(id));
    if (answer.ok) return 'This browser cannot decode the image.';
    const told: unknown = await answer.json();
    if (typeof told === 'object' && told !== null && 'message' in told) return String(told.message);
    return `The engine answered ${answer.status}.`;
  } catch {
    return 'The studio’s engine does not answer.';
  }
}
