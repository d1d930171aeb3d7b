// The rows of an exercise as they are compared and printed: one for each gradient, in each of its settings.
import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { test } from "node:test";
import type { Forward } from "../../lib/check/graph.ts";
import { Exercise } from "../../lib/exercise/frame.ts";
import { startOn } from "../../lib/exercise/start.ts";
import { ones, tensor } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";
import { quietHost } from "../harness.ts";
import { dw, dx, forward, leaves, manifest, run, SWITCHES } from "./small.ts";

test("each cmp prints its row at once, below a wrong one what is wrong with it, and the foot counts", () => {
  const { exercise, printed, end } = run(), { cmp, tensors } = exercise.check(forward, leaves());
  cmp("w", dw(), tensors.w);
  assertMatch(printed(), /^gradient +shape[^\n]*\n─+\ndw +\(2\) +ok/);
  cmp("x", dx().neg());
  assertMatch(printed(), /\ndx +\(2, 2\) +wrong[^\n]*\n {4}\S/);
  assertEquals(end(), 1);
  assertMatch(printed(), /\ndy was not compared: [^\n]+\n1\/3 right, next: dx$/);
});

test("the exit code is 0 when every gradient is right, 1 when one was not compared, and 130 when interrupted", () => {
  for (const [names, interrupted, code] of [[["w"], false, 0], [["w", "x"], false, 1], [["w"], true, 130]] as const) {
    const { exercise, end } = run();
    exercise.check(forward, leaves(), names).cmp("w", dw());
    assertEquals(end({}, interrupted), code);
  }
});

test("a gradient compared twice counts once, with its last verdict", () => {
  const { exercise, end, printed } = run(), { cmp } = exercise.check(forward, leaves(), ["w"]);
  cmp("w", dw().mul(2));
  cmp("w", dw());
  assertEquals(end(), 0);
  assert(printed().endsWith("1/1 right"), printed());
});

test("a note tells the same gradient in two settings apart, and the head is printed once", () => {
  const { exercise, printed, end } = run();
  exercise.check(forward, leaves(), ["w"], "a").cmp("w", dw());
  exercise.check(forward, leaves(), ["w"], "b").cmp("w", dw().neg());
  assertEquals(end(), 1);
  assertEquals(printed().split("gradient ").length, 2);
  assertMatch(printed(), /\ndw a +\(2\) +ok[^]*\ndw b +\(2\) +wrong/);
});

test("a gradient that is not compared in one of its settings is named with that setting, and is still to do", () => {
  for (const json of [false, true]) {
    const { exercise, host, printed, end } = run({ json });
    exercise.check(forward, leaves(), ["w"], "a").cmp("w", dw());
    exercise.check(forward, leaves(), ["w"], "b");
    assertEquals(end(), 1);
    if (!json) assertMatch(printed(), /\ndw b was not compared: [^]*Stuck\? Add --hint dw [^]*\n1\/2 right, next: dw$/);
    else assertMatch(host.written[0], /"name":"w a",.*"status":"ok".*"name":"w b",.*"status":"todo"/);
  }
});

test("a name that the forward pass does not have is answered with the nearest, and dw is taken for w", () => {
  const { cmp } = run().exercise.check(forward, { ...leaves(), counts: dw() });
  cmp("dw", dw());
  const { message } = assertThrows(() => cmp("count", dw()), RangeError) as Error;
  assertStringIncludes(message, 'none is called "count". Did you mean cmp("counts", dcounts, counts)?');
  assertThrows(() => cmp("w", dw(), dw()), TypeError, "takes the tensor w as its third argument; given something else");
});

test("a tensor changed in place is named before the row it would spoil, and that row is not explained away", () => {
  const { exercise, printed } = run(), { cmp, tensors } = exercise.check(forward, leaves());
  cmp("w", dw(), tensors.w);
  tensors.w.add_(1);
  cmp("x", ones([2, 2], { dtype: "float64" }).mul(tensors.w), tensors.x);
  const text = printed().replace(/\s+/g, " ");
  assertStringIncludes(text, 'w was changed in place between cmp("w", …) and here (cmp("x", …)). Work on w.clone()');
  assertStringIncludes(text, "w was changed in place by w.add_(1)");
});

test("a right gradient that is changed in place after its cmp is named at the row it spoils", () => {
  const { exercise, printed } = run(), { cmp, tensors } = exercise.check(forward, leaves());
  const dy = ones([2, 2], { dtype: "float64" });
  cmp("y", dy, tensors.y);
  const spoilt = dy.mul_(2);
  cmp("x", spoilt.mul(tensors.w), tensors.x);
  const text = printed().replace(/\s+/g, " ");
  assertStringIncludes(
    text,
    "dy was changed in place by dy.mul_(2)",
  );
  cmp("x", ones([2, 2], { dtype: "float64" }).mul(tensors.w), tensors.x);
  assertEquals(exercise.rows.at(-1)!.status, "ok");
});

test("what a function prints while it is tried in another setting is not shown again", () => {
  const { exercise, printed } = run(), formula = () => (exercise.print("looked at"), dw());
  exercise.check(forward, leaves(), ["w"]).cmp("w", formula());
  for (const note of ["n=2", "n=5"]) exercise.check(forward, leaves(), ["w"], note).cmp("w", formula());
  exercise.print("the end");
  assertEquals(printed().match(/looked at|the end/g), ["looked at", "the end"]);
});

