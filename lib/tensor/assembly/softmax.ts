// Of each row, with m its largest value: softmax, eˣ⁻ᵐ / Σ eˣ⁻ᵐ, and its logarithm, x − m − ln Σ eˣ⁻ᵐ, both (rows, cols).
//
// If a row's length is not a multiple of a vector's, its last vector overlaps the one before. The shared lanes are computed
// twice with the same result, and a mask keeps them out of the sum. Long rows are added up in blocks, whose sums are added
// then: rounding errors grow less.

import { expOf, logOf } from "./functions";
import { sumOfLanes } from "./vectors";

const BLOCK: usize = 2048; // bytes

// From byte b on: a vector of which the last b bytes are ones.
const LAST_BYTES = memory.data<u32>([0, 0, 0, 0, u32.MAX_VALUE, u32.MAX_VALUE, u32.MAX_VALUE, u32.MAX_VALUE]);

/** The largest value of a row. A NaN may or may not win: it reaches the sum in any case. */
@inline
function largestOf<T>(a: usize, bytes: usize): T {
  let m = v128.splat<T>(load<T>(a)), p: usize = 0;
  for (; p + 16 <= bytes; p += 16) m = v128.pmax<T>(m, v128.load(a + p));
  if (p) m = v128.pmax<T>(m, v128.load(a + bytes - 16));
  else for (; p < bytes; p += sizeof<T>()) m = v128.pmax<T>(m, v128.splat<T>(load<T>(a + p)));
  m = v128.pmax<T>(m, v128.shuffle<u64>(m, m, 1, 0));
  if (sizeof<T>() == 4) m = v128.pmax<T>(m, v128.shuffle<u32>(m, m, 1, 0, 3, 2));
  return v128.extract_lane<T>(m, 0);
}

@inline
function softmax<T>(out: usize, a: usize, rows: i32, cols: i32): void {
  const size = sizeof<T>(), bytes = <usize>cols * size, rest = bytes & 15;
  for (let i = 0; i < rows; i++) {
    const largest = cols == 0 ? <T>0 : largestOf<T>(a, bytes), m = v128.splat<T>(largest);
    let sums = v128.splat<T>(0), last = sums, p: usize = 0;
    while (p + 16 <= bytes) {
      let block = v128.splat<T>(0);
      for (const end = min(p + BLOCK, bytes - rest); p < end; p += 16) {
        const e = expOf<T>(v128.sub<T>(v128.load(a + p), m));
        v128.store(out + p, e);
        block = v128.add<T>(block, e);
      }
      sums = v128.add<T>(sums, block);
    }
    if (p == 0) {
      softmaxOfShort<T>(out, a, bytes, largest);
    } else {
      if (rest) {
        last = expOf<T>(v128.sub<T>(v128.load(a + bytes - 16), m));
        sums = v128.add<T>(sums, v128.and(last, v128.load(LAST_BYTES + rest)));
      }
      const sum = v128.splat<T>(sumOfLanes<T>(sums));
      for (p = 0; p + 16 <= bytes; p += 16) v128.store(out + p, v128.div<T>(v128.load(out + p), sum));
      if (rest) v128.store(out + bytes - 16, v128.div<T>(last, sum));
    }
    out += bytes;
    a += bytes;
  }
}

/** A row of fewer values than a vector has lanes, one by one. */
@inline
function softmaxOfShort<T>(out: usize, a: usize, bytes: usize, largest: T): void {
  let sum: T = 0;
  for (let p: usize = 0; p < bytes; p += sizeof<T>()) {
    const e = expOfOne<T>((load<T>(a + p) - largest) as T);
    store<T>(out + p, e);
    sum = (sum + e) as T;
  }
  for (let p: usize = 0; p < bytes; p += sizeof<T>()) store<T>(out + p, (load<T>(out + p) / sum) as T);
}

@inline
function expOfOne<T>(x: T): T {
  return v128.extract_lane<T>(expOf<T>(v128.splat<T>(x)), 0);
}

/** ln Σ eˣ⁻ᵐ of a row. */
@inline
function logOfSum<T>(a: usize, bytes: usize, largest: T): T {
  const rest = bytes & 15, m = v128.splat<T>(largest);
  let sums = v128.splat<T>(0), sum: T = 0, p: usize = 0;
  while (p + 16 <= bytes) {
    let block = v128.splat<T>(0);
    for (const end = min(p + BLOCK, bytes - rest); p < end; p += 16) {
      block = v128.add<T>(block, expOf<T>(v128.sub<T>(v128.load(a + p), m)));
    }
    sums = v128.add<T>(sums, block);
  }
  if (p == 0) {
    for (; p < bytes; p += sizeof<T>()) sum = (sum + expOfOne<T>((load<T>(a + p) - largest) as T)) as T;
  } else if (rest) {
    const last = expOf<T>(v128.sub<T>(v128.load(a + bytes - 16), m));
    sums = v128.add<T>(sums, v128.and(last, v128.load(LAST_BYTES + rest)));
  }
  sum = (sum + sumOfLanes<T>(sums)) as T;
  return v128.extract_lane<T>(logOf<T>(v128.splat<T>(sum)), 0);
}

@inline
function logSoftmax<T>(out: usize, a: usize, rows: i32, cols: i32): void {
  const size = sizeof<T>(), bytes = <usize>cols * size;
  for (let i = 0; i < rows; i++) {
    const largest = cols == 0 ? <T>0 : largestOf<T>(a, bytes), log = logOfSum<T>(a, bytes, largest);
    const m = v128.splat<T>(largest), logs = v128.splat<T>(log);
    let p: usize = 0;
    for (; p + 16 <= bytes; p += 16) v128.store(out + p, v128.sub<T>(v128.sub<T>(v128.load(a + p), m), logs));
    for (; p < bytes; p += size) store<T>(out + p, ((load<T>(a + p) - largest) as T) - log as T);
    out += bytes;
    a += bytes;
  }
}

export function softmax32(out: usize, a: usize, rows: i32, cols: i32): void { softmax<f32>(out, a, rows, cols); }
export function softmax64(out: usize, a: usize, rows: i32, cols: i32): void { softmax<f64>(out, a, rows, cols); }
export function logSoftmax32(out: usize, a: usize, rows: i32, cols: i32): void { logSoftmax<f32>(out, a, rows, cols); }
export function logSoftmax64(out: usize, a: usize, rows: i32, cols: i32): void { logSoftmax<f64>(out, a, rows, cols); }
