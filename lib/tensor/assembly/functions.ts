// −x, 1/x, √x, 1/√x, eˣ, ln x and tanh x, element by element.
//
// The functions are polynomials and quotients of polynomials, mostly with the coefficients of S. Moshier's Cephes library
// (netlib.org/cephes). The coefficients are in tables in memory: loading one into all lanes is one instruction, while a
// constant in the code takes the engines three. pmin and pmax are also one instruction and keep a NaN in their first
// operand; min and max, which handle all cases, take eight.

import { fma, fnma } from "./vectors";

@inline
function c32(table: usize, i: usize): v128 {
  return v128.load32_splat(table + (i << 2));
}

@inline
function c64(table: usize, i: usize): v128 {
  return v128.load64_splat(table + (i << 3));
}

/** The polynomial with the table's first degree + 1 coefficients, the highest first (Horner's rule). */
@inline
function poly32(x: v128, table: usize, degree: i32): v128 {
  let y = fma<f32>(c32(table, 1), c32(table, 0), x);
  if (degree > 1) y = fma<f32>(c32(table, 2), y, x);
  if (degree > 2) y = fma<f32>(c32(table, 3), y, x);
  if (degree > 3) y = fma<f32>(c32(table, 4), y, x);
  if (degree > 4) y = fma<f32>(c32(table, 5), y, x);
  if (degree > 5) y = fma<f32>(c32(table, 6), y, x);
  if (degree > 6) y = fma<f32>(c32(table, 7), y, x);
  if (degree > 7) y = fma<f32>(c32(table, 8), y, x);
  return y;
}

@inline
function poly64(x: v128, table: usize, degree: i32): v128 {
  let y = fma<f64>(c64(table, 1), c64(table, 0), x);
  if (degree > 1) y = fma<f64>(c64(table, 2), y, x);
  if (degree > 2) y = fma<f64>(c64(table, 3), y, x);
  if (degree > 3) y = fma<f64>(c64(table, 4), y, x);
  if (degree > 4) y = fma<f64>(c64(table, 5), y, x);
  return y;
}

const ONE32 = memory.data<f32>([1]), ONE64 = memory.data<f64>([1]);
const HALF32 = memory.data<f32>([0.5]), HALF64 = memory.data<f64>([0.5]);
const LN2_HIGH32 = memory.data<f32>([0.693359375]), LN2_LOW32 = memory.data<f32>([-2.12194440e-4]);
const LN2_HIGH64 = memory.data<f64>([0.693359375]), LN2_LOW64 = memory.data<f64>([-2.121944400546905827679e-4]);
const LOG2E32 = memory.data<f32>([1.44269504088896341]), LOG2E64 = memory.data<f64>([1.4426950408889634073599]);

// --- eˣ = 2ⁿ·eʳ, with n = round(x / ln 2) and |r| ≤ ½·ln 2. ln 2 is taken away in two parts, the first exact in n times it.
// Beyond the limits the result is 0 or Infinity anyway. 2ⁿ is applied as two factors, so that results below the smallest
// normal number come out right.

const EXP_LIMITS32 = memory.data<f32>([-104.5, 89]), EXP_LIMITS64 = memory.data<f64>([-746, 710]);
const EXP32 = memory.data<f32>([
  1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
]);

// Adding 1.5·2²³ (in float64 1.5·2⁵²) to a number rounds it to an integer, which is then in the low bits of the sum.
const ROUND32 = memory.data<f32>([12582912]), ROUND64 = memory.data<f64>([6755399441055744]);

@inline
function rounded32x4(x: v128): v128 {
  return f32x4.add(x, c32(ROUND32, 0));
}

@inline
function rounded64x2(x: v128): v128 {
  return f64x2.add(x, c64(ROUND64, 0));
}

