/** Being told by the system which paths below a folder change; by a library that has each system's own way. */
import { statfs } from 'node:fs/promises';

export interface Change {
  path: string;
  type: 'create' | 'update' | 'delete';
}

/** @returns what ends it */
export type Subscribe = (
  folder: string,
  onChanges: (error: Error | null, changes: Change[]) => void,
  ignored: string[],
) => Promise<() => Promise<void>>;

/** Native threads of the library watch; nothing here walks the tree. */
export const subscribe: Subscribe = async (folder, onChanges, ignored) => {
  const { default: watcher } = await import('@parcel/watcher');
  const { unsubscribe } = await watcher.subscribe(folder, onChanges, { ignore: ignored });
  // Folders that are gone by now have taken their watches with them, which it calls an error.
  return () => unsubscribe().catch(() => undefined);
};

/** File systems of other machines by Linux's numbers: what others change there, nobody tells this machine. */
const remoteKinds: Record<number, string> = {
  26985: 'NFS',
  20859: 'SMB',
  4283649346: 'SMB',
  4266872130: 'SMB',
  16914839: '9P',
  2035054128: 'VirtualBox',
  1702057286: 'FUSE',
};

/** Why changes below a folder are not told by the system; null where they are. */
export async function findWhyUntold(folder: string): Promise<string | null> {
  const isShare = process.platform === 'win32' && /^[\\/]{2}/.test(folder);
  const kind = isShare
    ? 'SMB'
    : process.platform === 'linux'
      ? await statfs(folder).then(
          ({ type }) => remoteKinds[type],
          () => undefined,
        )
      : undefined;
  return kind === undefined
    ? null
    : `It lies on another machine or a virtual drive (${kind}), which tells nothing of changes.`;
}

/** Why the system refused to watch, in words that say what to do. */
export function describeRefusal(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/no space left|ENOSPC/i.test(message)) {
    return 'This system watches no more folders (its limit for inotify is reached). Raise it: sudo sysctl fs.inotify.max_user_watches=1048576';
  }
  if (/too many open files|EMFILE/i.test(message)) {
    return 'This system watches for no more programs (its limit for inotify is reached). Raise it: sudo sysctl fs.inotify.max_user_instances=1024';
  }
  return `The system does not watch it: ${message.replace(/\.$/, '')}.`;
}
