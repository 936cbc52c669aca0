/** Sums over items that can be formed anew for every resample of groups: what a group adds is summed up once. */

/** Columns of one number an item; every statistic is a function of their weighted sums. */
export type Columns<Name extends string> = Record<Name, Float64Array>;

/**
 * The weighted sum of every column, group g counted `drawn[g]` times.
 *
 * @param groupOf the number of each item's group
 */
export function createGroupSums<Name extends string>(
  columns: Columns<Name>,
  groupOf: Uint32Array,
  groups: number,
): (drawn: Uint32Array) => Record<Name, number> {
  const names = Object.keys(columns) as Name[];
  const width = names.length;
  const table = new Float64Array(groups * width);
  for (const [at, name] of names.entries()) {
    const values = columns[name];
    for (let item = 0; item < values.length; item += 1) table[groupOf[item]! * width + at]! += values[item]!;
  }
  return (drawn) => {
    const sums = sumRows(table, drawn, width);
    return Object.fromEntries(names.map((name, at) => [name, sums[at]!])) as Record<Name, number>;
  };
}

function sumRows(table: Float64Array, drawn: Uint32Array, width: number): Float64Array {
  const sums = new Float64Array(width);
  for (let group = 0; group < drawn.length; group += 1) {
    const times = drawn[group]!;
    if (times === 0) continue;
    for (let at = 0; at < width; at += 1) sums[at]! += times * table[group * width + at]!;
  }
  return sums;
}

/** Pearson's r of n items from their sums; null where one side does not vary beyond rounding. */
export function correlateSums(
  n: number,
  sums: { x: number; y: number; xx: number; yy: number; xy: number },
): number | null {
  const { x, y, xx, yy, xy } = sums;
  const spreadX = xx - (x * x) / n;
  const spreadY = yy - (y * y) / n;
  if (!(spreadX > 1e-12 * xx && spreadY > 1e-12 * yy)) return null;
  return Math.max(-1, Math.min(1, (xy - (x * y) / n) / (Math.sqrt(spreadX) * Math.sqrt(spreadY))));
}
