// How a Tensor behaves apart from its numbers: views, dtypes, writing in place, and every refusal.
import { assert, assertAlmostEquals, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { full, ones, ones_like, range, tensor, zeros, zeros_like } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";
import { forAll, onBothSets } from "./arbitraries.ts";

const six = () => tensor([1, 2, 3, 4, 5, 6], { shape: [2, 3] });
const ints = (...data: number[]) => tensor(data, { dtype: "int32" });
const list = (a: Tensor) => [...a.toArray()];

// --- Creation and reading -----------------------------------------------------------------------------------------------

test("tensors are float32 unless told otherwise, and hold the nearest number of their dtype", () => {
  assertEquals(tensor([0.1]).item(), Math.fround(0.1));
  assertEquals(tensor([0.1], { dtype: "float64" }).item(), 0.1);
  assertEquals(list(full([2], 0.1)), [Math.fround(0.1), Math.fround(0.1)]);
});

test("zeros, ones and their _like forms have the shape and dtype asked for", () => {
  for (const dtype of ["float32", "float64", "int32"] as const) {
    const a = zeros([2, 0, 3], { dtype }), b = ones([2, 2], { dtype });
    assertEquals([a.numel(), b.numel(), zeros([], { dtype }).numel()], [0, 4, 1]);
    assertEquals([list(b), list(zeros_like(b)), list(ones_like(b.T))], [[1, 1, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1]]);
    assertEquals([String(zeros_like(a)), String(ones_like(b))], [String(a), String(b)]);
  }
});

test("numbers that do not fill the shape are refused", () => {
  assertThrows(() => tensor([1, 2, 3], { shape: [2, 2] }), RangeError, "3 numbers do not fill shape (2, 2)");
  assertThrows(() => tensor([], { shape: [] }), RangeError, "0 numbers do not fill shape ()");
});

test("sizes that are negative or not integers are refused", () => {
  assertThrows(() => zeros([-1]), RangeError);
  assertThrows(() => ones([2, 1.5]), RangeError);
  assertThrows(() => tensor([1, 2, 3], { shape: [-1, -3] }), RangeError);
});

test("toArray copies", () => {
  const a = tensor([1, 2, 3]), copy = a.toArray();
  a.put_(1, 9);
  assertEquals([...copy], [1, 2, 3]);
});

test("item reads tensors of one element, however many dimensions, and refuses all others by shape", () => {
  for (const shape of [[], [1], [1, 1, 1]]) assertEquals(tensor([7], { shape }).item(), 7);
  assertEquals(tensor([7], { shape: [1, 1] }).T.expand(1, 1, 1).item(), 7);
  assertThrows(() => six().item(), RangeError, "(2, 3)");
  assertThrows(() => zeros([0]).item(), RangeError, "(0)");
  assertThrows(() => zeros([1]).expand(2).item(), RangeError, "(2)");
});

// --- Views --------------------------------------------------------------------------------------------------------------

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

test("max along a dimension gives values and indices, by name and as a pair", () => {
  const result = six().max(1), [values, indices] = result;
  assert(values === result.values && indices === result.indices);
  assert(result[0] === values && result[1] === indices);
  assertEquals([...result].length, 2);
  assertEquals(Object.keys(result), ["values", "indices"]);
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

test("a reduction along a dimension that does not exist is refused, and so is the largest of nothing", () => {
  for (const dim of [2, -3, 0.5]) {
    for (const f of ["sum", "mean", "var", "max", "argmax"] as const) {
      const of: Record<typeof f, (dim: number) => unknown> = six();
      assertThrows(() => of[f](dim), RangeError, `Dimension ${dim} does not exist in shape (2, 3)`);
    }
  }
  assertThrows(() => zeros([2, 0]).max(1), RangeError, "(2, 0)");
  assertEquals(zeros([2, 0]).max(0).values.shape, [0]);
});

test("softmax and logsumexp go along any dimension that there is", () => {
  assertEquals([six().softmax(-1).shape, six().logsumexp(-1).shape, tensor([1]).logsumexp(0).shape], [[2, 3], [2], []]);
  assertEquals([six().softmax(0).shape, six().log_softmax(-2).shape, six().logsumexp(0).shape], [[2, 3], [2, 3], [3]]);
  assertEquals(list(six().softmax(0).index_put_([[0], [0]], 7).at(0)).at(0), 7);
  for (const f of ["softmax", "log_softmax", "logsumexp"] as const) {
    assertThrows(() => six()[f](2), RangeError, "Dimension 2");
    assertThrows(() => tensor(7)[f](0), RangeError, "no dimensions");
  }
});

// --- In place -----------------------------------------------------------------------------------------------------------

test("operations in place return their tensor and write through to every view of it", () => {
  const a = six(), across = a.T, flat = a.flatten();
  assertStrictEquals(a.add_(1), a);
  assertEquals(list(across), [2, 5, 3, 6, 4, 7]);
  assertStrictEquals(flat.mul_(2), flat);
  assertEquals(list(a), [4, 6, 8, 10, 12, 14]);
  a.sub_(tensor([1, 2, 3])).div_(tensor([1, 2], { shape: [2, 1] }));
  assertEquals(list(flat), [3, 4, 5, 4.5, 5, 5.5]);
  assertEquals(list(a.T.T.put_(0, 3.5)), [3.5, 4, 5, 4.5, 5, 5.5]);
  assertEquals(list(a.put_(0, -1).sub_(a.T.view(2, 3))), [0, -0.5, 1, -0.5, 0, 0]);
});

test("an operation in place whose operand overlaps its tensor reads all of it before anything is written", () => {
  const square = () => tensor([1, 2, 3, 4], { shape: [2, 2] }), line = () => tensor([1, 2, 3, 4, 5]);
  const a = square();
  assertEquals(list(a.add_(a.narrow(0, 0, 1))), [2, 4, 4, 6]);
  const b = square();
  assertEquals(list(b.addcmul_(b.narrow(0, 0, 1), ones([2, 2]))), [2, 4, 4, 6]);
  const c = line();
  assertEquals(list(c.narrow(0, 1, 4).sub_(c.narrow(0, 0, 4))), [1, 1, 1, 1]);
  const d = line();
  assertEquals(list(d.narrow(0, 1, 4).add_(d.narrow(0, 0, 4), { alpha: 2 })), [4, 7, 10, 13]);
  const e = tensor([1, 2], { shape: [2, 1] });
  assertEquals(list(e.index_add_(0, [1, 0], e)), [3, 3]);
  const f = line();
  assertEquals(list(f.addcmul_(f, f)), [2, 6, 12, 20, 30]);
  const g = square();
  assertEquals(list(g.mul_(g.T)), [1, 6, 6, 16]);
});

test("operations that are not in place leave their operands alone", () => {
  const a = six(), b = tensor([1, 2, 3]);
  a.add(b), a.sub(1), a.mul(b), a.div(b), a.neg(), a.exp(), a.pow(2), a.pow(-1), a.pow(3), a.matmul(a.T);
  b.addmm(a, a.T.matmul(a)), a.addcmul(a, b, { value: -1 });
  a.sum(0), a.mean(), a.var(0), a.max(1), a.at([1]), a.to("float64").put_(0, 9);
  assertEquals([list(a), list(b)], [[1, 2, 3, 4, 5, 6], [1, 2, 3]]);
});

test("an expanded view cannot be written into, as in PyTorch: several of its elements are one number", () => {
  const view = tensor([1, 1]).expand(3, 2);
  const writes = {
    add_: () => view.add_(1),
    sub_: () => view.sub_(1),
    mul_: () => view.mul_(view),
    div_: () => view.div_(1),
    addcmul_: () => view.addcmul_(view, view),
    put_: () => view.put_(0, 1),
    fill_: () => view.fill_(1),
    copy_: () => view.copy_(ones([3, 2])),
    masked_fill_: () => view.masked_fill_(view.eq(1), 1),
    index_put_: () => view.index_put_([[0], [0]], 1),
    index_add_: () => view.index_add_(0, [0], zeros([1, 2])),
  };
  for (const [name, write] of Object.entries(writes)) {
    assertThrows(write, RangeError, `${name} cannot write into an expanded tensor`);
  }
  assertEquals(list(ones([1]).expand(1, 1).add_(1)), [2]);
});

/** Everything that writes in place, on a matrix of three rows and two columns. */
const writes: Record<string, (a: Tensor) => Tensor> = {
  "add_": (a) => a.add_(tensor([[1, 2], [3, 4], [5, 6]])),
  "add_ with a row": (a) => a.add_(tensor([1, 2])),
  "add_ with alpha": (a) => a.add_(tensor([1, 2]), { alpha: -2 }),
  "add_ with alpha, the same shape": (a) => a.add_(a.clone(), { alpha: -2 }),
  "sub_ with alpha, the same shape": (a) => a.sub_(a.clone(), { alpha: 3 }),
  "sub_ with alpha": (a) => a.sub_(tensor([1, 2]), { alpha: 3 }),
  "sub_ with a number": (a) => a.sub_(0.5),
  "mul_": (a) => a.mul_(tensor([[1], [2], [3]])),
  "div_": (a) => a.div_(a.clone().add(1)),
  "fill_": (a) => a.fill_(7),
  "zero_": (a) => a.zero_(),
  "copy_": (a) => a.copy_(tensor([5, 6])),
  "addcmul_": (a) => a.addcmul_(tensor([1, 2]), tensor([3, 4])),
  "masked_fill_": (a) => a.masked_fill_(a.gt(2), -1),
  "put_": (a) => a.put_(3, 9),
  "index_put_": (a) => a.index_put_([[0, 2], [1, 1]], 9),
  "index_put_ of one number in a tensor": (a) => a.index_put_([[0, 2], [1, 1]], tensor([[9]]).type_as(a)),
  "index_put_ of a column": (a) => a.index_put_([[0, 2]], tensor([[9], [8]]).type_as(a)),
  "index_put_ with accumulate": (a) => a.index_put_([[0, 0], [1, 1]], 9, { accumulate: true }),
  "index_add_": (a) => a.index_add_(0, [2, 2], tensor([[1, 2], [3, 4]]).type_as(a)),
  "index_add_ of columns": (a) => a.index_add_(1, [0], tensor([[1], [2], [3]]).type_as(a)),
};

for (const [name, write] of Object.entries(writes)) {
  onBothSets(`${name} through a view writes what it writes into a copy, there and nowhere else`, () => {
    const start = () => tensor(range(24), { shape: [2, 3, 4], dtype: "float64" });
    const views: ((a: Tensor) => Tensor)[] = [
      (a) => a.at(0).at(":", "1:3"),
      (a) => a.at(1).at(":", "0:4:2"),
      (a) => a.at(":", ":", 1).T,
      (a) => a.view(4, 6).narrow(1, 2, 3).narrow(0, 1, 2).T,
      (a) => a.transpose(0, 2).at(1),
      (a) => a.flatten().narrow(0, 3, 6).view(3, 2),
      (a) => a.at(":", ":", 2).view(3, 2),
      (a) => a.at(0).at(":", "0:2").unsqueeze(0).unsqueeze(-1).squeeze().view(3, 1, 2).flatten(0, 1),
    ];
    for (const see of views) {
      for (const dtype of ["float32", "float64"] as const) {
        const whole = start().to(dtype), view = see(whole);
        const places = see(start()), copy = view.clone();
        assertEquals(view.shape, [3, 2]);
        assertStrictEquals(write(view), view);
        write(copy);
        const expected = start();
        places.toArray().forEach((place, i) => expected.put_(place, copy.toArray()[i]));
        assertEquals(list(whole), list(expected));
      }
    }
  });
}

test("put_ sets one element, and refuses one that the tensor does not have", () => {
  assertEquals(list(six().put_(5, 0.5)), [1, 2, 3, 4, 5, 0.5]);
  assertEquals(list(ints(1, 2).put_(0, -7)), [-7, 2]);
  const before = ones([4]), a = ones([4]), after = ones([4]);
  for (const index of [-1, 4, 0.5, NaN]) assertThrows(() => a.put_(index, 9), RangeError);
  assertEquals([list(before), list(a), list(after)], [[1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]]);
});

// --- Dtypes -------------------------------------------------------------------------------------------------------------

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

test("an operation in place keeps the tensor's dtype, whatever it is given, as PyTorch's does", () => {
  // torch.ones(2).add_(torch.full((2,), 0.1, dtype=torch.float64)) → float32
  const tenth = full([2], 0.1, { dtype: "float64" });
  for (const [f, value] of [["add_", 1.1], ["sub_", 0.9], ["mul_", 0.1], ["div_", 10]] as const) {
    const a = ones([2]);
    assertStrictEquals(a[f](tenth), a);
    assertEquals([a.dtype, ...list(a)], ["float32", Math.fround(value), Math.fround(value)]);
  }
  // torch.full((1,), 1.).add_(torch.full((1,), 1e-8, dtype=torch.float64), alpha=-1) → 1.
  assertEquals(list(ones([1]).add_(full([1], 3e-8, { dtype: "float64" }), { alpha: -1 })), [1 - 2 ** -24]);
  assertEquals(list(ones([2]).addcmul_(tenth, ints(1, 2))), [1.1, 1.2].map(Math.fround));
  assertEquals(ones([2]).copy_(tenth).dtype, "float32");
});

test("to converts: to float32 by rounding, to int32 by cutting off, and to its own dtype not at all", () => {
  const a = tensor([0.1, -2.7, 2.7, 1e9], { dtype: "float64" });
  assertEquals(list(a.to("float32")), [0.1, -2.7, 2.7, 1e9].map(Math.fround));
  assertEquals(list(a.to("int32")), [0, -2, 2, 1e9]);
  assertEquals(list(ints(-1, 2 ** 31 - 1).to("float64")), [-1, 2 ** 31 - 1]);
  assertStrictEquals(a.to("float64"), a);
  assertEquals(list(six().T.to("float64")), [1, 4, 2, 5, 3, 6]);
});

test("var is Bessel-corrected unless told otherwise, as PyTorch's is", () => {
  const a = tensor([1, 2, 3, 4], { dtype: "float64" });
  assertAlmostEquals(a.var(0).item(), 5 / 3, 1e-15);
  assertAlmostEquals(a.var(0, { correction: 0 }).item(), 5 / 4, 1e-15);
  assertEquals(a.view(1, 4).var(0, { keepdim: true }).shape, [1, 4]);
  assert(Number.isNaN(tensor([1]).var(0).item()));
  assertEquals(a.var(0, { unbiased: false }).item(), a.var(0, { correction: 0 }).item());
  const box = tensor(range(24), { shape: [2, 3, 4], dtype: "float64" });
  // torch.arange(24.).view(2, 3, 4).var((0, 2)) → 42.5714, 42.5714, 42.5714; .var() → 50.
  for (const x of box.var([0, 2]).toArray()) assertAlmostEquals(x, 298 / 7, 1e-12);
  assertEquals([box.var().item(), box.var([0, 2], { keepdim: true }).shape, box.var([-1, 1]).shape], [50, [1, 3, 1], [
    2,
  ]]);
});

test("a sum of rows and columns is the sum of all, whatever comes first", () => {
  const data = fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 24, maxLength: 24 });
  forAll(data, (data) => {
    const a = tensor(data, { shape: [2, 3, 4] }), all = data.reduce((x, y) => x + y, 0);
    for (const [d0, d1, d2] of [[0, 0, 0], [2, 1, 0], [1, 1, 0], [-1, -1, -1]]) {
      assertEquals(a.sum(d0).sum(d1).sum(d2).item(), all);
    }
  });
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

test("a sum or mean over several dimensions at once is the one over each in turn, in whatever order they are named", () => {
  const a = tensor(range(24), { shape: [2, 3, 4], dtype: "float64" });
  for (const dims of [[0, 1], [1, 0], [0, 2], [2, 1], [0, 1, 2], [-1, 0]]) {
    const kept = dims.reduce((t, d) => t.sum(d, { keepdim: true }), a);
    const n = dims.reduce((n, d) => n * a.size(d), 1),
      left = [0, 1, 2].filter((d) => !dims.includes(d) && !dims.includes(d - 3));
    assertEquals(a.sum(dims, { keepdim: true }).tolist(), kept.tolist());
    assertEquals(a.sum(dims).shape, left.map((d) => a.size(d)));
    assertEquals(list(a.mean(dims)), list(kept.div(n)));
  }
  assertEquals(a.sum(0, {}).shape, [3, 4]);
  assertThrows(() => a.sum([0, 0]), RangeError, "each dimension once");
});

test("lists in lists are rows, and range counts from its start up to, not including, its stop", () => {
  assertEquals(tensor([[1, 2, 3], [4, 5, 6]]).shape, [2, 3]);
  assertEquals(list(tensor([[1, 2, 3], [4, 5, 6]]).at(1)), [4, 5, 6]);
  assertEquals([range(3), range(2, 5), range(-1, 1), range(5, 2)], [[0, 1, 2], [2, 3, 4], [-1, 0], []]);
  // list(range(0, 10, 3)), list(range(3, 0, -1)), list(range(0, 3, -1))
  assertEquals([range(0, 10, 3), range(3, 0, -1), range(0, 3, -1)], [[0, 3, 6, 9], [3, 2, 1], []]);
  assertThrows(() => range(0, 3, 0), RangeError, "given 0");
});
