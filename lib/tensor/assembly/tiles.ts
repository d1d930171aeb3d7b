// Tiles of a product: parts of it so small that their running sums stay in registers for all of k.
//
// A tile of a row or an element is one, too, so that every element is rounded alike.

import { fma } from "./vectors";

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
export function lane4<T>(low: v128, high: v128, i: i32): v128 {
  if (sizeof<T>() == 4) return lane<T>(low, i);
  return i < 2 ? lane<T>(low, i) : lane<T>(high, i - 2);
}

@inline
export function store2(out: usize, x: v128, y: v128): void {
  v128.store(out, x);
  v128.store(out, y, 16);
}

// What is added without a bias: −0, which changes no sum. An address is chosen, not a number: then V8 can pack the two
// vectors of a tile into one of 256 bits (lib/tensor/README.md says how to see that).
const NOTHING32 = memory.data<f32>([-0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0]);
const NOTHING64 = memory.data<f64>([-0.0, -0.0, -0.0, -0.0]);

/** Where the bias of a column is. */
@inline
export function biasAt<T>(bias: usize, column: usize): usize {
  return bias ? bias + column : sizeof<T>() == 4 ? NOTHING32 : NOTHING64;
}

@inline
export function tile4x2<T>(
  out: usize, outStep: usize, a: usize, b: usize, k: i32, aStep: usize, step: usize, c0: v128, c1: v128,
): void {
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
  store2(out, v128.add<T>(s00, c0), v128.add<T>(s01, c1));
  store2(out + outStep, v128.add<T>(s10, c0), v128.add<T>(s11, c1));
  store2(out + 2 * outStep, v128.add<T>(s20, c0), v128.add<T>(s21, c1));
  store2(out + 3 * outStep, v128.add<T>(s30, c0), v128.add<T>(s31, c1));
}

@inline
export function tile8x1<T>(
  out: usize, below: usize, a: usize, next: usize, b: usize, k: i32, aStep: usize, step: usize, outStep: usize, c: v128,
): void {
  let s0 = v128.splat<T>(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  for (const end = b + <usize>k * step; b < end; b += step) {
    const y = v128.load(b);
    let low = v128.load(a), high = sizeof<T>() == 8 ? v128.load(a, 16) : low;
    s0 = fma<T>(s0, lane4<T>(low, high, 0), y);
    s1 = fma<T>(s1, lane4<T>(low, high, 1), y);
    s2 = fma<T>(s2, lane4<T>(low, high, 2), y);
    s3 = fma<T>(s3, lane4<T>(low, high, 3), y);
    low = v128.load(next);
    high = sizeof<T>() == 8 ? v128.load(next, 16) : low;
    s4 = fma<T>(s4, lane4<T>(low, high, 0), y);
    s5 = fma<T>(s5, lane4<T>(low, high, 1), y);
    s6 = fma<T>(s6, lane4<T>(low, high, 2), y);
    s7 = fma<T>(s7, lane4<T>(low, high, 3), y);
    a += aStep;
    next += aStep;
  }
  v128.store(out, v128.add<T>(s0, c));
  v128.store(out + outStep, v128.add<T>(s1, c));
  v128.store(out + outStep * 2, v128.add<T>(s2, c));
  v128.store(out + outStep * 3, v128.add<T>(s3, c));
  v128.store(below, v128.add<T>(s4, c));
  v128.store(below + outStep, v128.add<T>(s5, c));
  v128.store(below + outStep * 2, v128.add<T>(s6, c));
  v128.store(below + outStep * 3, v128.add<T>(s7, c));
}

@inline
export function tile1x1<T>(out: usize, a: usize, b: usize, k: i32, aStep: usize, step: usize, c: v128): void {
  let s = v128.splat<T>(0);
  for (let p = 0; p < k; p++) {
    s = fma<T>(s, v128.splat<T>(load<T>(a)), v128.load(b));
    a += aStep;
    b += step;
  }
  v128.store(out, v128.add<T>(s, c));
}

/** One element, also in vectors, so that it is rounded as in the tiles. */
@inline
export function dot<T>(out: usize, a: usize, b: usize, k: i32, aStep: usize, step: usize, c: T): void {
  let s = v128.splat<T>(0);
  for (let p = 0; p < k; p++) {
    s = fma<T>(s, v128.splat<T>(load<T>(a)), v128.splat<T>(load<T>(b)));
    a += aStep;
    b += step;
  }
  store<T>(out, (v128.extract_lane<T>(s, 0) + c) as T);
}
