// Where tensors live: blocks that are freed together, bounds that are kept, memory that grows, and its end at 4 GiB.
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { allocate, bytesInUse, currentBlock, heap, inScratch, memory, scratch } from "../../lib/tensor/memory.ts";
import { sub } from "../../lib/tensor/functional.ts";
import { ones, tensor, zeros } from "../../lib/tensor/creation.ts";
import { Tensor } from "../../lib/tensor/tensor.ts";
import { forAll, operands, toTensor } from "./arbitraries.ts";

const list = (a: Tensor) => [...a.toArray()];

/** A matrix whose block has ended, or what `make` made of it inside. */
function freed(make: (a: Tensor) => Tensor = (a) => a): Tensor {
  using _ = scratch();
  return make(ones([2, 2]));
}

const uses: Record<string, (a: Tensor) => unknown> = {
  toArray: (a) => a.toArray(),
  put_: (a) => a.put_(0, 1),
  view: (a) => a.view(4),
  T: (a) => a.T,
  expand: (a) => a.expand(3, 2, 2),
  clone: (a) => a.clone(),
  to: (a) => a.to("float64"),
  add: (a) => a.add(1),
  "add, as the other side": (a) => ones([2, 2]).add(a),
  "add_, as the other side": (a) => ones([2, 2]).add_(a),
  mul_: (a) => a.mul_(2),
  "sub from a number": (a) => sub(1, a),
  "add_ with alpha": (a) => a.add_(ones([2, 2]), { alpha: 2 }),
  "add_ with alpha, as the other side": (a) => ones([2, 2]).add_(a, { alpha: 2 }),
  exp: (a) => a.exp(),
  softmax: (a) => a.softmax(1),
  log_softmax: (a) => a.log_softmax(1),
  logsumexp: (a) => a.logsumexp(1),
  var: (a) => a.var(0),
  pow: (a) => a.pow(3),
  sum: (a) => a.sum(0),
  max: (a) => a.max(0),
  matmul: (a) => a.matmul(ones([2, 2])),
  "matmul, as the other side": (a) => ones([2, 2]).matmul(a),
  addmm: (a) => a.addmm(ones([2, 2]), ones([2, 2])),
  "addmm, as a row": (a) => a.view(4).addmm(ones([2, 2]), ones([2, 4])),
  addcmul: (a) => a.addcmul(ones([2, 2]), ones([2, 2])),
  "addcmul_, as the other side": (a) => ones([2, 2]).addcmul_(ones([2]), a),
  "at, as the table": (a) => a.at([0]),
  "at with columns, as the table": (a) => a.at([0], [0]),
  index_put_: (a) => a.index_put_([[0], [0]], 1),
  index_add_: (a) => a.index_add_(0, [0], ones([1, 2])),
  "index_add_, as the source": (a) => zeros([2, 2]).index_add_(0, [0, 1], a),
};

for (const [name, use] of Object.entries(uses)) {
  test(`a freed tensor is refused, and not read or written: ${name}`, () => {
    assertThrows(() => use(freed()), Error, "scratch block");
  });
}

test("freed indices are refused as well", () => {
  const index = freed((a) => a.to("int32").view(4));
  assertThrows(() => ones([2]).at(index), Error, "scratch block");
  assertThrows(() => ones([2, 2]).at([0, 0, 0, 0], index), Error, "scratch block");
});

test("a freed tensor of one element has no item", () => {
  const total = freed((a) => a.sum());
  assertThrows(() => total.item(), Error, "scratch block");
});

test("views of a freed tensor are freed with it", () => {
  for (const view of [freed((a) => a.T), freed((a) => a.view(4)), freed((a) => a.expand(3, 2, 2))]) {
    assertThrows(() => view.toArray(), Error, "scratch block");
  }
});

test("a freed tensor still tells its shape and dtype", () => {
  const a = freed();
  assertEquals([a.shape, a.dtype, a.numel(), a.describe()], [
    [2, 2],
    "float32",
    4,
    "float32 (2, 2), freed: its scratch block has ended",
  ]);
});

test("a block's end gives back all its memory, the blocks inside it first", () => {
  const start = bytesInUse();
  {
    using _ = scratch();
    ones([1000]);
    const middle = bytesInUse();
    assert(middle >= start + 4000);
    {
      using _ = scratch();
      ones([1000], { dtype: "float64" }).add(1);
      assert(bytesInUse() >= middle + 16_000);
    }
    assertEquals(bytesInUse(), middle);
  }
  assertEquals(bytesInUse(), start);
});

