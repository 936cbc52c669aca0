/** Who may ask the web door: its own page and programs on this machine. */
import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { assertWelcome, maxBodyBytes } from '../../web/request-guard.ts';

const own = 'http://127.0.0.1:7430';

function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Request {
  // Node's Request keeps headers that a browser would not let a page set.
  const request = new Request(`${own}${path}`, { method });
  for (const [name, value] of Object.entries({ host: '127.0.0.1:7430', ...headers })) {
    request.headers.set(name, value);
  }
  return request;
}

function expectRefused(request: Request, code = 'forbidden', isLoopback = true): void {
  expect(() => assertWelcome(request, isLoopback)).toThrow(expect.objectContaining({ code }));
}

describe('the name a request comes under', () => {
  test.each(['127.0.0.1:7430', 'localhost:7430', '[::1]:7430', 'localhost'])('%s is ours', (host) => {
    assertWelcome(ask('/api/library', { host }), true);
  });

  test.each(['evil.example', 'evil.example:7430', '127.0.0.1.evil.example', '192.168.1.5:7430', '', 'a b'])(
    '“%s” is refused on loopback, the page included (DNS rebinding)',
    (host) => {
      expectRefused(ask('/', { host }));
      expectRefused(ask('/api/library', { host }));
    },
  );

  test('numeric addresses and the machine’s name are ours where the door listens to the network; other names are not', () => {
    for (const host of ['192.168.1.5:7430', '[fe80::1]:7430', `${hostname()}:7430`]) {
      assertWelcome(ask('/api/library', { host }), false);
    }
    expectRefused(ask('/', { host: 'evil.example' }), 'forbidden', false);
  });
});

describe('the site a request comes from', () => {
  test('our own page, the address bar and programs are let in', () => {
    assertWelcome(ask('/rpc/library/info', { origin: own, 'sec-fetch-site': 'same-origin' }, 'POST'), true);
    assertWelcome(ask('/image/1', { 'sec-fetch-site': 'none' }), true);
    assertWelcome(ask('/api/library'), true);
  });

  test.each([
    '/rpc/library/info',
    '/api/library',
    '/image/1',
    '/thumb/1',
    '/export?kind=scores',
    '/drop/a/b',
  ])('pages of other sites and other ports of this machine get nothing from %s', (path) => {
    for (const site of ['cross-site', 'same-site']) expectRefused(ask(path, { 'sec-fetch-site': site }));
    expectRefused(ask(path, { origin: 'http://evil.example' }));
    expectRefused(ask(path, { origin: 'http://127.0.0.1:8000' }));
    expectRefused(ask(path, { origin: 'null' }));
  });

  test('a link on another site may open the page', () => {
    assertWelcome(ask('/library', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }), true);
  });

  test('writing to the page’s own paths from elsewhere is refused', () => {
    expectRefused(ask('/library', { origin: 'http://evil.example' }, 'POST'));
  });
});

describe('bodies', () => {
  test('are bounded, but for dropped files, which the settings bound', () => {
    const tooLong = { 'content-length': String(maxBodyBytes + 1) };
    expectRefused(ask('/rpc/mos/import', tooLong, 'POST'), 'tooLarge');
    assertWelcome(ask('/drop/a/b.png', tooLong, 'PUT'), true);
    assertWelcome(ask('/rpc/mos/import', { 'content-length': String(maxBodyBytes) }, 'POST'), true);
  });

  test('have to say their length', () => {
    expectRefused(ask('/rpc/mos/import', { 'transfer-encoding': 'chunked' }, 'POST'), 'badInput');
  });
});
