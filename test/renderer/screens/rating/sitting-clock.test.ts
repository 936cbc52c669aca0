import { describe, expect, it } from 'vitest';
import { idleAfterMs, type Pause, SittingClock } from '../../../../renderer/screens/rating/sitting-clock.ts';

function openClock() {
  const time = { now: 0 };
  const pauses: Pause[] = [];
  const clock = new SittingClock({
    now: () => time.now,
    wallNow: () => 1_000_000 + time.now,
    onPause: (pause) => pauses.push(pause),
  });
  return { clock, time, pauses };
}

describe('the clock of a sitting', () => {
  it('stands while the window is left, and tells when and how long', () => {
    const { clock, time, pauses } = openClock();
    time.now = 500;
    clock.stop('focusLoss');
    time.now = 2500;
    expect(clock.pausedMs()).toBe(2000);
    clock.goOn('focusLoss');
    time.now = 9000;
    expect(clock.pausedMs()).toBe(2000);
    expect(pauses).toEqual([{ kind: 'focusLoss', at: 1_000_500, durationMs: 2000 }]);
  });

  it('stands once nobody has moved for a minute, from that moment on', () => {
    const { clock, time, pauses } = openClock();
    time.now = idleAfterMs - 1;
    clock.noteInput();
    time.now += idleAfterMs + 4000;
    expect(clock.pausedMs()).toBe(4000);
    clock.noteInput();
    expect(pauses).toEqual([{ kind: 'idle', at: 1_000_000 + 2 * idleAfterMs - 1, durationMs: 4000 }]);
    expect(clock.pausedMs()).toBe(4000);
  });

  it('counts a time once, though there are two reasons for a pause', () => {
    const { clock, time, pauses } = openClock();
    clock.stop('break');
    time.now = 1000;
    clock.stop('focusLoss');
    time.now = 5000;
    clock.goOn('focusLoss');
    clock.noteInput();
    time.now = 6000;
    clock.goOn('break');
    expect(clock.pausedMs()).toBe(6000);
    expect(pauses).toEqual([{ kind: 'break', at: 1_000_000, durationMs: 6000 }]);
  });
});
