/** What a check of screen and eyes came to, as it is kept with the sitting: `detail` of a note of kind `check`. */

export interface CheckResult {
  check: 'distance' | 'acuity' | 'colour' | 'brightness';
  passed: boolean;
  [fact: string]: string | number | boolean;
}

/** At logMAR 0.18 (20/30) a person reads what ITU-T P.913 asks for; four of five rings are to be right. */
export const acuityLimit = 0.18;
export const ringsShown = 5;
export const ringsNeeded = 4;

/**
 * `limitedByScreen`: the screen cannot show rings at the limit of P.913, so that passing says less.
 *
 * @param logMar of the rings that were shown
 */
export function judgeAcuity(correct: number, logMar: number): CheckResult {
  return {
    check: 'acuity',
    passed: correct >= ringsNeeded,
    correct,
    shown: ringsShown,
    logMar,
    limitedByScreen: logMar > acuityLimit,
  };
}

/** All plates are to be read; which kinds were missed is kept. */
export function judgeColour(answers: readonly { kind: string; isRight: boolean }[]): CheckResult {
  const missed = answers.filter(({ isRight }) => !isRight).map(({ kind }) => kind);
  return {
    check: 'colour',
    passed: missed.length === 0,
    correct: answers.length - missed.length,
    shown: answers.length,
    missed: missed.join(' '),
  };
}

/** How many of the five darkest and five brightest patches are told from their ground; three of each are to be. */
export function judgeBrightness(dark: number, bright: number): CheckResult {
  return { check: 'brightness', passed: dark >= 3 && bright >= 3, dark, bright };
}

/** Between these the checks make sense, and people rate on screens. */
export function judgeDistance(distanceMm: number, pixelsPerMm: number): CheckResult {
  const passed = distanceMm >= 250 && distanceMm <= 2500;
  return {
    check: 'distance',
    passed,
    distanceMm: Math.round(distanceMm),
    pixelsPerMm: Number(pixelsPerMm.toFixed(3)),
  };
}
