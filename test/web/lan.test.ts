/** A door that listens to the network: what it prints, and who it lets in, through real sockets. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maxRaterBodyBytes } from '../../web/request-guard.ts';
import { openWebDoor, type WebDoor } from '../../web/web-door.ts';
import { makeTemporaryFolder } from '../db/temporary-database.ts';
import { connectTo } from '../support/web-studio.ts';

const library = mkdtempSync(join(tmpdir(), 'lan-door-'));
let door: WebDoor;
let url: string;
beforeAll(async () => {
  door = await openWebDoor({ libraryFolder: library, host: '0.0.0.0', port: 0 });
  url = door.url.replace(/\/$/, '');
});
afterAll(async () => {
  await door.close();
  rmSync(library, { recursive: true, force: true });
});

/** As it looks to the door where somebody is not at this machine. */
const passedOn = { 'x-forwarded-for': '192.168.1.77' };

describe('a door that listens to the network', () => {
  test('says where raters reach it and gives the owner a new key', () => {
    const { addresses, ownerKey, joinPaths } = door.network!;
    for (const address of addresses) expect(address).toMatch(/^http:\/\/\d+\.\d+\.\d+\.\d+:\d+\/$/);
    expect(ownerKey).toMatch(/^[0-9A-HJKMNP-TV-Z]{32}$/);
    expect(joinPaths).toEqual([]);
  });

  test('is the owner’s at this machine; elsewhere it gives the page and nothing else', async () => {
    expect(await connectTo(url).access.who()).toMatchObject({
      role: 'owner',
      addresses: door.network!.addresses,
    });
    const away = connectTo(url, passedOn);
    expect(await away.access.who()).toMatchObject({ role: 'guest', addresses: [] });
    await expect(away.library.info()).rejects.toMatchObject({ code: 'forbidden' });
    expect((await fetch(`${url}/join/ABCD-EFGH`, { headers: passedOn })).status).toBe(200);
    expect((await fetch(`${url}/export?kind=scores`, { headers: passedOn })).status).toBe(403);
  });

  test('opens to its owner elsewhere by the key, in a cookie that scripts cannot read', async () => {
    const joined = await fetch(`${url}/api/access/join`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...passedOn },
      body: JSON.stringify({ code: door.network!.ownerKey.toLowerCase() }),
    });
    const cookie = joined.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    const remote = connectTo(url, { ...passedOn, cookie: cookie.split(';')[0]! });
    expect(await remote.library.info()).toMatchObject({ studies: 0 });
  });

  test('reads no large bodies of people who are not the owner', async () => {
    const body = JSON.stringify({ code: 'x'.repeat(maxRaterBodyBytes) });
    const ask = async (headers: Record<string, string>) =>
      (
        await fetch(`${url}/api/access/join`, {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/json', ...headers },
        })
      ).status;
    expect(await ask(passedOn)).toBe(413);
    expect(await ask({})).toBe(400);
  });
});

test('a door on this machine only has no network, and no key', async () => {
  const own = await openWebDoor({ libraryFolder: makeTemporaryFolder(), port: 0 });
  expect(own.network).toBeNull();
  await own.close();
});
