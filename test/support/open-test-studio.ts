/** Opens a real studio on a library folder of its own: SQLite file, models process, compute threads; everything is gone after `close`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import type { Job } from '../../contract/jobs.ts';
import { ownerContext } from '../../core/access/caller.ts';
import { launchModelsChild } from '../../core/models/launch-child.ts';
import { createRouter } from '../../core/router.ts';
import { openStudio, type Studio } from '../../core/studio.ts';
import type { FolderKeeper } from '../../core/watch/folder-keeper.ts';
import type { LaunchModels } from '../../native-models/messages.ts';
import { lendModels } from './lend-models.ts';

/** Benches, which are no tests, measure a process of their own. */
const launchModels = process.env['VITEST'] === undefined ? launchModelsChild : lendModels;

/** Every operation of the contract over one studio, in process. */
export function createTestClient(studio: Studio) {
  return createRouterClient(createRouter(studio), { context: ownerContext });
}

export interface TestStudio {
  studio: Studio;
  client: ReturnType<typeof createTestClient>;
  /** From now on changes in the folders are noticed. */
  watchFolders: () => void;
  /** A new folder below the same temporary one, for images. */
  folder: (name: string) => string;
  /** Waits for a job and gives its end. */
  finish: (job: Job | Promise<Job>) => Promise<Job>;
  close: () => Promise<void>;
}

/** @param options a library folder to open again (it is not removed then), and how the models process is started */
export function openTestStudio(
  options: {
    libraryFolder?: string;
    launchModels?: LaunchModels;
    moveToTrash?: (path: string) => Promise<void>;
    keeper?: FolderKeeper;
    now?: () => number;
  } = {},
): TestStudio {
  const temporary = mkdtempSync(join(tmpdir(), 'studio-'));
  const { studio, watchFolders, close } = openStudio({
    folder: options.libraryFolder ?? join(temporary, 'library'),
    door: 'cli',
    launchModels: options.launchModels ?? launchModels,
    ...(options.now === undefined ? {} : { now: options.now }),
    ...(options.moveToTrash === undefined ? {} : { moveToTrash: options.moveToTrash }),
    ...(options.keeper === undefined ? {} : { keeper: options.keeper }),
  });
  return {
    studio,
    client: createTestClient(studio),
    watchFolders,
    folder: (name) => mkdtempSync(join(temporary, `${name}-`)),
    finish: async (job) => await studio.jobs.waitFor((await job).id),
    close: async () => {
      await close();
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}
