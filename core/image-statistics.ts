/** Images of a study's statistics in the order of a column, a page at a time: a table of twenty thousand is not sent whole. */
import { StudioError } from '../contract/errors.ts';
import type { AskImageStatistics, ImageStatistics } from '../contract/study-statistics.ts';
import { imageNames } from '../db/images.ts';
import type { ComputedStatistics } from './compute/study-statistics.ts';
import type { Studio } from './studio.ts';
import { computeStatistics, numberOrNull } from './study-statistics.ts';

/** @throws StudioError as `readStatistics`; `badInput` for a column that the view does not have */
export async function readImageStatistics(studio: Studio, ask: AskImageStatistics): Promise<ImageStatistics> {
  const { view, order, isDescending, from, count, ...what } = ask;
  const computed = await computeStatistics(studio, { ...what, withReliability: false });
  const columns = listColumns(computed, view);
  const column = columns.get(order);
  if (column === undefined) throw new StudioError('badInput', `There is no column “${order}”.`, { order });
  const { imageId } = computed.images;
  const places = orderPlaces(column, isDescending).subarray(from, from + count);
  const names = imageNames(
    studio.db,
    Array.from(places, (place) => imageId[place]!),
  );
  return {
    total: imageId.length,
    rows: Array.from(places, (place) => ({
      imageId: imageId[place]!,
      name: names.get(imageId[place]!)?.name ?? '',
      values: Object.fromEntries(
        [...columns].map(([name, values]) => [name, numberOrNull(values[place]!)] as const),
      ),
    })),
  };
}

function listColumns(
  { images, estimates }: ComputedStatistics,
  view: AskImageStatistics['view'],
): Map<string, Float64Array> {
  if (view === 'methods') return new Map(estimates.map(({ name, mos }) => [name, mos]));
  const { imageId: _, ...columns } = images;
  return new Map(Object.entries(columns).filter(([, values]) => values.length > 0));
}

/** Places in the order of a column, equal ones as the images stand; those without a value come last either way. */
function orderPlaces(values: Float64Array, isDescending: boolean): Uint32Array {
  const sign = isDescending ? -1 : 1;
  return Uint32Array.from(values.keys()).sort((a, b) => {
    const [x, y] = [values[a]!, values[b]!];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    return sign * (x - y);
  });
}
