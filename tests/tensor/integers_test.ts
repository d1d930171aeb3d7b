// int32 and bool: what they become beside others, and what they refuse, held against PyTorch 1.13.1.
import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { div, one_hot, sub, where } from "../../lib/tensor/functional.ts";
import { ones, tensor, zeros } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";
import { forAll, operatorNames, operators } from "./arbitraries.ts";

const ints = (...data: number[]) => tensor(data, { dtype: "int32" });
const kind = (a: Tensor) => [a.dtype, ...a.toArray()];

test("sums, differences and products of int32 are exact and int32, quotients float64, in place too", () => {
  const whole = fc.array(fc.integer({ min: -30_000, max: 30_000 }), { minLength: 1, maxLength: 9 });
  forAll(fc.tuple(whole, fc.integer({ min: 1, max: 9 })), ([data, number]) => {
    const a = ints(...data), b = ints(...data.map((x) => (x * 7) % 1000 + 2000));
    for (const operator of operatorNames) {
      const dtype = operator === "div" ? "float64" : "int32", f = operators[operator];
      const y = b.toArray();
      assertEquals(kind(a[operator](b)), [dtype, ...data.map((x, i) => f(x, y[i]))]);
      assertEquals(kind(a[operator](number)), [dtype, ...data.map((x) => f(x, number))]);
      if (operator !== "div") assertEquals(kind(a.clone()[`${operator}_`](b)), kind(a[operator](b)));
    }
  });
  assertEquals([kind(sub(10, ints(1, 2))), kind(div(1, ints(2, 4)))], [["int32", 9, 8], ["float64", 0.5, 0.25]]);
  assertEquals(kind(tensor([[1, 2, 3]], { dtype: "int32" }).add(ints(10).view(1, 1))), ["int32", 11, 12, 13]);
});

test("int32 beside a fraction is float64, so that no digit is lost: one_hot(yb, 27).mul(-1 / n) is as exact as dlogits", () => {
  const n = 31, hot = one_hot([1, 0], 2);
  assertEquals(kind(hot.mul(-1 / n)), ["float64", -0, -1 / n, -1 / n, -0]);
  assertEquals(kind(hot.div(n)), ["float64", 0, 1 / n, 1 / n, 0]);
  assertEquals(kind(hot.sub(0.1)), ["float64", -0.1, 0.9, 0.9, -0.1]);
  assertEquals(kind(hot.sum(0)), ["int32", 1, 1]);
  assertEquals(kind(hot.exp()), kind(hot.double().exp()));
  for (const dtype of ["float32", "float64"] as const) {
    assertEquals([hot.mul(ones([2], { dtype })).dtype, ones([2], { dtype }).sub(hot).dtype], [dtype, dtype]);
    assertEquals(hot.matmul(ones([2, 3], { dtype })).dtype, dtype);
  }
});

test("functions, powers, sums, extremes and products of int32 give what PyTorch's give, functions in float64", () => {
  const a = ints(1, -2, 3, 4).view(2, 2);
  assertEquals(kind(a.neg()), ["int32", -1, 2, -3, -4]);
  assertEquals([kind(a.abs()), kind(a.relu())], [["int32", 1, 2, 3, 4], ["int32", 1, 0, 3, 4]]);
  assertEquals([kind(a.pow(2)), kind(a.pow(3))], [["int32", 1, 4, 9, 16], ["int32", 1, -8, 27, 64]]);
  assertEquals([kind(a.pow(-1)), kind(a.pow(0.5))], [["float64", 1, -0.5, 1 / 3, 0.25], [
    "float64",
    1,
    NaN,
    Math.sqrt(3),
    2,
  ]]);
  assertEquals(kind(a.sigmoid()).slice(0, 2), ["float64", 1 / (1 + Math.exp(-1))]);
  assertEquals([kind(a.sum()), kind(a.max()), kind(a.argmax(1))], [["int32", 6], ["int32", 4], ["int32", 0, 1]]);
  assertEquals(kind(a.matmul(a)), ["int32", -5, -10, 15, 10]);
  assertEquals(kind(a.clamp(0, 3)), ["int32", 1, 0, 3, 3]);
  assertEquals(kind(a.maximum(0.5)), ["float64", 1, 0.5, 3, 4]);
});

const refused: Record<string, (a: Tensor) => unknown> = {
  mean: (a) => a.mean(0),
  var: (a) => a.var(0),
  softmax: (a) => a.softmax(1),
  log_softmax: (a) => a.log_softmax(1),
  index_add_: (a) => a.index_add_(0, [0], a.at([1])),
  "add_ of a fraction": (a) => a.add_(0.5),
  "add_ of float32": (a) => a.add_(ones([2, 2])),
  "div_": (a) => a.div_(2),
  "masked_fill_ with −Infinity": (a) => a.masked_fill_(a.eq(1), -Infinity),
};

