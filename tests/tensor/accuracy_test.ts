// float64 exp, log and tanh of both WebAssembly modules, against integers of 256 binary places: within two units of the last
// place. Not the plain kernels: those are JavaScript's own Math.
import { assert } from "@std/assert";
import { test } from "node:test";
import { useKernels } from "../../lib/tensor/kernel_set.ts";
import { scratch } from "../../lib/tensor/memory.ts";
import { instantiate, modules } from "../../lib/tensor/simd.ts";
import { tensor } from "../../lib/tensor/creation.ts";
import { Generator } from "../../lib/random/generator.ts";

/** 1 as a fixed-point number. */
const PLACES = 256n, ONE = 1n << PLACES;

/** A number is exactly mantissa · 2^exponent. */
function exactly(x: number): [mantissa: bigint, exponent: bigint] {
  const bits = new BigUint64Array(new Float64Array([Math.abs(x)]).buffer)[0], field = bits >> 52n;
  const mantissa = field === 0n ? bits : bits & (1n << 52n) - 1n | 1n << 52n;
  return [x < 0 ? -mantissa : mantissa, (field || 1n) - 1075n];
}

/** x · 2^by, rounded down. */
const shifted = (x: bigint, by: bigint) => by < 0n ? x >> -by : x << by;

function fixed(x: number): bigint {
  const [mantissa, exponent] = exactly(x);
  return shifted(mantissa, exponent + PLACES);
}

/** artanh 1/n = Σ 1/(k·nᵏ) over odd k. */
function artanhOfOneOver(n: bigint): bigint {
  let sum = 0n;
  for (let k = 1n, power = ONE / n; power > 0n; k += 2n, power /= n * n) sum += power / k;
  return sum;
}

/** ln 2 = 18·artanh 1/26 − 2·artanh 1/4801 + 8·artanh 1/8749. */
const LN2 = 18n * artanhOfOneOver(26n) - 2n * artanhOfOneOver(4801n) + 8n * artanhOfOneOver(8749n);

/** eˣ = m · 2ⁿ, of fixed-point x, by Taylor's series. */
function exp(x: bigint): [m: bigint, n: bigint] {
  const n = x / LN2, r = x - n * LN2;
  let sum = ONE;
  for (let k = 1n, term = ONE; term !== 0n && term !== -1n; k++) sum += term = (term * r >> PLACES) / k;
  return [sum, n];
}

/** How far y is from m · 2ⁿ, in units of that number's last place, which is at least 2^−1074. */
function unitsOff(y: number, m: bigint, n: bigint): number {
  const size = BigInt((m < 0n ? -m : m).toString(2).length) - 1n - PLACES + n,
    last = size - 52n < -1074n ? -1074n : size - 52n;
  const [mantissa, exponent] = exactly(y), finer = 40n - last;
  return Math.abs(Number(shifted(mantissa, exponent + finer) - shifted(m, n - PLACES + finer))) / 2 ** 40;
}

const off = {
  exp: (x: number, y: number) => unitsOff(y, ...exp(fixed(x))),
  tanh(x: number, y: number) {
    const [m, n] = exp(2n * fixed(x)), square = shifted(m, n); // tanh x = (e²ˣ − 1) / (e²ˣ + 1)
    return unitsOff(y, (square - ONE << PLACES) / (square + ONE), 0n);
  },
  log(x: number, y: number) {
    // One step of Newton's method from a number with 50 digits right: ln x = l + d − d²/2 + d³/3, d = x·e⁻ˡ − 1.
    const l = Math.log(x), [m, n] = exp(-fixed(l)), d = shifted(fixed(x) * m >> PLACES, n) - ONE, dd = d * d >> PLACES;
    return unitsOff(y, fixed(l) + d - dd / 2n + (dd * d >> PLACES) / 3n, 0n);
  },
};

const ranges = {
  exp: [[-1, 1], [-30, 30], [-745, 709], [-745, -708]],
  tanh: [[-1e-3, 1e-3], [-0.7, 0.7], [0.6, 0.7], [-20, 20]],
  log: [[1e-3, 1], [0.7, 0.72], [0.999, 1.001], [1.3, 1.5], [1, 1e6]],
};

for (const bytes of modules.filter((bytes) => WebAssembly.validate(bytes))) {
  for (const name of ["exp", "log", "tanh"] as const) {
    test(`float64 ${name} is within two units of the last place (module of ${bytes.length} bytes)`, () => {
      using _ = scratch();
      using _kernels = useKernels(instantiate(bytes));
      const g = new Generator(3);
      for (const [low, high] of ranges[name]) {
        const x = Float64Array.from(g.rand(300), (u) => low + (high - low) * u);
        const y = tensor(x, { dtype: "float64" })[name]().toArray();
        x.forEach((x, i) => assert(off[name](x, y[i]) <= 2, `${name} ${x} = ${y[i]}, off by ${off[name](x, y[i])}`));
      }
    });
  }
}
