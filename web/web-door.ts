/** The web door: node's HTTP server before an open studio, on this machine's loopback address unless told otherwise. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { StudioError } from '../contract/errors.ts';
import type { DoorAccess } from '../core/access/caller.ts';
import { listOpenJoinPaths } from '../core/access/join.ts';
import { errorResponse } from '../core/http/error-response.ts';
import { launchModelsChild } from '../core/models/launch-child.ts';
import { createGuardedFetch } from '../core/server.ts';
import { openStudio, type Studio } from '../core/studio.ts';
import { createAccess, identify, isLoopbackAddress, listNetworkAddresses } from './identify.ts';
import { assertSmallBody, assertWelcome } from './request-guard.ts';

export interface WebDoorOptions {
  libraryFolder: string;
  /** Asked for by number it is this one or none (0: any free one); else the first free one from 7430 on. */
  port?: number;
  /** The address to listen on; loopback where absent. */
  host?: string;
}

export interface WebDoor {
  url: string;
  /** Where other machines reach it, and with what they get in; null where it listens on this machine only. */
  network: { addresses: string[]; ownerKey: string; joinPaths: { study: string; path: string }[] } | null;
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
  const { studio, tellAddress, watchFolders, close } = openStudio({
    folder: options.libraryFolder,
    door: 'web',
    launchModels: launchModelsChild,
  });
  try {
    const isLoopback = isLoopbackAddress(host);
    const addresses: string[] = [];
    const { access, ownerKey } = createAccess(studio.now, addresses);
    const answer = createAnswer(studio, access, isLoopback);
    const server = createServer(
      getRequestListener(
        (request, { incoming }) =>
          answer(request, 'socket' in incoming ? (incoming.socket.remoteAddress ?? '') : ''),
        { overrideGlobalObjects: false },
      ),
    );
    await listen(server, host, options.port);
    const url = urlOf(server);
    if (!isLoopback) addresses.push(...networkUrls(server));
    tellAddress(url);
    watchFolders();
    return {
      url,
      network: isLoopback ? null : { addresses, ownerKey, joinPaths: listOpenJoinPaths(studio) },
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

/** Answers a request from an address, or refuses it. */
export function createAnswer(
  studio: Studio,
  access: DoorAccess,
  isLoopback: boolean,
): (request: Request, address: string) => Promise<Response> {
  const fetch = createGuardedFetch(studio);
  return async (request, address) => {
    try {
      assertWelcome(request, isLoopback);
      const context = identify(studio, access, { request, address });
      if (context.caller.role !== 'owner') assertSmallBody(request);
      return await fetch(request, context);
    } catch (error) {
      return errorResponse(error);
    }
  };
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

/** The addresses at which other machines reach a server that listens beyond this one. */
function networkUrls(server: Server): string[] {
  const { address, port } = server.address() as AddressInfo;
  const isAny = address === '::' || address === '0.0.0.0';
  return isAny ? listNetworkAddresses().map((own) => `http://${own}:${port}/`) : [urlOf(server)];
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}
