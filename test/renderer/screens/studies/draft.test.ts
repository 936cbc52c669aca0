import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NewStudy } from '../../../../contract/studies.ts';
import {
  emptyDimension,
  findProblems,
  hasProblems,
  keyOfLabel,
  newDraft,
  studyOfDraft,
} from '../../../../renderer/screens/studies/draft.ts';

describe('the draft of a study', () => {
  it('asks about quality without the prompt and about alignment with it, on the five levels of P.910', () => {
    const study = studyOfDraft({ ...newDraft(5), name: 'A' }, [1]);
    expect(study.design.dimensions.map(({ key, showsPrompt }) => [key, showsPrompt])).toEqual([
      ['quality', false],
      ['alignment', true],
    ]);
    expect(study.design.dimensions[0]!.scale).toEqual({
      kind: 'acr',
      words: ['Bad', 'Poor', 'Fair', 'Good', 'Excellent'],
    });
  });

  it('says what is missing at the field where it is missing', () => {
    const draft = newDraft(1);
    const dimensions = [...draft.dimensions, emptyDimension(draft.dimensions)];
    const problems = findProblems({ ...draft, seed: '', words: ['Bad', ''], dimensions });
    expect(problems).toMatchObject({
      name: 'A name is needed.',
      seed: expect.stringContaining('whole number'),
      words: 'Every level needs a word.',
      labels: { 3: expect.stringContaining('letter') },
    });
    expect(hasProblems(problems)).toBe(true);
  });

  it('refuses two questions with the same name in tables', () => {
    const draft = { ...newDraft(1), name: 'A' };
    const twin = { ...emptyDimension(draft.dimensions), label: ' quality ' };
    expect(findProblems({ ...draft, dimensions: [...draft.dimensions, twin] }).labels).toEqual({
      3: 'Another question has this name.',
    });
  });

  it('makes a word for tables from a label', () => {
    expect(keyOfLabel('Visual appeal')).toBe('visual_appeal');
    expect(keyOfLabel('3D-ness (naïve)')).toBe('d_ness_nai_ve');
    expect(keyOfLabel('美')).toBe('');
  });

  it('is taken by the contract whenever it has no problems', () => {
    const label = fc.oneof(
      fc.string({ maxLength: 70 }),
      fc.constantFrom('Quality', 'Realism', 'Visual appeal'),
    );
    const dimension = fc.record({
      label,
      question: fc.string({ maxLength: 300 }),
      showsPrompt: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.string({ maxLength: 130 }),
        fc.array(dimension, { maxLength: 4 }),
        fc.array(fc.string({ maxLength: 60 }), { minLength: 2, maxLength: 9 }),
        fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.constant('')),
        (name, given, words, seed) => {
          const dimensions = given.map((known, at) => ({ ...known, id: at + 1 }));
          const draft = { ...newDraft(1), name, dimensions, words, seed };
          if (hasProblems(findProblems(draft))) return;
          expect(NewStudy.safeParse(studyOfDraft(draft, [1, 2])).success).toBe(true);
        },
      ),
    );
  });
});
