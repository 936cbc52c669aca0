/** The engine's side of the models process: what is withdrawn ends soon, and a process that is ended on purpose costs nobody anything. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ModelsClient } from '../../../core/models/models-client.ts';
import type {
  EmbedTextRequest,
  FromModels,
  IdentifyRequest,
  ModelsChannel,
  ToModels,
} from '../../../native-models/messages.ts';

/** A wire whose other end is this test. */
class Wire {
  readonly sent: ToModels[] = [];
  isKilled = false;
  hear: (message: FromModels) => void = () => undefined;
  end: (reason: string) => void = () => undefined;

  get channel(): ModelsChannel {
    return {
      post: (message) => this.sent.push(message),
      onMessage: (listener) => {
        this.hear = listener;
      },
      onExit: (listener) => {
        this.end = listener;
      },
      kill: () => {
        this.isKilled = true;
      },
    };
  }

  answerAll(): void {
    for (const { id } of this.sent.splice(0)) {
      this.hear({
        id,
        answer: { hash: 'h', sizeBytes: 1, format: 'png', width: 1, height: 1, metadata: null },
      });
    }
  }
}

const identify: IdentifyRequest = { kind: 'identify', path: 'a.png', limits: { maxPixels: 1, maxBytes: 1 } };
const embed: EmbedTextRequest = {
  kind: 'embedText',
  packFolder: '/pack',
  run: { members: null, precision: null, providers: null },
  texts: ['a hen'],
};

let wires: Wire[];
let client: ModelsClient;
beforeEach(() => {
  vi.useFakeTimers();
  wires = [];
  client = new ModelsClient(() => {
    wires.push(new Wire());
    return wires.at(-1)!.channel;
  });
});
afterEach(() => {
  client.close();
  vi.useRealTimers();
});

/** How a promise ended, once it has. */
function follow(promise: Promise<unknown>): { state: string } {
  const followed = { state: 'open' };
  promise.then(
    () => {
      followed.state = 'answered';
    },
    (error: { code: string }) => {
      followed.state = error.code ?? 'failed';
    },
  );
  return followed;
}

async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

describe('withdrawing', () => {
  test('what ends by itself within a second is answered, and the process stays', async () => {
    const abort = new AbortController();
    const asked = follow(client.ask(identify, { signal: abort.signal }));
    abort.abort();
    await pass(500);
    wires[0]!.answerAll();
    await pass(5_000);
    expect([asked.state, wires[0]!.isKilled]).toEqual(['answered', false]);
  });

  test('what does not is cancelled with the process; all else is asked again in a new one, without blame', async () => {
    const abort = new AbortController();
    const withdrawn = follow(client.ask(embed, { signal: abort.signal }));
    const others = Array.from({ length: 5 }, () => follow(client.ask(identify)));
    abort.abort();
    await pass(900);
    expect([withdrawn.state, wires.length]).toEqual(['open', 1]);
    await pass(200);
    expect([withdrawn.state, wires[0]!.isKilled, wires.length]).toEqual(['cancelled', true, 2]);
    wires[0]!.end('SIGKILL');
    // All at once, not one by one as after a death.
    expect(wires[1]!.sent).toHaveLength(5);
    wires[1]!.answerAll();
    await pass(0);
    expect(others.map(({ state }) => state)).toEqual(others.map(() => 'answered'));
  });

  test('what has not begun, because a suspect is asked alone, is cancelled at once', async () => {
    const suspect = follow(client.ask(identify));
    wires[0]!.end('SIGSEGV');
    const abort = new AbortController();
    const waiting = follow(client.ask(identify, { signal: abort.signal }));
    expect(wires[1]!.sent).toHaveLength(1);
    abort.abort();
    await pass(0);
    expect([waiting.state, suspect.state]).toEqual(['cancelled', 'open']);
    wires[1]!.answerAll();
    await pass(0);
    expect(suspect.state).toBe('answered');
  });

  test('what is withdrawn before it is asked starts nothing', async () => {
    const asked = follow(client.ask(identify, { signal: AbortSignal.abort() }));
    await pass(0);
    expect([asked.state, wires.length]).toEqual(['cancelled', 0]);
  });

  test('a build is told, and has time to take away what it has written', async () => {
    const abort = new AbortController();
    const order = { sfiqa: '/w.pt', precision: 'float32' as const };
    const request = { kind: 'buildPack' as const, order, id: 'x', title: 'X', to: '/to' };
    const build = follow(client.ask(request, { signal: abort.signal }));
    abort.abort();
    await pass(10_000);
    expect([build.state, wires[0]!.sent.at(-1)]).toEqual(['open', { id: 1, cancel: true }]);
    wires[0]!.hear({ id: 1, problem: { code: 'cancelled', message: 'Cancelled.', details: {} } });
    await pass(0);
    expect([build.state, wires[0]!.isKilled]).toEqual(['cancelled', false]);
  });
});

test('a process that ran networks is ended when nothing was asked for two minutes; one that did not stays', async () => {
  void follow(client.ask(identify));
  wires[0]!.answerAll();
  await pass(300_000);
  expect(wires[0]!.isKilled).toBe(false);
  void follow(client.ask(embed));
  wires[0]!.answerAll();
  await pass(100_000);
  void follow(client.ask(identify));
  wires[0]!.answerAll();
  await pass(100_000);
  expect(wires[0]!.isKilled).toBe(false);
  await pass(30_000);
  expect(wires[0]!.isKilled).toBe(true);
});

test('waiting behind others of its kind is not taking too long; being the only one without an answer is', async () => {
  const slow = follow(client.ask(embed));
  for (let minute = 0; minute < 5; minute += 1) {
    const other = follow(client.ask(embed));
    await pass(120_000);
    wires[0]!.hear({ id: wires[0]!.sent.at(-1)!.id, answer: { problem: null } });
    await pass(0);
    expect(other.state).toBe('answered');
  }
  expect([slow.state, wires[0]!.isKilled]).toEqual(['open', false]);
  await pass(181_000);
  expect(wires[0]!.isKilled).toBe(true);
});

test('a single kill from outside is not looked into one by one; a second one is', () => {
  for (let at = 0; at < 4; at += 1) void follow(client.ask(identify));
  wires[0]!.end('SIGKILL');
  expect(wires[1]!.sent).toHaveLength(4);
  wires[1]!.end('SIGKILL');
  expect(wires[2]!.sent).toHaveLength(1);
});