test("a block gives its memory back when its end is an error", () => {
  const start = bytesInUse(), block = currentBlock();
  assertThrows(() => {
    using _ = scratch();
    ones([10]).view(11);
  }, RangeError);
  assertEquals(bytesInUse(), start);
  assert(currentBlock() === block);
});

test("an inner block's tensors end with it, an outer one's live on", () => {
  using _ = scratch();
  const outer = tensor([1, 2]);
  let inner: Tensor;
  {
    using _ = scratch();
    inner = outer.add(1);
    assertEquals(list(inner), [2, 3]);
  }
  zeros([2]);
  assertThrows(() => inner.toArray(), Error, "scratch block");
  assertEquals(list(outer), [1, 2]);
});

test("a tensor made outside a block survives it, and so do views that were made of it inside", () => {
  using _ = scratch();
  const a = tensor([1, 2, 3, 4, 5, 6], { shape: [2, 3] }), views: Tensor[] = [];
  {
    using _ = scratch();
    a.mul_(10);
    views.push(a.T, a.view(3, 2), a.flatten(), a.narrow(0, 0, 2), a.expand(1, 2, 3), a.to("float32"));
  }
  ones([100]);
  assertEquals(list(a), [10, 20, 30, 40, 50, 60]);
  assertEquals(list(views[0]), [10, 40, 20, 50, 30, 60]);
  for (const view of views.slice(1)) assertEquals(list(view), list(a));
});

test("a block that is ended before one opened inside it is refused, and ending a block twice changes nothing", () => {
  const start = bytesInUse(), outer = scratch(), inner = scratch();
  assertThrows(() => outer.end(), Error, "scratch block");
  assertEquals([outer.alive, inner.alive], [true, true]);
  inner[Symbol.dispose]();
  const a = ones([3]);
  inner[Symbol.dispose]();
  assertEquals(list(a), [1, 1, 1]);
  outer[Symbol.dispose]();
  assertEquals(bytesInUse(), start);
});

test("allocations are aligned to 64 bytes and do not overlap", () => {
  using _ = scratch();
  const tensors = Array.from({ length: 40 }, (_, n) => {
    assertEquals(bytesInUse() % 64, 0);
    return tensor(new Array<number>(n).fill(n), { dtype: n % 2 ? "float32" : "float64" });
  });
  tensors.forEach((a, n) => assertEquals(list(a), new Array(n).fill(n)));
});

const writing: Record<string, (a: Tensor, b: Tensor, c: Tensor) => unknown> = {
  add: (a) => a.add(a),
  "add of a row": (a, b) => a.T.add(b.at([0])),
  "add in place": (a) => a.add_(a),
  "add_ with alpha": (a) => a.add_(a, { alpha: 2 }),
  exp: (a) => a.exp(),
  sum: (a) => a.sum(),
  "sum of rows": (a) => a.sum(1),
  "sum of columns": (a) => a.sum(0),
  "var of rows": (a) => a.var(1),
  "var of columns": (a) => a.var(0),
  max: (a) => a.max(0),
  softmax: (a) => a.softmax(1),
  log_softmax: (a) => a.log_softmax(1),
  logsumexp: (a) => a.logsumexp(1),
  "a transposed copy": (a) => a.T.clone(),
  addcmul: (a, b) => a.addcmul(b.view(-1, 1), a),
  at: (_, b) => b.at([0, 0, 0]),
  index_add_: (_, b) => b.index_add_(0, [0, 0], b.at([0, 0])),
};

for (const [name, operation] of Object.entries(writing)) {
  test(`an operation writes nothing beyond its result, at any size: ${name}`, () => {
    const SENTINEL = 0x5a5a5a5a, WORDS = 32_768, at = fc.integer({ min: 1, max: 33 });
    forAll(operands([at, at, at], (m, k, n) => [[m, k], [1, m], [k, n]]), ([a, b, c]) => {
      const [x, y, z] = [a, b, c].map(toTensor), from = bytesInUse() / 4;
      heap.int32.fill(SENTINEL, from, from + WORDS);
      const result = operation(x, y, z);
      // What was made last ends somewhere in the last 64 bytes in use: the rest of them is beyond it as well.
      const fresh = result instanceof Tensor && ![x, y, z].includes(result) ? result : undefined;
      const bytes = fresh ? fresh.numel() * (fresh.dtype === "float64" ? 8 : 4) : 0;
      const end = bytesInUse() - (64 - bytes % 64) % 64, rest = heap.int32.subarray(end / 4, from + WORDS);
      assert(
        rest.length > 0 && rest.every((word) => word === SENTINEL),
        `with shapes ${[a, b, c].map(({ shape }) => `(${shape})`)}`,
      );
      assertEquals(list(z), c.data);
    });
  });
}

