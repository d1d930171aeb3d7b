// Writing in place: through every view, over operands that overlap, and into nothing else.
import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { full, ones, range, tensor, zeros } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";
import { onBothSets } from "./arbitraries.ts";

const six = () => tensor([1, 2, 3, 4, 5, 6], { shape: [2, 3] });
const ints = (...data: number[]) => tensor(data, { dtype: "int32" });
const list = (a: Tensor) => [...a.toArray()];

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
