// One row at a time: verdict and remark, what it copies, and that a learner's changes in place do not move the check.
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { test } from "node:test";
import { Check, type Row } from "../../lib/check/check.ts";
import { type Forward, trace } from "../../lib/check/graph.ts";
import { changedInPlace, elsewhere, judge } from "../../lib/check/judge.ts";
import { full, tensor } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";

const f64 = (values: number[], ...shape: number[]) =>
  tensor(values, { shape: shape.length > 0 ? shape : [values.length], dtype: "float64" });

const forward = {
  a: ({ x, w }) => x.mul(w),
  b: ({ a }) => a.exp(),
  loss: ({ b }) => b.sum(),
} satisfies Forward;
const leaves = () => ({ x: f64([0.3, -0.5]), w: f64([0.7, 1.3]) });

/** The right gradients, worked out by hand. */
function gradients() {
  const { x, w } = leaves(), db = full([2], 1, { dtype: "float64" });
  const da = x.mul(w).exp();
  return { db, da, dx: da.mul(w), dw: da.mul(x) };
}

test("right gradients are ok, without a remark", () => {
  const check = new Check(forward, leaves()), { db, da, dx, dw } = gradients();
  const rows: Row[] = [];
  for (const [name, given] of Object.entries({ b: db, a: da, x: dx, w: dw })) {
    rows.push(judge(check, name, given, rows));
  }
  assertEquals(rows.map(({ name, status, remark }) => [name, status, remark]), [
    ["b", "ok", undefined],
    ["a", "ok", undefined],
    ["x", "ok", undefined],
    ["w", "ok", undefined],
  ]);
});

test("the right gradient is known to ten digits and more, in float64", () => {
  const check = new Check(forward, leaves());
  for (const [dname, given] of Object.entries(gradients())) {
    const right = check.right(dname.slice(1));
    assertEquals([right.dtype, right.shape], ["float64", given.shape]);
    right.toArray().forEach((x, i) => assertAlmostEquals(x, given.toArray()[i], 1e-11));
  }
  assertThrows(() => check.right("y"), ReferenceError, '"y"');
});

test("a row keeps the numbers it was given, whatever happens to the tensor later", () => {
  const check = new Check(forward, leaves()), { db } = gradients();
  const row = judge(check, "b", db, []);
  db.mul_(7);
  assertEquals([...row.given!.toArray()], [1, 1]);
});

test("a note is beside the name, not in it", () => {
  const row = judge(new Check(forward, leaves()), "b", gradients().db, [], { note: "n=2" });
  assertEquals([row.name, row.note], ["b", "n=2"]);
});

test("a value that is not a tensor is named in the remark", () => {
  const check = new Check(forward, leaves());
  const remarks: [unknown, string][] = [
    [5, "the number 5."],
    ["abc", 'the text "abc".'],
    [null, "null."],
    [[1, 2], "an array of 2"],
    [(x: Tensor) => x, "a function"],
    [{}, "an object."],
  ];
  for (const [given, words] of remarks) {
    const row = judge(check, "x", given, []);
    assertEquals(row.status, "shape");
    assertStringIncludes(row.remark!, "dx should be a tensor of shape (2)");
    assertStringIncludes(row.remark!, words);
  }
  assertEquals(judge(check, "x", undefined, []).status, "todo");
});

test("a parameter or a forward tensor that is changed in place does not move the check, and is named", () => {
  const mine = leaves(), check = new Check(forward, mine);
  const { values } = trace(forward, mine);
  assertEquals(changedInPlace(check, values), []);
  const right = gradients();
  mine.w.add_(0.1);
  values.b.mul_(2);
  assertEquals(changedInPlace(check, values), ["w", "b"]);
  for (const [dname, given] of Object.entries(right)) {
    assertEquals(judge(check, dname.slice(1), given, []).status, "ok", dname);
  }
});

test("a forward line that works in place on what it reads is refused with its name", () => {
  const inPlace: Forward = { a: ({ x }) => x.mul_(2), loss: ({ a }) => a.sum() };
  const { message } = assertThrows(() => new Check(inPlace, { x: f64([1, 2]) }), TypeError);
  for (const words of ['line "a"', '"x" in place', "clone()"]) assertStringIncludes(message, words);
});

test("a gradient that is zero whatever the numbers is ok, with a remark that says what it cannot tell", () => {
  const shifted: Forward = { y: ({ x, b }) => x.add(b), loss: ({ y }) => y.sub(y.mean()).pow(2).sum() };
  const check = new Check(shifted, { x: f64([0.5, -1, 2]), b: f64([0.3]) });
  const row = judge(check, "b", f64([0]), []);
  assertEquals(row.status, "ok");
  assertStringIncludes(row.remark!, "this row cannot show a wrong sign or factor");
  assert(judge(check, "b", f64([1e-6]), []).status === "wrong");
});

test("a tensor that two lines read has both their terms in its right gradient", () => {
  const twice: Forward = { a: ({ x }) => x.pow(2), loss: ({ a, x }) => a.mul(x).sum() }; // x³
  const right = new Check(twice, { x: f64([2, -1, 0.5]) }).right("x").toArray();
  [12, 3, 0.75].forEach((y, i) => assertAlmostEquals(right[i], y, 1e-11));
});

test("a term that is zero whatever the numbers is named where the row is right, for the row cannot tell", () => {
  const still: Forward = { a: ({ x }) => x.mul(0), b: ({ x }) => x.mul(3), loss: ({ a, b }) => a.add(b).sum() };
  const row = judge(new Check(still, { x: f64([1, 2]) }), "x", f64([3, 3]), []);
  assertEquals(row.status, "ok");
  assertStringIncludes(row.remark!, "The term through a is zero, up to rounding");
});

test("a formula that is right at one size only is answered with what it depends on, in one sentence", () => {
  const rows = (right: (n: number, eps: string) => boolean): Row[] => [
    { name: "x", shape: [], status: "ok", maxdiff: 0 },
    ...["1e-5", "1e-2"].flatMap((eps) =>
      [2, 5, 32].map((n): Row => ({
        name: "x",
        note: `n=${n} eps=${eps}`,
        shape: [],
        status: right(n, eps) ? "ok" : "wrong",
        maxdiff: 0,
      }))
    ),
  ];
  assertEquals(elsewhere(rows(() => true)), undefined);
  assertStringIncludes(elsewhere(rows((n) => n === 32))!, "dx is right at n = 32 only: n is the function's argument");
  assertStringIncludes(elsewhere(rows((_, eps) => eps === "1e-5"))!, "right at eps = 1e-5 only");
  assertStringIncludes(elsewhere(rows(() => false))!, "wrong at n=2 eps=1e-5, n=5");
  assertEquals(
    elsewhere([{ name: "x", shape: [], status: "wrong", maxdiff: 1 }, ...rows(() => false).slice(1)]),
    undefined,
  );
});
