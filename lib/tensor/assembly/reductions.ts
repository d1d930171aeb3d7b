// Sums, means, variances and largest values of a contiguous (outer, len, inner) tensor along its middle dimension.
//
// A float32 sum's rounding error grows with the number of additions that a value goes through. So of more than 32 rows,
// 8 at a time are added up, and their sums in float64. Up to 32 there is no float64, which takes time and changes nothing.

import { fma, sumOfLanes } from "./vectors";

// Sums are made in strips: 64 bytes wide, or 16, or one value. A strip's means are read and its sums are written here.
const MEANS = memory.data(64, 16), SUMS = memory.data(64, 16);

const WIDE: usize = 64, NARROW: usize = 16; // bytes; anything less is one value

/** sum + x, or sum + (x − mean)². */
@inline
function plus<T>(squares: bool, sum: v128, x: v128, mean: v128): v128 {
  if (!squares) return v128.add<T>(sum, x);
  const d = v128.sub<T>(x, mean);
  return fma<T>(sum, d, d);
}

/** The first two of four float32 as float64, and the last two. */
@inline
function low(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

@inline
function high(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<u64>(x, x, 1, 0));
}

/** Two and two float64 as four float32. */
@inline
function rounded(low: v128, high: v128): v128 {
  return v128.shuffle<u64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/** One value is in every lane of its vector, so that it is rounded like the others. */
@inline
function addUp<T>(wide: bool, squares: bool, one: bool, a: usize, len: i32, step: usize): void {
  const atOnce = sizeof<T>() == 8 || len <= 32, zero = v128.splat<T>(0);
  const m0 = squares ? v128.load(MEANS) : zero, m1 = squares && wide ? v128.load(MEANS, 16) : zero;
  const m2 = squares && wide ? v128.load(MEANS, 32) : zero, m3 = squares && wide ? v128.load(MEANS, 48) : zero;
  let t0 = zero, t1 = zero, t2 = zero, t3 = zero, u0 = zero, u1 = zero, u2 = zero, u3 = zero;
  do {
    let s0 = zero, s1 = zero, s2 = zero, s3 = zero;
    for (const rest = atOnce || len < 8 ? 0 : len - 8; len > rest; len--, a += step) {
      s0 = plus<T>(squares, s0, one ? v128.splat<T>(load<T>(a)) : v128.load(a), m0);
      if (wide) {
        s1 = plus<T>(squares, s1, v128.load(a, 16), m1);
        s2 = plus<T>(squares, s2, v128.load(a, 32), m2);
        s3 = plus<T>(squares, s3, v128.load(a, 48), m3);
      }
    }
    if (atOnce) {
      v128.store(SUMS, s0);
      if (wide) {
        v128.store(SUMS, s1, 16);
        v128.store(SUMS, s2, 32);
        v128.store(SUMS, s3, 48);
      }
      return;
    }
    t0 = f64x2.add(t0, low(s0));
    u0 = f64x2.add(u0, high(s0));
    if (wide) {
      t1 = f64x2.add(t1, low(s1));
      u1 = f64x2.add(u1, high(s1));
      t2 = f64x2.add(t2, low(s2));
      u2 = f64x2.add(u2, high(s2));
      t3 = f64x2.add(t3, low(s3));
      u3 = f64x2.add(u3, high(s3));
    }
  } while (len > 0);
  v128.store(SUMS, rounded(t0, u0));
  if (wide) {
    v128.store(SUMS, rounded(t1, u1), 16);
    v128.store(SUMS, rounded(t2, u2), 32);
    v128.store(SUMS, rounded(t3, u3), 48);
  }
}

/** SUMS = Σ x or Σ (x − MEANS)² down `len` rows of a strip, which are `step` bytes apart. Not inline: it is long. */
function down<T>(width: usize, squares: bool, a: usize, len: i32, step: usize): void {
  if (width == WIDE) {
    if (squares) addUp<T>(true, true, false, a, len, step);
    else addUp<T>(true, false, false, a, len, step);
  } else if (squares) addUp<T>(false, true, width < NARROW, a, len, step);
  else addUp<T>(false, false, width < NARROW, a, len, step);
}

/** `to` = SUMS / divisor. */
@inline
function divided<T>(width: usize, to: usize, divisor: T): void {
  const divisors = v128.splat<T>(divisor), first = v128.div<T>(v128.load(SUMS), divisors);
  if (width < NARROW) {
    store<T>(to, v128.extract_lane<T>(first, 0));
    return;
  }
  v128.store(to, first);
  for (let i: usize = 16; i < width; i += 16) v128.store(to + i, v128.div<T>(v128.load(SUMS + i), divisors));
}

/** Sums down `len` rows of `inner` columns, or with `squares` those of (x − mean)², divided by `divisor`. */
@inline
function columns<T>(squares: bool, out: usize, a: usize, len: i32, inner: i32, divisor: T): void {
  const bytes = <usize>inner * sizeof<T>();
  let width: usize = WIDE;
  for (let c: usize = 0; c < bytes; c += width) {
    while (c + width > bytes) width = width == WIDE ? NARROW : <usize>sizeof<T>();
    down<T>(width, false, a + c, len, bytes);
    if (squares) {
      divided<T>(max(width, NARROW), MEANS, <T>len);
      down<T>(width, true, a + c, len, bytes);
    }
    divided<T>(width, out + c, divisor);
  }
}

/** Σ x or Σ (x − mean)² of `len` contiguous values: as a strip of rows of 64 bytes, and what is left over. */
@inline
function sumOfRow<T>(squares: bool, a: usize, len: i32, mean: T): T {
  const size = sizeof<T>(), bytes = <usize>len * size, m = v128.splat<T>(mean);
  for (let i: usize = 0; squares && i < 64; i += 16) v128.store(MEANS + i, m);
  down<T>(WIDE, squares, a, <i32>(bytes >> 6), 64);
  let p = bytes & ~63, s = v128.load(SUMS);
  for (; p + 16 <= bytes; p += 16) s = plus<T>(squares, s, v128.load(a + p), m);
  s = v128.add<T>(v128.add<T>(s, v128.load(SUMS, 16)), v128.add<T>(v128.load(SUMS, 32), v128.load(SUMS, 48)));
  let sum = sumOfLanes<T>(s);
  for (; p < bytes; p += size) {
    const one = plus<T>(squares, v128.splat<T>(sum), v128.splat<T>(load<T>(a + p)), m);
    sum = v128.extract_lane<T>(one, 0);
  }
  return sum;
}

@inline
function reduce<T>(squares: bool, out: usize, a: usize, outer: i32, len: i32, inner: i32, divisor: T): void {
  const size = sizeof<T>();
  for (let o = 0; o < outer; o++) {
    if (inner == 1) {
      const mean = squares ? (sumOfRow<T>(false, a, len, 0) / <T>len) as T : <T>0;
      store<T>(out, (sumOfRow<T>(squares, a, len, mean) / divisor) as T);
    } else columns<T>(squares, out, a, len, inner, divisor);
    out += <usize>inner * size;
    a += <usize>len * inner * size;
  }
}

// The divisor is 1 for a sum, the number of values for a mean, that less the correction for a variance.

export function sum32(out: usize, a: usize, outer: i32, len: i32, inner: i32, divisor: f64): void {
  reduce<f32>(false, out, a, outer, len, inner, <f32>divisor);
}
export function sum64(out: usize, a: usize, outer: i32, len: i32, inner: i32, divisor: f64): void {
  reduce<f64>(false, out, a, outer, len, inner, divisor);
}
export function variance32(out: usize, a: usize, outer: i32, len: i32, inner: i32, divisor: f64): void {
  reduce<f32>(true, out, a, outer, len, inner, <f32>divisor);
}
export function variance64(out: usize, a: usize, outer: i32, len: i32, inner: i32, divisor: f64): void {
  reduce<f64>(true, out, a, outer, len, inner, divisor);
}

// Largest value and its first index. NaN counts as largest, as in PyTorch.
@inline
function largest<T>(values: usize, indices: usize, a: usize, outer: i32, len: i32, inner: i32): void {
  const size = sizeof<T>(), step = <usize>inner * size;
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < inner; c++) {
      let p = a + (<usize>o * len * inner + c) * size;
      let best = load<T>(p), at = 0;
      for (let i = 1; i < len; i++) {
        p += step;
        const x = load<T>(p);
        if (x > best || (x != x && best == best)) {
          best = x;
          at = i;
        }
      }
      store<T>(values, best);
      store<i32>(indices, at);
      values += size;
      indices += 4;
    }
  }
}

export function max32(values: usize, indices: usize, a: usize, outer: i32, len: i32, inner: i32): void {
  largest<f32>(values, indices, a, outer, len, inner);
}
export function max64(values: usize, indices: usize, a: usize, outer: i32, len: i32, inner: i32): void {
  largest<f64>(values, indices, a, outer, len, inner);
}
