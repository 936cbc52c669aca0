import { describe, expect, it } from 'vitest';
import { MosMapping } from '../../../../contract/mos.ts';
import {
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
});
