// Sums, products, roots and powers, element by element, against JavaScript's own, rounded. By layouts, views and in place.
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { sub } from "../../lib/tensor/functional.ts";
import { tensor } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";
import {
  anyNumber,
  assertSame,
  assertWithin,
  broadcast,
  build,
  dtypes,
  forAll,
  limits,
  onBothSets,
  operands,
  operatorNames,
  operators,
  size,
  toTensor,
  transposed,
  type Values,
} from "./arbitraries.ts";

const few = fc.integer({ min: 0, max: 5 });

const layouts: Record<string, (m: number, n: number) => number[]> = {
  "the same shape": (m, n) => [m, n],
  "one row": (_, n) => [n],
  "one row of two dimensions": (_, n) => [1, n],
  "one column": (m) => [m, 1],
  "a scalar": () => [],
};

for (const [name, layout] of Object.entries(layouts)) {
  onBothSets(`sum, difference, product and quotient with ${name} are exact, in place too`, () => {
    forAll(operands([few, size], (m, n) => [[m, n], layout(m, n)], anyNumber), ([a, b]) => {
      const x = toTensor(a), y = toTensor(b);
      for (const operator of operatorNames) {
        const expected = broadcast(operators[operator], a, b);
        assertSame(x[operator](y), expected, operator);
        assertSame(y[operator](x), broadcast(operators[operator], b, a), `${operator}, swapped`);
        assertSame(x.clone()[`${operator}_`](y), expected, `${operator}_`);
      }
    });
  });
}

onBothSets("sum, difference, product and quotient of transposed operands are exact", () => {
  forAll(operands([size, few], (m, n) => [[m, n], [n, m]], anyNumber), ([a, b]) => {
    const x = toTensor(a), y = toTensor(b);
    for (const operator of operatorNames) {
      assertSame(x[operator](y.T), broadcast(operators[operator], a, transposed(b, 0, 1)), operator);
      assertSame(x.T[operator](y), broadcast(operators[operator], transposed(a, 0, 1), b), operator);
    }
  });
});

onBothSets("a number beside a tensor is rounded to the tensor's dtype first, on either side", () => {
  const numbers = fc.oneof(fc.double(), fc.constantFrom(0.1, -1 / 3, 1e300, -0));
  forAll(fc.tuple(operands([size], (n) => [[n]], anyNumber), numbers), ([[a], number]) => {
    const scalar = build(a.dtype, [], () => number), x = toTensor(a);
    for (const operator of operatorNames) {
      const expected = broadcast(operators[operator], a, scalar);
      assertSame(x[operator](number), expected, operator);
      assertSame(x.clone()[`${operator}_`](number), expected, `${operator}_`);
    }
    assertSame(sub(number, x), broadcast(operators.sub, scalar, a), "sub of a number");
  });
});

onBothSets("an operation in place may have the tensor itself as its other side", () => {
  forAll(operands([size], (n) => [[n]], anyNumber), ([a]) => {
    for (const operator of operatorNames) {
      const x = toTensor(a);
      assertSame(x[`${operator}_`](x), broadcast(operators[operator], a, a), operator);
    }
  });
});

onBothSets("adding alpha times an operand in place rounds the product, then the sum", () => {
  const alpha = fc.oneof(fc.double(), fc.constantFrom(-0.1, 0.05, 1, 0));
  for (const [name, layout] of Object.entries(layouts)) {
    forAll(fc.tuple(operands([few, size], (m, n) => [[m, n], layout(m, n)], anyNumber), alpha), ([[a, b], alpha]) => {
      const scalar = build(a.dtype, [], () => alpha);
      const expected = broadcast(operators.add, a, alpha === 1 ? b : broadcast(operators.mul, b, scalar));
      assertSame(toTensor(a).add_(toTensor(b), { alpha }), expected, name);
    }, 100);
  }
  assertEquals([...tensor([1, 2]).add_(3, { alpha: -0.5 }).toArray()], [-0.5, 0.5]);
});

