import { describe, expect, it } from 'vitest';
import type { RatingSession } from '../../../../contract/studies.ts';
import type { Decoded } from '../../../../renderer/screens/rating/decode-ahead.ts';
import { RatingController } from '../../../../renderer/screens/rating/rating-controller.ts';
import type { Outgoing } from '../../../../renderer/screens/rating/vote-queue.ts';

const words = ['Bad', 'Poor', 'Fair', 'Good', 'Excellent'];

function sessionOf(votes: Record<string, number>[]): RatingSession {
  return {
    sessionId: 7,
    studyId: 1,
    raterName: 'Ada',
    design: {
      dimensions: [
        { key: 'quality', label: 'Quality', question: '', showsPrompt: false, scale: { kind: 'acr', words } },
        {
          key: 'alignment',
          label: 'Alignment',
          question: '',
          showsPrompt: true,
          scale: { kind: 'acr', words },
        },
      ],
      instructions: '',
    },
    presentations: votes.map((given, at) => ({
      id: 100 + at,
      imageId: at + 1,
      width: 8,
      height: 8,
      prompt: `prompt ${at}`,
      promptGroup: at,
      votes: given,
    })),
    next: 0,
  };
}

/** A sitting whose images are ready when the test says so, and whose votes are taken until it says otherwise. */
function openSitting(votes: Record<string, number>[], more: Partial<RatingSession> = {}) {
  const sent: Outgoing[] = [];
  const wanted: number[][] = [];
  const waiting = new Map<number, (decoded: Decoded) => void>();
  const ready = new Map<number, Decoded>();
  const clock = { now: 1000, pausedMs: 0, takes: true };
  const images = {
    want: (ids: readonly number[]) => void wanted.push([...ids]),
    peek: (id: number) => ready.get(id) ?? null,
    load: (id: number) => new Promise<Decoded>((resolve) => waiting.set(id, resolve)),
  };
  const queue = {
    add: (vote: Outgoing) => {
      if (clock.takes) sent.push(vote);
      return clock.takes;
    },
  };
  const controller = new RatingController(
    { ...sessionOf(votes), ...more },
    {
      images,
      queue,
      now: () => clock.now,
      pausedMs: () => clock.pausedMs,
      newKey: () => crypto.randomUUID(),
    },
  );
  async function show(imageId: number): Promise<void> {
    const decoded = { bitmap: { width: 8, height: 8, close: () => {} } };
    ready.set(imageId, decoded);
    waiting.get(imageId)?.(decoded);
    await Promise.resolve();
    await Promise.resolve();
    controller.notePainted(imageId);
  }
  const key = (name: string) => controller.press({ key: name, code: '', shiftKey: false });
  return { controller, sent, wanted, waiting, clock, show, key };
}

