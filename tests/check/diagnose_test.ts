// What the table says of a wrong gradient: mistakes planted in exercise 1, each with the kind and the words it must get.
import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import source from "../../exercises/ex1.ts" with { type: "text" };
import type { Row } from "../../lib/check/check.ts";
import { diagnose, type Kind } from "../../lib/check/diagnose.ts";
import { readers } from "../../lib/check/graph.ts";
import { scratch } from "../../lib/tensor/memory.ts";
import { numel, sameShape } from "../../lib/tensor/shape.ts";
import { type Tensor, tensor } from "../../lib/tensor/tensor.ts";
import { replaceOnce, runSource } from "../harness.ts";

// Four neurons, so that no two sizes of the network are the same.
const flags = { hidden: 4 };
const right = await runSource(source, { flags });
const table = right.rows.map(({ name }) => name);

/** Exercise 1 with changes, and what is said of one row. Only it and the rows that it may blame are checked. */
async function diagnosisOf(
  row: string,
  changes: readonly (readonly [from: string, to: string])[],
  blamable?: string[],
) {
  using _ = scratch();
  const changed = changes.reduce((text, [from, to]) => replaceOnce(text, from, to), source);
  const only = [row, ...(blamable ?? readers(right.check.graph, row))];
  const { check, rows } = await runSource(changed, { flags, only });
  const i = rows.findIndex(({ name }) => name === row);
  assert(["wrong", "shape", "follows"].includes(rows[i].status), rows[i].status);
  const bare = rows.map((row) => ({
    ...row,
    status: row.status !== "follows" ? row.status : sameShape(row.given!.shape, row.shape) ? "wrong" : "shape",
    remark: undefined,
  } as Row));
  return diagnose(check, bare[i], bare.slice(0, i));
}

// --- One mistake each ------------------------------------------------------------------------------------------------------

const FIRST = "index_put_([range(n), yb], -1 / n)", PROBS = "dlogprobs.div(probs)";
const INV = "counts.mul(dprobs).sum(1, { keepdim: true })", NORM = "const dnorm_logits = counts.mul(dcounts);";
const COUNTS = "dcounts.add_(ones_like(counts).mul(dcounts_sum));",
  MAXES = "dnorm_logits.neg().sum(1, { keepdim: true })";
const TANH = "sub(1, h.pow(2))", GAIN = "bnraw.mul(dhpreact).sum(0, { keepdim: true })";
const VAR_INV = "bndiff.mul(dbnraw).sum(0, { keepdim: true })", VAR = "pow(-1.5).mul(-0.5)";
const DIFF2 = "mul(1 / (n - 1)).mul(dbnvar)", DIFF = "dbndiff.add_(bndiff.mul(2).mul(dbndiff2));";
const PREBN = "dhprebn.add_(ones_like(hprebn).mul(1 / n).mul(dbnmeani));", VIEW = "dembcat.view(...emb.shape)";
const DC = "zeros_like(C).index_add_(0, xb.flatten(), demb.view(-1, n_embd))";
const SIGN = "with the wrong sign", WORST = "worst element is at [", ALL = "Every element is", TWO = "gets two terms";

