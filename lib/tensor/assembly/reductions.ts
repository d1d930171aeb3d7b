// Sums, means, variances and largest values of a contiguous (outer, len, inner) tensor along its middle dimension.

import { fma, sumOfLanes } from "./vectors";

// Sums are divided by `divisor`: 1 for a sum, the number of values for a mean.

// Sum of `len` contiguous values, in four running vectors: rounding errors grow less, and no addition waits for the last.
@inline
function sumOfRow<T>(a: usize, len: i32): T {
  const size = sizeof<T>(), bytes = <usize>len * size, blockBytes = bytes & ~63, vectorBytes = bytes & ~15;
  let p: usize = 0;
  let s0 = v128.splat<T>(0), s1 = s0, s2 = s0, s3 = s0;
  for (; p < blockBytes; p += 64) {
    s0 = v128.add<T>(s0, v128.load(a + p));
    s1 = v128.add<T>(s1, v128.load(a + p, 16));
    s2 = v128.add<T>(s2, v128.load(a + p, 32));
    s3 = v128.add<T>(s3, v128.load(a + p, 48));
  }
  for (; p < vectorBytes; p += 16) s0 = v128.add<T>(s0, v128.load(a + p));
  s0 = v128.add<T>(v128.add<T>(s0, s1), v128.add<T>(s2, s3));
  let sum = sumOfLanes<T>(s0);
  for (; p < bytes; p += size) sum = sum + load<T>(a + p) as T;
  return sum;
}

// Sums down `len` rows of `inner` columns: 64 bytes of columns at a time, the running sums in registers.
@inline
function sumOfColumns<T>(out: usize, a: usize, len: i32, inner: i32, divisor: T): void {
  const size = sizeof<T>(), bytes = <usize>inner * size, divisors = v128.splat<T>(divisor);
  let c: usize = 0;
  for (; c + 64 <= bytes; c += 64) {
    let s0 = v128.splat<T>(0), s1 = s0, s2 = s0, s3 = s0, p = a + c;
    for (let i = 0; i < len; i++, p += bytes) {
      s0 = v128.add<T>(s0, v128.load(p));
      s1 = v128.add<T>(s1, v128.load(p, 16));
      s2 = v128.add<T>(s2, v128.load(p, 32));
      s3 = v128.add<T>(s3, v128.load(p, 48));
    }
    v128.store(out + c, v128.div<T>(s0, divisors));
    v128.store(out + c, v128.div<T>(s1, divisors), 16);
    v128.store(out + c, v128.div<T>(s2, divisors), 32);
    v128.store(out + c, v128.div<T>(s3, divisors), 48);
  }
  for (; c + 16 <= bytes; c += 16) {
    let s = v128.splat<T>(0), p = a + c;
    for (let i = 0; i < len; i++, p += bytes) s = v128.add<T>(s, v128.load(p));
    v128.store(out + c, v128.div<T>(s, divisors));
  }
  for (; c < bytes; c += size) {
    let s: T = 0, p = a + c;
    for (let i = 0; i < len; i++, p += bytes) s = s + load<T>(p) as T;
    store<T>(out + c, (s / divisor) as T);
  }
}

@inline
function sum<T>(out: usize, a: usize, outer: i32, len: i32, inner: i32, divisor: T): void {
  const size = sizeof<T>();
  for (let o = 0; o < outer; o++) {
    if (inner == 1) store<T>(out, (sumOfRow<T>(a, len) / divisor) as T);
    else sumOfColumns<T>(out, a, len, inner, divisor);
    out += <usize>inner * size;
    a += <usize>len * inner * size;
  }
}

export function sum32(out: usize, a: usize, outer: i32, len: i32, inner: i32, divisor: f64): void {
  sum<f32>(out, a, outer, len, inner, <f32>divisor);
}
export function sum64(out: usize, a: usize, outer: i32, len: i32, inner: i32, divisor: f64): void {
  sum<f64>(out, a, outer, len, inner, divisor);
}

