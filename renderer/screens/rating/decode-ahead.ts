/** Images fetched and decoded before they are needed, so that showing one is only a copy of pixels. */
import { imageUrl } from '../../shared/image-url.ts';

/** Decoded pixels, or why there are none. */
export type Decoded = { bitmap: ImageBitmap } | { problem: string };

interface Kept {
  promise: Promise<Decoded>;
  /** Null while it is on its way. */
  decoded: Decoded | null;
  abort: AbortController;
}

export class DecodeAhead {
  readonly #kept = new Map<number, Kept>();

  /** Makes these images ready, the first ones first, and lets all others go. */
  want(imageIds: readonly number[]): void {
    const wanted = new Set(imageIds);
    for (const [id, kept] of this.#kept) if (!wanted.has(id)) this.#drop(id, kept);
    for (const id of wanted) void this.load(id);
  }

  /** The decoded image if it is ready now. */
  peek(imageId: number): Decoded | null {
    return this.#kept.get(imageId)?.decoded ?? null;
  }

  /** The decoded image as soon as it is ready. What failed is asked for again the next time. */
  load(imageId: number): Promise<Decoded> {
    const known = this.#kept.get(imageId);
    if (known !== undefined) return known.promise;
    const abort = new AbortController();
    const kept: Kept = { promise: decode(imageId, abort.signal), decoded: null, abort };
    this.#kept.set(imageId, kept);
    void kept.promise.then((decoded) => {
      kept.decoded = decoded;
      if (this.#kept.get(imageId) !== kept) closeBitmap(decoded);
      else if ('problem' in decoded) this.#kept.delete(imageId);
    });
    return kept.promise;
  }

  /** Lets everything go. */
  close(): void {
    this.want([]);
  }

  #drop(imageId: number, kept: Kept): void {
    this.#kept.delete(imageId);
    kept.abort.abort();
    if (kept.decoded !== null) closeBitmap(kept.decoded);
  }
}

function closeBitmap(decoded: Decoded): void {
  if ('bitmap' in decoded) decoded.bitmap.close();
}

async function decode(imageId: number, signal: AbortSignal): Promise<Decoded> {
  try {
    const response = await fetch(imageUrl(imageId), { signal });
    if (!response.ok) return { problem: problemOf(response) };
    return { bitmap: await createImageBitmap(await response.blob()) };
  } catch (thrown) {
    return { problem: thrown instanceof Error ? thrown.message : 'It could not be read.' };
  }
}

/** The studio’s own sentence names the file, which a rater must not see. */
function problemOf(response: Response): string {
  return response.status === 404
    ? 'Its file is not where it was.'
    : `The studio answered with status ${response.status}.`;
}