const mistakes: [row: string, kind: Kind, what: string, from: string, to: string, ...shown: string[]][] = [
  ["logprobs", "sign", "a sign", FIRST, "index_put_([range(n), yb], 1 / n)", ALL, SIGN],
  ["logprobs", "factor", "no 1/n", FIRST, "index_put_([range(n), yb], -1)", "32 times too large", "1/n of a mean"],
  ["logprobs", "sign", "no sign, no 1/n", FIRST, "index_put_([range(n), yb], 1)", "32 times too large", SIGN],
  ["logprobs", "factor", "1/n twice", FIRST, "index_put_([range(n), yb], -1 / n / n)", "32 times too small"],
  ["logprobs", "factor", "n − 1 for n", FIRST, "index_put_([range(n), yb], -1 / (n - 1))", "n and n − 1", "32 and 31"],
  ["logprobs", "factor", "nothing put in", FIRST, "clone()", ALL, "zero"],
  ["logprobs", "element", "all elements for the picked", FIRST, "sub(1 / n)", "[0, 0]", "yours -0.03125", "expected 0"],
  ["probs", "sign", "a sign", PROBS, "dlogprobs.div(probs).neg()", ALL, SIGN],
  ["probs", "element", "a product", PROBS, "dlogprobs.mul(probs)", WORST, "expected -"],
  ["probs", "nan", "0/0", PROBS, "dlogprobs.div(probs.mul(0))", "864 of 864", "NaN", "first at [0, 0]"],
  ["counts_sum_inv", "sum", "no sum", INV, "counts.mul(dprobs)", "dimension 1 in probs", "(32, 27)", "(32, 1)"],
  ["counts_sum_inv", "sum", "another sum", INV, "counts.mul(dprobs).sum(0)", "wrong dimension", "(27)", "(32, 1)"],
  ["counts_sum_inv", "shape", "one sum of all", INV, "counts.mul(dprobs).sum()", "yours is ()", "expected is (32, 1)"],
  ["counts_sum_inv", "element", "no factor", INV, "dprobs.sum(1, { keepdim: true })", WORST],
  ["counts_sum_inv", "factor", "a mean", INV, INV.replace("sum(1", "mean(1"), "27 times too small", "a mean over 27"],
  ["counts_sum", "sign", "a sign", "pow(-2).neg()", "pow(-2)", ALL, SIGN],
  ["counts_sum", "element", "another power", "pow(-2).neg()", "pow(-1).neg()", WORST],
  ["counts", "path", "no second term", COUNTS, "", "through probs", "counts also feeds counts_sum", TWO],
  [
    "counts",
    "path",
    "no first term",
    "= counts_sum_inv.mul(dprobs);",
    "= zeros_like(counts);",
    "also feeds probs",
    TWO,
  ],
  ["counts", "sign", "a second sign", COUNTS, COUNTS.replace("add_", "sub_"), "term through counts_sum", SIGN],
  ["norm_logits", "factor", "a half", NORM, NORM.replace(";", ".mul(0.5);"), ALL, "half of what it should be", "2x?"],
  ["norm_logits", "element", "no factor", NORM, "const dnorm_logits = dcounts.clone();", WORST],
  ["logit_maxes", "sum", "no sum", MAXES, "dnorm_logits.neg()", "dimension 1 in norm_logits", "(32, 27)", "(32, 1)"],
  ["logit_maxes", "element", "a square", MAXES, MAXES.replace("neg()", "pow(2)"), WORST, "dlogit_maxes should be 0"],
  [
    "logits",
    "factor",
    "a term twice",
    "dlogits = dnorm_logits.clone()",
    "dlogits = dnorm_logits.mul(2)",
    "2 times what",
  ],
  ["logits", "sign", "a sign", "dlogits = dnorm_logits.clone()", "dlogits = dnorm_logits.neg()", SIGN],
  ["h", "factor", "n too many", "dlogits.matmul(w2.T)", "dlogits.matmul(w2.T).mul(n)", "32 times too large"],
  ["w2", "transposed", "sides exchanged", "h.T.matmul(dlogits)", "dlogits.T.matmul(h)", "is (27, 4)", "is (4, 27)"],
  ["w2", "factor", "1/n twice", "h.T.matmul(dlogits)", "h.T.matmul(dlogits).div(n)", "32 times too small"],
  ["b2", "sum", "no sum", "= dlogits.sum(0)", "= dlogits", "over dimension 0 in logits", "(32, 27)", "(27)"],
  ["b2", "keepdim", "keepdim", "dlogits.sum(0)", "dlogits.sum(0, { keepdim: true })", "(1, 27)", "(27)", "without"],
  ["b2", "factor", "a mean", "dlogits.sum(0)", "dlogits.mean(0)", "32 times too small"],
  ["b2", "shape", "another sum", "dlogits.sum(0)", "dlogits.sum(1)", "yours is (32)", "expected is (27)"],
  ["hpreact", "sign", "h² − 1", TANH, "h.pow(2).sub(1)", ALL, SIGN],
  ["hpreact", "element", "1 − h", TANH, "sub(1, h)", WORST],
  ["bngain", "sum", "no sum", GAIN, "bnraw.mul(dhpreact)", "over dimension 0 in hpreact", "is (32, 4)", "is (1, 4)"],
  ["bngain", "sum", "another sum", GAIN, GAIN.replace("sum(0", "sum(1"), "wrong dimension", "is (32, 1)", "is (1, 4)"],
  [
    "bnbias",
    "keepdim",
    "no keepdim",
    "= dhpreact.sum(0, { keepdim: true })",
    "= dhpreact.sum(0)",
    "is (4)",
    "is (1, 4)",
  ],
  ["bnraw", "factor", "no gain", "bngain.mul(dhpreact);", "dhpreact.clone();", "0.9091 times"],
  ["bnvar_inv", "element", "x̂ for x", VAR_INV, VAR_INV.replace("bndiff", "bnraw"), WORST],
  ["bnvar", "sign", "no −1/2", VAR, "pow(-1.5)", "2 times", SIGN],
  ["bnvar", "nan", "a root of less than 0", "= bnvar.add(1e-5)", "= bnvar.neg()", "4 of 4", "infinite", "[0, 0]"],
  ["bndiff2", "factor", "n for n − 1", DIFF2, "mul(1 / n).mul(dbnvar)", "n and n − 1 exchanged", "32 and 31"],
  ["bndiff2", "factor", "no 1/(n − 1)", DIFF2, "mul(dbnvar)", "31 times too large", "1/(n − 1)"],
  ["bndiff", "path", "no second term", DIFF, "", "through bnraw", "bndiff also feeds bndiff2", TWO],
  [
    "bndiff",
    "factor",
    "no 2",
    DIFF,
    DIFF.replace(".mul(2)", ""),
    "term through bndiff2 is half",
    "the derivative of x², 2x?",
  ],
  ["bnmeani", "sign", "a sign", "dbndiff.neg().sum(0", "dbndiff.sum(0", ALL, SIGN],
  ["hprebn", "path", "no second term", PREBN, "", "through bndiff", "hprebn also feeds bnmeani", TWO],
  ["hprebn", "factor", "no 1/n", PREBN, PREBN.replace(".mul(1 / n)", ""), "term through bnmeani is 32 times too large"],
  [
    "hprebn",
    "sign",
    "a first sign",
    "dhprebn = dbndiff.clone()",
    "dhprebn = dbndiff.neg()",
    "term through bndiff",
    SIGN,
  ],
  ["embcat", "transposed", "sides exchanged", "dhprebn.matmul(w1.T)", "w1.matmul(dhprebn.T)", "(30, 32)", "(32, 30)"],
  ["w1", "transposed", "sides exchanged", "embcat.T.matmul(dhprebn)", "dhprebn.T.matmul(embcat)", "(4, 30)", "(30, 4)"],
  ["b1", "element", "another's sum", "= dhprebn.sum(0)", "= dbndiff.sum(0)", WORST, "Every element of db1 should be 0"],
  ["emb", "shape", "no view", VIEW, "dembcat.view(n, -1)", "is (32, 30)", "is (32, 3, 10)", "view(32, 3, 10)"],
  ["emb", "factor", "a 3", VIEW, "dembcat.view(...emb.shape).mul(3)", ALL, "3 times what it should be"],
  ["C", "shape", "nothing gathered", DC, "demb.view(-1, n_embd)", "yours is (96, 10)", "expected is (27, 10)"],
  ["C", "factor", "nothing added", DC, "zeros_like(C)", ALL, "zero"],
];

