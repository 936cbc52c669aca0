import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { finishJob } from '../../cli/follow-job.ts';
import { encodeScene } from '../support/make-images.ts';
import { openTestStudio } from '../support/open-test-studio.ts';

test('what stands on a job does not go on when the job was stopped, although it has a summary', async () => {
  const opened = openTestStudio();
  const folder = opened.folder('stopped');
  for (let at = 0; at < 40; at += 1) {
    writeFileSync(join(folder, `${at}.png`), await encodeScene(at, { width: 256, height: 256 }));
  }
  const finished = finishJob(opened, await opened.client.library.score({ folder }));
  process.emit('SIGINT', 'SIGINT');
  await expect(finished).rejects.toMatchObject({
    code: 'cancelled',
    message: expect.stringContaining('run the same command again'),
  });
  expect(await finishJob(opened, await opened.client.library.score({ folder }))).toMatchObject({ failed: 0 });
  await opened.close();
});
