// Digits that are easily lost: PyTorch's own, recorded from PyTorch 1.13.1 with the calls in the tests.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { test } from "node:test";
import { cross_entropy } from "../../lib/tensor/functional.ts";
import { tensor, zeros } from "../../lib/tensor/creation.ts";

test("cross_entropy takes the largest logit off first", () => {
  // F.cross_entropy(torch.tensor([[1e8, 1e8]]), torch.tensor([0])) → 0.6931471824645996
  assertEquals(cross_entropy(tensor([[1e8, 1e8]]), [0]).item(), Math.fround(Math.LN2));
  assertAlmostEquals(cross_entropy(tensor([[1e30, 0]], { dtype: "float64" }), [0]).item(), 0);
  assertAlmostEquals(cross_entropy(tensor([[1000, 1001]]), [0]).item(), Math.log(1 + Math.E), 1e-6);
  // The last one loses nothing to the largest: ln(1 + 2e^-16) of logits 16, 0, 0.
  const small = cross_entropy(tensor([[16, 0, 0]], { dtype: "float64" }), [0]).item();
  assertAlmostEquals(small, Math.log1p(2 * Math.exp(-16)), 1e-15);
});

test("a cross-entropy in float32 loses no digit to the size of its logits", () => {
  // ln(1 + e^-d) for a row of two whose difference is d: 0.0072199 for 4.9273, whatever is added to both.
  for (const size of [0, 5, 50, 500, 100_000]) {
    for (const d of [4.9273, 1, 9]) {
      const [a, b] = [Math.fround(size + d), Math.fround(size)], exact = Math.log1p(Math.exp(b - a));
      assertAlmostEquals(cross_entropy(tensor([[a, b]]), [0]).item(), exact, 2 ** -23);
    }
  }
});

test("add_ with alpha of float32 into float64 keeps float64's digits", () => {
  // torch.zeros(1, dtype=torch.float64).add_(torch.ones(1), alpha=0.1) → 0.1
  assertEquals(zeros([1], { dtype: "float64" }).add_(tensor([1]), { alpha: 0.1 }).item(), 0.1);
});

test("index_put_ with accumulate rounds the number to the dtype first", () => {
  // t = torch.tensor([[1.0]]); t.index_put_((torch.tensor([0]), torch.tensor([0])), torch.tensor(x), accumulate=True)
  const x = 2 ** -24 * (1 + 2 ** -30); // as float32 it is 2^-24: a half of the last digit, which the even one takes
  assertEquals(tensor([[1]]).index_put_([[0], [0]], x, { accumulate: true }).item(), 1);
});

test("infinities and NaN come out of var, sum, mean and matmul as in PyTorch", () => {
  // torch.tensor([inf, 1., 2.]).var(0) → nan, .sum() → inf; torch.tensor([inf, -inf]).sum() → nan
  for (const dtype of ["float32", "float64"] as const) {
    const a = (...numbers: number[]) => tensor(numbers, { dtype });
    assertEquals([a(Infinity, 1, 2).var(0).item(), a(NaN, 1, 2).var(0).item()], [NaN, NaN]);
    assertEquals([a(Infinity, 1).sum().item(), a(Infinity, -Infinity).sum().item()], [Infinity, NaN]);
    assertEquals([a(Infinity, 1).mean().item(), a(1, NaN).mean().item()], [Infinity, NaN]);
    const row = (...numbers: number[]) => tensor([numbers], { dtype });
    assertEquals(row(Infinity, 0).matmul(row(0, 1).T).item(), NaN);
    assertEquals(row(Infinity, 1).matmul(row(1, 1).T).item(), Infinity);
    assert(Number.isNaN(row(NaN, 1).matmul(row(0, 1).T).item()));
  }
});

test("index_put_ keeps a number's digits in float64", () => {
  const a = zeros([1, 2], { dtype: "float64" }).index_put_([[0], [1]], 0.1);
  assertEquals(a.index_put_([[0], [1]], 0.2, { accumulate: true }).tolist(), [[0, 0.1 + 0.2]]);
});

test("allclose allows 1e-8 and 1e-5 of the second, as in PyTorch", () => {
  const close = (a: number, b: number) => tensor([a], { dtype: "float64" }).allclose(tensor([b], { dtype: "float64" }));
  assertEquals([close(1000.0099, 1000), close(1000.0101, 1000)], [true, false]);
  assertEquals([close(1e-3 + 1.9e-8, 1e-3), close(1e-3 + 2.1e-8, 1e-3)], [true, false]);
});
