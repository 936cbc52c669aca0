/** Whose numbers are shown: Q, S and P by their names, each with its pack, P with its head; and why one is not there. */
import { describe, expect, test } from 'vitest';
import {
  isFused,
  nameBranch,
  nameScore,
  whyAbsent,
} from '../../../../renderer/screens/library/score-names.ts';
import type { ShownScores } from '../../../../renderer/screens/library/shown-scores.ts';
import { listColumns } from '../../../../renderer/screens/library/table/columns.ts';

const sfiqa: ShownScores = {
  packTitle: 'SF-IQA',
  branches: ['q', 's'],
  heads: { overall: 'Released fusion' },
  warning: null,
};
const classic: ShownScores = { ...sfiqa, packTitle: 'Classic', branches: [], heads: { overall: 'Mine' } };

describe('Shown scores', () => {
  test('are named with their pack, P with its head; P is what is fused of Q and S', () => {
    expect(nameBranch('q', sfiqa)).toBe('SF-IQA, Q: quality branch');
    expect(nameBranch('s', sfiqa)).toBe('SF-IQA, S: picture against prompt');
    expect(nameScore('overall', sfiqa)).toBe('SF-IQA, head “Released fusion”: overall');
    expect([isFused('overall', sfiqa), isFused('quality', sfiqa), isFused('overall', classic)]).toEqual([
      ...[true, false, false],
    ]);
  });

  test('have the same names in the table', () => {
    const columns = listColumns({ dimensions: [], shown: sfiqa });
    const told = columns.filter(({ id }) => /^(score|signal):/.test(id));
    expect(told.map(({ label, title }) => [label, title])).toEqual([
      ['P overall', nameScore('overall', sfiqa)],
      ['Q', nameBranch('q', sfiqa)],
      ['S', nameBranch('s', sfiqa)],
    ]);
    const [score] = listColumns({ dimensions: [], shown: classic }).filter(({ id }) =>
      id.startsWith('score:'),
    );
    expect(score?.label).toBe('Score overall');
  });

  test('say why there is no S: without a prompt there is nothing to compare with', () => {
    expect(whyAbsent('s', { prompt: null })).toContain('no prompt');
    expect(whyAbsent('s', { prompt: 'a fox' })).toContain('the viewer says why');
    expect(whyAbsent('q', { prompt: null })).toContain('the viewer says why');
  });
});
