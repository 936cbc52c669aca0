/** What a held key shows: what comes in time on the way, nothing out of order, the last at once. */
import { describe, expect, test } from 'vitest';
import { createLatestFirst } from '../../../../../renderer/screens/library/viewer/latest-first.ts';

/** Makes what it is told to, when it is told to. */
function makeByHand() {
  const making = new Map<number, (made: string) => void>();
  const told: string[] = [];
  const want = createLatestFirst<number, string>(
    (id) => new Promise((resolve) => making.set(id, resolve)),
    (made) => told.push(made),
  );
  async function finish(id: number): Promise<void> {
    making.get(id)!(`picture ${id}`);
    making.delete(id);
    await new Promise(setImmediate);
  }
  return { want, finish, told, making };
}

describe('What is wanted last', () => {
  test('is begun as soon as there is room, and what was wanted in between is left out', async () => {
    const { want, finish, told, making } = makeByHand();
    for (let id = 1; id <= 9; id += 1) want(id);
    expect([...making.keys()]).toEqual([1, 2]);
    await finish(1);
    expect([...making.keys()]).toEqual([2, 9]);
    await finish(2);
    await finish(9);
    expect(told).toEqual(['picture 1', 'picture 2', 'picture 9']);
  });

  test('is never followed by what was wanted before it', async () => {
    const { want, finish, told } = makeByHand();
    want(1);
    want(2);
    await finish(2);
    await finish(1);
    expect(told).toEqual(['picture 2']);
  });

  test('comes also after something that could not be made', async () => {
    const told: number[] = [];
    const want = createLatestFirst<number, number>(
      (id) => (id === 1 ? Promise.reject(new Error('Not this one.')) : Promise.resolve(id)),
      (made) => told.push(made),
    );
    const { error } = console;
    console.error = () => undefined;
    want(1);
    want(2);
    want(3);
    await new Promise(setImmediate);
    console.error = error;
    expect(told).toEqual([2, 3]);
  });
});