describe('a sitting', () => {
  it('takes no vote before the image is on screen', async () => {
    const { controller, sent, show, key } = openSitting([{}, {}]);
    controller.begin();
    expect(key('3')).toBe(false);
    await show(1);
    expect(key('3')).toBe(true);
    expect(sent).toMatchObject([{ presentationId: 100, dimension: 'quality', value: 3, sessionId: 7 }]);
  });

  it('keeps the image and question that are shown until the next image is there', async () => {
    const { controller, show, key } = openSitting([{}, {}]);
    controller.begin();
    await show(1);
    key('3');
    key('4');
    expect(controller.read()).toMatchObject({ isWaiting: true, place: { item: 0, dimension: 1 } });
    expect(key('5')).toBe(false);
    await show(2);
    expect(controller.read()).toMatchObject({ isWaiting: false, place: { item: 1, dimension: 0 } });
  });

  it('makes the next two images ready, and keeps the one before and the one on screen', async () => {
    const { controller, wanted, show, key } = openSitting([{}, {}, {}, {}]);
    expect(wanted.at(-1)).toEqual([1, 2, 3]);
    controller.begin();
    await show(1);
    key('3');
    key('4');
    expect(wanted.at(-1)).toEqual([2, 3, 4, 1]);
  });

  it('measures how long an image was seen from the moment it was painted', async () => {
    const { controller, sent, clock, show, key } = openSitting([{}]);
    controller.begin();
    clock.now = 5000;
    await show(1);
    clock.now = 6500;
    key('3');
    clock.now = 7000;
    key('2');
    expect(sent).toMatchObject([{ shownMs: 1500 }, { shownMs: 2000 }]);
  });

  it('goes back with the vote that was given, and a second vote follows with a key of its own', async () => {
    const { controller, sent, show, key } = openSitting([{}, {}]);
    controller.begin();
    await show(1);
    key('3');
    controller.goBack();
    expect(controller.read().place).toEqual({ item: 0, dimension: 0 });
    expect(controller.item?.votes).toEqual({ quality: 3 });
    key('5');
    expect(controller.read().place).toEqual({ item: 0, dimension: 1 });
    expect(sent).toMatchObject([
      { dimension: 'quality', value: 3 },
      { dimension: 'quality', value: 5 },
    ]);
    expect(sent[0]!.key).not.toBe(sent[1]!.key);
    // One answer, however often it was given.
    expect(controller.read().given).toBe(1);
  });

  it('stays where it is when a vote cannot be taken', async () => {
    const { controller, clock, show, key } = openSitting([{}]);
    controller.begin();
    await show(1);
    clock.takes = false;
    key('3');
    expect(controller.read().place).toEqual({ item: 0, dimension: 0 });
    expect(controller.item?.votes).toEqual({});
  });

  it('begins at the first question that is open', async () => {
    const { controller, show } = openSitting([{ quality: 1, alignment: 1 }, { quality: 2 }, {}]);
    controller.begin();
    await show(2);
    expect(controller.read().place).toEqual({ item: 1, dimension: 1 });
  });

  it('goes past an image that cannot be shown, without a vote on it', async () => {
    const { controller, sent, waiting, show, key } = openSitting([{}, {}]);
    controller.begin();
    waiting.get(1)!({ problem: 'Its file is not where it was.' });
    await Promise.resolve();
    await Promise.resolve();
    expect(controller.read().imageProblem).toBe('Its file is not where it was.');
    expect(key('3')).toBe(false);
    controller.skip();
    await show(2);
    expect(key('3')).toBe(true);
    expect(key('3')).toBe(true);
    expect(controller.read().phase).toBe('done');
    expect(controller.unshowable).toBe(1);
    expect(sent).toMatchObject([{ presentationId: 101 }, { presentationId: 101 }]);
  });

  it('tells how much of the viewing was a pause, and the time from the question to the key', async () => {
    const { controller, sent, clock, show, key } = openSitting([{}]);
    controller.begin();
    clock.now = 2000;
    await show(1);
    clock.now = 5000;
    clock.pausedMs = 1200;
    key('3');
    clock.now = 5400;
    key('4');
    expect(sent).toMatchObject([
      { shownMs: 3000, keyMs: 3000, pausedMs: 1200 },
      { shownMs: 3400, keyMs: 400, pausedMs: 1200 },
    ]);
  });

  it('begins with the training, of which nothing is sent, and says what was answered', async () => {
    const training = [{ imageId: 50, width: 8, height: 8, prompt: null, promptGroup: 1 }];
    const { controller, sent, show, key } = openSitting([{}], { training });
    controller.begin();
    await show(50);
    key('5');
    expect(controller.read()).toMatchObject({ isTraining: true, practised: { answer: 5 } });
    key('1');
    expect(controller.read()).toMatchObject({ phase: 'trained', isTraining: false });
    expect(sent).toEqual([]);
    controller.begin();
    await show(1);
    expect(key('2')).toBe(true);
    expect(sent).toMatchObject([{ presentationId: 100, value: 2 }]);
  });

  it('ends at the cap once the image that is shown has all its answers', async () => {
    const { controller, show, key } = openSitting([{}, {}]);
    controller.begin();
    await show(1);
    key('3');
    controller.noteSittingOver();
    expect(controller.read().phase).toBe('rating');
    key('3');
    expect(controller.read()).toMatchObject({ phase: 'over', place: null });
  });

  it('offers a break between two images after so much rating time, in which pauses do not count', async () => {
    const rules = {
      capMs: 1_800_000,
      breakEveryMs: 5000,
      allowsTies: true,
      allowsSkips: true,
      passes: 'together' as const,
      viewing: { size: 'chosen' as const, allowsZoom: true },
    };
    const { controller, clock, show, key } = openSitting([{}, {}, {}], { rules });
    controller.begin();
    await show(1);
    clock.now += 6000;
    clock.pausedMs = 4000;
    key('3');
    key('3');
    expect(controller.read().phase).toBe('rating');
    await show(2);
    clock.now += 4000;
    key('3');
    key('3');
    expect(controller.read().phase).toBe('break');
    controller.begin();
    await show(3);
    expect(controller.read()).toMatchObject({ phase: 'rating', place: { item: 2, dimension: 0 } });
  });

  it('compares two images once both are on screen, and refuses what the study does not allow', async () => {
    const pair = { id: 9, prompt: null, promptGroup: 1, choices: {} };
    const [left, right] = [1, 2].map((imageId) => ({ imageId, width: 8, height: 8 }));
    const rules = {
      capMs: 1,
      breakEveryMs: null,
      allowsTies: false,
      allowsSkips: true,
      passes: 'together' as const,
      viewing: { size: 'chosen' as const, allowsZoom: true },
    };
    const { controller, sent, show, key } = openSitting([], {
      pairs: [{ ...pair, left: left!, right: right! }],
      rules,
    });
    controller.begin();
    await show(1);
    await show(2);
    controller.notePainted(1);
    expect(key('ArrowDown')).toBe(false);
    expect(key('ArrowRight')).toBe(true);
    expect(sent).toMatchObject([{ presentationId: 9, choice: 'right', dimension: 'quality' }]);
  });
});
