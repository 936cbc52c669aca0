/** Files and folders dropped on the window: finds them in the drop, copies them into the library, and says how far it is. */
import { client } from '../../api/client.ts';
import { electronBridge } from '../../shared/electron-bridge.ts';

/** What the engine takes from a folder: images, and prompts beside them. */
const wanted = /\.(png|apng|jpe?g|jfif|webp|avif|tiff?|gif|txt)$/i;
const parallelCopies = 4;

export interface DroppedFile {
  /** Relative to the drop, with `/`. */
  path: string;
  file: File;
}

export interface Drop {
  /** Real folders (Electron knows where they lie): scored in place, nothing is copied. */
  folders: string[];
  files: DroppedFile[];
  /** Files that are no images and no prompts. */
  ignored: number;
}

/**
 * Everything in a drop, folders walked to their end. Call it within the event: the browser empties the transfer afterwards.
 *
 * @throws DOMException when a file or folder cannot be read
 */
export async function readDrop(transfer: DataTransfer): Promise<Drop> {
  const bridge = electronBridge();
  const entries = [...transfer.items].flatMap((item) => {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null;
    return entry === null ? [] : [{ entry, file: item.getAsFile() }];
  });
  const drop: Drop = { folders: [], files: [], ignored: 0 };
  for (const { entry, file } of entries) {
    const path = entry.isDirectory && file !== null ? (bridge?.pathForFile(file) ?? '') : '';
    if (path !== '') drop.folders.push(path);
    else await walk(entry, drop);
  }
  return drop;
}

async function walk(entry: FileSystemEntry, drop: Drop): Promise<void> {
  if (entry.name.startsWith('.')) return;
  if (isFile(entry)) {
    if (!wanted.test(entry.name)) drop.ignored += 1;
    else {
      const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
      drop.files.push({ path: entry.fullPath.replace(/^\/+/, ''), file });
    }
  } else if (isFolder(entry)) {
    const reader = entry.createReader();
    // A reader gives at most a hundred entries a call, and an empty list at the end.
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
        reader.readEntries(resolve, reject),
      );
      if (some.length === 0) return;
      for (const inner of some) await walk(inner, drop);
    }
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

export interface CopyProgress {
  done: number;
  total: number;
  /** Files the engine refused, with its reason. */
  refused: { path: string; reason: string }[];
}

/**
 * Copies dropped files into a folder of the library.
 *
 * @returns the folder, and what was refused; a refused file does not stop the others
 */
export async function copyDrop(
  files: readonly DroppedFile[],
  onProgress: (progress: CopyProgress) => void,
  signal: AbortSignal,
): Promise<{ folder: string; progress: CopyProgress }> {
  const { drop, folder } = await client.library.beginDrop({ name: nameOf(files) });
  const progress: CopyProgress = { done: 0, total: files.length, refused: [] };
  const queue = [...files];
  async function copySome(): Promise<void> {
    for (let next = queue.shift(); next !== undefined && !signal.aborted; next = queue.shift()) {
      const reason = await copyOne(drop, next, signal);
      if (reason !== null) progress.refused.push({ path: next.path, reason });
      progress.done += 1;
      onProgress({ ...progress });
    }
  }
  await Promise.all(Array.from({ length: parallelCopies }, copySome));
  signal.throwIfAborted();
  return { folder, progress };
}

/** Null when the file is stored, else why not. */
async function copyOne(
  drop: string,
  { path, file }: DroppedFile,
  signal: AbortSignal,
): Promise<string | null> {
  const url = ['/drop', drop, ...path.split('/')].map((part) =>
    part === '/drop' ? part : encodeURIComponent(part),
  );
  try {
    const answer = await fetch(url.join('/'), { method: 'PUT', body: file, signal });
    if (answer.ok) return null;
    const told: unknown = await answer.json().catch(() => null);
    const isTold = typeof told === 'object' && told !== null && 'message' in told;
    return isTold ? String(told.message) : `The engine answered ${answer.status}.`;
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof Error ? error.message : String(error);
  }
}

/** A name for the drop: the folder that all files share, else the first file. */
function nameOf(files: readonly DroppedFile[]): string {
  const tops = new Set(files.map(({ path }) => path.split('/')[0] ?? ''));
  const [first = 'files'] = tops;
  return (tops.size === 1 ? first : `${first} and more`).slice(0, 100);
}
