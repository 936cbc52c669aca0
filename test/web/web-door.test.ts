/** The real web door as a process: what answers, what is refused, how it ends. */
import { createServer, get, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWebDoor } from '../../web/web-door.ts';
import { makeTemporaryFolder } from '../db/temporary-database.ts';
import { startWebStudio, type WebStudio } from '../support/web-studio.ts';

let studio: WebStudio;
beforeAll(async () => {
  studio = await startWebStudio();
});
afterAll(async () => await studio.stop());

/** `fetch` does not let `Host` be set. */
function ask(path: string, headers: Record<string, string>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(`${studio.url}${path}`, { headers, agent: false }, (response) => {
      response.resume();
      resolve(response);
    }).on('error', reject);
  });
}

describe('an open door', () => {
  test('answers the contract, and says which door it is', async () => {
    expect(await studio.client.library.info()).toMatchObject({ door: 'web', folder: studio.libraryFolder });
  });

  test('answers other programs by its OpenAPI half, with a description', async () => {
    const info = await fetch(`${studio.url}/api/library`);
    expect(await info.json()).toMatchObject({ images: 0, studies: 0 });
    const spec = (await (await fetch(`${studio.url}/api/spec.json`)).json()) as { paths: object };
    expect(Object.keys(spec.paths).length).toBeGreaterThan(20);
  });

  test('serves the page under a policy that lets nothing foreign in, and is not to be embedded or sniffed', async () => {
    const { headers } = await fetch(`${studio.url}/library`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });

  test('refuses another host name and another site', async () => {
    expect((await ask('/', { host: 'evil.example' })).statusCode).toBe(403);
    expect((await ask('/api/library', { origin: 'http://evil.example' })).statusCode).toBe(403);
    expect((await ask('/api/library', {})).statusCode).toBe(200);
  });

  test('never serves a file beside the page’s own', async () => {
    for (const path of [
      '/..%2f..%2fpackage.json',
      '/assets/..%2f..%2f..%2fpackage.json',
      '/%2e%2e/package.json',
    ]) {
      const text = await (await fetch(`${studio.url}${path}`)).text();
      expect(text).not.toContain('"sf-iqa-studio"');
    }
  });

  test('survives what is not HTTP', async () => {
    const { port, hostname } = new URL(studio.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.end('\0\0nonsense\r\n\r\n'));
      socket.on('error', () => undefined).on('close', () => resolve());
      socket.resume();
    });
    expect((await fetch(`${studio.url}/api/library`)).status).toBe(200);
  });

  test('streams events as they happen', async () => {
    const abort = new AbortController();
    const events = await studio.client.events.watch(undefined, { signal: abort.signal });
    const seen = [];
    for await (const event of events) {
      seen.push(event);
      if (event.kind === 'hello') void studio.client.settings.change({ colourScheme: 'dark' });
      else break;
    }
    abort.abort();
    expect(seen.map(({ kind }) => kind)).toEqual(['hello', 'changed']);
  });

  test('a second door on the same library says where the first one answers', async () => {
    await expect(startWebStudio({ libraryFolder: studio.libraryFolder })).rejects.toThrow(
      `answers at ${studio.url}/`,
    );
  });
});

test('a port that is in use is an error where it was asked for', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const order = { libraryFolder: makeTemporaryFolder(), port };
  await expect(openWebDoor(order)).rejects.toMatchObject({ code: 'conflict' });
  other.close();
  const door = await openWebDoor(order);
  expect(door.url).toBe(`http://127.0.0.1:${port}/`);
  await door.close();
});

test('ends cleanly on SIGTERM although a page holds an event stream, and frees the library', async () => {
  const one = await startWebStudio({ libraryFolder: makeTemporaryFolder() });
  const events = await one.client.events.watch();
  expect((await events.next()).value).toMatchObject({ kind: 'hello' });
  const rest = events.next().catch(() => undefined);
  const exited = new Promise((resolve) => one.process.once('exit', resolve));
  one.process.kill('SIGTERM');
  expect(await exited).toBe(0);
  await rest;
  const again = await startWebStudio({ libraryFolder: one.libraryFolder });
  await again.stop();
});