/** 2ⁿ for the n in the low bits of `rounded`: moved to the exponent field, and 1's exponent added. */
@inline
function powerOfTwo32x4(rounded: v128): v128 {
  return i32x4.add(i32x4.shl(rounded, 23), c32(ONE32, 0));
}

@inline
function powerOfTwo64x2(rounded: v128): v128 {
  return i64x2.add(i64x2.shl(rounded, 52), c64(ONE64, 0));
}

@inline
function exp32x4(x: v128): v128 {
  x = f32x4.pmin(f32x4.pmax(x, c32(EXP_LIMITS32, 0)), c32(EXP_LIMITS32, 1));
  const n = f32x4.sub(rounded32x4(f32x4.mul(x, c32(LOG2E32, 0))), c32(ROUND32, 0));
  const r = fnma<f32>(fnma<f32>(x, n, c32(LN2_HIGH32, 0)), n, c32(LN2_LOW32, 0));
  const y = f32x4.add(fma<f32>(r, poly32(r, EXP32, 5), f32x4.mul(r, r)), c32(ONE32, 0));
  const half = rounded32x4(f32x4.mul(n, c32(HALF32, 0)));
  const rest = rounded32x4(f32x4.sub(n, f32x4.sub(half, c32(ROUND32, 0))));
  return f32x4.mul(f32x4.mul(y, powerOfTwo32x4(half)), powerOfTwo32x4(rest));
}

// In float64 eʳ = 1 + 2p/(q − p) = (q + p)/(q − p), with p = r·P(r²) and q = Q(r²): polynomials that tanh needs as well.
const EXP_P64 = memory.data<f64>([1.26177193074810590878e-4, 3.02994407707441961300e-2, 9.99999999999999999910e-1]);
const EXP_Q64 = memory.data<f64>([3.00198505138664455042e-6, 2.52448340349684104192e-3, 2.27265548208155028766e-1, 2]);

@inline
function remainder64x2(x: v128, n: v128): v128 {
  return fnma<f64>(fnma<f64>(x, n, c64(LN2_HIGH64, 0)), n, c64(LN2_LOW64, 0));
}

@inline
function exp64x2(x: v128): v128 {
  x = f64x2.pmin(f64x2.pmax(x, c64(EXP_LIMITS64, 0)), c64(EXP_LIMITS64, 1));
  const n = f64x2.sub(rounded64x2(f64x2.mul(x, c64(LOG2E64, 0))), c64(ROUND64, 0));
  const r = remainder64x2(x, n), rr = f64x2.mul(r, r);
  const p = f64x2.mul(poly64(rr, EXP_P64, 2), r), ratio = f64x2.div(p, f64x2.sub(poly64(rr, EXP_Q64, 3), p));
  const y = f64x2.add(f64x2.add(ratio, ratio), c64(ONE64, 0));
  const half = rounded64x2(f64x2.mul(n, c64(HALF64, 0)));
  const rest = rounded64x2(f64x2.sub(n, f64x2.sub(half, c64(ROUND64, 0))));
  return f64x2.mul(f64x2.mul(y, powerOfTwo64x2(half)), powerOfTwo64x2(rest));
}

// --- ln x = e·ln 2 + ln(1 + f), where x = 2ᵉ·(1 + f) and ½√2 ≤ 1 + f < √2; ln(1 + f) = f − f²/2 + f³·P(f)/Q(f), in
// float32 f³·P(f). Numbers below the smallest normal one are scaled up first. Subtracting the bits of ½√2 makes the
// exponent field change where the mantissa passes it.

