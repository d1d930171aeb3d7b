// The matrix product: out (m, n) = aᵀ · b, of a (k, m) and b (k, n), all contiguous.
//
// With the left side transposed, one step of k reads neighbours on both sides: 4 rows of the result are one vector of a.
// The work is cut into tiles of out, small enough for their running sums to live in registers over the whole of k: 4 rows
// × 2 vectors where it fits, 8 rows × 1 vector at the right edge. Where rows or columns are left over, the last tile moves
// back and overlaps its neighbour: the same sums are computed twice rather than one by one. Few loads matter, because
// some engines check the bounds of each.

import { FUSED } from "./fused";

/** sum + x·y: in one instruction, rounded once, in the module for engines that have it; else in two. */
@inline
function fma<T>(sum: v128, x: v128, y: v128): v128 {
  return FUSED ? v128.relaxed_madd<T>(x, y, sum) : v128.add<T>(sum, v128.mul<T>(x, y));
}

/** One lane of x in every lane. */
@inline
function lane<T>(x: v128, i: i32): v128 {
  if (sizeof<T>() == 8) {
    if (i == 0) return v128.shuffle<u64>(x, x, 0, 0);
    return v128.shuffle<u64>(x, x, 1, 1);
  }
  if (i == 0) return v128.shuffle<u32>(x, x, 0, 0, 0, 0);
  if (i == 1) return v128.shuffle<u32>(x, x, 1, 1, 1, 1);
  if (i == 2) return v128.shuffle<u32>(x, x, 2, 2, 2, 2);
  return v128.shuffle<u32>(x, x, 3, 3, 3, 3);
}

/** Lane i of four numbers that lie in one vector of f32, or two of f64. */
@inline
function lane4<T>(low: v128, high: v128, i: i32): v128 {
  if (sizeof<T>() == 4) return lane<T>(low, i);
  return i < 2 ? lane<T>(low, i) : lane<T>(high, i - 2);
}

@inline
function store2(out: usize, x: v128, y: v128): void {
  v128.store(out, x);
  v128.store(out, y, 16);
}

@inline
function tile4x2<T>(out: usize, a: usize, b: usize, k: i32, aStep: usize, step: usize): void {
  let s00 = v128.splat<T>(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  for (const end = b + <usize>k * step; b < end; b += step) {
    const low = v128.load(a), high = sizeof<T>() == 8 ? v128.load(a, 16) : low;
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = lane4<T>(low, high, 0);
    s00 = fma<T>(s00, x, b0);
    s01 = fma<T>(s01, x, b1);
    x = lane4<T>(low, high, 1);
    s10 = fma<T>(s10, x, b0);
    s11 = fma<T>(s11, x, b1);
    x = lane4<T>(low, high, 2);
    s20 = fma<T>(s20, x, b0);
    s21 = fma<T>(s21, x, b1);
    x = lane4<T>(low, high, 3);
    s30 = fma<T>(s30, x, b0);
    s31 = fma<T>(s31, x, b1);
    a += aStep;
  }
  store2(out, s00, s01);
  store2(out + step, s10, s11);
  store2(out + 2 * step, s20, s21);
  store2(out + 3 * step, s30, s31);
}

@inline
function tile8x1<T>(out: usize, a: usize, b: usize, k: i32, aStep: usize, step: usize): void {
  let s0 = v128.splat<T>(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  for (const end = b + <usize>k * step; b < end; b += step) {
    const y = v128.load(b);
    let low = v128.load(a), high = sizeof<T>() == 8 ? v128.load(a, 16) : low;
    s0 = fma<T>(s0, lane4<T>(low, high, 0), y);
    s1 = fma<T>(s1, lane4<T>(low, high, 1), y);
    s2 = fma<T>(s2, lane4<T>(low, high, 2), y);
    s3 = fma<T>(s3, lane4<T>(low, high, 3), y);
    low = v128.load(a, sizeof<T>() * 4);
    high = sizeof<T>() == 8 ? v128.load(a, 48) : low;
    s4 = fma<T>(s4, lane4<T>(low, high, 0), y);
    s5 = fma<T>(s5, lane4<T>(low, high, 1), y);
    s6 = fma<T>(s6, lane4<T>(low, high, 2), y);
    s7 = fma<T>(s7, lane4<T>(low, high, 3), y);
    a += aStep;
  }
  v128.store(out, s0);
  v128.store(out + step, s1);
  v128.store(out + step * 2, s2);
  v128.store(out + step * 3, s3);
  out += step * 4;
  v128.store(out, s4);
  v128.store(out + step, s5);
  v128.store(out + step * 2, s6);
  v128.store(out + step * 3, s7);
}

@inline
function tile1x1<T>(out: usize, a: usize, b: usize, k: i32, aStep: usize, step: usize): void {
  let s = v128.splat<T>(0);
  for (let p = 0; p < k; p++) {
    s = fma<T>(s, v128.splat<T>(load<T>(a)), v128.load(b));
    a += aStep;
    b += step;
  }
  v128.store(out, s);
}

/** One element, in vectors all the same, so that it is rounded as in the tiles. */
@inline
function dot<T>(out: usize, a: usize, b: usize, k: i32, aStep: usize, step: usize): void {
  let s = v128.splat<T>(0);
  for (let p = 0; p < k; p++) {
    s = fma<T>(s, v128.splat<T>(load<T>(a)), v128.splat<T>(load<T>(b)));
    a += aStep;
    b += step;
  }
  store<T>(out, v128.extract_lane<T>(s, 0));
}

@inline
function matmul<T>(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32): void {
  const size = sizeof<T>(), lanes = <i32>(16 / size);
  const aStep = <usize>m * size, step = <usize>n * size;
  let j = 0;
  if (m >= 4) {
    for (; j + 2 * lanes <= n; j += 2 * lanes) {
      const column = <usize>j * size;
      for (let i = 0; i < m; i += 4) {
        const row = <usize>min(i, m - 4);
        tile4x2<T>(out + row * step + column, a + row * size, b + column, k, aStep, step);
      }
    }
  }
  if (n >= lanes) {
    for (; j < n; j += lanes) {
      const column = <usize>min(j, n - lanes) * size;
      if (m >= 8) {
        for (let i = 0; i < m; i += 8) {
          const row = <usize>min(i, m - 8);
          tile8x1<T>(out + row * step + column, a + row * size, b + column, k, aStep, step);
        }
      } else {
        for (let i: usize = 0; i < <usize>m; i++) {
          tile1x1<T>(out + i * step + column, a + i * size, b + column, k, aStep, step);
        }
      }
    }
  } else {
    for (; j < n; j++) {
      const column = <usize>j * size;
      for (let i: usize = 0; i < <usize>m; i++) dot<T>(out + i * step + column, a + i * size, b + column, k, aStep, step);
    }
  }
}

export function matmul32(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32): void {
  matmul<f32>(out, a, b, m, n, k);
}
export function matmul64(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32): void {
  matmul<f64>(out, a, b, m, n, k);
}
