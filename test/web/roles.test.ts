/** Owner, raters and guests: every operation of the contract and every route is asked by each, over the network. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract } from '../../contract/operations.ts';
import { addImages, ratingClient, studyOf } from '../support/add-images.ts';
import { callFrom, openLanDoor } from '../support/lan-door.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

let clock = 1_700_000_000_000;
let opened: TestStudio;
let door: ReturnType<typeof openLanDoor>;
let images: number[];
let studyId: number;
beforeAll(async () => {
  opened = openTestStudio({ now: () => clock });
  door = openLanDoor(opened.studio);
  images = addImages(opened.studio, 8);
  studyId = (await opened.client.studies.create(studyOf(images.slice(0, 4)))).id;
});
afterAll(async () => await opened.close());

/** Every operation as its path, read off the contract itself. */
function listOperations(node: object = contract, path: string[] = []): string[][] {
  if ('~orpc' in node) return [path];
  return Object.entries(node).flatMap(([name, child]) => listOperations(child as object, [...path, name]));
}
const operations = listOperations();

/** What each may ask; whatever is not here is the owner's. */
const raters = ['rating.open', 'rating.vote', 'rating.votePair', 'rating.note', 'rating.close'];
const everybody = ['access.who', 'access.join', 'access.leave'];

async function inviteOne(raterName: string, id = studyId) {
  const [invitation] = await opened.client.studies.invite({ studyId: id, raterNames: [raterName] });
  return invitation!;
}
async function joinAs(raterName: string, id = studyId, address = '192.168.1.20') {
  const { code } = await inviteOne(raterName, id);
  return await callFrom(door.answer, address).join(code);
}

/** What the contract says of an operation itself. */
function defOf(name: string): { meta: { role: string }; route: { method: string; path: string } } {
  const node = name.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], contract);
  return (node as { '~orpc': ReturnType<typeof defOf> })['~orpc'];
}

describe('every operation of the contract', () => {
  test('has a role, and the table of this test knows all that are not the owner’s', () => {
    expect(operations.length).toBeGreaterThan(40);
    const open = operations.map((path) => path.join('.')).filter((name) => defOf(name).meta.role !== 'owner');
    expect(open.sort()).toEqual([...raters, ...everybody].sort());
  });

  test.each(operations.map((path) => path.join('.')))('%s is refused to whom it is not for', async (name) => {
    const guest = callFrom(door.answer, '192.168.1.30');
    const rater = await joinAs('Table');
    const { method, path } = defOf(name).route;
    const onApi = async (caller: typeof guest) => {
      const body = method === 'GET' ? {} : { body: '{}', headers: { 'content-type': 'application/json' } };
      const { status } = await caller.fetch(`/api${path.replaceAll(/\{\w+\}/g, '1')}`, { method, ...body });
      return status;
    };
    const asGuest = [(await guest.ask(name, {})).status, await onApi(guest)];
    const asRater = [(await rater.ask(name, {})).status, await onApi(rater)];
    if (everybody.includes(name)) {
      expect([...asGuest, ...asRater]).not.toContain(403);
    } else if (raters.includes(name)) {
      expect(asGuest).toEqual([403, 403]);
      // Let in, and told that the empty input is wrong, or that there is no such session of theirs.
      expect(asRater[0]).toBe(400);
      expect([400, 403, 404]).toContain(asRater[1]);
    } else {
      expect(asGuest).toEqual([403, 403]);
      expect(asRater).toEqual([403, 403]);
    }
  });
});

describe('routes beside the contract', () => {
  test('let a rater see the images of their own study, and nothing else', async () => {
    const rater = await joinAs('Looker');
    const guest = callFrom(door.answer, '192.168.1.31');
    // These images have no files: who is let in is told so.
    expect((await rater.fetch(`/image/${images[0]}`)).status).toBe(404);
    expect((await rater.fetch(`/image/${images[5]}`)).status).toBe(403);
    expect((await guest.fetch(`/image/${images[0]}`)).status).toBe(403);
    const exported = `/exported/${'0'.repeat(16)}/votes.csv`;
    for (const path of [`/thumb/${images[0]}`, `/export?kind=votes&studyId=${studyId}`, exported]) {
      expect((await rater.fetch(path)).status).toBe(403);
      expect((await guest.fetch(path)).status).toBe(403);
    }
    const put = { method: 'PUT', body: 'x' };
    expect((await rater.fetch('/drop/x/y.png', put)).status).toBe(403);
    expect((await guest.fetch('/join/AAAA-AAAA')).status).not.toBe(403);
  });
});

