// What an exercise prints when it is asked: its graph, its flags, its help, a hint, the scale of a picture.
import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { test } from "node:test";
import { hiddenFlag, seedFlag, startOn } from "../../lib/exercise/start.ts";
import { tensor } from "../../lib/tensor/creation.ts";
import { quietHost } from "../harness.ts";
import { forward, leaves, manifest, run } from "./small.ts";

test("a picture of an exercise says its scale", () => {
  const { exercise } = run(),
    picture = (...numbers: number[]) =>
      exercise.picture(tensor(numbers, { shape: [1, 2], dtype: "float64" })).split("\n").at(-1);
  assertEquals(picture(-0.03125, 2), "-0.0313 is black, 2 is white");
  assertEquals([picture(1, 1), picture(NaN, 5)], ["all 1", "all 5"]);
});

test("--graph draws the forward pass and ends", () => {
  const { exercise, host, printed } = run({ graph: true });
  assertThrows(() => exercise.check(forward, leaves()));
  assertEquals([host.code, printed().split("\n").length], [0, 4]);
});

test("the flags' values come back, the lecture's where nothing is given", () => {
  const start = startOn(quietHost({ args: ["--hidden=3"] }));
  const { seed, hidden } = start(manifest, 1, { seed: seedFlag, hidden: hiddenFlag });
  assertEquals([seed, hidden], [2147483647, 3]);
});

test("a blank of an older version gets a sentence on how to make a new one", () => {
  const host = quietHost({ script: "my/ex1.ts" });
  assertThrows(() => startOn(host)(1 as never, "backprop through every atom", {}));
  assertEquals(host.code, 1);
  assertStringIncludes(host.complaints[0], "my/ex1.ts is of an older version. Make a new one");
  assert(host.complaints[0].endsWith(": deno task blank 1 --again"), host.complaints[0]);
});

test("--help and --hint print and exit with 0, a complaint with 2", () => {
  const begin = (...args: string[]) => {
    const host = quietHost({ args });
    assertThrows(() => startOn(host)(manifest, 1, { hidden: hiddenFlag }));
    return { code: host.code, printed: host.written.join("\n"), complained: host.complaints.join("\n") };
  };
  const help = begin("--help"), hint = begin("--hint", "dw", "2");
  const last = begin("--hint", "w", "3");
  assertEquals([help.code, hint.code, last.code], [0, 0, 0]);
  assertMatch(help.printed, /Exercise 1: backprop\.[^]*--hidden N/);
  assertEquals(
    hint.printed,
    "dw, hint 2 of 3: Second.\nIn the lecture: 19:06, https://youtu.be/q8SA3rM6ckI?t=1146\nNext: --hint dw 3",
  );
  assertStringIncludes(
    last.printed.replace(/\s+/g, " "),
    'is in exercises/ex1.ts, between the lines "#region dw"',
  );
  for (const args of [["--hint", "dnothing"], ["--hidden", "0"], ["--hint"]]) {
    const { code, complained } = begin(...args);
    assertEquals(code, 2);
    assertStringIncludes(complained, "More: deno run exercises/ex1.ts --help");
  }
});

test("a hint on a tensor that has none, such as the loss, is a sentence and never ends the run", () => {
  const { exercise, printed } = run(), { tensors } = exercise.check(forward, leaves());
  for (const [t, name] of [[tensors.x, "dx"], [tensors.loss, "dloss"]] as const) {
    exercise.bench.hint(t);
    assertStringIncludes(printed(), `There is no hint for "${name}". `);
  }
  exercise.bench.hint(tensors.w);
  assertStringIncludes(printed(), "dw, hint 1 of 3: First?");
});
