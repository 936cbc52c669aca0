/**
 * The pixel loops of the features in AssemblyScript, on 128-bit SIMD, single precision (compiled to planes.wasm).
 * Every filter tap is a fused multiply-add, left to right, because in flat regions the sign of its rounding decides what the
 * statistics say. Pointers are byte addresses of square planes; nothing is checked here: `planes.ts` holds the memory.
 */

// @ts-ignore: decorator
@inline
function floats(count: i32): usize {
  return (<usize>count) << 2;
}

// @ts-ignore: decorator
@inline
function reflect(i: i32, size: i32): i32 {
  if (i < 0) return -i;
  return i < size ? i : 2 * size - 2 - i;
}

/** A row with `radius` samples reflected at both ends. */
function padRow(row: usize, size: i32, radius: i32, padded: usize): void {
  memory.copy(padded + floats(radius), row, floats(size));
  for (let k = 1; k <= radius; k++) {
    f32.store(padded + floats(radius - k), f32.load(row + floats(k)));
    f32.store(padded + floats(radius + size - 1 + k), f32.load(row + floats(size - 1 - k)));
  }
}

/** Taps [centre, ±1, …] over a padded row. */
function blurRow(padded: usize, size: i32, taps: usize, radius: i32, target: usize): void {
  for (let x = 0; x < size; x += 4) {
    let sum = f32x4.splat(0);
    for (let k = 0; k <= 2 * radius; k++) {
      const tap = v128.load32_splat(taps + floats(abs(k - radius)));
      sum = f32x4.relaxed_madd(tap, v128.load(padded + floats(x + k)), sum);
    }
    v128.store(target + floats(x), sum);
  }
}

/** Taps over rows above and below row y. */
// @ts-ignore: decorator
@inline
function blurColumn(rows: usize, size: i32, taps: usize, radius: i32, y: i32, x: i32): v128 {
  let sum = f32x4.splat(0);
  for (let k = -radius; k <= radius; k++) {
    const row = rows + floats(reflect(y + k, size) * size + x);
    sum = f32x4.relaxed_madd(v128.load32_splat(taps + floats(abs(k))), v128.load(row), sum);
  }
  return sum;
}

/** Separable symmetric blur, rows first. `rows` is a plane, `line` a padded row, both overwritten. */
export function blur(
  source: usize,
  size: i32,
  taps: usize,
  radius: i32,
  target: usize,
  rows: usize,
  line: usize,
): void {
  for (let y = 0; y < size; y++) {
    padRow(source + floats(y * size), size, radius, line);
    blurRow(line, size, taps, radius, rows + floats(y * size));
  }
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x += 4) {
      v128.store(target + floats(y * size + x), blurColumn(rows, size, taps, radius, y, x));
    }
  }
}

/** σ = sqrt(max(0, E x² − μ²)) and (x − μ) / (σ + 1). `means` and `squares` are planes, `line` a padded row, all overwritten. */
export function normalise(
  source: usize,
  size: i32,
  taps: usize,
  radius: i32,
  sigma: usize,
  mscn: usize,
  means: usize,
  squares: usize,
  line: usize,
): void {
  const padded = size + 2 * radius;
  for (let y = 0; y < size; y++) {
    padRow(source + floats(y * size), size, radius, line);
    blurRow(line, size, taps, radius, means + floats(y * size));
    for (let x = 0; x < padded; x += 4) {
      const v = v128.load(line + floats(x));
      v128.store(line + floats(x), f32x4.mul(v, v));
    }
    blurRow(line, size, taps, radius, squares + floats(y * size));
  }
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x += 4) {
      const at = floats(y * size + x);
      const mean = blurColumn(means, size, taps, radius, y, x);
      const square = blurColumn(squares, size, taps, radius, y, x);
      const deviation = f32x4.sqrt(f32x4.max(zero, f32x4.sub(square, f32x4.mul(mean, mean))));
      v128.store(sigma + at, deviation);
      v128.store(mscn + at, f32x4.div(f32x4.sub(v128.load(source + at), mean), f32x4.add(deviation, one)));
    }
  }
}

// @ts-ignore: decorator
@inline
function tap(weight: f32, at: usize, sum: v128): v128 {
  return f32x4.relaxed_madd(f32x4.splat(weight), v128.load(at), sum);
}

