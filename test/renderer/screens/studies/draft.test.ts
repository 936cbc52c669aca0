import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NewStudy } from '../../../../contract/studies.ts';
import {
  asRecommended,
  designOfDraft,
  draftOfStudy,
  emptyDimension,
  imagesOfSelection,
  keyOfLabel,
  newDraft,
  studyOfDraft,
} from '../../../../renderer/screens/studies/draft.ts';
import { findProblems, hasProblems } from '../../../../renderer/screens/studies/draft-problems.ts';

const three = imagesOfSelection([1, 2, 3]);

describe('the draft of a study', () => {
  it('asks about quality without the prompt and about alignment with it, on the five levels of P.910', () => {
    const study = studyOfDraft({ ...newDraft(5), name: 'A' }, three);
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
    const problems = findProblems(
      { ...draft, seed: '', dimensions: dimensions.with(0, { ...dimensions[0]!, words: 'Bad,' }) },
      imagesOfSelection([]),
    );
    expect(problems).toMatchObject({
      name: 'A name is needed.',
      seed: expect.stringContaining('whole number'),
      words: { 1: 'Every level needs a word.' },
      images: expect.stringContaining('Images are needed'),
      labels: { 3: expect.stringContaining('letter') },
    });
    expect(hasProblems(problems)).toBe(true);
  });

  it('refuses two questions with the same name in tables', () => {
    const draft = { ...newDraft(1), name: 'A' };
    const twin = { ...emptyDimension(draft.dimensions), label: ' quality ' };
    expect(findProblems({ ...draft, dimensions: [...draft.dimensions, twin] }, three).labels).toEqual({
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
      scale: fc.constantFrom('acr5', 'acr9', 'words', 'continuous5', 'continuous100'),
      words: fc.oneof(fc.constant('Bad, Good'), fc.string({ maxLength: 80 })),
    });
    fc.assert(
      fc.property(
        fc.string({ maxLength: 130 }),
        fc.array(dimension, { maxLength: 4 }),
        fc.record({ training: fc.nat(3), stabilising: fc.nat(3) }),
        fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.constant('')),
        (name, given, drawn, seed) => {
          const dimensions = given.map((known, at) => ({ ...known, id: at + 1 }));
          const draft = { ...newDraft(1), name, dimensions, ...drawn, seed };
          if (hasProblems(findProblems(draft, three))) return;
          expect(NewStudy.safeParse(studyOfDraft(draft, three)).success).toBe(true);
        },
      ),
    );
  });

  it('draws training and stabilising images from the selection by the seed, and does not rate them beside that', () => {
    const ids = Array.from({ length: 20 }, (_, at) => at + 1);
    const draft = { ...newDraft(9), name: 'A', training: 3, stabilising: 5 };
    const study = studyOfDraft(draft, imagesOfSelection(ids));
    const { training, stabilising } = study.items!;
    expect(training).toHaveLength(3);
    expect(stabilising).toHaveLength(5);
    expect([...training!, ...stabilising!, ...study.imageIds].toSorted((a, b) => a - b)).toEqual(ids);
    expect(studyOfDraft(draft, imagesOfSelection(ids))).toEqual(study);
    expect(studyOfDraft({ ...draft, seed: 10 }, imagesOfSelection(ids)).items).not.toEqual(study.items);
  });

  it('adds what the recommendations ask for and the plan lacks, of half the images at most, and only once', () => {
    const images = imagesOfSelection(Array.from({ length: 40 }, (_, at) => at + 1));
    const draft = { ...newDraft(1), name: 'A', instructions: ' ' };
    const added = { ...draft, ...asRecommended(draft, images) };
    expect(added).toMatchObject({
      training: 3,
      stabilising: 5,
      instructions: expect.stringContaining('Look'),
    });
    expect(added.plan).toMatchObject({
      order: { spacing: 2, repeatedImages: 5 },
      sittings: { capMinutes: 30 },
    });
    expect({ ...added, ...asRecommended(added, images) }).toEqual(added);
    expect(asRecommended({ ...draft, training: 9, instructions: 'Mine.' }, images)).toMatchObject({
      training: 9,
      instructions: 'Mine.',
    });
    expect(asRecommended(draft, three)).toMatchObject({ training: 0, stabilising: 0 });
    const pairs = { ...draft, plan: { ...draft.plan, method: 'pairs' as const } };
    expect(asRecommended(pairs, images).stabilising).toBe(0);
  });

  it('keeps checks to the scale of their question', () => {
    const check = { imageId: 2, role: 'gold' as const, dimension: 1, expected: 6, tolerance: 1 };
    const draft = { ...newDraft(1), name: 'A', checks: [check] };
    expect(findProblems(draft, three).checks).toBe('A check on Quality expects a vote from 1 to 5.');
    const right = { ...draft, checks: [{ ...check, expected: 5 }] };
    expect(hasProblems(findProblems(right, three))).toBe(false);
    expect(studyOfDraft(right, three)).toMatchObject({
      imageIds: [1, 3],
      items: { gold: [{ imageId: 2, dimension: 'quality', expected: 5, tolerance: 1 }] },
    });
  });

  it('asks for a table where hidden references are wanted', () => {
    const draft = newDraft(1);
    const plan = { ...draft.plan, method: 'hiddenReference' as const };
    expect(findProblems({ ...draft, plan }, three).images).toContain('table');
    const labels = [{ imageId: 1, referenceId: 3 }];
    expect(findProblems({ ...draft, plan }, { ...three, labels }).images).toBeUndefined();
    expect(findProblems(draft, { ...three, labels }).images).toContain('hidden reference');
  });

  it('comes back from a study as it was, and not at all where a scale has no field', () => {
    const draft = newDraft(7);
    const dimensions = draft.dimensions.map((one, at) => ({
      ...one,
      scale: at === 0 ? ('words' as const) : ('continuous100' as const),
      words: at === 0 ? 'Ugly, Plain, Fine' : '',
    }));
    const made = { ...draft, name: 'A', dimensions };
    const design = designOfDraft(made);
    expect(draftOfStudy({ name: 'A', design })).toEqual(made);
    const odd = { kind: 'continuous' as const, min: -1, max: 1, step: 0.5 };
    const changed = { ...design, dimensions: [{ ...design.dimensions[0]!, scale: odd }] };
    expect(draftOfStudy({ name: 'A', design: changed })).toBeNull();
  });
});
