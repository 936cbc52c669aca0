/** Opens the library for one command: the contract's operations in process, closed whatever happens. */
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

/**
 * Runs `work` on the library of `options`.
 *
 * @throws StudioError `libraryLocked` and what the work throws
 */
export async function withLibrary<Result>(
  options: { library?: string },
  work: (session: LibrarySession) => Promise<Result>,
): Promise<Result> {
  const { studio, close } = openStudio({
    folder: resolveLibraryFolder(options.library),
    door: 'cli',
    launchModels: launchModelsChild,
  });
  try {
    return await work({ studio, client: createClient(studio) });
  } catch (error) {
    throw asStudioError(error);
  } finally {
    await close();
  }
}

/** The client's errors as ours; input that the contract refuses names the field and the reason. */
function asStudioError(error: unknown): unknown {
  if (!(error instanceof ORPCError)) return error;
  if (error.code in errorStatus) return new StudioError(error.code as ErrorCode, error.message);
  const issues: { path?: PropertyKey[]; message: string }[] = error.data?.issues ?? [];
  if (issues.length === 0) return error;
  const reasons = issues.map(({ path, message }) => `${(path ?? []).join('.')}: ${message}`);
  return new StudioError('badInput', reasons.join('\n'));
}