for (const [name, calculate] of Object.entries(refused)) {
  test(`int32 tensors refuse ${name}, as PyTorch's do, and stay as they were`, () => {
    const a = ints(1, -2, 3, 4).view(2, 2), error = assertThrows(() => calculate(a)) as Error;
    assertEquals([error.message.includes("int32"), kind(a)], [true, ["int32", 1, -2, 3, 4]]);
  });
}

test("int32 that does not fit is refused, not wrapped around", () => {
  const a = ints(2 ** 30, 1);
  for (const f of [() => a.mul(4), () => a.add(a), () => a.pow(2), () => a.mul_(4), () => a.at([0, 0, 0]).sum()]) {
    assertThrows(f, RangeError, "does not fit");
  }
  assertEquals([kind(a), kind(a.mul(2 ** 31))], [["int32", 2 ** 30, 1], ["float64", 2 ** 61, 2 ** 31]]);
});

test("comparisons give bool, true as 1 and false as 0; nothing is true of NaN but ne", () => {
  const a = tensor([1, 2, 3, NaN]), b = tensor([2, 2, 2, NaN], { dtype: "float64" });
  assertEquals(kind(a.eq(b)), ["bool", 0, 1, 0, 0]);
  assertEquals(kind(a.ne(b)), ["bool", 1, 0, 1, 1]);
  assertEquals([kind(a.gt(b)), kind(a.lt(2))], [["bool", 0, 0, 1, 0], ["bool", 1, 0, 0, 0]]);
  assertEquals([kind(a.ge(2)), kind(a.le(b))], [["bool", 0, 1, 1, 0], ["bool", 1, 1, 0, 0]]);
  assertEquals(kind(tensor([[1], [2]]).eq(tensor([1, 2]))), ["bool", 1, 0, 0, 1]);
  // torch.tensor([0.1]) == 0.1 → True; torch.tensor([0.1]) == torch.tensor([0.1], dtype=torch.float64) → False
  assertEquals([tensor([0.1]).eq(0.1).item(), tensor([0.1]).eq(tensor([0.1], { dtype: "float64" })).item()], [1, 0]);
  assertEquals(ints(1, 2).gt(1.5).tolist(), [0, 1]);
});

test("bool is 1 and 0 beside numbers; a sum of masks is or, a product is and", () => {
  // m = torch.tensor([True, False]); m * 0.5 → float32 in PyTorch; m + m, m * m, m.sum(), m.float(), m / 2, ~m
  const m = tensor([1, 2]).eq(1), k = tensor([1, 1]).eq(1);
  assertEquals([kind(m.add(k)), kind(m.mul(k))], [["bool", 1, 1], ["bool", 1, 0]]);
  assertEquals([kind(m.sum()), kind(m.mul(3)), kind(m.mul(0.5))], [["int32", 1], ["int32", 3, 0], ["float64", 0.5, 0]]);
  assertEquals([kind(m.float()), kind(m.mul(tensor([0.5, 0.5])))], [["float32", 1, 0], ["float32", 0.5, 0]]);
  assertEquals([kind(m.square()), kind(m.sigmoid()), kind(m.logsumexp(0))], [
    ["int32", 1, 0],
    kind(m.double().sigmoid()),
    kind(m.double().logsumexp(0)),
  ]);
  assertEquals([kind(m.eq(0)), kind(m.max())], [["bool", 0, 1], ["bool", 1]]);
  assertThrows(() => m.sub(k), TypeError, "sub is not for bool tensors");
  assertThrows(() => m.neg(), TypeError, "mask.eq(0)");
  assertThrows(() => m.mean(), TypeError, "bool");
  assertThrows(() => m.clone().add_(1), TypeError, "int32 into bool");
  assertEquals(kind(zeros([2], { dtype: "bool" }).fill_(3)), ["bool", 1, 1]);
  assertEquals(kind(tensor([0, 0.5, NaN]).bool()), ["bool", 0, 1, 1]);
  assertEquals(kind(tensor([true, false] as never, { dtype: "bool" })), ["bool", 1, 0]);
  assertEquals(
    `${tensor([[1, 0]]).eq(1)} ${m}`,
    "tensor([[ True, False]], shape (1, 2), bool) tensor([ True, False], shape (2), bool)",
  );
});

test("where takes its dtype from both sides: numbers alone are int32 if they are whole, else float64", () => {
  const m = tensor([1, 2]).eq(1);
  assertEquals([kind(where(m, 1, 0)), kind(where(m, 0.1, 0))], [["int32", 1, 0], ["float64", 0.1, 0]]);
  assertEquals(kind(where(m, tensor([5, 6]), 0.1)), ["float32", 5, Math.fround(0.1)]);
  assertEquals(kind(where(m, ints(5, 6), tensor([0.5], { dtype: "float64" }))), ["float64", 5, 0.5]);
  assertEquals(kind(tensor([5, 6]).where(m, -Infinity)), ["float32", 5, -Infinity]);
});
