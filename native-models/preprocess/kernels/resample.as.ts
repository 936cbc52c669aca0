/**
 * Weighted sums of 8-bit RGB pixels across a row and down the rows, as Pillow rounds them (compiled to resample.wasm).
 * Whole numbers only, so all machines give the same bytes. A weight is a multiple of 2⁻²²; it comes as w = 4096 · high + low,
 * both in 16 bits, because products of 16-bit numbers are added in pairs by one instruction. The weights of four taps are
 * one vector: low of taps 0 and 1, low of 2 and 3, high of 0 and 1, high of 2 and 3; missing taps weigh nothing.
 * Pointers are byte addresses; nothing is checked here: `../pillow-resize.ts` holds the memory.
 */

// @ts-ignore: decorator
@inline
function addPair(sum: v128, pixels: v128, pair: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(pixels, pair));
}

/** (4096 · high + low + 2²¹) >> 22, in 16 bits each; a second vector fills the upper half. */
// @ts-ignore: decorator
@inline
function round(low: v128, high: v128, low2: v128, high2: v128): v128 {
  const half = i32x4.splat(1 << 21);
  const first = i32x4.add(i32x4.add(i32x4.shl(high, 12), low), half);
  const second = i32x4.add(i32x4.add(i32x4.shl(high2, 12), low2), half);
  return i16x8.narrow_i32x4_s(i32x4.shr_s(first, 22), i32x4.shr_s(second, 22));
}

/**
 * Two rows at once. Column x sums `groups` times four pixels of a row from pixel starts[x] on.
 * The rows lie `sourceStep` bytes apart, the results `targetStep`; one byte behind each result is overwritten.
 */
export function sumAcross(
  source: usize,
  sourceStep: usize,
  starts: usize,
  weights: usize,
  groups: i32,
  columns: i32,
  target: usize,
  targetStep: usize,
): void {
  // Red, green and blue of two neighbouring pixels side by side, widened to 16 bits; −1 gives 0.
  const firstTwo = i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1);
  const nextTwo = i8x16(6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
  for (let x = 0; x < columns; x++) {
    let from = source + 3 * <usize>load<i32>(starts + ((<usize>x) << 2));
    let low = i32x4.splat(0), high = low, low2 = low, high2 = low;
    for (let group = 0; group < groups; group++) {
      const four = v128.load(weights);
      const low01 = v128.shuffle<i32>(four, four, 0, 0, 0, 0);
      const low23 = v128.shuffle<i32>(four, four, 1, 1, 1, 1);
      const high01 = v128.shuffle<i32>(four, four, 2, 2, 2, 2);
      const high23 = v128.shuffle<i32>(four, four, 3, 3, 3, 3);
      const row = v128.load(from);
      const row2 = v128.load(from + sourceStep);
      const a = i8x16.swizzle(row, firstTwo);
      const b = i8x16.swizzle(row, nextTwo);
      const a2 = i8x16.swizzle(row2, firstTwo);
      const b2 = i8x16.swizzle(row2, nextTwo);
      low = addPair(addPair(low, a, low01), b, low23);
      high = addPair(addPair(high, a, high01), b, high23);
      low2 = addPair(addPair(low2, a2, low01), b2, low23);
      high2 = addPair(addPair(high2, a2, high01), b2, high23);
      from += 12;
      weights += 16;
    }
    const sums = round(low, high, low2, high2);
    const bytes = i8x16.narrow_i16x8_u(sums, sums);
    v128.store32_lane(target, bytes, 0);
    v128.store32_lane(target + targetStep, bytes, 1);
    target += 3;
  }
}

/** One row of sums down `groups` times four rows of `step` bytes, a multiple of 8, from `rows` on. */
export function sumDown(rows: usize, step: usize, weights: usize, groups: i32, target: usize): void {
  for (let x: usize = 0; x < step; x += 8) {
    let from = rows + x;
    let low = i32x4.splat(0), high = low, low2 = low, high2 = low;
    for (let group = 0; group < groups; group++) {
      const four = v128.load(weights + ((<usize>group) << 4));
      const ab = interleave(v128.load64_zero(from), v128.load64_zero(from + step));
      from += 2 * step;
      const cd = interleave(v128.load64_zero(from), v128.load64_zero(from + step));
      from += 2 * step;
      const low01 = v128.shuffle<i32>(four, four, 0, 0, 0, 0);
      const low23 = v128.shuffle<i32>(four, four, 1, 1, 1, 1);
      const high01 = v128.shuffle<i32>(four, four, 2, 2, 2, 2);
      const high23 = v128.shuffle<i32>(four, four, 3, 3, 3, 3);
      const a = i16x8.extend_low_i8x16_u(ab);
      const a2 = i16x8.extend_high_i8x16_u(ab);
      const c = i16x8.extend_low_i8x16_u(cd);
      const c2 = i16x8.extend_high_i8x16_u(cd);
      low = addPair(addPair(low, a, low01), c, low23);
      high = addPair(addPair(high, a, high01), c, high23);
      low2 = addPair(addPair(low2, a2, low01), c2, low23);
      high2 = addPair(addPair(high2, a2, high01), c2, high23);
    }
    const sums = round(low, high, low2, high2);
    v128.store64_lane(target + x, i8x16.narrow_i16x8_u(sums, sums), 0);
  }
}

/** Eight bytes of one row alternating with eight of the next. */
// @ts-ignore: decorator
@inline
function interleave(row: v128, next: v128): v128 {
  return v128.shuffle<i8>(row, next, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
