import { describe, expect, it } from 'vitest';
import { MosMapping } from '../../../../contract/mos.ts';
import {
  describeMeans,
  draftOf,
  findMappingProblem,
  mappingOfDraft,
} from '../../../../renderer/screens/tables/mapping-draft.ts';

const suggested: MosMapping = {
  name: 'name',
  prompt: 'prompt',
  generatorPattern: '^([^_]+)_',
  mos: [{ dimension: 'quality', mean: 'mos_quality', sd: 'std_quality' }],
};

describe('the mapping of columns', () => {
  it('gives back the proposal as it was where nothing is changed', () => {
    expect(findMappingProblem(draftOf(suggested))).toBeNull();
    expect(mappingOfDraft(draftOf(suggested))).toEqual(suggested);
    expect(MosMapping.safeParse(mappingOfDraft(draftOf(suggested))).success).toBe(true);
  });

  it('asks for the names, and for the column of each dimension; a table may have none', () => {
    const draft = draftOf(null);
    expect(findMappingProblem(draft)).toBe('Say which column holds the image names.');
    expect(findMappingProblem({ ...draft, name: 'file' })).toBe('Every dimension needs its column of means.');
    expect(findMappingProblem({ ...draft, name: 'file', mos: [] })).toBeNull();
  });

  it('refuses dimensions with the same or an impossible name, and patterns without one group', () => {
    const draft = draftOf(suggested);
    const [quality] = draft.mos;
    expect(findMappingProblem({ ...draft, mos: [quality!, { ...quality!, id: 2 }] })).toContain('same name');
    expect(findMappingProblem({ ...draft, mos: [{ ...quality!, dimension: 'Very Good' }] })).toContain(
      'lower-case',
    );
    for (const generatorPattern of ['(', 'a', '(a)(b)']) {
      expect(findMappingProblem({ ...draft, generatorPattern })).toContain('pattern');
    }
  });

  it('takes both ends of a scale or none, and needs them where lower is better', () => {
    const draft = draftOf(suggested);
    const having = (said: object) => ({ ...draft, mos: [{ ...draft.mos[0]!, ...said }] });
    expect(findMappingProblem(having({ low: 1 }))).toContain('both of its ends');
    expect(findMappingProblem(having({ low: 7, high: 1 }))).toContain('below its highest');
    expect(findMappingProblem(having({ lowerIsBetter: true }))).toContain(
      'lowest and highest value of quality',
    );
    const said = having({ low: 1, high: 7, lowerIsBetter: true });
    expect(findMappingProblem(said)).toBeNull();
    expect(mappingOfDraft(said).mos).toEqual([{ ...suggested.mos[0], scale: [1, 7], lowerIsBetter: true }]);
    expect(draftOf(suggested, [0, 5]).mos[0]).toMatchObject({ low: 0, high: 5 });
    expect(draftOf(mappingOfDraft(said), [0, 5]).mos[0]).toMatchObject({ low: 1, high: 7 });
  });

  it('tells how far the means go on their scale, and what becomes of them', () => {
    const table = { header: ['name', 'mos_quality'], ranges: [null, [1.5, 6] as [number, number]] };
    const told = (said: object) => {
      const draft = draftOf(suggested);
      return describeMeans({ ...draft, mos: [{ ...draft.mos[0]!, ...said }] }, table);
    };
    expect(told({})).toEqual(['quality 1.50 to 6.00']);
    expect(told({ low: 1, high: 7 })).toEqual(['quality 1.50 to 6.00, on a scale of 1 to 7']);
    expect(told({ low: 1, high: 7, lowerIsBetter: true })).toEqual([
      'quality 1.50 to 6.00, on a scale of 1 to 7, turned round: 2.00 to 6.50',
    ]);
    expect(told({ low: 1, high: 5 })).toEqual([
      'quality 1.50 to 6.00, on a scale of 1 to 5: some lie outside of it',
    ]);
  });
});