for (const [row, kind, what, from, to, ...shown] of mistakes) {
  test(`in d${row}, ${what} is told as ${kind}: ${shown.join(" … ")}`, async () => {
    const told = await diagnosisOf(row, [[from, to]]);
    assertEquals(told.kind, kind, told.text);
    for (const text of shown) assertStringIncludes(told.text, text);
  });
}

test("the mistakes above are in all 26 gradients", () => {
  assertEquals([...new Set(mistakes.map(([row]) => row))], table);
});

// --- Mistakes further up -----------------------------------------------------------------------------------------------------

const consequences: [row: string, blamed: string, from: string, to: string][] = [
  ["counts_sum_inv", "dprobs", PROBS, "dlogprobs.mul(probs)"],
  ["counts", "dprobs", PROBS, "dlogprobs.mul(probs)"],
  ["counts", "dprobs", PROBS, "dlogprobs.div(probs).neg()"],
  ["norm_logits", "dcounts", COUNTS, ""],
  ["logit_maxes", "dnorm_logits", NORM, "const dnorm_logits = dcounts.clone();"],
  ["logits", "dnorm_logits", NORM, "const dnorm_logits = counts.mul(dcounts).add(1);"],
  ["logits", "dnorm_logits", NORM, "const dnorm_logits = counts.mul(dcounts).mul(2);"],
  ["hpreact", "dh", "dlogits.matmul(w2.T)", "dlogits.matmul(w2.T).mul(n)"],
  ["bndiff2", "dbnvar", VAR, "pow(-1.5)"],
  ["bnvar", "dbnvar_inv", VAR_INV, "bndiff.mul(dbnraw)"],
  ["hprebn", "dbndiff", DIFF, ""],
  ["w1", "dhprebn", PREBN, ""],
  ["b1", "dhprebn", PREBN, ""],
  ["embcat", "dhprebn", PREBN, ""],
  ["emb", "dembcat", "dhprebn.matmul(w1.T)", "dbndiff.matmul(w1.T)"],
  ["C", "demb", VIEW, "dembcat.view(...emb.shape).mul(3)"],
  ["counts_sum_inv", "dprobs", PROBS, "dlogprobs.div(probs.mul(0))"],
  ["counts_sum", "dcounts_sum_inv", INV, "counts.mul(dprobs)"],
];
for (const [row, blamed, from, to] of consequences) {
  test(`d${row} is said to be wrong only because of ${blamed} when that is ${to || "without its second term"}`, async () => {
    const between = table.slice(table.indexOf(blamed.slice(1)), table.indexOf(row));
    using _ = scratch();
    const changed = replaceOnce(source, from, to);
    const { rows } = await runSource(changed, { flags, only: [row, ...between] });
    const { status, causes } = rows.find(({ name }) => name === row)!;
    assertEquals([status, causes?.includes(blamed)], ["follows", true]);
  });
}

