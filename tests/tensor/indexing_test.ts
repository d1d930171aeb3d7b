// Reading and writing by index: at, index_put_, index_add_, one_hot.
import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { one_hot } from "../../lib/tensor/functional.ts";
import { ones, range, tensor, zeros } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";
import { forAll, onBothSets } from "./arbitraries.ts";

const table = () => tensor([0, 1, 10, 11, 20, 21], { shape: [3, 2] });
const ints = (...data: number[]) => tensor(data, { dtype: "int32" });
const list = (a: Tensor) => [...a.toArray()];

onBothSets("at gives the rows that the indices name, in the indices' shape", () => {
  assertEquals([table().at([2, 0, 2]).shape, list(table().at([2, 0, 2]))], [[3, 2], [20, 21, 0, 1, 20, 21]]);
  const at = table().at(tensor([0, 1, 2, 0], { shape: [2, 2], dtype: "int32" }));
  assertEquals([at.shape, list(at)], [[2, 2, 2], [0, 1, 10, 11, 20, 21, 0, 1]]);
  assertEquals(list(table().at(tensor([0, 1, 2, 0], { shape: [2, 2], dtype: "int32" }).T)), [
    0,
    1,
    20,
    21,
    10,
    11,
    0,
    1,
  ]);
  assertEquals(list(table().T.at([1])), [1, 11, 21]);
  assertEquals(list(tensor([5, 6, 7]).at([1, 1])), [6, 6]);
  assertEquals([list(ints(5, 6).at([1])), ints(5, 6).at([1]).dtype], [[6], "int32"]);
  assertEquals([table().at([]).shape, zeros([0, 2]).at([]).shape], [[0, 2], [0, 2]]);
  assertThrows(() => zeros([0, 2]).at([0]), RangeError, "Index 0 at position 0 names nothing");
  assertThrows(() => zeros([]).at([0]), RangeError, "given 1 for shape ()");
});

test("at with rows and columns gives one element for each pair", () => {
  assertEquals(list(table().at([0, 2, 2], [1, 0, 1])), [1, 20, 21]);
  assertEquals(list(table().at(range(3), ints(1, 0, 1))), [1, 10, 21]);
  assertEquals(list(table().T.at([0, 1], [2, 0])), [20, 1]);
  assertEquals(table().at([], []).shape, [0]);
  const square = (...data: number[]) => tensor(data, { shape: [2, 2], dtype: "int32" });
  const picked = table().at(square(0, 1, 2, 0), square(1, 1, 0, 0));
  assertEquals([picked.shape, list(picked)], [[2, 2], [1, 11, 20, 0]]);
});

test("a slice of rows beside a list of columns gives these columns, of three dimensions as well", () => {
  const stack = tensor(range(12), { shape: [2, 3, 2] });
  assertEquals(stack.at(":", [2, 0]).tolist(), [[[4, 5], [0, 1]], [[10, 11], [6, 7]]]);
});

test("at copies: what it gives does not change with its table", () => {
  const a = table(), rows = a.at([1]);
  a.mul_(0);
  assertEquals(list(rows), [10, 11]);
});

test("index_put_ sets elements in place, the last of several, or adds each with accumulate", () => {
  const a = table();
  assertEquals(list(a.index_put_([[0, 2], ints(1, 0)], 5)), [0, 5, 10, 11, 5, 21]);
  assertEquals(list(a.index_put_([[1, 1, 1], [0, 0, 1]], 2, { accumulate: true })), [0, 5, 14, 13, 5, 21]);
  assertEquals(list(a), [0, 5, 14, 13, 5, 21]);
  assertEquals(list(a.index_put_([[], []], 9)), [0, 5, 14, 13, 5, 21]);
});

onBothSets("index_add_ adds rows in place, a row named twice gets both", () => {
  const a = zeros([3, 2]), source = tensor([1, 2, 3, 4, 5, 6], { shape: [3, 2] });
  assertEquals(list(a.index_add_(0, [2, 0, 2], source)), [3, 4, 0, 0, 6, 8]);
  assertEquals(list(a.index_add_(0, ints(1), ones([2, 1]).T)), [3, 4, 1, 1, 6, 8]);
  assertEquals(list(zeros([2]).index_add_(0, [1, 1, 1], ones([3]))), [0, 3]);
});