// What numbers below the smallest normal one are multiplied by, 2²³ or 2⁵⁴, and its logarithm.
const LOG_LIMITS32 = memory.data<f32>([1.17549435e-38, Infinity]), LOG_SCALE32 = memory.data<f32>([8388608, 15.942385152878742]);
const LOG_LIMITS64 = memory.data<f64>([2.2250738585072014e-308, Infinity]);
const LOG_SCALE64 = memory.data<f64>([18014398509481984, 37.42994775023705]);
const EXPONENT64 = memory.data<f64>([4503599627370496, 4503599627371519]); // 2⁵² and 2⁵² + 1023
const LOG32 = memory.data<f32>([
  7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
]);
const LOG_P64 = memory.data<f64>([
  1.01875663804580931796e-4, 4.97494994976747001425e-1, 4.70579119878881725854, 1.44989225341610930846e1,
  1.79368678507819816313e1, 7.70838733755885391666,
]);
const LOG_Q64 = memory.data<f64>([
  1, 1.12873587189167450590e1, 4.52279145837532221105e1, 8.29875266912776603211e1, 7.11544750618563894466e1,
  2.31251620126765340583e1,
]);

/** Positive, normal, finite x. */
@inline
function plainLog32x4(x: v128): v128 {
  const bits = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const m = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(bits, 23));
  const f = f32x4.sub(m, c32(ONE32, 0)), ff = f32x4.mul(f, f);
  let y = f32x4.mul(f32x4.mul(poly32(f, LOG32, 8), f), ff);
  y = fnma<f32>(fma<f32>(y, e, c32(LN2_LOW32, 0)), ff, c32(HALF32, 0));
  return fma<f32>(f32x4.add(f, y), e, c32(LN2_HIGH32, 0));
}

@inline
function log32x4(x: v128): v128 {
  const plain = v128.and(f32x4.ge(x, c32(LOG_LIMITS32, 0)), f32x4.lt(x, c32(LOG_LIMITS32, 1)));
  if (i32x4.all_true(plain)) return plainLog32x4(x);
  const y = f32x4.sub(plainLog32x4(f32x4.mul(x, c32(LOG_SCALE32, 0))), c32(LOG_SCALE32, 1)); // below the normal numbers
  return specialLogs<f32>(x, v128.bitselect(plainLog32x4(x), y, plain));
}

/** Infinity and NaN stay; 0 → −Infinity; below 0 → NaN. */
@inline
function specialLogs<T>(x: v128, y: v128): v128 {
  y = v128.bitselect(y, x, v128.lt<T>(x, v128.splat<T>(<T>Infinity)));
  y = v128.bitselect(v128.splat<T>(<T>-Infinity), y, v128.eq<T>(x, v128.splat<T>(<T>0)));
  return v128.bitselect(v128.splat<T>(<T>NaN), y, v128.lt<T>(x, v128.splat<T>(<T>0)));
}

@inline
function plainLog64x2(x: v128): v128 {
  const bits = i64x2.sub(x, i64x2.splat(0x3fe6a09e667f3bcd));
  const m = i64x2.add(v128.and(bits, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3fe6a09e667f3bcd));
  // e + 1023 as a number: set as the low bits of 2⁵².
  const biased = i64x2.shr_u(i64x2.add(bits, c64(ONE64, 0)), 52);
  const e = f64x2.sub(v128.or(biased, c64(EXPONENT64, 0)), c64(EXPONENT64, 1));
  const f = f64x2.sub(m, c64(ONE64, 0)), ff = f64x2.mul(f, f);
  let y = f64x2.mul(f, f64x2.mul(ff, f64x2.div(poly64(f, LOG_P64, 5), poly64(f, LOG_Q64, 5))));
  y = fnma<f64>(fma<f64>(y, e, c64(LN2_LOW64, 0)), ff, c64(HALF64, 0));
  return fma<f64>(f64x2.add(f, y), e, c64(LN2_HIGH64, 0));
}

@inline
function log64x2(x: v128): v128 {
  const plain = v128.and(f64x2.ge(x, c64(LOG_LIMITS64, 0)), f64x2.lt(x, c64(LOG_LIMITS64, 1)));
  if (i64x2.all_true(plain)) return plainLog64x2(x);
  const y = f64x2.sub(plainLog64x2(f64x2.mul(x, c64(LOG_SCALE64, 0))), c64(LOG_SCALE64, 1));
  return specialLogs<f64>(x, v128.bitselect(plainLog64x2(x), y, plain));
}

