/** Where cards lie: how many a row, how large, from the width of the window and the wished size of a thumbnail. */

export const gapPx = 10;
export const paddingPx = 16;
/** Below this width a card has no room for the prompt. */
const promptFromPx = 150;

export interface GridGeometry {
  columns: number;
  cardWidthPx: number;
  /** Height of a card with its text; rows lie `gapPx` apart. */
  cardHeightPx: number;
  rowHeightPx: number;
  showsPrompt: boolean;
}

/**
 * As many columns as fit at the wished size; the rest of the width goes to the cards, so that the grid is flush.
 *
 * @param widthPx inner width of the scroller
 * @param linesOfNumbers rows of scores and MOS under each image
 */
export function layOut(widthPx: number, thumbPx: number, linesOfNumbers: number): GridGeometry {
  const inner = Math.max(thumbPx, widthPx - 2 * paddingPx);
  const columns = Math.max(1, Math.floor((inner + gapPx) / (thumbPx + gapPx)));
  const cardWidthPx = Math.floor((inner - (columns - 1) * gapPx) / columns);
  const showsPrompt = cardWidthPx >= promptFromPx;
  const textPx = 10 + 18 + (showsPrompt ? 32 : 0) + linesOfNumbers * 17;
  const cardHeightPx = cardWidthPx + textPx;
  return { columns, cardWidthPx, cardHeightPx, rowHeightPx: cardHeightPx + gapPx, showsPrompt };
}
