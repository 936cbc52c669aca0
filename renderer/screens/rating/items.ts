/** What a rater is shown at a time: one image, or two side by side; and the answers to it. */
import type { PairChoice, PresentationCard, RatingSession } from '../../../contract/studies.ts';

/** A level or number on a scale, or a choice between two images. */
export type Answer = number | PairChoice;

export interface Item {
  /** Of the presentation; null in the training, whose answers are not stored. */
  id: number | null;
  /** One, or left and right. */
  images: readonly Pick<PresentationCard, 'imageId' | 'width' | 'height'>[];
  prompt: string | null;
  /** The same for items of one prompt, whether it is shown or not. */
  promptGroup: number;
  /** The rater's own answers by dimension. */
  votes: Record<string, Answer>;
}

/** Whether a sitting compares two images at a time. */
export function comparesPairs({ pairs }: Pick<RatingSession, 'pairs'>): boolean {
  return pairs !== undefined && pairs.length > 0;
}

/** The items of a sitting, in the order in which they are shown. */
export function listItems(session: RatingSession): Item[] {
  if (comparesPairs(session)) {
    return session.pairs!.map(({ id, left, right, prompt, promptGroup, choices }) => ({
      id,
      images: [left, right],
      prompt,
      promptGroup,
      votes: { ...choices },
    }));
  }
  return session.presentations.map(({ id, prompt, promptGroup, votes, ...image }) => ({
    id,
    images: [image],
    prompt,
    promptGroup,
    votes: { ...votes },
  }));
}

/** The training, before the first sitting: images one by one, or two by two where pairs are compared. */
export function listTraining(session: RatingSession): Item[] {
  const cards = session.training ?? [];
  const step = comparesPairs(session) ? 2 : 1;
  const items: Item[] = [];
  for (let at = 0; at + step <= cards.length; at += step) {
    const images = cards.slice(at, at + step);
    const { prompt, promptGroup } = images[0]!;
    items.push({ id: null, images, prompt, promptGroup, votes: {} });
  }
  return items;
}
