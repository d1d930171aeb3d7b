// The operations of networks beyond the lecture, against what PyTorch gives: tests/fixtures/operations.json has the calls.
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import recorded from "../fixtures/operations.json" with { type: "json" };
import * as F from "../../lib/tensor/functional.ts";
import { ones, range, tensor } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";
import {
  assertSame,
  assertWithin,
  broadcast,
  build,
  forAll,
  get,
  onBothSets,
  product,
  toTensor,
  values,
} from "./arbitraries.ts";

const made = (name: keyof typeof recorded.inputs, dtype: "float32" | "float64") =>
  tensor(recorded.inputs[name].data, { shape: recorded.inputs[name].shape, dtype });

/** PyTorch's call on the left, the same call here. */
function calls(dtype: "float32" | "float64"): Record<string, () => Tensor> {
  const [x, y, w, v, u, p, q, att] = (["x", "y", "w", "v", "u", "p", "q", "att"] as const).map((name) =>
    made(name, dtype)
  );
  const mask = F.tril(ones([4, 4])).eq(0), hidden = () => att.masked_fill(mask, -Infinity);
  return {
    "x @ y": () => x.matmul(y),
    "x @ w": () => x.matmul(w),
    "u @ y": () => F.matmul(u, y),
    "x @ v": () => x.matmul(v),
    "v @ w": () => v.matmul(w),
    "v @ v": () => v.matmul(v),
    "p @ q": () => p.matmul(q),
    "x @ x.transpose(-2, -1)": () => x.bmm(x.transpose(-2, -1)),
    "x.transpose(1, 2) @ x": () => x.transpose(1, 2).matmul(x),
    "u.T @ x": () => u.T.matmul(x),
    "x.transpose(0, 2)": () => x.transpose(0, 2),
    "x.transpose(-1, -3)": () => x.transpose(-1, -3),
    "x.permute(2, 0, 1)": () => x.permute(2, 0, 1),
    "x.softmax(0)": () => x.softmax(0),
    "x.softmax(1)": () => x.softmax(1),
    "x.softmax(-1)": () => F.softmax(x, -1),
    "x.log_softmax(-2)": () => x.log_softmax(-2),
    "x.log_softmax(2)": () => F.log_softmax(x, 2),
    "x.sum(-1)": () => x.sum(-1),
    "x.sum(1, keepdim=True)": () => x.sum(1, { keepdim: true }),
    "x.sum((0, 2))": () => x.sum([0, 2]),
    "x.sum((-1, 0), keepdim=True)": () => x.sum([-1, 0], { keepdim: true }),
    "x.mean(-1, keepdim=True)": () => x.mean(-1, { keepdim: true }),
    "x.mean((0, 1))": () => x.mean([0, 1]),
    "x.var(-1, keepdim=True)": () => x.var(-1, { keepdim: true }),
    "x.var(-1, unbiased=False)": () => x.var(-1, { unbiased: false }),
    "x.var((0, 2))": () => x.var([0, 2]),
    "x.var()": () => x.var(),
    "x.max(-1).values": () => x.max(-1).values,
    "x.max(1, keepdim=True).values": () => x.max(1, { keepdim: true }).values,
    "x.amax((0, 2))": () => x.amax([0, 2]),
    "x.argmax(-1)": () => x.argmax(-1),
    "x.argmax()": () => x.argmax(),
    "x.logsumexp(-1)": () => x.logsumexp(-1),
    "x.logsumexp((0, 1), keepdim=True)": () => x.logsumexp([0, 1], { keepdim: true }),
    "att.masked_fill(mask, -inf)": hidden,
    "att.masked_fill(mask, -inf).softmax(-1)": () => hidden().softmax(-1),
    "att.masked_fill(mask, -inf).log_softmax(-1)": () => hidden().log_softmax(-1),
    "att.masked_fill(mask, -inf).logsumexp(-1)": () => hidden().logsumexp(-1),
    "att.masked_fill(mask, -1e9).softmax(-1)": () => att.masked_fill(mask, -1e9).softmax(-1),
    "att.masked_fill(mask, -inf).max(-1).values": () => hidden().max(-1).values,
    "att.tril()": () => att.tril(),
    "att.tril(-1)": () => F.tril(att, -1),
    "att.triu()": () => att.triu(),
    "att.triu(1)": () => F.triu(att, 1),
    "x.gt(0)": () => x.gt(0),
    "x.ge(0.25)": () => x.ge(0.25),
    "x.lt(0)": () => x.lt(0),
    "x.le(u)": () => x.le(u),
    "x.eq(u)": () => x.eq(u),
    "x.ne(u)": () => x.ne(u),
    "torch.where(x > 0, x, u)": () => F.where(x.gt(0), x, u),
    "torch.where(x > 0, x, 0)": () => x.where(x.gt(0), 0),
    "torch.cat([x, x * 2], 1)": () => F.cat([x, x.mul(2)], 1),
    "torch.cat([x, x], -1)": () => F.cat([x, x], -1),
    "torch.stack([u, u * 2])": () => F.stack([u, u.mul(2)]),
    "torch.stack([u, u * 2], 1)": () => F.stack([u, u.mul(2)], 1),
    "torch.stack([u, u * 2], -1)": () => F.stack([u, u.mul(2)], -1),
    "x.relu()": () => F.relu(x),
    "x.sigmoid()": () => F.sigmoid(x),
    "F.gelu(x)": () => F.gelu(x),
    'F.gelu(x, approximate="tanh")': () => x.gelu({ approximate: "tanh" }),
    "x.erf()": () => x.erf(),
    "x.sin()": () => x.sin(),
    "x.cos()": () => x.cos(),
    "x.clamp(-1, 1)": () => x.clamp(-1, 1),
    "x.clamp(min=0)": () => x.clamp({ min: 0 }),
    "x.clamp(max=0.5)": () => x.clamp({ max: 0.5 }),
    "torch.maximum(x, u)": () => F.maximum(x, u),
    "torch.minimum(x, u)": () => F.minimum(x, u),
    "x[:, [2, 0]]": () => x.at(":", [2, 0]),
    "x[:, 1, [3, 0, 1]]": () => x.at(":", 1, [3, 0, 1]),
    "x[[1, 0], :, [3, 2]]": () => x.at([1, 0], ":", [3, 2]),
    "x[x > 1]": () => x.at(x.gt(1)),
    "x[:, u > 1]": () => x.at(":", u.gt(1)),
    "x.flatten(1)": () => x.flatten(1),
    "x.flatten(0, 1)": () => x.flatten(0, 1),
    "torch.add(x, u, alpha=2)": () => x.add(u, { alpha: 2 }),
    "torch.sub(x, u, alpha=0.5)": () => x.sub(u, { alpha: 0.5 }),
    "torch.addmm(w, u.T, u[:, :1] @ w[:1], beta=2, alpha=0.5)": () =>
      w.addmm(u.T, u.at(":", ":1").matmul(w.at(":1")), { beta: 2, alpha: 0.5 }),
    "x.clone().index_put_([torch.tensor([1, 0])], u)": () => x.clone().index_put_([[1, 0]], u),
    "x.clone().index_put_([torch.tensor([1, 1, 1])], torch.ones(()), accumulate=True)": () =>
      x.clone().index_put_([[1, 1, 1]], 1, { accumulate: true }),
    "u.clone().index_add_(1, torch.tensor([3, 3]), u[:, :2], alpha=2)": () =>
      u.clone().index_add_(1, [3, 3], u.at(":", ":2"), { alpha: 2 }),
    "u.clone().masked_fill_(u > 0, 7.0)": () => u.clone().masked_fill_(u.gt(0), 7),
    'F.cross_entropy(u, torch.tensor([3, 0, 1]), reduction="sum")': () =>
      F.cross_entropy(u, [3, 0, 1], { reduction: "sum" }),
    'F.cross_entropy(u, torch.tensor([3, 0, 1]), reduction="none")': () =>
      F.cross_entropy(u, [3, 0, 1], { reduction: "none" }),
  };
}

