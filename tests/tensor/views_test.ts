// Views: which elements they have, when they share memory, and what is refused.
import { assertEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { range, tensor, zeros } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";

const six = () => tensor([1, 2, 3, 4, 5, 6], { shape: [2, 3] });
const list = (a: Tensor) => [...a.toArray()];

test("view keeps the elements' order, works out one −1, and shares memory", () => {
  const a = six();
  assertEquals(a.view(3, 2).shape, [3, 2]);
  assertEquals(a.view(-1).shape, [6]);
  assertEquals(a.view(-1, 2).shape, [3, 2]);
  assertEquals(a.view(1, 3, -1, 1).shape, [1, 3, 2, 1]);
  assertEquals(tensor([1]).view().shape, []);
  assertEquals(zeros([0, 3]).view(3, -1).shape, [3, 0]);
  a.view(3, 2).put_(5, 60);
  assertEquals(list(a), [1, 2, 3, 4, 5, 60]);
});

test("view refuses another number of elements and sizes that do not come out even, naming both shapes", () => {
  for (const shape of [[4], [2, 2], [-1, 4], [], [-2, -3], [7, -1], [1.5, 4], [0, -1]]) {
    assertThrows(
      () => six().view(...shape),
      RangeError,
      `Cannot view shape (2, 3) (6 elements) as (${shape.join(", ")})`,
    );
  }
  assertThrows(() => zeros([0]).view(0, -1), RangeError);
});

test("a view of any view has its elements, and shares memory with it wherever PyTorch's view does", () => {
  const shapes = [[24], [4, 6], [2, 3, 4], [6, 1, 4], [2, 12], [3, 8], [1, 24, 1]];
  const views: ((a: Tensor) => Tensor)[] = [
    (a) => a.narrow(2, 1, 2),
    (a) => a.narrow(1, 1, 2).narrow(2, 0, 4),
    (a) => a.narrow(0, 0, 2).narrow(1, 0, 3).narrow(2, 2, 4),
    (a) => a.transpose(0, 1).narrow(0, 1, 3).narrow(1, 0, 2).narrow(2, 0, 4),
    (a) => a.at(":", 1).view(3, 1, 7).narrow(2, 0, 4).expand(3, 2, 4),
  ];
  for (const see of views) {
    const whole = tensor(range(3 * 4 * 7), { shape: [3, 4, 7] }), seen = see(whole);
    const before = list(seen);
    for (const shape of shapes.filter((shape) => shape.reduce((a, b) => a * b, 1) === seen.numel())) {
      const again = seen.view(shape);
      assertEquals([again.shape, list(again)], [shape, before]);
    }
  }
  const a = tensor(range(12), { shape: [3, 4] }), column = a.at(":", 1);
  column.unsqueeze(1).add_(100), column.view(1, 3, 1).squeeze().mul_(2), a.narrow(1, 2, 2).view(3, 2, 1).fill_(0);
  assertEquals(a.tolist(), [[0, 202, 0, 0], [4, 210, 0, 0], [8, 218, 0, 0]]);
});

test("view refuses a second −1", () => {
  assertThrows(() => six().view(-1, -1), RangeError);
  assertThrows(() => tensor([5]).view(-1, -1), RangeError);
});

test("flatten has all elements in one dimension, in the order they are seen", () => {
  assertEquals([six().flatten().shape, list(six().flatten())], [[6], [1, 2, 3, 4, 5, 6]]);
  assertEquals(list(six().T.flatten()), [1, 4, 2, 5, 3, 6]);
  assertEquals(tensor([3], { shape: [] }).flatten().shape, [1]);
});

test("T and transpose exchange dimensions without copying", () => {
  const a = six(), across = a.T;
  assertEquals([across.shape, list(across)], [[3, 2], [1, 4, 2, 5, 3, 6]]);
  a.put_(1, 20);
  assertEquals(list(across), [1, 4, 20, 5, 3, 6]);
  assertEquals(list(across.T), [1, 20, 3, 4, 5, 6]);
  const box = tensor(range(24), { shape: [2, 3, 4] });
  assertEquals(box.transpose(0, 2).shape, [4, 3, 2]);
  assertEquals(
    list(box.transpose(0, -1)),
    range(24).map((i) => (i % 2) * 12 + (Math.floor(i / 2) % 3) * 4 + Math.floor(i / 6)),
  );
  assertEquals(list(box.transpose(0, 1).transpose(0, 1)), range(24));
});

test("T is for two dimensions and transpose for dimensions that exist", () => {
  assertThrows(() => tensor([1]).T, RangeError, "(1)");
  assertThrows(() => zeros([1, 2, 3]).T, RangeError, "(1, 2, 3)");
  for (const dim of [2, -3, 0.5, NaN]) assertThrows(() => six().transpose(0, dim), RangeError, `Dimension ${dim}`);
});

test("a view of a transposed tensor is a copy, and contiguous and clone are what they say", () => {
  const a = six(), across = a.T;
  across.view(6).put_(0, 100);
  across.clone().put_(0, 100);
  a.clone().put_(0, 100);
  assertEquals(list(a), [1, 2, 3, 4, 5, 6]);
  assertEquals(list(across.clone()), [1, 4, 2, 5, 3, 6]);
});

test("expand shares memory and refuses what does not fit", () => {
  const a = tensor([1, 2, 3]), repeated = a.expand(2, 3);
  a.put_(0, 10);
  assertEquals(list(repeated), [10, 2, 3, 10, 2, 3]);
  assertThrows(() => a.expand(4), RangeError, "(3) and (4)");
  assertThrows(() => a.expand(3, 2), RangeError, "(3) and (3, 2)");
  assertThrows(() => six().expand(3), RangeError, "(2, 3) to (3)");
  assertThrows(() => six().expand(1, 3), RangeError, "(2, 3) to (1, 3)");
  assertThrows(() => tensor([1]).expand(-1, 1), RangeError, "(-1, 1)");
  assertThrows(() => tensor([1]).expand(-2), RangeError, "(-2)");
});

test("narrow is some rows or columns of a tensor, in place, and refuses rows that are not there", () => {
  const a = tensor([1, 2, 3, 4, 5, 6, 7, 8], { shape: [4, 2] });
  assertEquals(list(a.narrow(0, 1, 2)), [3, 4, 5, 6]);
  assertEquals([...a.narrow(0, 1, 2).shape], [2, 2]);
  assertEquals(list(a.T.narrow(0, 1, 1)), [2, 4, 6, 8]);
  assertEquals([...a.narrow(0, 4, 0).shape], [0, 2]);
  const labels = tensor([5, 6, 7], { dtype: "int32" }).narrow(0, 2, 1);
  assertEquals([labels.dtype, labels.item()], ["int32", 7]);
  a.narrow(0, 3, 1).mul_(10);
  assertEquals(list(a), [1, 2, 3, 4, 5, 6, 70, 80]);
  for (const [first, length] of [[3, 2], [-1, 2], [0, 5], [2, -1], [NaN, 1], [0.5, 1], [0, 1.5]]) {
    assertThrows(
      () => a.narrow(0, first, length),
      RangeError,
      "Cannot narrow shape (4, 2)",
    );
  }
  assertEquals(a.narrow(1, 1, 1).tolist(), [[2], [4], [6], [80]]);
  assertThrows(() => a.narrow(1, 1, 2), RangeError, "dimension 1, which has 2");
  for (const scalar of [tensor(7), a.sum()]) assertThrows(() => scalar.narrow(0, 0, 24), RangeError, "no dimensions");
});
