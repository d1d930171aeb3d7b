// Every look that the lecture takes, as a line here: shapes, rows, values, comparisons, pictures.
//
// On exercise 1's tensors; where the lecture prints figures, against those.
import { assert, assertEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { buildDataset, CHARACTERS, parseNames } from "../../data/dataset.ts";
import { asTensors } from "../../exercises/network.ts";
import source from "../../exercises/ex1.ts" with { type: "text" };
import lecture from "../fixtures/lecture.json" with { type: "json" };
import { picture } from "../../lib/exercise/picture.ts";
import { cross_entropy, one_hot } from "../../lib/tensor/functional.ts";
import { range, tensor, zeros } from "../../lib/tensor/creation.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";
import { runSource } from "../harness.ts";

const printed = lecture.lecture.exercises_1_to_3, n = printed.batch_size;
const { check } = await runSource(source, { only: [] });
const t = check.values, { logits, logprobs, counts, counts_sum_inv, h, w2, b2, emb, C, bnraw, bndiff2, hprebn } = t;
const yb = tensor(printed.yb, { dtype: "int32" });
const dlogits = logits.softmax(1).sub(one_hot(yb, 27)).div(n);
const hpreact_fast = () => {
  const mean = hprebn.mean(0, { keepdim: true }), variance = hprebn.var(0, { keepdim: true });
  return t.bngain.mul(hprebn.sub(mean)).div(variance.add(1e-5).sqrt()).add(t.bnbias);
};
const rounded = (numbers: Iterable<number>) => [...numbers].map((x) => Number(x.toFixed(4)));

/** The lecture's look, its line here, and what it shows. */
const looks: [look: string, shown: () => unknown, expected: unknown][] = [
  ["logprobs.shape", () => logprobs.shape, [32, 27]],
  ["yb", () => yb.tolist(), printed.yb],
  ["logprobs[i, yb[i]].item() for each i", () => range(n).map((i) => logprobs.at(i, printed.yb[i]).item()).length, n],
  [
    "logprobs[range(n), yb].tolist()",
    () => logprobs.at(range(n), yb).tolist(),
    range(n).map((i) => logprobs.at(i, printed.yb[i]).item()),
  ],
  ["logprobs[range(n), yb].shape", () => logprobs.at(range(n), yb).shape, [32]],
  ["counts.shape, counts_sum_inv.shape", () => [counts.shape, counts_sum_inv.shape], [[32, 27], [32, 1]]],
  [
    "logits.max(1, keepdim=True).values",
    () => rounded(logits.max(1, { keepdim: true }).values.toArray()),
    printed.logit_maxes,
  ],
  [
    "logits.max(1, keepdim=True).indices",
    () => logits.max(1, { keepdim: true }).indices.view(-1).tolist(),
    printed.logit_argmax,
  ],
  ["logits.max(1, keepdim=True).values.shape", () => logits.max(1, { keepdim: true }).values.shape, [32, 1]],
  [
    "F.one_hot(logits.max(1).indices, 27), as a picture",
    () => picture(one_hot(logits.max(1).indices, 27), { colour: false, width: 80 }).split("\n").length,
    n,
  ],
  ["h.shape, w2.shape, b2.shape", () => [h.shape, w2.shape, b2.shape], [[32, 64], [64, 27], [27]]],
  ["(h @ w2).shape", () => h.matmul(w2).shape, [32, 27]],
  ["bnraw.shape, bndiff2.shape, hprebn.shape", () => [bnraw.shape, bndiff2.shape, hprebn.shape], [[32, 64], [32, 64], [
    32,
    64,
  ]]],
  ["emb.shape, C.shape", () => [emb.shape, C.shape], [[32, 3, 10], [27, 10]]],
  ["the index_add_ example", () => zeros([5]).index_add_(0, [0, 1, 3], tensor([1, 2, 3])).tolist(), [1, 2, 0, 3, 0]],
  ["loss_fast.item(), and its difference", () => Math.abs(cross_entropy(logits, yb).sub(t.loss).item()) < 1e-14, true],
  ["F.softmax(logits, 1)[0]", () => rounded(logits.softmax(1).at(0).toArray()), printed.softmax_row_0],
  ["dlogits[0] * n", () => rounded(dlogits.at(0).mul(n).toArray()), printed.dlogits_row_0_times_32],
  ["dlogits[0].sum()", () => Math.abs(dlogits.at(0).sum().item()) < 1e-9, true],
  ["dlogits, as a picture", () => picture(dlogits, { colour: false, width: 80 }).split("\n").length, n],
  ["torch.all(dt == t.grad)", () => [dlogits.equal(dlogits.clone()), dlogits.eq(dlogits).float().sum().item()], [
    true,
    32 * 27,
  ]],
  ["torch.allclose(dt, t.grad)", () => dlogits.allclose(dlogits.add(1e-9)), true],
  ["(dt - t.grad).abs().max().item()", () => dlogits.sub(dlogits.add(0.5)).abs().max().item(), 0.5],
  [
    "sum(p.nelement() for p in parameters)",
    () => ["C", "w1", "b1", "w2", "b2", "bngain", "bnbias"].reduce((sum, name) => sum + t[name].nelement(), 0),
    printed.parameters,
  ],
  ["tuple(p.shape)", () => `${w2.shape}`, "64,27"],
  [
    "(hpreact_fast - hpreact).abs().max()",
    () => hpreact_fast().sub(t.hpreact).abs().max().item() < 1e-12,
    true,
  ],
  [
    "hprebn.shape, bngain.shape, bnvar_inv.shape, hprebn.sum(0).shape",
    () => [hprebn.shape, t.bngain.shape, t.bnvar_inv.shape, hprebn.sum(0).shape],
    [[32, 64], [1, 64], [1, 64], [64]],
  ],
  [
    "hpreact.shape, bngain.shape, bnraw.shape, bnbias.shape",
    () => [t.hpreact.shape, t.bngain.shape, bnraw.shape, t.bnbias.shape],
    [[32, 64], [1, 64], [32, 64], [1, 64]],
  ],
  [
    "norm_logits.shape, logits.shape, logit_maxes.shape",
    () => [t.norm_logits.shape, logits.shape, t.logit_maxes.shape],
    [[32, 27], [32, 27], [32, 1]],
  ],
  ["itoc, vocab_size", () => [CHARACTERS[0], CHARACTERS[26], CHARACTERS.length], [".", "z", 27]],
  [
    "words[:2], and x.shape, y.shape of their examples",
    () => {
      const words = parseNames("emma\nolivia\nava\n"), { x, y } = asTensors(buildDataset(words.slice(0, 2)));
      return [words.slice(0, 2), x.shape, y.shape];
    },
    [["emma", "olivia"], [12, 3], [12]],
  ],
  [
    "rows, columns and their ends",
    () => [logits.at("2:5").shape, logits.at(":", 3).shape, logits.at(":3", "-2:").shape, logits.at(-1).shape],
    [[3, 27], [32], [3, 2], [27]],
  ],
  ["every second row", () => [logits.at("::2").shape, logits.at("1::2", 0).at(0).item()], [
    [16, 27],
    logits.at(1, 0).item(),
  ]],
];

for (const [look, shown, expected] of looks) {
  test(`the lecture's look has its line here: ${look}`, () => assertEquals(shown(), expected));
}

test("a part shows the elements that a loop would find, for any slice, and shares memory with the whole", () => {
  const a = tensor(range(24), { shape: [4, 6] }), all = a.tolist() as number[][];
  for (const from of ["", "0", "1", "-2", "9", "-9"]) {
    for (const to of ["", "0", "3", "-1", "9", "-9"]) {
      const rows = all.slice(Number(from || 0), to === "" ? undefined : Number(to));
      assertEquals(a.at(`${from}:${to}`).tolist(), rows);
      assertEquals(a.at(`${from}:${to}`, -1).tolist(), rows.map((row) => row.at(-1)!));
      assertEquals(a.T.at(2, `${from}:${to}`).tolist(), rows.map((row) => row[2]));
      assertEquals(a.T.at(":", `${from}:${to}`).clone().T.tolist(), rows);
    }
  }
  assertEquals(a.at(1, [0, 5]).tolist(), [6, 11]);
  assertEquals(a.at("1:3", [0, 5]).tolist(), [[6, 11], [12, 17]]);
  assertEquals(a.at([3, 0], "4:").tolist(), [[22, 23], [4, 5]]);
  assertEquals(a.at([3, 0], 1).tolist(), [19, 1]);
  a.at(1).mul_(0);
  assertEquals(a.at(1).sum().item(), 0);
  assert(`${a.at(0, 3)}` === "tensor(3., shape (), float32)");
});

test("a slice with a step shows every second or third row or column that a loop would find, of any dtype and of a view", () => {
  for (const dtype of ["float32", "float64", "int32"] as const) {
    const a = tensor(range(35), { shape: [5, 7], dtype });
    for (const [all, see] of [[a.tolist(), a], [a.T.tolist(), a.T]] as [number[][], Tensor][]) {
      for (const step of [1, 2, 3, 9]) {
        for (const [from, to] of [["", ""], ["1", ""], ["1", "-1"], ["-3", ""], ["0", "4"], ["3", "2"]]) {
          const [first, last] = [Number(from || 0), to === "" ? undefined : Number(to)];
          const every = <T>(items: T[]) => items.slice(first, last).filter((_, i) => i % step === 0);
          assertEquals(see.at(`${from}:${to}:${step}`).tolist(), every(all));
          assertEquals(see.at(":", `${from}:${to}:${step}`).tolist(), all.map(every));
        }
      }
    }
  }
});

test("one row more than there are is refused, counted from either end, and so is a step of 0", () => {
  const a = tensor(range(6), { shape: [2, 3] });
  for (const i of [2, -3]) assertThrows(() => a.at(i), RangeError, `Index ${i} is outside dimension 0`);
  for (const j of [3, -4]) assertThrows(() => a.at(":", j), RangeError, `Index ${j} is outside dimension 1`);
  assertEquals([a.at(-2).tolist(), a.at(":", -3).tolist()], [[0, 1, 2], [0, 3]]);
  assertThrows(() => a.at("::0"), RangeError, "has to be 1 or more");
});
