import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Course,
  countDone,
  findOpenPlace,
  findPlaceAfter,
  findPlaceBefore,
  listItemsAround,
} from '../../../../renderer/screens/rating/places.ts';

const dimensions = ['quality', 'alignment'];

function courseOf(votes: Record<string, number>[], unshowable: number[] = []): Course {
  return {
    presentations: votes.map((given) => ({ votes: given })),
    dimensions,
    unshowable: new Set(unshowable),
  };
}

const both = { quality: 3, alignment: 4 };

describe('the way through a sitting', () => {
  it('asks every question of an image before the next image', () => {
    const course = courseOf([{}, {}]);
    expect(findOpenPlace(course, null)).toEqual({ item: 0, dimension: 0 });
    expect(findOpenPlace(courseOf([{ quality: 3 }, {}]), { item: 0, dimension: 0 })).toEqual({
      item: 0,
      dimension: 1,
    });
    expect(findOpenPlace(courseOf([both, {}]), { item: 0, dimension: 1 })).toEqual({ item: 1, dimension: 0 });
  });

  it('returns to the first open question after a correction', () => {
    const course = courseOf([both, both, { quality: 2 }, {}]);
    expect(findOpenPlace(course, { item: 0, dimension: 0 })).toEqual({ item: 2, dimension: 1 });
  });

  it('comes back to what was left open before it ends', () => {
    expect(findOpenPlace(courseOf([{ alignment: 1 }, both]), { item: 1, dimension: 1 })).toEqual({
      item: 0,
      dimension: 0,
    });
    expect(findOpenPlace(courseOf([both, both]), { item: 1, dimension: 1 })).toBeNull();
  });

  it('passes images that cannot be shown, forward and back', () => {
    const course = courseOf([both, {}, {}], [1]);
    expect(findOpenPlace(course, { item: 0, dimension: 1 })).toEqual({ item: 2, dimension: 0 });
    expect(findPlaceBefore(course, { item: 2, dimension: 0 })).toEqual({ item: 0, dimension: 1 });
    expect(findOpenPlace(courseOf([{}], [0]), null)).toBeNull();
  });

  it('goes back question by question, from the end too, and stops at the first', () => {
    const course = courseOf([both, both]);
    expect(findPlaceBefore(course, null)).toEqual({ item: 1, dimension: 1 });
    expect(findPlaceBefore(course, { item: 1, dimension: 0 })).toEqual({ item: 0, dimension: 1 });
    expect(findPlaceBefore(course, { item: 0, dimension: 0 })).toBeNull();
  });

  it('goes on without a change only from a question that has its vote', () => {
    const course = courseOf([{ quality: 2 }, {}]);
    expect(findPlaceAfter(course, { item: 0, dimension: 0 })).toEqual({ item: 0, dimension: 1 });
    expect(findPlaceAfter(course, { item: 0, dimension: 1 })).toEqual({ item: 0, dimension: 1 });
    expect(findPlaceAfter(courseOf([both]), { item: 0, dimension: 1 })).toBeNull();
  });

  it('asks one dimension over all images before the next, in separate passes', () => {
    const course = { ...courseOf([{}, {}]), passes: 'separate' as const };
    expect(findOpenPlace(course, null)).toEqual({ item: 0, dimension: 0 });
    expect(findOpenPlace(course, { item: 0, dimension: 0 })).toEqual({ item: 1, dimension: 0 });
    expect(findOpenPlace(course, { item: 1, dimension: 0 })).toEqual({ item: 0, dimension: 1 });
    expect(findPlaceBefore(course, { item: 0, dimension: 1 })).toEqual({ item: 1, dimension: 0 });
    expect(listItemsAround(course, { item: 1, dimension: 0 }, 2)).toEqual([1, 0]);
  });

  it('asks every open question exactly once when all are answered as they come', () => {
    const vote = fc.record({ quality: fc.constant(1), alignment: fc.constant(1) }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.array(vote, { minLength: 1, maxLength: 12 }), (given) => {
        const votes: Record<string, number>[] = given.map((known) => ({ ...known }));
        const open = votes.reduce((sum, known) => sum + dimensions.length - Object.keys(known).length, 0);
        let asked = 0;
        for (let place = findOpenPlace(courseOf(votes), null); place !== null; asked += 1) {
          expect(votes[place.item]).not.toHaveProperty(dimensions[place.dimension]!);
          votes[place.item]![dimensions[place.dimension]!] = 5;
          place = findOpenPlace(courseOf(votes), place);
        }
        expect(asked).toBe(open);
        expect(countDone(courseOf(votes))).toBe(votes.length);
      }),
    );
  });
});
