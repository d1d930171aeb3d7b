// Tensors from numbers, lists and sizes, and how their numbers are read.
import { assertEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { full, ones, ones_like, range, tensor, zeros, zeros_like } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";

const six = () => tensor([1, 2, 3, 4, 5, 6], { shape: [2, 3] });
const list = (a: Tensor) => [...a.toArray()];

test("tensors are float32 by default, and hold the nearest number of their dtype", () => {
  assertEquals(tensor([0.1]).item(), Math.fround(0.1));
  assertEquals(tensor([0.1], { dtype: "float64" }).item(), 0.1);
  assertEquals(list(full([2], 0.1)), [Math.fround(0.1), Math.fround(0.1)]);
});

test("lists in lists are rows, and range counts from its start up to, not including, its stop", () => {
  assertEquals(tensor([[1, 2, 3], [4, 5, 6]]).shape, [2, 3]);
  assertEquals(list(tensor([[1, 2, 3], [4, 5, 6]]).at(1)), [4, 5, 6]);
  assertEquals([range(3), range(2, 5), range(-1, 1), range(5, 2)], [[0, 1, 2], [2, 3, 4], [-1, 0], []]);
  // list(range(0, 10, 3)), list(range(3, 0, -1)), list(range(0, 3, -1))
  assertEquals([range(0, 10, 3), range(3, 0, -1), range(0, 3, -1)], [[0, 3, 6, 9], [3, 2, 1], []]);
  assertThrows(() => range(0, 3, 0), RangeError, "given 0");
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