test("a mistake of its own below an earlier one is told apart from it, and both are named", async () => {
  const told = await diagnosisOf("counts", [[PROBS, "dlogprobs.mul(probs)"], [COUNTS, ""]], ["probs", "counts_sum"]);
  assertEquals(told.kind, "path", told.text);
  for (const text of ["dprobs above", "counts also feeds counts_sum"]) assertStringIncludes(told.text, text);
});

test("the planted mistakes are of all kinds", () => {
  const kinds = [...new Set<Kind>([...mistakes.map(([, kind]) => kind), "earlier"])].toSorted();
  assertEquals(
    kinds,
    ["earlier", "element", "factor", "keepdim", "nan", "path", "shape", "sign", "sum", "transposed"] satisfies Kind[],
  );
});

// --- Right gradients, and anything at all --------------------------------------------------------------------------------------

for (const hidden of [1, 3, 17]) {
  for (const seed of [1, 2, 1337]) {
    test(`no gradient that is right is called anything but ok with ${hidden} neurons and seed ${seed}`, async () => {
      using _ = scratch();
      const { rows } = await runSource(source, { flags: { seed, hidden } });
      assertEquals(rows.length, 26);
      assertEquals(rows.filter(({ status }) => status !== "ok"), []);
    });
  }
}

const small = await runSource(source, { flags: { hidden: 3 } });

/** The rows above one, with another gradient given for it or for one above it. */
function told(name: string, given: unknown, above?: [name: string, given: unknown]) {
  using _ = scratch();
  const recheck = (row: Row) => above?.[0] === row.name ? small.check.row(row.name, above[1] as Tensor) : row;
  const earlier = small.rows.slice(0, small.rows.findIndex((row) => row.name === name)).map(recheck);
  const row = small.check.row(name, given as Tensor);
  if (row.status === "ok") return undefined;
  const { kind, text } = diagnose(small.check, row, earlier);
  assertMatch(text, /^[A-Z0-9d][^\n]*[.?]$/);
  assertFalse(/undefined|NaN times|Infinity/.test(text), text);
  return { kind, text };
}

const anyName = fc.constantFrom(...table);
const elementsOf = (name: string) => Array.from(small.gradients[name]!.toArray());
const likeTheirs = (name: string, elements: number[]) =>
  tensor(elements, { shape: small.gradients[name]!.shape, dtype: "float64" });
const changed = (name: string, at: number, to: number) => {
  const elements = elementsOf(name);
  elements[Math.floor(at * elements.length)] = to;
  return likeTheirs(name, elements);
};
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const runs = { numRuns: 40 };

test("one element that is another number gets a diagnosis, whatever the row", () => {
  const number = fc.double({ min: -1e300, max: 1e300, noNaN: true });
  fc.assert(fc.property(anyName, place, number, (name, at, x) => void told(name, changed(name, at, x))), runs);
});