/** Sobel magnitude (weights / 8) and 3 × 3 Laplacian. `lines` holds three padded rows and is overwritten. */
export function edges(source: usize, size: i32, gradient: usize, laplacian: usize, lines: usize): void {
  const step = floats(size + 8);
  const zero = f32x4.splat(0);
  for (let y = 0; y < size; y++) {
    for (let k = 0; k < 3; k++) {
      padRow(source + floats(reflect(y + k - 1, size) * size), size, 1, lines + step * k);
    }
    for (let x = 0; x < size; x += 4) {
      const a = lines + floats(x);
      const b = a + step;
      const c = b + step;
      let down = tap(0.125, a, zero);
      down = tap(0.25, a + 4, down);
      down = tap(0.125, a + 8, down);
      down = tap(-0.125, c, down);
      down = tap(-0.25, c + 4, down);
      down = tap(-0.125, c + 8, down);
      let across = tap(0.125, a, zero);
      across = tap(-0.125, a + 8, across);
      across = tap(0.25, b, across);
      across = tap(-0.25, b + 8, across);
      across = tap(0.125, c, across);
      across = tap(-0.125, c + 8, across);
      let bend = tap(0.1667, a, zero);
      bend = tap(0.6667, a + 4, bend);
      bend = tap(0.1667, a + 8, bend);
      bend = tap(0.6667, b, bend);
      bend = tap(-3.3333, b + 4, bend);
      bend = tap(0.6667, b + 8, bend);
      bend = tap(0.1667, c, bend);
      bend = tap(0.6667, c + 4, bend);
      bend = tap(0.1667, c + 8, bend);
      const at = floats(y * size + x);
      v128.store(gradient + at, f32x4.sqrt(f32x4.add(f32x4.mul(down, down), f32x4.mul(across, across))));
      v128.store(laplacian + at, bend);
    }
  }
}

/** ln(|x| + ½): exponent and mantissa apart, ln of the mantissa by the series of 2 artanh((m − 1) / (m + 1)) (error below 3e-7). */
export function logMagnitude(source: usize, count: i32, target: usize): void {
  const one = f32x4.splat(1);
  const half = f32x4.splat(0.5);
  for (let i = 0; i < count; i += 4) {
    const v = f32x4.add(f32x4.abs(v128.load(source + floats(i))), half);
    // Mantissas are taken in √½ … √2, so that the series is short on both sides of 1.
    const shifted = i32x4.sub(v, i32x4.splat(0x3f3504f3));
    const exponent = i32x4.shr_s(shifted, 23);
    const m = i32x4.sub(v, i32x4.shl(exponent, 23));
    const t = f32x4.div(f32x4.sub(m, one), f32x4.add(m, one));
    const s = f32x4.mul(t, t);
    let series = f32x4.splat(0.14285714);
    series = f32x4.add(f32x4.mul(series, s), f32x4.splat(0.2));
    series = f32x4.add(f32x4.mul(series, s), f32x4.splat(0.33333333));
    series = f32x4.add(f32x4.mul(series, s), one);
    const mantissaLog = f32x4.mul(f32x4.add(t, t), series);
    const exponentLog = f32x4.mul(f32x4.convert_i32x4_s(exponent), f32x4.splat(0.69314718));
    v128.store(target + floats(i), f32x4.add(exponentLog, mantissaLog));
  }
}

/** a² + b². */
export function energy(a: usize, b: usize, count: i32, target: usize): void {
  for (let i = 0; i < count; i += 4) {
    const u = v128.load(a + floats(i));
    const v = v128.load(b + floats(i));
    v128.store(target + floats(i), f32x4.add(f32x4.mul(u, u), f32x4.mul(v, v)));
  }
}

