import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { answerOverPort, askOverPort, type Port, type RequestHead } from '../../electron/wire.ts';

type Fetch = (request: Request) => Promise<Response>;

/** A node port in the shape of Electron's: messages arrive inside an event. */
function asPort(port: MessagePort): Port {
  function on(event: 'message' | 'close', listener: (event: { data: unknown }) => void): void {
    if (event === 'close') port.on('close', () => listener({ data: null }));
    // Listening starts a node port; Electron's is started by hand.
    else port.on('message', (data) => listener({ data }));
  }
  return {
    on: on as Port['on'],
    start: () => port.start(),
    postMessage: (message) => port.postMessage(message),
    close: () => port.close(),
  };
}

function gone(): Response {
  return new Response('gone', { status: 503 });
}

async function ask(request: Request, fetch: Fetch): Promise<{ response: Response; far: MessagePort }> {
  const { port1, port2 } = new MessageChannel();
  const url = new URL(request.url);
  const head: RequestHead = {
    method: request.method,
    path: url.pathname + url.search,
    headers: [...request.headers],
    hasBody: request.body !== null,
  };
  answerOverPort(asPort(port2), head, fetch);
  return { response: await askOverPort(asPort(port1), request, gone), far: port2 };
}

describe('a request over a port', () => {
  test('arrives with method, path, query, headers and body, and comes back with status, headers and body', async () => {
    const request = new Request('studio://app/echo/%2F?q=1&q=2', {
      method: 'POST',
      headers: { 'x-one': 'ä'.normalize('NFC').length.toString(), 'content-type': 'text/plain' },
      body: 'hello',
    });
    const { response } = await ask(request, async (asked) => {
      const { pathname, search } = new URL(asked.url);
      const about = [asked.method, pathname + search, asked.headers.get('x-one'), await asked.text()];
      return Response.json(about, { status: 201, headers: { 'x-two': 'two' } });
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-two')).toBe('two');
    expect(await response.json()).toEqual(['POST', '/echo/%2F?q=1&q=2', '1', 'hello']);
  });

  test('answers without a body stay without one', async () => {
    for (const status of [204, 304]) {
      const { response } = await ask(
        new Request('studio://app/'),
        async () => new Response(null, { status }),
      );
      expect([response.status, response.body]).toEqual([status, null]);
    }
  });

  test('large bodies arrive byte for byte in both directions', async () => {
    const sent = crypto.getRandomValues(new Uint8Array(60_000));
    const big = new Uint8Array(3_000_000);
    for (let at = 0; at < big.length; at += sent.length) big.set(sent, at);
    const { response } = await ask(
      new Request('studio://app/', { method: 'PUT', body: new Blob([big]) }),
      async (asked) => new Response(asked.body),
    );
    expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), Buffer.from(big))).toBe(0);
  });

  test('a stream arrives piece by piece while it is still being written', async () => {
    let write = (_text: string): void => undefined;
    const source = new ReadableStream<Uint8Array>({
      start: (controller) => {
        write = (text) => controller.enqueue(new TextEncoder().encode(text));
      },
    });
    const { response } = await ask(new Request('studio://app/'), async () => new Response(source));
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    write('one');
    expect((await reader.read()).value).toBe('one');
    write('two');
    expect((await reader.read()).value).toBe('two');
    await reader.cancel();
  });

  test('nothing is read ahead of a slow reader', async () => {
    let made = 0;
    const source = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          made += 1;
          controller.enqueue(new Uint8Array(10_000));
        },
      },
      { highWaterMark: 0 },
    );
    const { response } = await ask(new Request('studio://app/'), async () => new Response(source));
    const reader = response.body!.getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(made).toBeLessThanOrEqual(2);
    await reader.cancel();
  });

  test('leaving the page ends the work: cancelling the answer aborts the request and cancels its source', async () => {
    const ended = Promise.withResolvers<void>();
    const aborted = Promise.withResolvers<void>();
    const { response } = await ask(new Request('studio://app/'), async (asked) => {
      asked.signal.addEventListener('abort', () => aborted.resolve());
      return new Response(new ReadableStream({ cancel: () => ended.resolve() }));
    });
    await response.body!.cancel();
    await Promise.all([ended.promise, aborted.promise]);
  });

  test('aborting before the answer began aborts the work and answers', async () => {
    const aborted = Promise.withResolvers<void>();
    const abort = new AbortController();
    const asked = ask(new Request('studio://app/', { signal: abort.signal }), async (request) => {
      request.signal.addEventListener('abort', () => aborted.resolve());
      setTimeout(() => abort.abort(), 10);
      await aborted.promise;
      return new Response('late');
    });
    expect((await asked).response.status).toBe(503);
    await aborted.promise;
  });

  test('an engine that dies before its answer gives the answer for that; in the middle of one, the stream fails', async () => {
    const channel = new MessageChannel();
    const asked = askOverPort(asPort(channel.port1), new Request('studio://app/'), gone);
    channel.port2.close();
    expect((await asked).status).toBe(503);

    const { response, far } = await ask(
      new Request('studio://app/'),
      async () =>
        new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(3)) })),
    );
    const reader = response.body!.getReader();
    expect((await reader.read()).value?.length).toBe(3);
    far.close();
    await expect(reader.read()).rejects.toThrow('went away');
  });
});
