/** Starts the models process as a child of this one: the way of the web door and the command line. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromModels, ModelsChannel } from '../../native-models/messages.ts';

const processFile = fileURLToPath(new URL('../../native-models/process.ts', import.meta.url));

/** A models process as a forked child; it ends with its parent. */
export function launchModelsChild(): ModelsChannel {
  const child = fork(processFile, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', process.env['SFIQA_DEBUG'] === undefined ? 'ignore' : 'inherit', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  return {
    post: (message) => {
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (listener) => child.on('message', (message) => listener(message as FromModels)),
    onExit: (listener) => {
      let isOver = false;
      function end(reason: string): void {
        if (isOver) return;
        isOver = true;
        listener(reason);
      }
      child.on('exit', (code, signal) => end(signal ?? `exit code ${code}`));
      child.on('error', (error) => end(error.message));
    },
    kill: () => child.kill('SIGKILL'),
  };
}