test("one element that is NaN or infinite is told as nan, whatever the row", () => {
  fc.assert(
    fc.property(anyName, place, fc.constantFrom(NaN, Infinity, -Infinity), (name, at, x) => {
      const { kind, text } = told(name, changed(name, at, x))!;
      assertEquals(kind, "nan");
      assertStringIncludes(text, "1 of ");
    }),
    runs,
  );
});

test("every element times a number is told as factor or sign, but where the right gradient is zero", () => {
  const rows = table.filter((name) => !["logit_maxes", "b1"].includes(name));
  const scale = fc.oneof(
    fc.double({ min: -1e3, max: 1e3, noNaN: true }),
    fc.constantFrom(0, -1, 32, -32, 1 / 32, 31, 2),
  );
  fc.assert(
    fc.property(fc.constantFrom(...rows), scale, (name, by) => {
      fc.pre(Math.abs(by - 1) > 0.01 && (by === 0 || Math.abs(by) > 1e-3));
      const { kind, text } = told(name, likeTheirs(name, elementsOf(name).map((x) => x * by)))!;
      assertEquals(kind, by < 0 ? "sign" : "factor", `${name} times ${by}: ${text}`);
    }),
    runs,
  );
});

test("where the right gradient is zero, a wrong one is told its worst element, even if it has no other", async () => {
  using _ = scratch();
  const { check, rows, gradients } = await runSource(source, { flags: { hidden: 1, seed: 1 }, only: ["hprebn"] });
  const row = check.row("b1", gradients.b1!.add(0.01)), { kind, text } = diagnose(check, row, rows);
  assertEquals(kind, "element", text);
  assertStringIncludes(text, "should be 0");
});

test("elements in another order get a diagnosis, whatever the row", () => {
  fc.assert(
    fc.property(anyName, fc.integer(), (name, seed) => {
      const keyed = elementsOf(name).map((x, i) => [x, Math.sin((i + 1) * (seed % 1e6 + 1.5))]);
      void told(name, likeTheirs(name, keyed.toSorted((a, b) => a[1] - b[1]).map(([x]) => x)));
    }),
    runs,
  );
});

test("any shape but the right one gets a diagnosis that shows both, or says what stands there instead", () => {
  const shape = fc.array(fc.constantFrom(1, 2, 3, 10, 27, 30, 32), { maxLength: 3 });
  fc.assert(
    fc.property(anyName, shape, (name, sizes) => {
      const result = told(name, tensor(new Float64Array(numel(sizes)), { shape: sizes, dtype: "float64" }));
      const expected = small.check.values[name].shape;
      if (String(expected) === String(sizes)) return;
      assertStringIncludes(result!.text, `yours is (${sizes.join(", ")}), expected is (${expected.join(", ")})`);
      assert(["shape", "sum", "keepdim", "transposed"].includes(result!.kind), result!.kind);
    }),
    { numRuns: 200 },
  );
  for (const given of [0, null, "dh", [1, 2], {}, () => 1]) assertEquals(told("h", given)!.kind, "shape");
});

test("whatever is above it and whatever it holds, a wrong row gets a diagnosis", () => {
  const gradient = (name: string) =>
    fc.oneof(
      fc.tuple(place, fc.constantFrom(NaN, 0, 1, -1e300)).map(([at, x]) => changed(name, at, x)),
      fc.constantFrom(-1, 0, 2, 1e200).map((by) => likeTheirs(name, elementsOf(name).map((x) => x * by))),
      fc.constantFrom([], [1], [32, 27], [27], [1, 3]).map((shape) =>
        tensor(new Array(numel(shape)).fill(1), { shape })
      ),
    );
  const above = fc.integer({ min: 0, max: table.length - 2 });
  const two = above.chain((i) => fc.tuple(fc.constant(i), fc.integer({ min: i + 1, max: table.length - 1 })));
  const both = two.chain(([i, j]) =>
    fc.tuple(fc.constant([table[i], table[j]]), gradient(table[i]), gradient(table[j]))
  );
  fc.assert(fc.property(both, ([[first, second], a, b]) => void told(second, b, [first, a])), runs);
});

test("an element's place is written row first, as the exercise would write it", () => {
  const elements = elementsOf("w2"); // (3, 27)
  elements[2 * 27 + 5] = NaN;
  assertStringIncludes(told("w2", likeTheirs("w2", elements))!.text, "the first at [2, 5]");
});
