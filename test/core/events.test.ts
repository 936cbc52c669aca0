import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StudioEvent } from '../../contract/events.ts';
import { openTestStudio, type TestStudio } from '../support/open-test-studio.ts';

let test: TestStudio;
let stop: AbortController;
beforeEach(() => {
  test = openTestStudio();
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await test.close();
});

/** Reads events of a running studio until `isLast` says so; gives all of them, that one included. */
async function readUntil(
  events: AsyncIterable<StudioEvent>,
  isLast: (event: StudioEvent) => boolean,
): Promise<StudioEvent[]> {
  const seen: StudioEvent[] = [];
  for await (const event of events) {
    seen.push(event);
    if (isLast(event)) break;
  }
  return seen;
}

describe('changed tables', () => {
  it('are gathered: several changes shortly after each other are one event, each topic once', async () => {
    const reading = readUntil(test.studio.bus.watch(stop.signal), ({ kind }) => kind === 'changed');
    test.studio.bus.changed('images');
    test.studio.bus.changed('scores', 'images');
    test.studio.bus.changed('mos');
    expect(await reading).toEqual([{ kind: 'changed', topics: ['images', 'scores', 'mos'] }]);
  });

  it('are told again when they change later', async () => {
    const events = test.studio.bus.watch(stop.signal)[Symbol.asyncIterator]();
    test.studio.bus.changed('votes');
    expect((await events.next()).value).toEqual({ kind: 'changed', topics: ['votes'] });
    test.studio.bus.changed('heads');
    expect((await events.next()).value).toEqual({ kind: 'changed', topics: ['heads'] });
  });

  it('are told to everybody who watches', async () => {
    const isLast = ({ kind }: StudioEvent) => kind === 'changed';
    const readings = [1, 2].map(() => readUntil(test.studio.bus.watch(stop.signal), isLast));
    test.studio.bus.changed('settings');
    expect(await Promise.all(readings)).toEqual(
      [1, 2].map(() => [{ kind: 'changed', topics: ['settings'] }]),
    );
  });

  it('follow from operations: an imported table changes images and MOS', async () => {
    const events = await test.client.events.watch(undefined, { signal: stop.signal });
    const reading = readUntil(events, ({ kind }) => kind === 'changed');
    await test.client.mos.import({ source: { fileName: 'm.csv', file: new Blob(['name,mos\na.png,3\n']) } });
    const seen = await reading;
    expect(seen[0]!.kind).toBe('hello');
    expect(seen.at(-1)).toEqual({ kind: 'changed', topics: ['images', 'mos'] });
  });
});

describe('moments', () => {
  it('are the same where nothing happened between two answers, and differ after a change and after a job', async () => {
    const greet = async () => {
      const events = await test.client.events.watch(undefined, { signal: stop.signal });
      const [hello] = await readUntil(events, () => true);
      return hello?.kind === 'hello' ? hello.moment : null;
    };
    const { moment } = await test.client.access.who();
    expect(await greet()).toBe(moment);
    test.studio.bus.changed('settings');
    const changed = await greet();
    expect(changed).not.toBe(moment);
    const params = { kind: 'train' as const, title: 'Nothing', params: {} };
    await test.finish(test.studio.jobs.start({ ...params, work: async () => ({}) }));
    expect(new Set([moment, changed, await greet()]).size).toBe(3);
  });
});

describe('a job', () => {
  it('is told when it starts, on its way, and when it has ended, each as it was then', async () => {
    const reading = readUntil(
      test.studio.bus.watch(stop.signal),
      (event) => event.kind === 'job' && event.job.state !== 'running',
    );
    const job = test.studio.jobs.start({
      kind: 'train',
      title: 'Count',
      params: {},
      work: async ({ report }) => {
        report({ phase: 'counting', done: 1, total: 2 });
        report({ done: 2 });
        return { rows: 2 };
      },
    });
    await test.finish(job);
    const seen = (await reading).flatMap((event) => (event.kind === 'job' ? [event.job] : []));
    expect(seen.every(({ id }) => id === job.id)).toBe(true);
    expect(seen.map(({ state, progress }) => [state, progress.phase, progress.done])).toEqual([
      ['running', 'starting', 0],
      ['running', 'counting', 1],
      ['running', 'counting', 2],
      ['done', 'counting', 2],
    ]);
    expect(seen.at(-1)!.summary).toEqual({ rows: 2 });
  });
});
