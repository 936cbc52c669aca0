import { expect, test } from 'vitest';
import { untilInterrupt } from '../../cli/interrupt.ts';

test('Ctrl-C ends the waiting for what cannot be stopped itself, and nothing listens afterwards', async () => {
  const before = process.listenerCount('SIGINT');
  const waiting = untilInterrupt(new Promise<never>(() => {}));
  process.emit('SIGINT', 'SIGINT');
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled', message: 'Stopped.' });
  expect(await untilInterrupt(Promise.resolve(7))).toBe(7);
  expect(process.listenerCount('SIGINT')).toBe(before);
});
