/** Carries one request and its answer over a message port: head first, bodies chunk by chunk and only as fast as they are read. */

/** A message port of either side: Electron's in the window's process, its twin in a utility process. */
export interface Port {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  postMessage(message: unknown): void;
  close(): void;
}

/** What opens a request; the port that comes with it carries the rest. */
export interface RequestHead {
  method: string;
  /** Path and query. */
  path: string;
  headers: [string, string][];
  hasBody: boolean;
}

interface ResponseHead {
  status: number;
  headers: [string, string][];
  hasBody: boolean;
}

/** Each side sends its body to the other; a side that closes its port no longer wants anything. */
type Frame =
  | { kind: 'head'; head: ResponseHead }
  | { kind: 'pull' }
  | { kind: 'chunk'; bytes: Uint8Array }
  | { kind: 'end' };

/** Statuses that have no body by definition; `Response` refuses one. */
const bodyless = new Set([101, 204, 205, 304]);

/** The asking side of one request. Cancelling the answer's body, or `request.signal`, closes the port. */
export function askOverPort(port: Port, request: Request, gone: () => Response): Promise<Response> {
  return new Promise((resolve) => {
    const body = request.body === null ? null : sendBody(port, request.body);
    const answer = receiveBody(port);
    function end(why: Error): void {
      body?.cancel();
      answer.breakOff(why);
      resolve(gone());
    }
    port.on('message', ({ data }) => {
      const frame = data as Frame;
      if (frame.kind === 'head') {
        const { status, headers, hasBody } = frame.head;
        if (!hasBody) port.close();
        const isEmpty = !hasBody || bodyless.has(status);
        resolve(new Response(isEmpty ? null : answer.stream, { status, headers }));
      } else if (frame.kind === 'pull') body?.pull();
      else answer.take(frame);
      if (frame.kind === 'end') port.close();
    });
    port.on('close', () => end(goneError()));
    request.signal.addEventListener(
      'abort',
      () => {
        port.close();
        end(new DOMException('The page no longer wants the answer.', 'AbortError'));
      },
      { once: true },
    );
    port.start();
  });
}

/** The answering side: hands the request to `fetch` and its answer to the port; a closed port aborts the request's signal. */
export function answerOverPort(
  port: Port,
  head: RequestHead,
  fetch: (request: Request) => Promise<Response>,
): void {
  const abort = new AbortController();
  const asked = receiveBody(port);
  let answer: { pull: () => void; cancel: () => void } | null = null;
  port.on('message', ({ data }) => {
    const frame = data as Frame;
    if (frame.kind === 'pull') answer?.pull();
    else if (frame.kind !== 'head') asked.take(frame);
  });
  port.on('close', () => {
    abort.abort();
    asked.breakOff(goneError());
    answer?.cancel();
  });
  port.start();
  const { method, path, headers, hasBody } = head;
  const init = { method, headers, signal: abort.signal, duplex: 'half' as const };
  // The host is a name that cannot exist: nothing may depend on it.
  const request = new Request(
    `http://studio.invalid${path}`,
    hasBody ? { ...init, body: asked.stream } : init,
  );
  void fetch(request).then((response) => {
    if (abort.signal.aborted) {
      void response.body?.cancel().catch(() => undefined);
      return;
    }
    if (response.body !== null) answer = sendBody(port, response.body);
    const about: ResponseHead = {
      status: response.status,
      headers: [...response.headers],
      hasBody: response.body !== null,
    };
    port.postMessage({ kind: 'head', head: about } satisfies Frame);
  });
}

/** A chunk a pull; a source that fails closes the port, so that the other side's stream fails as well. */
function sendBody(port: Port, body: ReadableStream<Uint8Array>): { pull: () => void; cancel: () => void } {
  const reader = body.getReader();
  function pull(): void {
    reader.read().then(
      ({ value }) => {
        if (value === undefined) port.postMessage({ kind: 'end' } satisfies Frame);
        else port.postMessage({ kind: 'chunk', bytes: ownBytes(value) } satisfies Frame);
      },
      () => port.close(),
    );
  }
  return { pull, cancel: () => void reader.cancel().catch(() => undefined) };
}

/** A view of a larger buffer would be posted with the whole of it. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}

function goneError(): Error {
  return new Error('The other side went away.');
}

function receiveBody(port: Port): {
  stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  take: (frame: Extract<Frame, { kind: 'chunk' | 'end' }>) => void;
  breakOff: (why: Error) => void;
} {
  let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | null = null;
  let arrived: (() => void) | null = null;
  let isOver = false;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start: (given) => {
        controller = given;
      },
      pull: () =>
        new Promise<void>((resolve) => {
          arrived = resolve;
          port.postMessage({ kind: 'pull' } satisfies Frame);
        }),
      cancel: () => {
        isOver = true;
        port.close();
      },
    },
    { highWaterMark: 0 },
  );
  function take(frame: Extract<Frame, { kind: 'chunk' | 'end' }>): void {
    if (isOver) return;
    if (frame.kind === 'chunk') controller?.enqueue(new Uint8Array(frame.bytes));
    else {
      isOver = true;
      controller?.close();
    }
    arrived?.();
  }
  function breakOff(why: Error): void {
    if (isOver) return;
    isOver = true;
    controller?.error(why);
    arrived?.();
  }
  return { stream, take, breakOff };
}