test("a matrix product writes nothing beyond its result and what it copies behind it", () => {
  const SENTINEL = 0x5a5a5a5a, BYTES = { float32: 4, float64: 8 };
  for (const dtype of ["float32", "float64"] as const) {
    const many = [[4, 1, 4], [5, 3, 9], [4, 129, 4], [7, 200, 9], [33, 300, 8], [5, 2000, 4], [69, 1100, 251]];
    for (const [m, k, n] of [...many, [1, 3, 5], [2, 4, 7], [3, 2, 9], [6, 3, 1]]) {
      for (const transposed of [false, true]) {
        using _ = scratch();
        const a = ones(transposed ? [k, m] : [m, k], { dtype }), b = ones([k, n], { dtype });
        const left = transposed ? a.T : a, row = k * BYTES[dtype], from = bytesInUse() / 4;
        heap.int32.fill(SENTINEL, from, from + 131_072);
        const product = left.matmul(b), rows = Math.min(Math.ceil(m / 4) * 4, Math.max(4, 16_384 / row & ~3));
        // Behind the product, up to the next 64 bytes, and behind the rows copied there, of which there are none below 4.
        // Of a large product, at most 64 rows of 1 KB are copied at a time, with 64 bytes behind every four, and 32 bytes of
        // as many rows of the right side.
        const end = from + m * n * BYTES[dtype] / 4;
        const next = bytesInUse() / 4;
        const copied = k === 1100 ? 64 / 4 * (4096 + 64) + 1024 / BYTES[dtype] * 32 : rows * row;
        const beyond = next + (m < 4 ? 0 : copied / 4);
        for (const [first, last] of [[end, next], [beyond, from + 131_072]]) {
          assert(
            heap.int32.subarray(first, last).every((word) => word === SENTINEL),
            `${dtype} (${left.shape}) · (${b.shape})`,
          );
        }
        assert(product.toArray().every((x) => x === k));
      }
    }
  }
});

test("memory grows by more than 16 MiB, and what older tensors hold stays", () => {
  using _ = scratch();
  const old = tensor([1.5, -2, NaN]), exact = tensor([Math.PI], { dtype: "float64" });
  const size = heap.float32.byteLength;
  const large = ones([size / 8 + 1], { dtype: "float64" });
  assert(heap.float32.byteLength > size && bytesInUse() > 2 ** 24);
  assertEquals([list(old), list(exact)], [[1.5, -2, NaN], [Math.PI]]);
  assertEquals([large.sum().item(), large.at([0, size / 8]).sum().item()], [size / 8 + 1, 2]);
  assertEquals(list(old.add_(1)), [2.5, -1, NaN]);
});

const growing: Record<string, (a: Tensor, index: Tensor) => Tensor> = {
  add: (a) => a.add(1),
  "add of another dtype": (a) => a.add(ones([2, 2], { dtype: "float64" })),
  exp: (a) => a.exp(),
  pow: (a) => a.pow(3),
  "add_ with alpha": (a) => a.add_(a.T, { alpha: 0.5 }),
  sum: (a) => a.sum(0),
  var: (a) => a.T.var(0),
  softmax: (a) => a.T.softmax(1),
  log_softmax: (a) => a.T.log_softmax(1),
  logsumexp: (a) => a.T.logsumexp(1),
  max: (a) => a.max(0).values,
  matmul: (a) => a.matmul(a.T),
  addmm: (a) => a.at([0]).addmm(a, a.T),
  addcmul: (a) => a.addcmul(a.at([0]), a.T),
  "addcmul_ of a column": (a) => a.addcmul_(a.at([0]).T, a.T, { value: -0.5 }),
  "a transposed copy": (a) => a.T.clone(),
  "a copy of three dimensions": (a) => a.expand(2, 2, 2).clone(),
  "at with a view": (a, index) => a.at(index),
  "at with a view of rows": (a, index) => a.at(index, [0, 1]),
  "at with two views": (a, index) => a.at(index, index),
  "index_put_ at a view of rows": (a, index) => a.index_put_([index, [0, 1]], 7),
  "index_put_ at two views": (a, index) => a.index_put_([index, index], 7),
  "index_add_ of and at a view": (a, index) => a.index_add_(0, index, a.T),
};

