/** A drive that leaves while its files are looked at: the run ends with words, nothing is missing, and it goes on when the drive is back. */
import { mkdirSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LaunchModels } from '../../native-models/messages.ts';
import { lendModels } from '../support/lend-models.ts';
import { encodeScene } from '../support/make-images.ts';
import { openTestStudio } from '../support/open-test-studio.ts';

const files = 16;

/** Something happens when a file is asked for of which some were looked at already. */
function launchWith(happen: () => void): LaunchModels {
  let asked = 0;
  return () => {
    const channel = lendModels();
    return {
      ...{ onMessage: channel.onMessage.bind(channel), onExit: channel.onExit.bind(channel) },
      kill: () => channel.kill(),
      post: (message) => {
        if ('request' in message && message.request.kind === 'identify') asked += 1;
        if (asked === files - 2) happen();
        channel.post(message);
      },
    };
  };
}

test.each(['gone', 'left empty, as a mount point is'])('is told when the folder is %s', async (how) => {
  let leave = (): void => undefined;
  const opened = openTestStudio({ launchModels: launchWith(() => leave()) });
  const { client } = opened;
  const folder = join(opened.folder('disk'), 'images');
  mkdirSync(folder);
  for (let at = 0; at < files; at++) {
    writeFileSync(join(folder, `${at}.png`), await encodeScene(at, { width: 64, height: 48 }));
  }
  leave = () => {
    renameSync(folder, `${folder} away`);
    if (how !== 'gone') mkdirSync(folder);
    leave = () => undefined;
  };
  const end = await opened.finish(client.library.score({ folder }));
  expect(end).toMatchObject({ state: 'failed', error: { code: 'unreadable' } });
  const [root] = await client.library.roots();
  expect(root).toMatchObject({ missing: 0, failed: 0, isReachable: false });
  if (how !== 'gone') rmdirSync(folder);
  renameSync(`${folder} away`, folder);
  const again = await opened.finish(client.library.score({ folder }));
  expect(again.summary).toMatchObject({ failed: 0, missing: 0 });
  expect((again.summary?.scored ?? 0) + (again.summary?.skipped ?? 0)).toBe(files);
  await opened.close();
});
