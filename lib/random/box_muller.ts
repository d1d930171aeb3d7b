// Box–Muller in float32 with PyTorch's own logarithm, sine and cosine, so that its normal numbers come out bit for bit.
//
// PyTorch transforms 16 uniform numbers at a time with AVX2 (normal_fill_16_AVX2 in ATen/native/cpu/DistributionTemplates.h).
// Its elementary functions are avx_mathfun's: polynomials from the Cephes library, sometimes off in the last digit. These
// are the same polynomials in the same order. Each step is rounded to float32; where the compiler fused a product and a
// sum, both are rounded once. Checked: the first 2²⁰ numbers of seed 2147483647 are PyTorch's.
// Left out: arguments that no uniform number in [0, 1) leads to (zero, negative, huge).
const f = Math.fround;

/** a·b + c, rounded to float32 once: the product of two float32 numbers is exact in float64. */
const fma = (a: number, b: number, c: number) => f(a * b + c);

/** A polynomial by Horner's rule, highest coefficient first. */
function horner(x: number, coefficients: Float32Array): number {
  let y = coefficients[0];
  for (let i = 1; i < coefficients.length; i++) y = fma(y, x, coefficients[i]);
  return y;
}

const LOG = Float32Array.of(
  7.0376836292e-2,
  -1.1514610310e-1,
  1.1676998740e-1,
  -1.2420140846e-1,
  1.4249322787e-1,
  -1.6668057665e-1,
  2.0000714765e-1,
  -2.4999993993e-1,
  3.3333331174e-1,
);
const SIN = Float32Array.of(-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1);
const COS = Float32Array.of(2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2);
const SQRT_HALF = f(Math.SQRT1_2);

const float = new Float32Array(1), bits = new Int32Array(float.buffer);

/** Natural logarithm of a normal float32 number: x = 2^e · m, ln x = e·ln 2 + ln m with ½√2 ≤ m < √2. */
function log(value: number): number {
  float[0] = value;
  let e = (bits[0] >> 23) - 126;
  bits[0] = (bits[0] & 0x007fffff) | 0x3f000000; // the mantissa, as a number in [½, 1)
  let x = float[0];
  if (x < SQRT_HALF) {
    e -= 1;
    x = f(f(x - 1) + x);
  } else {
    x = f(x - 1);
  }
  const z = f(x * x);
  const y = fma(f(horner(x, LOG) * x), z, f(e * f(-2.12194440e-4)));
  return fma(e, f(0.693359375), f(x + f(y - z / 2)));
}

/** Sine and cosine of 0 ≤ value ≤ 2π: reduced by multiples of π/2 to |x| ≤ π/4. */
function sincos(value: number): { sin: number; cos: number } {
  const octant = (Math.trunc(f(value * f(4 / Math.PI))) + 1) & ~1;
  // value − octant·π/4, with π/4 in three parts so that the products lose nothing.
  let x = fma(octant, f(-0.78515625), value);
  x = fma(octant, f(-2.4187564849853515625e-4), x);
  x = fma(octant, f(-3.77489497744594108e-8), x);
  const z = f(x * x);
  const s = fma(f(horner(z, SIN) * z), x, x);
  const c = f(fma(f(horner(z, COS) * z), z, -z / 2) + 1);
  const swapped = (octant & 2) !== 0;
  const sin = swapped ? c : s, cos = swapped ? s : c;
  return { sin: octant & 4 ? -sin : sin, cos: (octant - 2) & 4 ? cos : -cos };
}

/**
 * Turns 16 uniform numbers, x[start] … x[start + 15], into 16 standard normal ones in place (Box and Muller 1958):
 * pairs u1 = 1 − x[j], u2 = x[j + 8] become r cos θ and r sin θ, where r = √(−2 ln u1) and θ = 2π·u2.
 */
export function boxMuller16(x: Float32Array, start: number): void {
  for (let j = start; j < start + 8; j++) {
    const r = f(Math.sqrt(f(-2 * log(f(1 - x[j])))));
    const { sin, cos } = sincos(f(f(2 * Math.PI) * x[j + 8]));
    x[j] = r * cos;
    x[j + 8] = r * sin;
  }
}
