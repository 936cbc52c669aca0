/** Starts the real web door as a process of its own, as `npm start` does, so that tests can use it, stop it and kill it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { contract } from '../../contract/operations.ts';

const entry = fileURLToPath(new URL('../../web/main.ts', import.meta.url));

export type StudioClient = ContractRouterClient<typeof contract>;

export interface WebStudio {
  /** Without a slash at the end. */
  url: string;
  libraryFolder: string;
  client: StudioClient;
  process: ChildProcess;
  /** Ends it cleanly and removes what it made. */
  stop: () => Promise<void>;
  /** SIGKILL; the library stays for `startWebStudio({ libraryFolder })`. */
  kill: () => Promise<void>;
}

/** A client of a running studio, over HTTP; `headers` go with every request. */
export function connectTo(url: string, headers: Record<string, string> = {}): StudioClient {
  return createORPCClient(new RPCLink({ url: `${url}/rpc`, headers }));
}

/** The process alone, which may not have opened the library yet. */
export function spawnWebDoor(libraryFolder: string): ChildProcess {
  const args = [entry, '--library', libraryFolder, '--port', '0', '--no-open'];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** @param options a library folder to open again; it is then not removed by `stop` */
export async function startWebStudio(options: { libraryFolder?: string } = {}): Promise<WebStudio> {
  const temporary = options.libraryFolder === undefined ? mkdtempSync(join(tmpdir(), 'web-studio-')) : null;
  const libraryFolder = options.libraryFolder ?? join(temporary ?? '', 'library');
  const child = spawnWebDoor(libraryFolder);
  const url = await readUrl(child);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    url,
    libraryFolder,
    client: connectTo(url),
    process: child,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      if (temporary !== null) rmSync(temporary, { recursive: true, force: true });
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** The address in the line that the door prints once it listens. */
function readUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    function read(chunk: Buffer): void {
      printed += chunk.toString('utf8');
      const url = /https?:\/\/[^\s/]+/.exec(printed)?.[0];
      if (url !== undefined) resolve(url);
    }
    child.stdout?.on('data', read);
    child.stderr?.on('data', (chunk: Buffer) => {
      printed += chunk.toString('utf8');
    });
    child.once('exit', (code, signal) =>
      reject(new Error(`The web door ended (${code ?? signal}): ${printed}`)),
    );
  });
}
