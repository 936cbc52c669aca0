import { describe, expect, test } from 'vitest';
import { checkStudy, type StudyFacts } from '../../../../core/maths/study/checklist.ts';

const careful: StudyFacts = {
  stage: 'rated',
  method: 'acr',
  images: 200,
  prompts: 50,
  raters: 26,
  fewestVotes: 24,
  environment: 'controlled',
  longestSessionMinutes: 28,
  hasInstructions: true,
  trainingItems: 5,
  stabilisingItems: 5,
  isOrderPerRater: true,
  isPromptSpaced: true,
  acuityChecked: 26,
  colourChecked: 26,
  isViewingRecorded: true,
  isBackgroundNeutral: true,
  repeatedItems: 10,
  referenceItems: 0,
  undecidedRaters: 0,
  reportsIntervals: true,
};

function stateOf(facts: Partial<StudyFacts>, id: string) {
  return checkStudy({ ...careful, ...facts }).items.find((item) => item.id === id)!;
}

describe('the checklist of P.910 and BT.500', () => {
  test('calls a careful study formal and has nothing left to ask', () => {
    const { standing, items } = checkStudy(careful);
    expect(standing).toBe('formal');
    expect(items.filter(({ state }) => state === 'notMet')).toEqual([]);
    expect(items.filter(({ state }) => state === 'notApplicable').map(({ id }) => id)).toEqual(['reference']);
    for (const { clause, sentence } of items) {
      expect(clause).toMatch(/P\.910|BT\.500/);
      expect(sentence).toMatch(/\.$/);
    }
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  });

  test.each([
    [15, 'formal', 'formal'],
    [14, 'informal', 'informal'],
    [6, 'informal', 'informal'],
    [5, 'preTest', 'pre-test'],
    [3, 'preTest', 'pre-test'],
    [2, 'tooFew', "fewer than a pre-test's three"],
  ])('%i raters make it %s', (raters, standing, word) => {
    expect(checkStudy({ ...careful, raters })).toMatchObject({
      standing,
      sentence: expect.stringContaining(word),
    });
  });

  test.each([
    [{ raters: 14 }, 'observers', 'At least 15 are asked for; 14 have voted.'],
    [{ fewestVotes: 23 }, 'votesPerImage', '24 subjects'],
    [{ environment: 'any', fewestVotes: 30 }, 'votesPerImage', '35 subjects'],
    [{ acuityChecked: 25 }, 'acuity', '25 of 26'],
    [{ colourChecked: 0 }, 'colour', '0 of 26'],
    [{ hasInstructions: false }, 'instructions', 'no instructions'],
    [{ trainingItems: 0 }, 'training', '0 training items'],
    [{ stabilisingItems: 4 }, 'stabilising', '4 are given'],
    [{ longestSessionMinutes: 31 }, 'sessionLength', '31 minutes'],
    [{ longestSessionMinutes: null }, 'sessionLength', 'no limit'],
    [{ isOrderPerRater: false }, 'order', 'same order'],
    [{ isPromptSpaced: false }, 'spacing', 'may follow'],
    [{ method: 'acrHiddenReference' }, 'reference', '0 are shown'],
    [{ isViewingRecorded: false }, 'viewing', 'not recorded'],
    [{ isBackgroundNeutral: false }, 'background', 'not neutral'],
    [{ repeatedItems: 0 }, 'repeats', '0 items'],
    [{ undecidedRaters: 2 }, 'screening', '2 raters are in doubt'],
    [{ reportsIntervals: false }, 'intervals', 'without'],
  ] satisfies [Partial<StudyFacts>, string, string][])('misses what %j lacks', (facts, id, found) => {
    expect(stateOf(facts, id)).toMatchObject({ state: 'notMet', sentence: expect.stringContaining(found) });
    expect(checkStudy({ ...careful, ...facts }).items.filter(({ state }) => state === 'notMet').length).toBe(
      1,
    );
  });

  test('says of a plan what is planned, and leaves out what is known only once somebody has rated', () => {
    const unknown = { acuityChecked: null, colourChecked: null, undecidedRaters: null };
    const planned = { stage: 'planned', raters: 4, fewestVotes: 4, ...unknown } as const;
    expect(checkStudy({ ...careful, ...planned }).standing).toBe('preTest');
    expect(stateOf(planned, 'observers').sentence).toContain('4 are planned');
    expect(stateOf(planned, 'votesPerImage').sentence).toContain('the plan gives 4');
    expect(stateOf(planned, 'sessionLength').sentence).toContain('here it ends after 28 minutes');
    for (const id of ['acuity', 'colour', 'screening']) {
      expect(stateOf(planned, id).state, id).toBe('notApplicable');
    }
  });

  test('does not ask for what a method does not have', () => {
    expect(stateOf({ method: 'pairs' }, 'screening').state).toBe('notApplicable');
    expect(stateOf({ prompts: 200 }, 'spacing').state).toBe('notApplicable');
  });
});