/** PyTorch's integers are int64, here they are int32. */
const dtypes: Record<string, string> = { float64: "float64", int64: "int32", bool: "bool" };

test("every recorded call of PyTorch's has its call here", () => {
  assertEquals(Object.keys(calls("float64")).sort(), recorded.cases.map(({ call }) => call).sort());
});

for (const { call, shape, dtype, data } of recorded.cases) {
  onBothSets(`${call} is what PyTorch gives, to 1e-14 in float64 and 1e-6 in float32`, () => {
    const numbers = data.map((x) => x === "-inf" ? -Infinity : x === null ? NaN : x as number);
    const expected = { dtype: "float64" as const, shape, data: numbers };
    const wide = calls("float64")[call](), narrow = calls("float32")[call]();
    assertEquals([wide.dtype, narrow.dtype], [dtypes[dtype], dtypes[dtype].replace("float64", "float32")]);
    assertWithin(wide, expected, (y) => 1e-14 * Math.max(1, Math.abs(y)));
    assertWithin(narrow, expected, (y) => 1e-6 * Math.max(1, Math.abs(y)));
  });
}

onBothSets("a row of −Infinity only is NaN in softmax, as in PyTorch, and −Infinity in logsumexp", () => {
  const a = tensor([[-Infinity, -Infinity], [0, -Infinity]]);
  assertEquals(a.softmax(-1).tolist(), [[NaN, NaN], [1, 0]]);
  assertEquals(a.log_softmax(-1).tolist(), [[NaN, NaN], [0, -Infinity]]);
  assertEquals(a.logsumexp(-1).tolist(), [-Infinity, 0]);
  assertEquals(tensor([[Infinity, 1], [NaN, 1]]).logsumexp(1).tolist(), [Infinity, NaN]);
});

