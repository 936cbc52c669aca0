/** Opens the studio of one command in process. It is large: whoever only asks for help, or misspells an option, does not wait for it. */
import { createRouterClient, ORPCError } from '@orpc/server';
import { type ErrorCode, errorStatus, StudioError } from '../contract/errors.ts';
import { ownerContext } from '../core/access/caller.ts';
import { resolveLibraryFolder } from '../core/library-folder.ts';
import { launchModelsChild } from '../core/models/launch-child.ts';
import { createRouter } from '../core/router.ts';
import { openStudio, type Studio } from '../core/studio.ts';

export interface LibrarySession {
  studio: Studio;
  client: ReturnType<typeof createClient>;
}

function createClient(studio: Studio) {
  return createRouterClient(createRouter(studio), { context: ownerContext });
}

/** @throws StudioError `libraryLocked` */
export function openSession(library: string | undefined): {
  session: LibrarySession;
  close: () => Promise<void>;
} {
  const { studio, close } = openStudio({
    folder: resolveLibraryFolder(library),
    door: 'cli',
    launchModels: launchModelsChild,
  });
  return { session: { studio, client: createClient(studio) }, close };
}

/** The client's errors as ours; input that the contract refuses names the field and the reason. */
export function asStudioError(error: unknown): unknown {
  if (!(error instanceof ORPCError)) return error;
  if (error.code in errorStatus) return new StudioError(error.code as ErrorCode, error.message);
  const issues: { path?: PropertyKey[]; message: string }[] = error.data?.issues ?? [];
  if (issues.length === 0) return error;
  const reasons = issues.map(({ path, message }) => `${(path ?? []).join('.')}: ${message}`);
  return new StudioError('badInput', reasons.join('\n'));
}
