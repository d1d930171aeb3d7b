// eˣ, ln x and tanh x against Math's, all over each dtype. Special values: special_values_test.ts.
import { scratch } from "../../lib/tensor/memory.ts";
import { tensor } from "../../lib/tensor/creation.ts";
import {
  anyNumber,
  assertSame,
  assertWithin,
  dtypes,
  type FloatType,
  forAll,
  limits,
  onBothSets,
  operands,
  round,
  size,
  toTensor,
  type Values,
} from "./arbitraries.ts";

// Relative errors. Over all 2³² numbers of float32 the largest were 8.2e-8, 8.2e-8 and 3.6e-7 without fused products; with
// them they differ in the third digit. Where the result is denormal, its last place is the bound.
const bounds = {
  float32: { exp: 1e-7, log: 1e-7, tanh: 4e-7 },
  float64: { exp: 2 ** -50, log: 2 ** -50, tanh: 2 ** -50 },
};

function assertFunctions(a: Values): void {
  for (const f of ["exp", "log", "tanh"] as const) {
    const expected = { ...a, dtype: "float64" as const, data: a.data.map((x) => Math[f](x)) };
    const relative = bounds[a.dtype][f];
    // Math has a number where float32 has Infinity: beyond its largest number and half a place.
    const data = expected.data.map((y) => Math.abs(y) > limits[a.dtype].largest ? round[a.dtype](y) : y);
    const bound = (y: number) => relative * Math.abs(y) + limits[a.dtype].denormal;
    assertWithin(toTensor(a)[f](), { ...expected, data }, bound, f);
  }
}

/** Numbers all over a dtype, then numbers between −1000 and 1000, −30 and 30, and 0 and 2. */
function sample(dtype: FloatType): number[] {
  const n = 30_000, bits = new BigUint64Array(n).map((_, i) => BigInt(i) * 0x9E3779B97F4A7C15n);
  const everywhere = dtype === "float64" ? new Float64Array(bits.buffer) : new Float32Array(bits.buffer);
  const spread = Array.from({ length: n }, (_, i) => (i + 0.5) / n);
  const ranges = [[-1000, 1000], [-30, 30], [0, 2]].map(([from, to]) => spread.map((x) => from + (to - from) * x));
  return [...everywhere, ...ranges.flat().map(round[dtype])];
}

for (const dtype of dtypes) {
  onBothSets(`eˣ, ln x and tanh x of ${dtype} keep to their bounds all over the dtype`, () => {
    using _ = scratch();
    const data = sample(dtype);
    assertFunctions({ dtype, shape: [data.length], data });
  });
}

onBothSets("eˣ, ln x and tanh x keep to their bounds in tensors of every size", () => {
  forAll(operands([size], (n) => [[n]], anyNumber), ([a]) => assertFunctions(a));
});

onBothSets("a number's eˣ, ln x and tanh x do not depend on its place in the tensor", () => {
  forAll(operands([size], (n) => [[n]], anyNumber), ([a]) => {
    for (const f of ["exp", "log", "tanh"] as const) {
      const alone = a.data.map((x) => tensor([x], { dtype: a.dtype })[f]().item());
      assertSame(toTensor(a)[f](), { ...a, data: alone }, f);
    }
  });
});

onBothSets("1/x, √x and 1/√x are Math's to the last place, the last rounded twice", () => {
  forAll(operands([size], (n) => [[n]], anyNumber), ([a]) => {
    const to = round[a.dtype], x = toTensor(a);
    assertSame(x.reciprocal(), { ...a, data: a.data.map((x) => to(1 / x)) }, "reciprocal");
    assertSame(x.sqrt(), { ...a, data: a.data.map((x) => to(Math.sqrt(x))) }, "sqrt");
    assertSame(x.rsqrt(), { ...a, data: a.data.map((x) => to(1 / to(Math.sqrt(x)))) }, "rsqrt");
  });
});