// @ts-ignore: decorator
@inline
function lower(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

// @ts-ignore: decorator
@inline
function upper(v: v128): v128 {
  return f64x2.promote_low_f32x4(i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
}

// @ts-ignore: decorator
@inline
function total(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

// @ts-ignore: decorator
@inline
function totalOfFour(v: v128): f64 {
  return total(f64x2.add(lower(v), upper(v)));
}

/** Σd, Σd², Σd³, Σd⁴ of d = x − shift as four doubles at `out`. */
export function sumPowers(source: usize, count: i32, shift: f64, out: usize): void {
  const center = f64x2.splat(shift);
  let first = f64x2.splat(0);
  let second = first;
  let third = first;
  let fourth = first;
  for (let i = 0; i < count; i += 4) {
    const v = v128.load(source + floats(i));
    for (let part = 0; part < 2; part++) {
      const d = f64x2.sub(part == 0 ? lower(v) : upper(v), center);
      const square = f64x2.mul(d, d);
      first = f64x2.add(first, d);
      second = f64x2.add(second, square);
      third = f64x2.add(third, f64x2.mul(square, d));
      fourth = f64x2.add(fourth, f64x2.mul(square, square));
    }
  }
  f64.store(out, total(first));
  f64.store(out, total(second), 8);
  f64.store(out, total(third), 16);
  f64.store(out, total(fourth), 24);
}

/**
 * Over products p of each sample of `a` with the one at the same place behind `b`, rows of `columns` in planes of `size`: Σp, Σ|p|, Σp² of
 * negative p, Σp², and how many are negative, as five doubles at `out`. Each row is summed in single precision.
 */
export function sumProducts(a: usize, b: usize, size: i32, columns: i32, rows: i32, out: usize): void {
  let sum: f64 = 0;
  let absolute: f64 = 0;
  let negativeSquares: f64 = 0;
  let squares: f64 = 0;
  let negatives: i32 = 0;
  const zero = f32x4.splat(0);
  for (let y = 0; y < rows; y++) {
    let rowSum = zero;
    let rowAbsolute = zero;
    let rowNegative = zero;
    let rowSquares = zero;
    const from = floats(y * size);
    let x = 0;
    for (; x + 4 <= columns; x += 4) {
      const p = f32x4.mul(v128.load(a + from + floats(x)), v128.load(b + from + floats(x)));
      const isNegative = f32x4.lt(p, zero);
      const square = f32x4.mul(p, p);
      rowSum = f32x4.add(rowSum, p);
      rowAbsolute = f32x4.add(rowAbsolute, f32x4.abs(p));
      rowSquares = f32x4.add(rowSquares, square);
      rowNegative = f32x4.add(rowNegative, v128.and(square, isNegative));
      negatives += popcnt(i32x4.bitmask(isNegative));
    }
    sum += totalOfFour(rowSum);
    absolute += totalOfFour(rowAbsolute);
    squares += totalOfFour(rowSquares);
    negativeSquares += totalOfFour(rowNegative);
    for (; x < columns; x++) {
      const p = f32.load(a + from + floats(x)) * f32.load(b + from + floats(x));
      sum += p;
      absolute += Mathf.abs(p);
      squares += p * p;
      if (p < 0) {
        negativeSquares += p * p;
        negatives += 1;
      }
    }
  }
  f64.store(out, sum);
  f64.store(out, absolute, 8);
  f64.store(out, negativeSquares, 16);
  f64.store(out, squares, 24);
  f64.store(out, negatives, 32);
}

/** Σ|x| and Σx² as two doubles at `out`; every 512 samples are summed in single precision. */
export function sumMagnitudes(source: usize, count: i32, out: usize): void {
  let absolute: f64 = 0;
  let squares: f64 = 0;
  for (let from = 0; from < count; from += 512) {
    let partAbsolute = f32x4.splat(0);
    let partSquares = f32x4.splat(0);
    for (let i = from; i < min(from + 512, count); i += 4) {
      const v = v128.load(source + floats(i));
      partAbsolute = f32x4.add(partAbsolute, f32x4.abs(v));
      partSquares = f32x4.add(partSquares, f32x4.mul(v, v));
    }
    absolute += totalOfFour(partAbsolute);
    squares += totalOfFour(partSquares);
  }
  f64.store(out, absolute);
  f64.store(out, squares, 8);
}

/** Sums of x, |x| and x² in each cell of an 8 × 8 grid: 64 doubles of each, one kind after the other, at `out`. */
export function sumCells(source: usize, size: i32, out: usize): void {
  const side = size >> 3;
  memory.fill(out, 0, 3 * 64 * 8);
  for (let y = 0; y < size; y++) {
    for (let cell = 0; cell < 8; cell++) {
      let plain = f32x4.splat(0);
      let absolute = plain;
      let squares = plain;
      for (let x = cell * side; x < (cell + 1) * side; x += 4) {
        const v = v128.load(source + floats(y * size + x));
        plain = f32x4.add(plain, v);
        absolute = f32x4.add(absolute, f32x4.abs(v));
        squares = f32x4.add(squares, f32x4.mul(v, v));
      }
      const at = out + (<usize>((y / side) * 8 + cell) << 3);
      f64.store(at, f64.load(at) + totalOfFour(plain));
      f64.store(at, f64.load(at, 512) + totalOfFour(absolute), 512);
      f64.store(at, f64.load(at, 1024) + totalOfFour(squares), 1024);
    }
  }
}

// @ts-ignore: decorator
@inline
function count(bins: usize, bin: i32): void {
  const at = bins + floats(bin);
  i32.store(at, i32.load(at) + 1);
}

/** Counts the four bins of a vector. */
// @ts-ignore: decorator
@inline
function countFour(bins: usize, four: v128): void {
  count(bins, i32x4.extract_lane(four, 0));
  count(bins, i32x4.extract_lane(four, 1));
  count(bins, i32x4.extract_lane(four, 2));
  count(bins, i32x4.extract_lane(four, 3));
}

/** 10 × 10 histogram of a / s and |b| / s with s = sqrt(energy + 0.04), bins of ⅛, the last one open; 100 counts at `bins`. */
export function countJoint(a: usize, b: usize, energies: usize, samples: i32, bins: usize): void {
  memory.fill(bins, 0, 400);
  const floor = f32x4.splat(0.04);
  const eight = f32x4.splat(8);
  const last = i32x4.splat(9);
  for (let i = 0; i < samples; i += 4) {
    const scale = f32x4.sqrt(f32x4.add(v128.load(energies + floats(i)), floor));
    const u = f32x4.mul(f32x4.div(v128.load(a + floats(i)), scale), eight);
    const v = f32x4.mul(f32x4.div(f32x4.abs(v128.load(b + floats(i))), scale), eight);
    const row = i32x4.min_s(last, i32x4.trunc_sat_f32x4_s(u));
    const column = i32x4.min_s(last, i32x4.trunc_sat_f32x4_s(v));
    countFour(bins, i32x4.add(i32x4.mul(row, i32x4.splat(10)), column));
  }
}

/** Rotation-invariant uniform patterns: 10 counts at `bins`; the border has none. */
export function countPatterns(source: usize, size: i32, bins: usize): void {
  memory.fill(bins, 0, 40);
  const one = f32x4.splat(1);
  const two = i32x4.splat(2);
  const nine = i32x4.splat(9);
  const row = floats(size);
  for (let y = 1; y < size - 1; y++) {
    for (let x = 1; x < size - 1; x += 4) {
      const at = source + floats(y * size + x);
      const threshold = f32x4.add(v128.load(at), one);
      const a = f32x4.ge(v128.load(at - row - 4), threshold);
      const b = f32x4.ge(v128.load(at - row), threshold);
      const c = f32x4.ge(v128.load(at - row + 4), threshold);
      const d = f32x4.ge(v128.load(at + 4), threshold);
      const e = f32x4.ge(v128.load(at + row + 4), threshold);
      const f = f32x4.ge(v128.load(at + row), threshold);
      const g = f32x4.ge(v128.load(at + row - 4), threshold);
      const h = f32x4.ge(v128.load(at - 4), threshold);
      // A true lane is −1: sums of masks are counts below zero.
      let set = i32x4.add(i32x4.add(i32x4.add(a, b), i32x4.add(c, d)), i32x4.add(i32x4.add(e, f), i32x4.add(g, h)));
      let changes = i32x4.add(i32x4.add(v128.xor(h, a), v128.xor(a, b)), i32x4.add(v128.xor(b, c), v128.xor(c, d)));
      changes = i32x4.add(changes, i32x4.add(v128.xor(d, e), v128.xor(e, f)));
      changes = i32x4.add(changes, i32x4.add(v128.xor(f, g), v128.xor(g, h)));
      set = i32x4.neg(set);
      changes = i32x4.neg(changes);
      const pattern = v128.bitselect(set, nine, i32x4.le_s(changes, two));
      const left = size - 1 - x;
      if (left >= 4) countFour(bins, pattern);
      else {
        count(bins, i32x4.extract_lane(pattern, 0));
        if (left > 1) count(bins, i32x4.extract_lane(pattern, 1));
        if (left > 2) count(bins, i32x4.extract_lane(pattern, 2));
      }
    }
  }
}
