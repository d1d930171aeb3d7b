// Which gradient an error is about, and the place of the row to work on.
import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { test } from "node:test";
import { failureOf, type OwnFile } from "../../lib/exercise/failed.ts";
import { LineBook } from "../../lib/exercise/lines.ts";
import { dw, forward, leaves, run } from "./small.ts";

const root = new URL("../..", import.meta.url).href, script = "my/ex1.ts";

const source = `function helper(x) {
  const y = x.foo(); return y;
}
// #region dprobs
const dprobs = dlogprobs.div(probs);
// #endregion
cmp("probs", dprobs);
// #region dh
const dh = helper(dlogits);
// #endregion
cmp("h", dh);
function backward() {
  // #region dw
  // its rule
  const dw = x.T.matmul(dh);
  // #endregion
  return dw;
}
cmp("w", backward(), w);
`;

/** What is found for a stack with these places of the file, 9 or "9:12", or places of the library. */
function found(frames: (number | string)[], more: Partial<OwnFile> = {}) {
  const place = (frame: number | string) =>
    frame === "lib"
      ? `${root}lib/tensor/tensor.ts:1:1`
      : `${root}${script}:${frame}${`${frame}`.includes(":") ? "" : ":1"}`;
  const stack = `Error: no\n${frames.map((frame) => `    at ${place(frame)}`).join("\n")}`;
  const dnames = ["dprobs", "dh", "dw"];
  return failureOf(stack, { script, source, lines: new LineBook(), dnames, last: "dprobs", following: "dh", ...more });
}

/** A book of a run that has compared dprobs in line 7. */
function book(before = {}): LineBook {
  const lines = new LineBook(before);
  lines.note("cmp", "dprobs", 7);
  return lines;
}

test("an error in a function above the rows is of the row whose line called it", () => {
  assertEquals(found([2, 9]), { dname: "dh", line: 9 });
  assertEquals(found([2, 11]), { dname: "dh", line: 11 });
  assertEquals(found([5]), { dname: "dprobs", line: 5 });
  // Also where that function stands in another row's region.
  assertEquals(found([5, 9]), { dname: "dh", line: 9 });
});

test("an error in a function that works out a gradient is of that one, wherever the function is called", () => {
  assertEquals(found(["lib", 15, 19]), { dname: "dw", line: 15 });
  assertEquals(found(["lib", 17, 19]), { dname: "dw", line: 19 });
});

test("where the stack leaves a function out, the error is placed in it, and its row has its own line", () => {
  assertEquals(found(["lib", "19:10"]), { within: "backward", dname: "dw", line: 15 });
  assertEquals(found(["lib", "9:12"]), { within: "helper", dname: "dh", line: 9 });
  assertEquals(found(["9:12"]), { dname: "dh", line: 9 }); // that line itself threw
  assertEquals(found(["lib", "9:7"]), { dname: "dh", line: 9 });
  const arrow = "const f = (x) => x.add(y);\n// #region dh\nconst dh = f(1);\n// #endregion\n";
  assertEquals(found(["lib", "3:12"], { source: arrow }), { within: "f", dname: "dh", line: 3 });
});

test("an error at a name that no row has is of the row that comes next", () => {
  const misspelt = source.replace('"h"', '"hh"');
  assertEquals(found(["lib", 11], { source: misspelt }), { dname: "dh", line: 11 });
});

test("where the text is not known, the row is the one that comes next, and the line is below the last that was compared", () => {
  const blind = { source: undefined, lines: book() };
  assertEquals(found([9], blind), { dname: "dh", line: 9 });
  assertEquals(found([2, 9], blind), { dname: "dh", line: 9 });
  assertEquals(found([9, 30], blind), { dname: "dh", line: 9 });
  assertEquals(found([2, 20], { ...blind, lines: book({ "cmp dw": 22 }) }), { dname: "dw", line: 20 });
});

test("of a stack that is cut off the caller is not known, and of one elsewhere nothing is", () => {
  const deep = new Array(Error.stackTraceLimit).fill(2);
  assertEquals(found(deep), { dname: "dh", line: undefined });
  assertEquals(found(["lib"]), {});
});

const text = "\nconst dw = 1;\n\n// #region dx\n// #endregion\nfinish();\n";

test("a row whose cmp is gone has the place of its const, or of its region", () => {
  const next = (from: string, only: string[]) => {
    const { exercise, printed, end } = run({}, { source: () => from, script: "my/ex1.ts" });
    exercise.check(forward, leaves(), only);
    end();
    return printed().split("\n").at(-1);
  };
  assertEquals(next(text, ["w"]), "0/1 right, next: dw, my/ex1.ts:2");
  assertEquals(next(text, ["x"]), "0/1 right, next: dx, my/ex1.ts:4");
  assertEquals(next(`${text}todo("dw");`, ["w"]), "0/1 right, next: dw, my/ex1.ts:7");
});

test("where the text is not known, a row whose cmp is gone has the place that it had in the last run", () => {
  const kept: Record<string, string> = { "backprop-ninja my/copy.ts lines": '{"cmp dw":12}' };
  const { exercise, printed, end } = run({}, { script: "my/copy.ts", recall: (key) => kept[key] });
  exercise.check(forward, leaves(), ["w"]);
  end();
  assertMatch(printed(), /next: dw, my\/copy\.ts:12$/);
});

test("when every row is right and the file breaks off all the same, the exercise is not called done", () => {
  const { exercise, printed } = run({}, { script: "my/ex1.ts" });
  exercise.check(forward, leaves(), ["w"]).cmp("w", dw());
  assertThrows(() => exercise.fail(new Error("no")));
  assertMatch(printed(), /1\/1 right, but the file did not run to its end$/);
});
