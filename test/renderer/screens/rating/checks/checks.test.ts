import { describe, expect, it } from 'vitest';
import {
  judgeAcuity,
  judgeBrightness,
  judgeColour,
} from '../../../../../renderer/screens/rating/checks/check-result.ts';
import {
  conesOf,
  type Deficiency,
  placeDots,
  plateColours,
} from '../../../../../renderer/screens/rating/checks/colour-plate.ts';
import { finestStep, gapPixels } from '../../../../../renderer/screens/rating/checks/optotype.ts';
import { seeded } from '../../../../../renderer/shared/seeded-random.ts';

describe('the rings of the acuity check', () => {
  it('have a gap of one minute of arc at logMAR 0 (ISO 8596): 1.75 mm at 6 m', () => {
    expect(gapPixels(0, { pixelsPerMm: 1, distanceMm: 6000 })).toBeCloseTo(1.745, 3);
    expect(gapPixels(1, { pixelsPerMm: 1, distanceMm: 6000 })).toBeCloseTo(17.45, 2);
  });

  it('are never finer than the screen can show', () => {
    // 96 dpi at 60 cm: a pixel is 1.5 minutes of arc.
    expect(finestStep({ pixelsPerMm: 3.78, distanceMm: 600 })).toBe(0.4);
    expect(finestStep({ pixelsPerMm: 12, distanceMm: 600 })).toBe(0);
    expect(finestStep({ pixelsPerMm: 2, distanceMm: 300 })).toBeNull();
  });
});

describe('the plates of the colour check', () => {
  const cones: Deficiency[] = ['protan', 'deutan', 'tritan'];

  it.each(cones)('differ for %s in the missing cones alone, and can be shown', (kind) => {
    const { ground, figure } = plateColours(kind);
    for (const value of [...ground, ...figure]) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(1.3 * value).toBeLessThanOrEqual(1);
    }
    const [a, b] = [conesOf(ground), conesOf(figure)];
    const contrast = a.map((value, at) => (b[at]! - value) / ((b[at]! + value) / 2));
    const missing = cones.indexOf(kind);
    for (const [at, value] of contrast.entries()) {
      if (at !== missing) expect(Math.abs(value)).toBeLessThan(1e-9);
    }
    // A person with all cones sees differences of one or two per cent.
    expect(Math.abs(contrast[missing]!)).toBeGreaterThan(0.1);
  });

  it('are dots that do not overlap, the same for the same seed', () => {
    const dots = placeDots(seeded(5));
    expect(dots).toEqual(placeDots(seeded(5)));
    expect(dots.length).toBeGreaterThan(400);
    for (const [at, a] of dots.entries()) {
      for (const b of dots.slice(at + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(a.r + b.r);
    }
  });
});

describe('what is kept of a check', () => {
  it('says whether it was passed, and what limits it', () => {
    expect(judgeAcuity(4, 0.4)).toMatchObject({ passed: true, limitedByScreen: true, logMar: 0.4 });
    expect(judgeAcuity(3, 0.18)).toMatchObject({ passed: false, limitedByScreen: false });
    expect(
      judgeColour([
        { kind: 'control', isRight: true },
        { kind: 'deutan', isRight: false },
      ]),
    ).toMatchObject({ passed: false, correct: 1, missed: 'deutan' });
    expect(judgeBrightness(3, 5)).toMatchObject({ passed: true });
    expect(judgeBrightness(2, 5)).toMatchObject({ passed: false });
  });
});