describe('a rater', () => {
  test('rates their own study under their own name, whatever the page says', async () => {
    const rater = await joinAs('Ada');
    const session = await rater.client.rating.open({
      studyId,
      raterName: 'Somebody else',
      client: ratingClient,
    });
    expect(session.raterName).toBe('Ada');
    const vote = { sessionId: session.sessionId, presentationId: session.presentations[0]!.id };
    const sent = { ...vote, dimension: 'quality', value: 4, key: randomUUID(), shownMs: 500 };
    expect(await rater.client.rating.vote(sent)).toMatchObject({ supersedes: null });
  });

  test('reaches no other study and nobody else’s session', async () => {
    const other = await opened.client.studies.create(studyOf(images.slice(4)));
    const ada = await joinAs('Ada');
    const mal = await joinAs('Mal');
    const order = { studyId: other.id, raterName: 'Ada', client: ratingClient };
    await expect(ada.client.rating.open(order)).rejects.toMatchObject({ code: 'forbidden' });
    const session = await ada.client.rating.open({ ...order, studyId });
    const { sessionId, presentations } = session;
    const vote = {
      sessionId,
      presentationId: presentations[1]!.id,
      dimension: 'quality',
      value: 1,
      shownMs: 9,
    };
    const refused = { code: 'forbidden' };
    await expect(mal.client.rating.vote({ ...vote, key: randomUUID() })).rejects.toMatchObject(refused);
    await expect(mal.client.rating.close({ sessionId })).rejects.toMatchObject(refused);
    const note = { sessionId, key: randomUUID(), kind: 'idle' as const, at: 1 };
    await expect(mal.client.rating.note(note)).rejects.toMatchObject(refused);
    const pair = { ...vote, choice: 'left' as const, key: randomUUID() };
    await expect(mal.client.rating.votePair(pair)).rejects.toMatchObject(refused);
  });

  test('is a guest with a made-up token, with another rater’s expired one, and after leaving', async () => {
    const made = callFrom(door.answer, '192.168.1.40', 'sfiqa_rater=nonsense');
    expect(await made.client.access.who()).toMatchObject({ role: 'guest' });
    const rater = await joinAs('Leaver');
    expect(await rater.client.access.who()).toMatchObject({ role: 'rater', studyId, raterName: 'Leaver' });
    await rater.client.access.leave();
    expect(await rater.client.access.who()).toMatchObject({ role: 'guest' });
  });
});

describe('a code', () => {
  test('is typed as people type: lower case, without the dash, O for 0 and I or L for 1', async () => {
    const { code } = await inviteOne('Typist');
    const typed = code.toLowerCase().replace('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    const rater = await callFrom(door.answer, '192.168.1.41').join(typed);
    expect(await rater.client.access.who()).toMatchObject({ raterName: 'Typist' });
  });

  test('that expired or was taken back lets nobody in, and who came with it is out', async () => {
    const first = await inviteOne('Late');
    const late = await callFrom(door.answer, '192.168.1.42').join(first.code);
    clock += 15 * 24 * 60 * 60 * 1000;
    expect(await late.client.access.who()).toMatchObject({ role: 'guest' });
    await expect(callFrom(door.answer, '192.168.1.42').join(first.code)).rejects.toThrow(/expired/);
    const second = await inviteOne('Late');
    expect(second.code).not.toBe(first.code);
    const again = await callFrom(door.answer, '192.168.1.42').join(second.code);
    expect(await opened.client.studies.withdraw({ id: second.id })).toMatchObject({
      isRevoked: true,
      joined: 1,
    });
    expect(await again.client.access.who()).toMatchObject({ role: 'guest' });
    await expect(callFrom(door.answer, '192.168.1.42').join(second.code)).rejects.toThrow(/not known/);
  });

  test('of the study asks for a name, gives a code of one’s own, and never lets one rater go on as another', async () => {
    const [open] = await opened.client.studies.invite({ studyId });
    expect(open).toMatchObject({ raterName: null, path: `/join/${open!.code}` });
    const guest = callFrom(door.answer, '192.168.1.43');
    await expect(guest.join(open!.code)).rejects.toThrow(/called/);
    const { joined } = await guest.join(open!.code, 'Nia');
    const again = callFrom(door.answer, '192.168.1.44');
    await expect(again.join(open!.code, 'NIA')).rejects.toThrow(/already/);
    expect((await again.join(joined.ownCode!)).joined).toMatchObject({ raterName: 'Nia', role: 'rater' });
  });

  test('cannot be guessed: after ten wrong ones an address waits, even with the right one', async () => {
    const { code } = await inviteOne('Guess');
    const guesser = callFrom(door.answer, '192.168.1.66');
    for (let at = 0; at < 10; at += 1)
      await expect(guesser.join(`0000-00${10 + at}`)).rejects.toThrow(/not known/);
    const wait = { code: 'tooOften', message: expect.stringContaining('10 minutes') };
    await expect(guesser.join(code)).rejects.toMatchObject(wait);
    expect((await callFrom(door.answer, '192.168.1.67').join(code)).joined.role).toBe('rater');
    clock += 10 * 60_000 + 1;
    expect((await guesser.join(code)).joined.role).toBe('rater');
  });
});

describe('the owner', () => {
  test('is who sits at the machine, or who has the key of this run', async () => {
    const local = callFrom(door.answer, '127.0.0.1');
    expect(await local.client.access.who()).toMatchObject({
      role: 'owner',
      addresses: ['http://192.168.1.5:7430/'],
    });
    const remote = await callFrom(door.answer, '192.168.1.50').join(door.ownerKey);
    expect(await remote.client.studies.list()).not.toEqual([]);
    const wrong = callFrom(door.answer, '192.168.1.51', `sfiqa_owner=${door.ownerKey.replace(/.$/, '!')}`);
    await expect(wrong.client.studies.list()).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('is not who comes through a proxy on this machine', async () => {
    const proxied = await door.answer(
      new Request('http://127.0.0.1:7430/rpc/studies/list', {
        method: 'POST',
        headers: {
          'x-forwarded-for': '10.0.0.9',
          'content-type': 'application/json',
          host: '127.0.0.1:7430',
        },
        body: '{}',
      }),
      '127.0.0.1',
    );
    expect(proxied.status).toBe(403);
  });
});

describe('other sites', () => {
  test('cannot make a rater’s browser vote, and a foreign name does not lead here', async () => {
    const rater = await joinAs('Target');
    const ask = (headers: Record<string, string>) =>
      rater.fetch('/rpc/rating/close', { method: 'POST', body: '{}', headers });
    for (const headers of [
      { origin: 'http://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { host: 'evil.example' },
    ]) {
      expect((await ask(headers)).status, JSON.stringify(headers)).toBe(403);
    }
    const { setCookie } = rater;
    expect(setCookie).toMatch(/HttpOnly/);
    expect(setCookie).toMatch(/SameSite=Strict/);
  });
});