onBothSets(
  "NaN, infinities and limits in the wrong order come out of relu, clamp, gelu, sigmoid and erf as in PyTorch",
  () => {
    const a = tensor([NaN, Infinity, -Infinity, -0]);
    assertEquals([...a.relu().toArray()], [NaN, Infinity, 0, 0]);
    assertEquals([...a.clamp(-1, 1).toArray()], [NaN, 1, -1, -0]);
    assertEquals([...tensor([0, 5]).clamp(3, 1).toArray()], [1, 1]);
    assertEquals([...a.sigmoid().toArray()], [NaN, 1, 0, 0.5]);
    assertEquals([...a.erf().toArray()], [NaN, 1, -1, -0]);
    // F.gelu(torch.tensor([float("nan"), float("inf"), float("-inf")])) → nan, inf, nan
    assertEquals([...a.at("0:3").gelu().toArray()], [NaN, Infinity, NaN]);
    assertEquals([...a.maximum(0).toArray()], [NaN, Infinity, 0, 0]);
  },
);

test("erf is within 1e-15 of its integral's value wherever it is not nearly 1", () => {
  // Python 3.11, math.erf(x)
  const known = [
    [0.1, 0.1124629160182849],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [1.97, 0.9946637246465299],
    [
      2.03,
      0.995906348443912,
    ],
    [3.5, 0.9999992569016276],
    [1e-300, 1.1283791670955126e-300],
  ];
  for (const [x, y] of known) {
    const [plus, minus] = tensor([x, -x], { dtype: "float64" }).erf().toArray();
    assert(Math.abs(plus - y) <= 1e-15 * y && minus === -plus, `${x}`);
  }
});

const sizes = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 });
const dims = fc.integer({ min: 0, max: 4 });

