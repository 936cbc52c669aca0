import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseFace } from '../../../../renderer/screens/library/card-face.ts';
import { gapPx, layOut, paddingPx } from '../../../../renderer/screens/library/grid-geometry.ts';

const face = chooseFace({ targets: [], dimensions: [], shown: null }, {});

describe('Where cards lie', () => {
  test('rows are flush: cards and gaps fill the width to less than a pixel a column', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 4000 }),
        fc.integer({ min: 96, max: 448 }),
        (widthPx, thumbPx) => {
          const { columns, cardWidthPx } = layOut(widthPx, thumbPx, face);
          const inner = Math.max(thumbPx, widthPx - 2 * paddingPx);
          const left = inner - columns * cardWidthPx - (columns - 1) * gapPx;
          expect(left).toBeGreaterThanOrEqual(0);
          expect(left).toBeLessThan(columns);
          expect(cardWidthPx).toBeGreaterThanOrEqual(thumbPx);
        },
      ),
    );
  });

  test('small cards leave the prompt out', () => {
    expect(layOut(1080, 96, face).face.showsPrompt).toBe(false);
    expect(layOut(1080, 192, face).face.showsPrompt).toBe(true);
  });
});
