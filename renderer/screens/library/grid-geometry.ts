/** Where cards lie: how many a row, how large, from the width of the window and the wished size of a thumbnail. */
import { type CardFace, countLines, fitFace } from './card-face.ts';

export const gapPx = 10;
export const paddingPx = 16;

export interface GridGeometry {
  columns: number;
  cardWidthPx: number;
  /** Height of a card with its text; rows lie `gapPx` apart. */
  cardHeightPx: number;
  rowHeightPx: number;
  /** What a card of this width tells. */
  face: CardFace;
}

/**
 * As many columns as fit at the wished size; the rest of the width goes to the cards, so that the grid is flush.
 *
 * @param widthPx inner width of the scroller
 * @param wished what each card is to tell
 */
export function layOut(widthPx: number, thumbPx: number, wished: CardFace): GridGeometry {
  const inner = Math.max(thumbPx, widthPx - 2 * paddingPx);
  const columns = Math.max(1, Math.floor((inner + gapPx) / (thumbPx + gapPx)));
  const cardWidthPx = Math.floor((inner - (columns - 1) * gapPx) / columns);
  const face = fitFace(wished, cardWidthPx);
  const textPx = 10 + 18 + (face.showsPrompt ? 32 : 0) + countLines(face, cardWidthPx) * 17;
  const cardHeightPx = cardWidthPx + textPx;
  return { columns, cardWidthPx, cardHeightPx, rowHeightPx: cardHeightPx + gapPx, face };
}