// --- tanh x in float32: x times a quotient of even polynomials, of degree 12 over 6. Its value at 9.8 is a rounding above 1,
// so that x held to ±9.8 and the result held to ±1 give exactly ±1 far out. Coefficients: Eigen's generic_fast_tanh_float
// (Eigen/src/Core/MathFunctionsImpl.h). Within 4e-7 of the true value, relatively.

const TANH_LIMITS32 = memory.data<f32>([9.8, -9.8]), MINUS_ONE32 = memory.data<f32>([-1]);
const TANH_P32 = memory.data<f32>([
  -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-08, 1.48572235717979e-05,
  6.37261928875436e-04, 4.89352455891786e-03,
]);
const TANH_Q32 = memory.data<f32>([1.19825839466702e-06, 1.18534705686654e-04, 2.26843463243900e-03, 4.89352518554385e-03]);

@inline
function tanh32x4(x: v128): v128 {
  const c = f32x4.pmax(f32x4.pmin(x, c32(TANH_LIMITS32, 0)), c32(TANH_LIMITS32, 1)), cc = f32x4.mul(c, c);
  // Not by Horner's rule but in pairs (Estrin's), so that less has to wait for what came before.
  const c4 = f32x4.mul(cc, cc), c8 = f32x4.mul(c4, c4);
  const p01 = fma<f32>(c32(TANH_P32, 6), c32(TANH_P32, 5), cc);
  const p23 = fma<f32>(c32(TANH_P32, 4), c32(TANH_P32, 3), cc);
  const p45 = fma<f32>(c32(TANH_P32, 2), c32(TANH_P32, 1), cc);
  const p = fma<f32>(fma<f32>(p01, p23, c4), fma<f32>(p45, c32(TANH_P32, 0), c4), c8);
  const q01 = fma<f32>(c32(TANH_Q32, 3), c32(TANH_Q32, 2), cc);
  const q = fma<f32>(q01, fma<f32>(c32(TANH_Q32, 1), c32(TANH_Q32, 0), cc), c4);
  const y = f32x4.mul(c, f32x4.div(p, q));
  return f32x4.pmax(f32x4.pmin(y, c32(ONE32, 0)), c32(MINUS_ONE32, 0));
}

// In float64, one quotient beside a number that has nearly all digits: below 0.625, tanh x = x + x³·P(x²)/Q(x²); from there on,
// 1 − 2/(e^{2x} + 1) = 1 + 2·(p − q)/(s·(q + p) + q − p), where e^{2x} = s·(q + p)/(q − p) with s = 2ⁿ. Beyond |x| = 20 that is 1.
const TANH_LIMITS64 = memory.data<f64>([20, 0.625]);
const TANH_P64 = memory.data<f64>([-9.64399179425052238628e-1, -9.92877231001918586564e1, -1.61468768441708447952e3]);
const TANH_Q64 = memory.data<f64>([1, 1.12811678491632931402e2, 2.23548839060100448583e3, 4.84406305325125486048e3]);

@inline
function tanh64x2(x: v128): v128 {
  const size = f64x2.pmin(f64x2.abs(x), c64(TANH_LIMITS64, 0)), xx = f64x2.mul(size, size), twice = f64x2.add(size, size);
  const rounded = rounded64x2(f64x2.mul(twice, c64(LOG2E64, 0)));
  const r = remainder64x2(twice, f64x2.sub(rounded, c64(ROUND64, 0))), rr = f64x2.mul(r, r);
  const p = f64x2.mul(poly64(rr, EXP_P64, 2), r), q = poly64(rr, EXP_Q64, 3), apart = f64x2.sub(p, q);
  const above = f64x2.sub(f64x2.mul(powerOfTwo64x2(rounded), f64x2.add(q, p)), apart);
  const small = f64x2.lt(size, c64(TANH_LIMITS64, 1));
  const over = v128.bitselect(f64x2.mul(f64x2.mul(size, xx), poly64(xx, TANH_P64, 2)), f64x2.add(apart, apart), small);
  const under = v128.bitselect(poly64(xx, TANH_Q64, 3), above, small);
  const y = f64x2.add(v128.bitselect(size, c64(ONE64, 0), small), f64x2.div(over, under));
  return v128.or(y, v128.and(x, f64x2.splat(-0.0)));
}