test("index_add_ is the reverse of at: ⟨at(C, i), g⟩ = ⟨C, index_add_(0, i, g)⟩", () => {
  const whole = fc.integer({ min: -9, max: 9 });
  const numbers = (n: number) => fc.array(whole, { minLength: n, maxLength: n });
  const indices = fc.array(fc.nat({ max: 4 }), { maxLength: 8 });
  forAll(fc.tuple(numbers(15), indices, numbers(24)), ([rows, i, gradient]) => {
    const c = tensor(rows, { shape: [5, 3] }), g = tensor(gradient.slice(0, 3 * i.length), { shape: [i.length, 3] });
    assertEquals(c.at(i).mul(g).sum().item(), zeros([5, 3]).index_add_(0, i, g).mul(c).sum().item());
  });
});

test("one_hot has a one where each index says", () => {
  assertEquals([one_hot(ints(2, 0), 3).dtype, ...list(one_hot(ints(2, 0), 3))], ["int32", 0, 0, 1, 1, 0, 0]);
  assertThrows(() => one_hot(ints(0, 3), 3), RangeError, "Index 3 at position 1");
  assertEquals([one_hot(ints(0, 3)).shape, one_hot(ints()).shape], [[2, 4], [0, 0]]);
  assertEquals(one_hot(tensor([[0, 1], [1, 0]], { dtype: "int32" }), 2).tolist(), [[[1, 0], [0, 1]], [[0, 1], [1, 0]]]);
  assertEquals(one_hot(new Int32Array([1, 0]) as never).tolist(), [[0, 1], [1, 0]]);
});

const outside: [index: number, position: number, indices: number[]][] = [
  [3, 0, [3]],
  [-1, 2, [0, 1, -1]],
  [7, 1, [2, 7, 8]],
];

onBothSets("an index outside the tensor is refused by its value and position, wherever it is", () => {
  for (const [index, position, indices] of outside) {
    const at = `Index ${index} at position ${position}`,
      message = `${at} is outside 0 … 2`,
      others = indices.map(() => 0);
    const [first, second] = ["first", "second"].map((which) =>
      `${at} of the ${which} list of indices is outside 0 … 2`
    );
    for (const named of [indices, ints(...indices)]) {
      assertThrows(() => table().at(named), RangeError, message);
      assertThrows(() => table().at(named, others), RangeError, first);
      assertThrows(() => table().T.at(others, named), RangeError, second);
      assertThrows(() => tensor([1, 2, 3]).at(named), RangeError, message);
      assertThrows(() => table().index_put_([named, others], 1), RangeError, first);
      assertThrows(() => zeros([2, 3]).index_put_([others, named], 1), RangeError, second);
      const a = table();
      assertThrows(() => a.index_add_(0, named, ones([indices.length, 2])), RangeError, message);
      assertEquals(list(a), list(table()));
    }
  }
  assertThrows(() => zeros([0, 2]).at([0]), RangeError, "Index 0 at position 0");
});

test("an index that is not an integer, or too large for int32, is refused as well", () => {
  for (const index of [0.5, NaN, 2 ** 32, -(2 ** 32) + 1]) {
    assertThrows(() => table().at([index]), RangeError, "position 0");
    assertThrows(() => table().at([0, index], [0, 0]), RangeError, "position 1");
    assertThrows(() => table().index_put_([[index], [0]], 1), RangeError, "position 0");
    assertThrows(() => table().index_add_(0, [index], ones([1, 2])), RangeError, "position 0");
  }
});

test("indices in a tensor have to be int32", () => {
  for (const dtype of ["float32", "float64"] as const) {
    const index = zeros([1], { dtype });
    assertThrows(() => table().at(index), TypeError, dtype);
    assertThrows(() => table().at([0], index), TypeError, dtype);
    assertThrows(() => table().index_put_([index, [0]], 1), TypeError, dtype);
    assertThrows(() => table().index_add_(0, index, ones([1, 2])), TypeError, dtype);
  }
});

test("several lists of indices are broadcast to one another, reading and writing, as in PyTorch", () => {
  // t = torch.arange(6).view(3, 2) // 2 * 10 + torch.arange(6).view(3, 2) % 2; t[[0, 1], [0]], t[[[0], [2]], [1, 0]]
  assertEquals(table().at([0, 1], [0]).tolist(), [0, 10]);
  const column = tensor([[0], [2]], { dtype: "int32" });
  assertEquals(table().at(column, [1, 0]).tolist(), [[1, 0], [21, 20]]);
  // torch.zeros(3, 3).index_put_([torch.arange(3), torch.tensor([[0], [2], [1]])], torch.tensor(1.), accumulate=True)
  const yb = tensor([[0], [2], [1]], { dtype: "int32" });
  assertEquals(zeros([3, 3]).index_put_([range(3), yb], 1, { accumulate: true }).sum().item(), 9);
  assertThrows(() => table().at([0, 1], [0, 1, 1]), RangeError, "(2) and (3)");
  assertThrows(() => table().index_put_([[0, 1], [0, 1, 1]], 1), RangeError, "(2) and (3)");
  assertThrows(() => tensor([1, 2]).at([0], [0]), RangeError, "given 2 for shape (2)");
  assertThrows(() => tensor([1, 2]).index_put_([[0], [0]], 1), RangeError, "given 2 for shape (2)");
});

