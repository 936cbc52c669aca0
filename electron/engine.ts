/** The engine as a utility process: opens the library it is told, answers the page's requests, closes when asked. */
import { toStudioError } from '../contract/errors.ts';
import { restoreLibrary } from '../core/restore.ts';
import { createFetch } from '../core/server.ts';
import { openStudio } from '../core/studio.ts';
import { PortModels } from './engine-models.ts';
import { TrashCalls } from './engine-trash.ts';
import type { FromEngine, ToEngine } from './messages.ts';
import { answerOverPort, type Port } from './wire.ts';

/** What a utility process has in place of a parent's channel; the types of `electron` are for the window's process only. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: ToEngine; ports: Port[] }) => void): void;
  once(event: 'message', listener: (event: { data: ToEngine }) => void): void;
  postMessage(message: FromEngine): void;
}

function serve(parent: ParentPort, folder: string): void {
  const models = new PortModels((message) => parent.postMessage(message));
  const trash = new TrashCalls((message) => parent.postMessage(message));
  const { studio, watchFolders, close } = openStudio({
    ...{ folder, door: 'electron', launchModels: () => models.launch() },
    moveToTrash: (path) => trash.move(path),
  });
  const fetch = createFetch(studio);
  async function end(): Promise<void> {
    await close();
    process.exit(0);
  }
  parent.on('message', ({ data, ports: [port] }) => {
    switch (data.kind) {
      case 'open':
        break;
      case 'request':
        if (port !== undefined) answerOverPort(port, data.head, fetch);
        break;
      case 'models':
        if (port !== undefined) models.connect(data.models, port);
        break;
      case 'modelsEnded':
        models.end(data.models, data.reason);
        break;
      case 'movedToTrash':
        trash.settle(data.id, data.problem);
        break;
      case 'close':
        void end();
        break;
    }
  });
  parent.postMessage({ kind: 'ready' });
  watchFolders();
}

const parent = (process as unknown as { parentPort: ParentPort }).parentPort;
parent.once('message', ({ data }) => {
  if (data.kind !== 'open') throw new Error('The engine was not told which library to open.');
  try {
    if (data.goesBack) restoreLibrary(data.folder, undefined, Date.now);
    serve(parent, data.folder);
  } catch (error) {
    const { code, message } = toStudioError(error);
    parent.postMessage({ kind: 'failed', code, message });
  }
});