/** Until the end of the block the memory grows by no more than it has to: these tests do not use up its 4 GiB. */
function frugal(): Disposable {
  const grow = memory.grow.bind(memory);
  memory.grow = (pages) => {
    if (pages > 8) throw new RangeError("Less is tried next.");
    return grow(pages);
  };
  return { [Symbol.dispose]: () => Reflect.deleteProperty(memory, "grow") };
}

test("the memory may grow at any moment of a matrix product of many tiles without changing it", () => {
  using _ = frugal();
  for (const left of [0, 64, 4096, 16_384, 20_000]) {
    using _ = scratch();
    const a = ones([20, 200]), b = ones([200, 30]), bias = ones([30]);
    allocate(heap.float32.byteLength - bytesInUse() - left);
    assert(bias.addmm(a, b).toArray().every((x) => x === 201));
    assert(a.T.T.matmul(b.T.clone().T).toArray().every((x) => x === 200));
  }
});

for (const [name, operation] of Object.entries(growing)) {
  test(`the memory may grow at any moment of an operation without changing its result: ${name}`, () => {
    const run = (left?: number) => {
      using _ = scratch();
      const a = tensor([1, 2, 3, 4], { shape: [2, 2] }), index = tensor([1], { dtype: "int32" }).expand(2);
      if (left !== undefined) allocate(heap.float32.byteLength - bytesInUse() - left);
      return list(operation(a, index));
    };
    using _ = frugal();
    const expected = run();
    for (const left of [0, 16, 32, 64, 128]) assertEquals(run(left), expected, `with ${left} bytes left`);
  });
}

test("tensors beyond 2 GiB are found and added up like any others", () => {
  using _ = scratch();
  const low = tensor([1, 2, 3, 4, 5]);
  allocate(2 ** 31);
  const high = tensor([10, 20, 30, 40, 50]);
  assert(bytesInUse() > 2 ** 31);
  assertEquals(list(high.add(low)), [11, 22, 33, 44, 55]);
  assertEquals(list(high.at([4, 0])), [50, 10]);
  assertEquals(list(high.view(1, 5).matmul(low.view(5, 1))), [550]);
  assertEquals(list(high.view(5, 1).T.clone().exp().log().sum(1)), [150]);
  assertEquals(list(high.addcmul(low, low)), [11, 24, 39, 56, 75]);
  assertEquals(high.var(0).item(), 250);
  assert(ones([9, 150]).matmul(ones([150, 11])).toArray().every((x) => x === 150));
});

test("asking for more than 4 GiB is refused, saying how much was asked and what to lower, and changes nothing", () => {
  const old = tensor([1, 2, 3]), before = bytesInUse();
  const error = assertThrows(() => zeros([6 * 2 ** 28]), RangeError) as RangeError;
  for (const part of ["6,144 MiB", "--batch", "--hidden"]) assert(error.message.includes(part), error.message);
  assertThrows(() => old.view(3, 1).expand(3, 2 ** 30).clone(), RangeError, "12,288 MiB");
  assertEquals(bytesInUse(), before);
  assertEquals(list(old.add(1)), [2, 3, 4]);
});

test("memory that is full to the last byte gives no more", () => {
  using _ = scratch();
  assertThrows(
    () => {
      allocate(2 ** 32 - bytesInUse());
      allocate(16);
    },
    RangeError,
    "--batch",
  );
});

test("an error inside a block comes out as it is, whatever it left open", () => {
  const before = currentBlock(), start = bytesInUse();
  const work = () => {
    scratch();
    ones([3]);
    scratch();
    throw new Error("the real one");
  };
  assertThrows(() => inScratch(work), Error, "the real one");
  assertThrows(
    () => {
      using _ = scratch();
      work();
    },
    Error,
    "the real one",
  );
  assertEquals([currentBlock(), bytesInUse()], [before, start]);
});