test("a function that compares its own steps does so in the exercise's setting, and not where it is tried elsewhere", () => {
  const { exercise } = run(), main = exercise.check(forward, leaves(), ["w"]);
  const formula = () => {
    main.cmp("x", dx());
    return dw();
  };
  main.cmp("w", formula());
  exercise.check(forward, leaves(), ["w"], "n=5").cmp("w", formula());
  assertEquals(exercise.rows.map(({ name, note, status }) => [name, note, status]), [
    ["x", undefined, "ok"],
    ["w", undefined, "ok"],
    ["w", "n=5", "ok"],
  ]);
});

test("where the lecture's cmp would accept a size of 1 too many, the row says so, and no other row does", () => {
  const { exercise } = run(), { cmp } = exercise.check(forward, leaves());
  const said = (gradient: Tensor) => cmp("w", gradient).remark ?? "";
  assertStringIncludes(said(dw().view(1, 2)), "the lecture's cmp lets them pass: PyTorch broadcasts (1, 2) and (2).");
  for (const other of [dw().view(2, 1), dw().mul(2).view(1, 2), ones([3])]) assert(!said(other).includes("lecture"));
});

test("a blank remembers its last verdicts: what changed is marked, hints come by themselves, the end names what is next", () => {
  const kept = new Map<string, string>();
  const my = {
    script: "my/ex1.ts",
    recall: (key: string) => kept.get(key),
    remember: (key: string, text: string) => void kept.set(key, text),
  };
  const attempt = (gradient: Tensor) => {
    const { exercise, printed, end } = run({}, my);
    exercise.check(forward, leaves(), ["w"]).cmp("w", gradient);
    end();
    return printed();
  };
  assert(!attempt(dw().mul(2)).includes("was "));
  attempt(dw().mul(2)); // the same attempt again counts once
  assertStringIncludes(attempt(dw().mul(3)), "Stuck? Write hint(w); in the file");
  assertStringIncludes(attempt(dw().mul(4)), "dw, hint 1 of 3: First?");
  assertMatch(attempt(dw()), /ok .* was wrong[^]*Exercise 1 is done. Next: deno task blank after$/);
  for (const shape of [[1, 2], [2, 1]]) assert(!attempt(ones(shape)).includes("hint 1 of 3"));
  assertStringIncludes(attempt(ones([3])), "dw, hint 1 of 3: First?");
});

test("a given gradient that is another tensor's, or was changed since, is wrong, and the row says which", () => {
  const { exercise, printed } = run(), { given } = exercise.bench;
  const { tensors, cmp } = exercise.check(forward, leaves(), ["w", "x"]);
  assertEquals(cmp("x", given("x")).status, "given");
  assertEquals(cmp("x", given(tensors.x).mul_(2)).status, "wrong");
  assertMatch(printed(), /This is given\(x\), changed in place since\.$/);
  const other = given(tensors.y).mul_(3); // no longer what was given, so nothing is said of that
  assert(!cmp("x", other).remark!.includes("given("), printed());
  assertEquals(cmp("w", given(tensors.x)).status, "shape");
  assertMatch(printed(), /This is given\(x\), the gradient of another tensor: write given\(w\)\.$/);
});

test("print shows a gradient still to do as that, and an error without its stack", () => {
  const { exercise, host } = run();
  exercise.print(exercise.bench.todo("dw"), new RangeError("No."), 5);
  assertEquals(host.written, ["dw: still to do RangeError: No. 5"]);
});

test("rows not reached come in the order in which gradients are written: line by line, what each reads", () => {
  const deep = {
    y: ({ x, w, b }) => x.mul(w).add(b),
    loss: ({ y, v }) => y.mul(v).sum(),
  } satisfies Forward;
  const { exercise, host, end } = run({ json: true }), one = () => tensor([1], { dtype: "float64" });
  exercise.check(deep, { b: one(), v: one(), w: one(), x: one() });
  end();
  assertEquals(JSON.parse(host.written[0]).rows.map(({ name }: { name: string }) => name), ["y", "v", "x", "w", "b"]);
});

test("an exercise whose rows are right or given is not called done: it says which are given", () => {
  const { exercise, printed, end } = run({}, { script: "my/ex1.ts" });
  const { tensors, cmp } = exercise.check(forward, leaves(), ["w"]);
  cmp("w", exercise.bench.given(tensors.w));
  end();
  assertMatch(printed(), /0\/1 right, 1 given\nGiven so far: dw\. Write them yourself to finish\.$/);
});

test("the last exercise is done without a next one, and an unknown one is an error of its own", () => {
  const host = quietHost({ script: "my/after.ts" });
  const exercise = new Exercise(manifest, manifest[1], SWITCHES, host);
  exercise.check(forward, leaves(), ["w"]).cmp("w", dw());
  assertThrows(() => exercise.finish());
  assertMatch(host.written.join("\n"), /Exercise after is done\. It was the last one\.$/);
  assertThrows(() => startOn(host)(manifest, 7, {}), RangeError, "none called 7");
});
