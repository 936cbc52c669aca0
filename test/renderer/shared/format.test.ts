import { expect, test } from 'vitest';
import { countOf } from '../../../renderer/shared/format.ts';

test('a count and what is counted agree', () => {
  expect(countOf(0, 'row')).toBe('0 rows');
  expect(countOf(1, 'row')).toBe('1 row');
  expect(countOf(2000, 'row')).toBe('2,000 rows');
});
