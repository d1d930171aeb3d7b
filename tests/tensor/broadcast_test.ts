// Broadcasting by its definition, and the sums that undo it in a gradient.
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { scratch } from "../../lib/tensor/memory.ts";
import { broadcastShapes, formatShape } from "../../lib/tensor/shape.ts";
import { ones, tensor, zeros } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";
import {
  assertSame,
  broadcast,
  broadcastShape,
  build,
  expanded,
  type FloatType,
  forAll,
  onBothSets,
  operatorNames,
  operators,
  toTensor,
  type Values,
} from "./arbitraries.ts";

/** The numbers from `first` on, each one more than the last. */
function counted(shape: readonly number[], first: number, dtype: FloatType = "float64"): Values {
  return build(dtype, shape, () => first++);
}

function assertBroadcasts(a: Values, b: Values): void {
  using _ = scratch();
  const x = toTensor(a), y = toTensor(b), expected = broadcastShape(a.shape, b.shape);
  if (expected) {
    assertEquals([...broadcastShapes(a.shape, b.shape, "add")], expected);
    assertSame(x.sub(y), broadcast(operators.sub, a, b), `${x} − ${y}:`);
  } else {
    const error = assertThrows(() => x.sub(y), RangeError) as RangeError;
    assert(error.message.includes(`${formatShape(a.shape)} and ${formatShape(b.shape)}`), error.message);
  }
}

onBothSets("broadcasting agrees with its definition for every pair of shapes up to 3 dimensions of 0 to 3", () => {
  const shapes: number[][] = [[]];
  for (const shape of shapes) if (shape.length < 3) shapes.push(...[0, 1, 2, 3].map((size) => [...shape, size]));
  assertEquals(shapes.length, 1 + 4 + 16 + 64);
  for (const a of shapes) for (const b of shapes) assertBroadcasts(counted(a, 1), counted(b, 100));
});

const shape = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 });

onBothSets("broadcasting agrees with its definition for any two shapes up to 4 dimensions of 0 to 3", () => {
  forAll(fc.tuple(shape, shape), ([a, b]) => assertBroadcasts(counted(a, 1), counted(b, 100)), 1000);
});

/** A shape, and one that broadcasts to it: leading dimensions left out, others of size 1. */
const pair = fc.tuple(shape, fc.nat({ max: 4 }), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
  .map(([to, skipped, single]) => ({
    to,
    from: to.slice(skipped).map((size, d) => single[d] ? 1 : size),
  }));

onBothSets(
  "two shapes that broadcast to the same one agree with the definition, in both dtypes and either order",
  () => {
    const dtype = fc.constantFrom<FloatType>("float32", "float64");
    forAll(fc.tuple(pair, pair, dtype, dtype), ([p, q, s, t]) => {
      const a = counted(p.from, 1, s), b = counted(p.to, 100, t);
      for (const operator of operatorNames) {
        assertSame(toTensor(a)[operator](toTensor(b)), broadcast(operators[operator], a, b), operator);
        assertSame(toTensor(b)[operator](toTensor(a)), broadcast(operators[operator], b, a), operator);
      }
      if (broadcastShape(p.from, q.from)) assertBroadcasts(a, counted(q.from, 100, t));
    }, 500);
  },
);

onBothSets("expand repeats sizes of 1 and adds dimensions in front, and nothing else", () => {
  forAll(pair, ({ from, to }) => {
    const a = counted(from, 1);
    assertSame(toTensor(a).expand(...to), expanded(a, to));
  });
  forAll(fc.tuple(shape, shape), ([a, b]) => {
    const fits = broadcastShape(a, b)?.join() === b.join() && a.length <= b.length;
    if (!fits) assertThrows(() => zeros(a).expand(...b), RangeError, formatShape(a));
  }, 500);
});

onBothSets("expanding an expanded or transposed view agrees with expanding its copy", () => {
  const row = tensor([1, 2, 3]), column = row.view(3, 1);
  assertEquals([...row.expand(2, 3).expand(2, 2, 3).toArray()], [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]);
  assertEquals([...column.T.expand(2, 3).toArray()], [1, 2, 3, 1, 2, 3]);
  assertEquals([...row.view(1, 3).T.expand(3, 2).toArray()], [1, 1, 2, 2, 3, 3]);
});

/** What a broadcast's gradient needs: the sum over all that was repeated. */
function sumTo(gradient: Tensor, shape: readonly number[]): Tensor {
  let sum = gradient;
  while (sum.shape.length > shape.length) sum = sum.sum(0);
  shape.forEach((size, d) => {
    if (size === 1) sum = sum.sum(d, { keepdim: true });
  });
  return sum;
}

onBothSets("summing over what was repeated is the adjoint of expanding: ⟨expand(x), g⟩ = ⟨x, sum(g)⟩", () => {
  const numbers = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 81 + 81, maxLength: 81 + 81 });
  forAll(fc.tuple(pair, numbers, fc.constantFrom<FloatType>("float32", "float64")), ([{ from, to }, data, dtype]) => {
    let i = 0;
    const x = toTensor(build(dtype, from, () => data[i++])),
      g = toTensor(build(dtype, to, () => data[i++]));
    const back = sumTo(g, from);
    assertEquals([...back.shape], from);
    assertEquals(x.expand(...to).mul(g).sum().item(), x.mul(back).sum().item());
  }, 500);
});

onBothSets(
  "an operation in place refuses an operand that would make its tensor larger, and leaves it as it was",
  () => {
    const a = ones([1, 3]);
    for (const operator of ["add_", "sub_", "mul_", "div_"] as const) {
      const error = assertThrows(() => a[operator](ones([2, 3])), RangeError) as RangeError;
      assert(error.message.includes("(1, 3)") && error.message.includes("(2, 3)"), error.message);
      assertThrows(() => a[operator](ones([1, 1, 3])), RangeError, "(1, 1, 3)");
      assertThrows(() => a[operator](ones([2])), RangeError, "(1, 3) and (2)");
    }
    assertEquals([...a.toArray()], [1, 1, 1]);
  },
);