const NEG = 0, RECIPROCAL = 1, SQRT = 2, RSQRT = 3, EXP = 4, LOG = 5, TANH = 6;

/** eˣ of a vector. */
@inline
export function expOf<T>(x: v128): v128 {
  return sizeof<T>() == 4 ? exp32x4(x) : exp64x2(x);
}

/** ln x of a vector. */
@inline
export function logOf<T>(x: v128): v128 {
  return sizeof<T>() == 4 ? log32x4(x) : log64x2(x);
}

@inline
function unaryOf<T>(op: i32, x: v128): v128 {
  if (op == NEG) return v128.neg<T>(x);
  if (op == RECIPROCAL) return v128.div<T>(v128.splat<T>(1), x);
  if (op == SQRT) return v128.sqrt<T>(x);
  if (op == RSQRT) return v128.div<T>(v128.splat<T>(1), v128.sqrt<T>(x));
  if (op == EXP) return expOf<T>(x);
  if (op == LOG) return logOf<T>(x);
  return sizeof<T>() == 4 ? tanh32x4(x) : tanh64x2(x);
}

@inline
function unary<T>(op: i32, out: usize, a: usize, n: i32): void {
  const size = sizeof<T>(), bytes = <usize>n * size, vectorBytes = bytes & ~15;
  let p: usize = 0;
  for (; p < vectorBytes; p += 16) v128.store(out + p, unaryOf<T>(op, v128.load(a + p)));
  // The remaining values go through the same instructions, one value in every lane.
  for (; p < bytes; p += size) {
    const y = unaryOf<T>(op, v128.splat<T>(load<T>(a + p)));
    store<T>(out + p, v128.extract_lane<T>(y, 0));
  }
}

export function neg32(out: usize, a: usize, n: i32): void { unary<f32>(NEG, out, a, n); }
export function neg64(out: usize, a: usize, n: i32): void { unary<f64>(NEG, out, a, n); }
export function reciprocal32(out: usize, a: usize, n: i32): void { unary<f32>(RECIPROCAL, out, a, n); }
export function reciprocal64(out: usize, a: usize, n: i32): void { unary<f64>(RECIPROCAL, out, a, n); }
export function rsqrt32(out: usize, a: usize, n: i32): void { unary<f32>(RSQRT, out, a, n); }
export function rsqrt64(out: usize, a: usize, n: i32): void { unary<f64>(RSQRT, out, a, n); }
export function sqrt32(out: usize, a: usize, n: i32): void { unary<f32>(SQRT, out, a, n); }
export function sqrt64(out: usize, a: usize, n: i32): void { unary<f64>(SQRT, out, a, n); }
export function exp32(out: usize, a: usize, n: i32): void { unary<f32>(EXP, out, a, n); }
export function exp64(out: usize, a: usize, n: i32): void { unary<f64>(EXP, out, a, n); }
export function log32(out: usize, a: usize, n: i32): void { unary<f32>(LOG, out, a, n); }
export function log64(out: usize, a: usize, n: i32): void { unary<f64>(LOG, out, a, n); }
export function tanh32(out: usize, a: usize, n: i32): void { unary<f32>(TANH, out, a, n); }
export function tanh64(out: usize, a: usize, n: i32): void { unary<f64>(TANH, out, a, n); }
