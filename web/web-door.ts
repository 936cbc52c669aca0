/** The web door: node's HTTP server before an open studio, on this machine's loopback address unless told otherwise. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { StudioError } from '../contract/errors.ts';
import { errorResponse } from '../core/http/error-response.ts';
import { launchModelsChild } from '../core/models/launch-child.ts';
import { createFetch, type Fetch } from '../core/server.ts';
import { openStudio } from '../core/studio.ts';
import { assertWelcome } from './request-guard.ts';

export interface WebDoorOptions {
  libraryFolder: string;
  /** Asked for by number it is this one or none (0: any free one); else the first free one from 7430 on. */
  port?: number;
  /** The address to listen on; loopback where absent. */
  host?: string;
}

export interface WebDoor {
  url: string;
  close(): Promise<void>;
}

const firstPort = 7430;
const portsToTry = 20;
/** How long requests under way may take when the door closes; event streams never end by themselves. */
const graceMs = 300;

/**
 * Opens a library behind a web server.
 *
 * @throws StudioError `libraryLocked` with where the other studio answers, `conflict` when the port is in use, and what `openStudio` throws
 */
export async function openWebDoor(options: WebDoorOptions): Promise<WebDoor> {
  const host = options.host ?? '127.0.0.1';
  const { studio, tellAddress, close } = openStudio({
    folder: options.libraryFolder,
    door: 'web',
    launchModels: launchModelsChild,
  });
  try {
    const fetch = guard(createFetch(studio), isLoopbackAddress(host));
    const server = createServer(getRequestListener(fetch, { overrideGlobalObjects: false }));
    await listen(server, host, options.port);
    const url = urlOf(server);
    tellAddress(url);
    return {
      url,
      async close() {
        await closeServer(server);
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function guard(fetch: Fetch, isLoopback: boolean): Fetch {
  return async (request) => {
    try {
      assertWelcome(request, isLoopback);
    } catch (error) {
      return errorResponse(error);
    }
    return await fetch(request);
  };
}

function isLoopbackAddress(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

async function listen(server: Server, host: string, port: number | undefined): Promise<void> {
  if (port !== undefined) {
    if (await tryPort(server, host, port)) return;
    throw new StudioError('conflict', `Port ${port} of ${host} is in use. Choose another one.`, { port });
  }
  for (let next = firstPort; next < firstPort + portsToTry; next++) {
    if (await tryPort(server, host, next)) return;
  }
  await tryPort(server, host, 0);
}

/** Whether the server listens now; false where the port is in use. */
function tryPort(server: Server, host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    function fail(error: NodeJS.ErrnoException): void {
      server.off('listening', succeed);
      if (error.code === 'EADDRINUSE') resolve(false);
      else {
        const message = `The web door cannot listen on ${host}, port ${port}: ${error.message}.`;
        reject(new StudioError('badInput', message, { host, port }, { cause: error }));
      }
    }
    function succeed(): void {
      server.off('error', fail);
      resolve(true);
    }
    server.once('error', fail);
    server.once('listening', succeed);
    server.listen(port, host);
  });
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  if (address === '::' || address === '0.0.0.0') return `http://localhost:${port}/`;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/`;
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}
