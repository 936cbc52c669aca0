/** Short versions of `npm run stress`; the long ones are run by hand. */
import { expect, test } from 'vitest';
import { killEngine } from '../../../scripts/stress/kill-engine.ts';
import { killModels } from '../../../scripts/stress/kill-models.ts';

test('an engine that is killed again and again loses no acknowledged vote and resumes at the right item', async () => {
  const result = await killEngine({ kills: 4, seed: 3 }, () => undefined);
  expect(result.problems).toEqual([]);
  expect(result.kills).toBeGreaterThanOrEqual(4);
  expect(result.acknowledged).toBeGreaterThan(0);
});

test('a run completes although the models process is killed in the middle', async () => {
  const result = await killModels({ kills: 1, seed: 5 });
  expect(result).toMatchObject({ kills: 1, problems: [], failed: 0 });
});