onBothSets("a product of stacks of matrices is the product of each pair, the stacks broadcast, views or not", () => {
  const stacks = fc.tuple(sizes, fc.boolean(), fc.boolean(), dims, dims, dims).chain(([outer, one, fewer, m, k, n]) => {
    const left = one ? outer.map(() => 1) : outer, right = fewer ? outer.slice(1) : outer;
    return fc.tuple(
      values("float64", [...left, m, k]),
      values("float64", [...right, k, n]),
      fc.constant([...outer, m, n]),
    );
  });
  forAll(stacks, ([a, b, shape]) => {
    const outer = shape.slice(0, -2), m = shape.at(-2)!;
    const n = shape.at(-1)!, k = b.shape.at(-2)!;
    // A stack on the left whose sizes are all 1 is repeated; only its shape is left if the right one has fewer dimensions.
    const whole = [
      ...outer.map((size, d) => {
        const own = [a.shape[d], b.shape[d - (outer.length - (b.shape.length - 2))] ?? 1];
        return own.includes(0) ? 0 : Math.max(...own, own[0] === 1 && own[1] === 1 ? 1 : size === 0 ? 0 : 1);
      }),
      m,
      n,
    ];
    const at = (x: typeof a, index: readonly number[]) => {
      const own = index.slice(index.length - (x.shape.length - 2));
      return build(
        "float64",
        x.shape.slice(-2),
        (ij) => get(x, [...own.map((i, d) => x.shape[d] === 1 ? 0 : i), ...ij]),
      );
    };
    const expected = build("float64", whole, (index) => {
      const [left, right] = [at(a, index.slice(0, -2)), at(b, index.slice(0, -2))];
      return get(product(left, right), index.slice(-2));
    });
    const flipped = (x: Tensor) => x.transpose(-2, -1).clone().transpose(-2, -1);
    for (const left of [toTensor(a), flipped(toTensor(a))]) {
      for (const right of [toTensor(b), flipped(toTensor(b))]) {
        assertWithin(left.matmul(right), expected, () => 1e-9 * (1 + k), `${left} · ${right}`);
      }
    }
  }, 100);
});

onBothSets("where, masked_fill, maximum and minimum are their definitions, for any shapes that broadcast", () => {
  const shaped = fc.tuple(sizes, fc.boolean(), fc.boolean()).chain(([shape, one, fewer]) =>
    fc.tuple(
      values("float32", shape),
      values("float32", one ? shape.map(() => 1) : shape),
      values("float32", fewer ? shape.slice(1) : shape),
    )
  );
  forAll(shaped, ([a, b, c]) => {
    const [x, y, z] = [a, b, c].map(toTensor);
    assertSame(F.where(x.gt(y), y, z), broadcast((x, y, z) => x > y ? y : z, a, b, c), "where");
    assertSame(x.masked_fill(y.lt(0), -Infinity), broadcast((x, y) => y < 0 ? -Infinity : x, a, b), "masked_fill");
    assertSame(y.maximum(x), broadcast(Math.max, b, a), "maximum");
    assertSame(y.minimum(x), broadcast(Math.min, b, a), "minimum");
  }, 200);
});

onBothSets("cat puts back together what narrow has taken apart, along any dimension, of views as well", () => {
  const box = tensor(range(24), { shape: [2, 3, 4] });
  for (const whole of [box, box.transpose(0, 2), box.permute(1, 2, 0)]) {
    whole.shape.forEach((size, d) => {
      for (const cut of range(size + 1)) {
        const parts = [whole.narrow(d, 0, cut), whole.narrow(d, cut, size - cut)];
        assert(F.cat(parts, d).equal(whole) && F.cat(parts, d - 3).equal(whole));
      }
      assert(F.stack([...range(size).map((i) => whole.narrow(d, i, 1).squeeze(d))], d).equal(whole));
    });
  }
});

test("cat and stack refuse tensors that do not fit, by their shapes", () => {
  assertThrows(
    () => F.cat([ones([2, 3, 4]), ones([2, 5, 4])]),
    RangeError,
    "Cannot cat shapes (2, 3, 4) and (2, 5, 4)",
  );
  assertThrows(() => F.cat([ones([2, 3]), ones([2, 3, 1])], 1), RangeError, "(2, 3) and (2, 3, 1)");
  assertThrows(() => F.stack([ones([2, 3]), ones([3, 2])]), RangeError, "(1, 2, 3) and (1, 3, 2)");
});

onBothSets("linear takes any dimensions before the last, and does without a bias", () => {
  const x = tensor(range(12), { shape: [2, 3, 2] }), w = tensor([[1, 2, 3], [4, 5, 6]]);
  const b = tensor([10, 20, 30]);
  assert(F.linear(x, w, b).equal(x.matmul(w).add(b)) && F.linear(x, w).equal(x.matmul(w)));
  assert(F.linear(x.at(0, 0), w, b.view(1, 3)).equal(x.at(0, 0).matmul(w).add(b)));
});
