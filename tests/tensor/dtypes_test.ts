// Which dtype comes of two, and conversion.
import { assertAlmostEquals, assertEquals, assertStrictEquals } from "@std/assert";
import { test } from "node:test";
import { tensor } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";

const six = () => tensor([1, 2, 3, 4, 5, 6], { shape: [2, 3] });
const ints = (...data: number[]) => tensor(data, { dtype: "int32" });
const list = (a: Tensor) => [...a.toArray()];

test("float64 beside float32 makes float64, and int32 beside either makes the other", () => {
  const a = tensor([0.1]), b = tensor([0.1], { dtype: "float64" }), i = ints(3);
  for (const [x, y] of [[a, b], [b, a]]) {
    assertEquals([x.mul(y).dtype, x.mul(y).item()], ["float64", Math.fround(0.1) * 0.1]);
  }
  for (const x of [a, b]) {
    assertEquals([x.add(i).dtype, i.add(x).dtype], [x.dtype, x.dtype]);
    assertAlmostEquals(i.sub(x).item(), 2.9, 1e-6);
  }
  assertEquals(list(b.clone().add_(a)), [0.1 + Math.fround(0.1)]);
  assertEquals(list(tensor([1, 2]).add_(ints(3, 4))), [4, 6]);
  assertEquals(list(tensor([1, 2]).add_(ints(3, 4), { alpha: 0.5 })), [2.5, 4]);
});

test("to converts: to float32 by rounding, to int32 by cutting off, and to its own dtype not at all", () => {
  const a = tensor([0.1, -2.7, 2.7, 1e9], { dtype: "float64" });
  assertEquals(list(a.to("float32")), [0.1, -2.7, 2.7, 1e9].map(Math.fround));
  assertEquals(list(a.to("int32")), [0, -2, 2, 1e9]);
  assertEquals(list(ints(-1, 2 ** 31 - 1).to("float64")), [-1, 2 ** 31 - 1]);
  assertStrictEquals(a.to("float64"), a);
  assertEquals(list(six().T.to("float64")), [1, 4, 2, 5, 3, 6]);
});
