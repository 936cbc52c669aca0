/** The library of one command: opened for its work, closed whatever happens. */
import type { LibrarySession } from './open-session.ts';

/**
 * Runs `work` on the library of `options`.
 *
 * @throws StudioError `libraryLocked` and what the work throws
 */
export async function withLibrary<Result>(
  options: { library?: string },
  work: (session: LibrarySession) => Promise<Result>,
): Promise<Result> {
  const { openSession, asStudioError } = await import('./open-session.ts');
  const { session, close } = openSession(options.library);
  try {
    return await work(session);
  } catch (error) {
    throw asStudioError(error);
  } finally {
    await close();
  }
}
