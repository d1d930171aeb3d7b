// Tensors as text: PyTorch's own prints, recorded, then shape and dtype; in console.log, in arrays and in objects.
import { assert, assertEquals } from "@std/assert";
import { inspect } from "node:util";
import { test } from "node:test";
import recorded from "../fixtures/prints.json" with { type: "json" };
import { scratch } from "../../lib/tensor/memory.ts";
import { formatShape } from "../../lib/tensor/shape.ts";
import { ones, range, tensor, zeros } from "../../lib/tensor/creation.ts";
import type { DType, Tensor } from "../../lib/tensor/tensor.ts";

const special: Record<string, number> = { nan: NaN, inf: Infinity, "-inf": -Infinity, "-0": -0 };

for (const { call, shape, dtype, data, text } of recorded.cases) {
  test(`a tensor shows itself as PyTorch prints ${call}`, () => {
    const numbers = typeof data === "string"
      ? range(shape.reduce((a, b) => a * b, 1))
      : data.map((x) => typeof x === "string" ? special[x] : x);
    const own = `${tensor(numbers, { shape, dtype: dtype as DType })}`;
    // PyTorch leaves out what goes without saying; here shape and dtype are always at the end.
    const theirs = text.replace(/,\s+(size=\([^)]*\)|dtype=torch\.\w+)/g, "").replace(/\)$/, ",");
    assert(own.startsWith(theirs), `${own}\nis not PyTorch's\n${theirs}`);
    assertEquals(own.slice(theirs.length).trim(), `shape ${formatShape(shape)}, ${dtype})`);
    assert(own.split("\n").every((line) => line.length <= 82));
  });
}

test("halves are rounded to the even digit, as in Python: −1/32 is −0.0312", () => {
  assertEquals(
    `${tensor([-1 / 32, 3 / 32])}`,
    "tensor([-0.0312,  0.0938], shape (2), float32)",
  );
  assertEquals(
    `${tensor([3 * 2 ** -18, 1])}`,
    "tensor([1.1444e-05, 1.0000e+00], shape (2), float32)",
  );
});

test("a transposed view shows its own rows, and a float64 tensor its own digits", () => {
  const a = tensor([1, 2, 3, 4, 5, 6], { shape: [2, 3], dtype: "float64" });
  assertEquals(
    `${a.T}`,
    "tensor([[1., 4.],\n        [2., 5.],\n        [3., 6.]], shape (3, 2), float64)",
  );
});

test("console.log shows a tensor, in arrays and objects too", () => {
  const a = tensor([1, 2.5]), text = "tensor([1.0000, 2.5000], shape (2), float32)";
  assertEquals(inspect(a), text);
  for (const around of [[a], { a }, { deeper: [{ a }] }]) assert(inspect(around, { depth: 9 }).includes(text));
  const own = a as unknown as Record<symbol, (depth: number, options: { depth: number }) => string>;
  assertEquals(own[Symbol.for("nodejs.util.inspect.custom")](2, { depth: 2 }), text);
});

test("a freed tensor says that it is freed, and does not throw", () => {
  let freed: Tensor;
  {
    using _ = scratch();
    freed = ones([2, 2]);
  }
  assertEquals(`${freed}`, "tensor(freed: its scratch block has ended, shape (2, 2), float32)");
  assertEquals(inspect(freed), `${freed}`);
});

test("a large tensor is shown without copying it and in no time", () => {
  using _ = scratch();
  const began = performance.now(), text = `${zeros([3000, 1000])}`;
  assert(text.length < 600 && performance.now() - began < 500);
});

test("six rows or columns of a large tensor are all shown, of seven the middle one is left out", () => {
  const rows = (n: number) => `${zeros([n, 400])}`.split("\n").map((line) => line.trim());
  assertEquals(rows(6).filter((line) => /^(tensor\(\[)?\[0\., 0\., 0\., {2}/.test(line)).length, 6);
  assertEquals([rows(6).includes("...,"), rows(7).includes("...,")], [false, true]);
});

test("shape and dtype follow the numbers where 80 columns hold them, else they have a line of their own", () => {
  for (let n = 1; n <= 30; n++) {
    const lines = `${tensor(new Array(n).fill(12345), { dtype: "int32" })}`.split("\n"), last = lines.at(-1)!;
    const alone = /^ {7}shape/.test(last);
    assert(last.length <= 80, last);
    if (alone) assert(lines.at(-2)!.length + last.trimStart().length + 1 > 80, last);
  }
  const text = (n: number, x: number) => `${tensor(new Array(n).fill(x), { dtype: "int32" })}`;
  assertEquals([text(9, 1234).length, text(9, 1234).includes("\n")], [80, false]);
  assertEquals([text(5, 123456789).length, text(5, 123456789).includes("\n")], [81 - 1 + 8, true]); // 81 in one line
});

test("describe says dtype, shape, range, mean and NaN in one line", () => {
  // t = torch.linspace(-1, 2, 7); t.min(), t.max(), t.mean()
  const a = tensor([-1, -0.5, 0, 0.5, 1, 1.5, 2.000004], { dtype: "float64" });
  assertEquals(a.describe(), "float64 (7), -1 to 2, mean 0.5, no NaN");
  assertEquals(tensor([[1, NaN], [1 / 3, NaN]]).describe(), "float32 (2, 2), 0.33333 to 1, mean 0.66667, 2 of 4 NaN");
  assertEquals(tensor([NaN]).describe(), "float32 (1), all NaN");
  assertEquals(tensor([1, -Infinity]).describe(), "float32 (2), -Infinity to 1, mean -Infinity, no NaN");
  assertEquals(tensor([[1, 2], [3, 4]], { dtype: "int32" }).T.describe(), "int32 (2, 2), 1 to 4, mean 2.5, no NaN");
  assertEquals([zeros([0, 3]).describe(), tensor([1, 2, 3]).gt(1).describe()], [
    "float32 (0, 3), no elements",
    "bool (3), 2 of 3 true",
  ]);
});