// Σ (x − mean)² / (len − correction) down the columns; the mean is computed first.
@inline
function varianceOfColumns<T>(out: usize, a: usize, len: i32, inner: i32, divisor: f64): void {
  const size = sizeof<T>(), bytes = <usize>inner * size, end = <usize>len * bytes;
  const n = v128.splat<T>(<T>len), divisors = v128.splat<T>(<T>divisor);
  let c: usize = 0;
  for (; c + 64 <= bytes; c += 64) {
    let m0 = v128.splat<T>(0), m1 = m0, m2 = m0, m3 = m0, s0 = m0, s1 = m0, s2 = m0, s3 = m0;
    const first = a + c;
    for (let p = first; p < first + end; p += bytes) {
      m0 = v128.add<T>(m0, v128.load(p));
      m1 = v128.add<T>(m1, v128.load(p, 16));
      m2 = v128.add<T>(m2, v128.load(p, 32));
      m3 = v128.add<T>(m3, v128.load(p, 48));
    }
    m0 = v128.div<T>(m0, n);
    m1 = v128.div<T>(m1, n);
    m2 = v128.div<T>(m2, n);
    m3 = v128.div<T>(m3, n);
    for (let p = first; p < first + end; p += bytes) {
      const d0 = v128.sub<T>(v128.load(p), m0), d1 = v128.sub<T>(v128.load(p, 16), m1);
      const d2 = v128.sub<T>(v128.load(p, 32), m2), d3 = v128.sub<T>(v128.load(p, 48), m3);
      s0 = fma<T>(s0, d0, d0);
      s1 = fma<T>(s1, d1, d1);
      s2 = fma<T>(s2, d2, d2);
      s3 = fma<T>(s3, d3, d3);
    }
    v128.store(out + c, v128.div<T>(s0, divisors));
    v128.store(out + c, v128.div<T>(s1, divisors), 16);
    v128.store(out + c, v128.div<T>(s2, divisors), 32);
    v128.store(out + c, v128.div<T>(s3, divisors), 48);
  }
  for (; c + 16 <= bytes; c += 16) {
    let m = v128.splat<T>(0), s = m;
    const first = a + c;
    for (let p = first; p < first + end; p += bytes) m = v128.add<T>(m, v128.load(p));
    m = v128.div<T>(m, n);
    for (let p = first; p < first + end; p += bytes) {
      const d = v128.sub<T>(v128.load(p), m);
      s = fma<T>(s, d, d);
    }
    v128.store(out + c, v128.div<T>(s, divisors));
  }
  // The remaining columns, also in vectors, so that they are rounded like the rest.
  for (; c < bytes; c += size) {
    let m = v128.splat<T>(0), s = m;
    const first = a + c;
    for (let p = first; p < first + end; p += bytes) m = v128.add<T>(m, v128.splat<T>(load<T>(p)));
    m = v128.div<T>(m, n);
    for (let p = first; p < first + end; p += bytes) {
      const d = v128.sub<T>(v128.splat<T>(load<T>(p)), m);
      s = fma<T>(s, d, d);
    }
    store<T>(out + c, v128.extract_lane<T>(v128.div<T>(s, divisors), 0));
  }
}

// Σ (x − mean)² of `len` contiguous values, in running vectors like their sum.
@inline
function squaresOfRow<T>(a: usize, len: i32, mean: T): T {
  const size = sizeof<T>(), bytes = <usize>len * size, m = v128.splat<T>(mean);
  let s0 = v128.splat<T>(0), s1 = s0, s2 = s0, s3 = s0, p: usize = 0;
  for (; p + 64 <= bytes; p += 64) {
    const d0 = v128.sub<T>(v128.load(a + p), m), d1 = v128.sub<T>(v128.load(a + p, 16), m);
    const d2 = v128.sub<T>(v128.load(a + p, 32), m), d3 = v128.sub<T>(v128.load(a + p, 48), m);
    s0 = fma<T>(s0, d0, d0);
    s1 = fma<T>(s1, d1, d1);
    s2 = fma<T>(s2, d2, d2);
    s3 = fma<T>(s3, d3, d3);
  }
  for (; p + 16 <= bytes; p += 16) {
    const d = v128.sub<T>(v128.load(a + p), m);
    s0 = fma<T>(s0, d, d);
  }
  let sum = sumOfLanes<T>(v128.add<T>(v128.add<T>(s0, s1), v128.add<T>(s2, s3)));
  for (; p < bytes; p += size) {
    const d = load<T>(a + p) - mean as T;
    sum = (sum + ((d * d) as T)) as T;
  }
  return sum;
}

@inline
function variance<T>(out: usize, a: usize, outer: i32, len: i32, inner: i32, divisor: f64): void {
  const size = sizeof<T>();
  for (let o = 0; o < outer; o++) {
    if (inner == 1) {
      const mean = (sumOfRow<T>(a, len) / <T>len) as T;
      store<T>(out, (squaresOfRow<T>(a, len, mean) / <T>divisor) as T);
    } else varianceOfColumns<T>(out, a, len, inner, divisor);
    out += <usize>inner * size;
    a += <usize>len * inner * size;
  }
}

export function variance32(out: usize, a: usize, outer: i32, len: i32, inner: i32, divisor: f64): void {
  variance<f32>(out, a, outer, len, inner, divisor);
}
export function variance64(out: usize, a: usize, outer: i32, len: i32, inner: i32, divisor: f64): void {
  variance<f64>(out, a, outer, len, inner, divisor);
}

// Largest value and its first index. NaN counts as largest, as in PyTorch.
@inline
function max<T>(values: usize, indices: usize, a: usize, outer: i32, len: i32, inner: i32): void {
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
  max<f32>(values, indices, a, outer, len, inner);
}
export function max64(values: usize, indices: usize, a: usize, outer: i32, len: i32, inner: i32): void {
  max<f64>(values, indices, a, outer, len, inner);
}