test("index_put_ with indices of the first dimensions writes rows: index_put_([xb], demb, { accumulate: true }) is index_add_", () => {
  const xb = tensor([[2, 0], [2, 1]], { dtype: "int32" }), demb = tensor(range(8), { shape: [2, 2, 2] });
  const rows = zeros([3, 2]).index_add_(0, xb.flatten(), demb.view(-1, 2));
  assertEquals(zeros([3, 2]).index_put_([xb], demb, { accumulate: true }).tolist(), rows.tolist());
  assertEquals(zeros([3, 2]).index_put_([[1]], tensor([5, 6])).tolist(), [[0, 0], [5, 6], [0, 0]]);
  assertThrows(() => table().index_put_([[0, 1]], ones([3, 2])), RangeError, "(2, 2)");
});

test("a mask takes, or writes, the elements or rows where it is true", () => {
  const a = table();
  assertEquals(a.at(a.gt(10)).tolist(), [11, 20, 21]);
  assertEquals(a.at(a.at(":", 0).gt(5)).tolist(), [[10, 11], [20, 21]]);
  assertEquals(a.at(":", a.at(0).eq(1)).tolist(), [[1], [11], [21]]);
  assertEquals(a.clone().index_put_([a.gt(10)], 0).tolist(), [[0, 1], [10, 0], [0, 0]]);
  assertEquals(a.at(a.gt(100)).shape, [0]);
  assertThrows(() => a.at(ones([2, 2]).eq(1)), RangeError, "A mask of shape (2, 2) does not fit float32 (3, 2)");
  assertThrows(() => a.index_add_(0, a.gt(1), a), TypeError, "int32");
});

test("numbers, slices and lists of indices go together in any order, as in PyTorch", () => {
  // t = torch.arange(24).view(2, 3, 4); t[:, [2, 0], 1], t[1, :, [3, 0]], t[[0, 1], :, [3, 0]].shape, t[[1, 0], 1:, 2]
  const t = tensor(range(24), { shape: [2, 3, 4] });
  assertEquals(t.at(":", [2, 0], 1).tolist(), [[9, 1], [21, 13]]);
  assertEquals(t.at(1, ":", [3, 0]).tolist(), [[15, 12], [19, 16], [23, 20]]);
  assertEquals(t.at([0, 1], ":", [3, 0]).tolist(), [[3, 7, 11], [12, 16, 20]]);
  assertEquals(t.at([1, 0], "1:", 2).tolist(), [[18, 22], [6, 10]]);
  assertEquals(t.at(":", [0, 2], [1, 3]).tolist(), [[1, 11], [13, 23]]);
});

test("index_add_ adds along any dimension, alpha times, and refuses a source of another shape or dtype", () => {
  // torch.zeros(3, 2).index_add_(1, torch.tensor([1, 1]), torch.ones(3, 2), alpha=2)
  assertEquals(zeros([3, 2]).index_add_(1, [1, 1], ones([3, 2]), { alpha: 2 }).tolist(), [[0, 4], [0, 4], [0, 4]]);
  for (const shape of [[2, 2], [1, 3], [2], [1, 1, 2]]) {
    assertThrows(() => table().index_add_(0, [0], ones(shape)), RangeError, `(${shape.join(", ")})`);
  }
  assertThrows(() => table().index_add_(0, [0], ones([1, 2], { dtype: "float64" })), RangeError, "float64");
});

test("a scalar int32 tensor is an index like the number it holds: dC.at(ix).add_(…) reaches the table", () => {
  const table = zeros([3, 2]), xb = tensor([[2, 0]], { dtype: "int32" });
  table.at(xb.at(0, 0)).add_(tensor([1, 2]));
  assertEquals([...table.toArray()], [0, 0, 0, 0, 1, 2]);
  assertEquals(table.at(xb.at(0, 0), xb.at(0, 1)).item(), 1);
});