onBothSets(
  "addcmul is within 4·eps·(|a| + |value·b·c|) of the right one, whichever of the three are repeated, in place too",
  () => {
    const shaped = fc.constantFrom(...Object.values(layouts)), value = fc.constantFrom(1, -1, 0, -1 / 31, 0.5);
    const three = fc.tuple(shaped, shaped, shaped, value).chain(([p, q, r, value]) =>
      fc.tuple(operands([few, size], (m, n) => [[m, n], p(m, n), q(m, n), r(m, n)]), fc.constant(value))
    );
    forAll(three, ([[whole, a, b, c], value]) => {
      const close = (first: Values, actual: Tensor) => {
        const wide = [first, b, c].map((operand) => ({ ...operand, dtype: "float64" as const })),
          { eps } = limits[a.dtype];
        const expected = broadcast((x, y, z) => x + value * y * z, ...wide);
        const sizes = broadcast((x, y, z) => Math.abs(x) + Math.abs(value * y * z), ...wide).data;
        assertWithin(actual, expected, (_, i) => 4 * eps * sizes[i]);
        assertEquals(actual.dtype, a.dtype);
      };
      const x = toTensor(a), y = toTensor(b), z = toTensor(c), target = toTensor(whole);
      close(a, x.addcmul(y, z, { value }));
      assertSame(x, a, "left as it was:");
      assert(target.addcmul_(y, z, { value }) === target);
      close(whole, target);
      if (a.shape.length === 2) close(a, toTensor(transposed(a, 0, 1)).T.addcmul(y, z, { value }));
    }, 500);
    assertEquals([...tensor([1, 2]).addcmul(tensor([3, 4]), tensor([5])).toArray()], [16, 22]);
    // The first factor is multiplied by the value first: 1e30 · 1e30 alone would be beyond float32.
    assertEquals(tensor([1]).addcmul(tensor([1e30]), tensor([1e30]), { value: 0 }).item(), 1);
  },
);

onBothSets("an element's addcmul and a column's variance do not depend on their place", () => {
  forAll(fc.tuple(operands([fc.constant(3)], (n) => [[n]]), fc.integer({ min: 1, max: 40 })), ([[numbers], n]) => {
    const [a, b, c] = numbers.data, of = (x: number) => toTensor(build(numbers.dtype, [n], () => x));
    const results = of(a).addcmul(of(b), of(c)).toArray(),
      deep = build(numbers.dtype, [3, n], ([i]) => [a, b, c][i]);
    for (const all of [results, toTensor(deep).var(0).toArray()]) assert(all.every((x) => Object.is(x, all[0])));
  });
});

onBothSets("addcmul passes on NaN and infinities, and adds denormals", () => {
  for (const dtype of dtypes) {
    const { largest, denormal } = limits[dtype], of = (data: number[]) => tensor(data, { dtype });
    const a = of([NaN, 1, 1, Infinity, 1, denormal, largest, 0, -0]),
      b = of([1, NaN, Infinity, 1, 0, 0, 1, denormal, -0]);
    const c = of([1, 1, 1, 1, Infinity, 0, largest, 1, 1]);
    assertEquals([...a.addcmul(b, c).toArray()], [NaN, NaN, Infinity, Infinity, NaN, denormal, Infinity, denormal, -0]);
  }
});

onBothSets("−x and √x are exact, of a transposed view too", () => {
  forAll(operands([size, few], (m, n) => [[m, n]], anyNumber), ([a]) => {
    const across = transposed(a, 0, 1);
    assertSame(toTensor(a).neg(), broadcast((x) => -x, a), "neg");
    assertSame(toTensor(a).sqrt(), broadcast(Math.sqrt, a), "sqrt");
    assertSame(toTensor(a).T.neg(), broadcast((x) => -x, across), "neg");
    assertSame(toTensor(a).T.sqrt(), broadcast(Math.sqrt, across), "sqrt");
  });
});

onBothSets("powers are exact, those that are products, quotients and roots among them", () => {
  const exponents = fc.constantFrom(2, -1, -2, 0.5, -0.5, 0, 1, 3, -1.5, 1 / 3);
  forAll(fc.tuple(operands([size], (n) => [[n]], anyNumber), exponents), ([[a], exponent]) => {
    const one = build(a.dtype, [], () => 1), square = broadcast(operators.mul, a, a);
    const root = broadcast(Math.sqrt, a);
    const stepwise = new Map([
      [2, square],
      [-1, broadcast(operators.div, one, a)],
      [-2, broadcast(operators.div, one, square)],
      [0.5, root],
      [-0.5, broadcast(operators.div, one, root)],
    ]);
    const expected = stepwise.get(exponent) ?? broadcast((x) => Math.pow(x, exponent), a);
    assertSame(toTensor(a).pow(exponent), expected, `pow(${exponent})`);
  });
});
