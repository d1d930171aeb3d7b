// What every exercise does around its subject: the table as it is printed, its end, its flags, and a complaint's exit code.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { EventEmitter } from "node:events";
import process from "node:process";
import { afterEach, test } from "node:test";
import { UserError } from "../../lib/errors.ts";
import { cmp, finish, hiddenFlag, largestDifference, print, seedFlag, start } from "../../lib/exercise/exercise.ts";
import type { Forward } from "../../lib/check/graph.ts";
import { ones, type Tensor, tensor } from "../../lib/tensor/tensor.ts";

class Exit extends Error {
  constructor(readonly code: unknown) {
    super(`exit ${code}`);
  }
}

const { log, error } = console, { exit } = process, argv = [...process.argv];
const events = ["uncaughtException", "unhandledRejection"] as const;
const emitter: EventEmitter = process,
  own = events.map((event) => emitter.listeners(event));
let printed = "", complained = "";

function capture(args: string[] = []): void {
  printed = complained = "";
  process.argv.splice(2, Infinity, ...args);
  console.log = (text = "") => void (printed += `${text}\n`);
  console.error = (text = "") => void (complained += `${text}\n`);
  process.exit = ((code: number) => {
    throw new Exit(code);
  }) as typeof process.exit;
}

/** The handlers that `start` has installed: what the runtime calls when an exercise's own code throws. */
function failing(): (error: unknown) => void {
  return emitter.listeners("uncaughtException").find((listener) => !own[0].includes(listener)) as (e: unknown) => void;
}

function exitCode(run: () => unknown): unknown {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof Exit) return thrown.code;
    throw thrown;
  }
  return "none";
}

afterEach(() => {
  capture();
  start(1, "", {}); // no flags: prints again
  Object.assign(console, { log, error });
  process.exit = exit;
  process.argv.splice(0, Infinity, ...argv);
  process.exitCode = undefined;
  events.forEach((event, i) => {
    for (const listener of emitter.listeners(event)) {
      if (!own[i].includes(listener)) {
        emitter.off(event, listener as () => void);
      }
    }
  });
  process.stdout.removeAllListeners("error");
});

const forward = {
  y: ({ x, w }) => x.mul(w), // (2, 2)
  loss: ({ y }) => y.sum(), // ()
} satisfies Forward;
const leaves = () => ({
  x: tensor([1, 2, 3, 4], { shape: [2, 2], dtype: "float64" }),
  w: tensor([0.5, -1], { dtype: "float64" }),
});
const dw = () => tensor([4, 6], { dtype: "float64" });

test("the table has a line per gradient, below a wrong one what is wrong with it, and the rows come back", () => {
  capture();
  const rows = cmp(forward, leaves(), {
    dw: dw(),
    dx: leaves().x,
    dy: undefined,
  });
  finish(rows, {});
  assertEquals(rows.map(({ name, status }) => [name, status]), [["w", "ok"], [
    "x",
    "wrong",
  ], ["y", "todo"]]);
  const lines = printed.trimEnd().split("\n");
  assertMatch(printed, /^gradient +shape/);
  assert(
    lines.some((line) => /^dw +\(2\) +ok/.test(line)) &&
      lines.some((line) => /^dy +\(2, 2\) +todo/.test(line)),
  );
  const wrong = lines.findIndex((line) => /^dx +\(2, 2\) +wrong/.test(line));
  assertMatch(
    lines[wrong + 1],
    /^ {4}The worst element is at \[1, 1\]: yours 4, expected -1/,
  );
  assertEquals(lines.at(-2), "1/3 right, next: dx");
  assertStringIncludes(lines.at(-1)!, "--hint dx");
  assertEquals(process.exitCode, 1);
});

test("two gradients that are one tensor are told so, where that makes one wrong", () => {
  capture();
  const shared = leaves().x;
  cmp(forward, leaves(), { dx: shared, dy: shared, dw: dw() });
  assertStringIncludes(
    printed.replace(/\s+/g, " "),
    "dx and dy are one tensor, so what is added to one is in the other",
  );
  capture();
  const right = ones([2, 2], { dtype: "float64" });
  cmp(forward, { ...leaves(), w: ones([2], { dtype: "float64" }) }, { dx: right, dy: right });
  assert(!printed.includes("one tensor"), printed);
});

test("a note tells the same gradient in two settings apart, and the head is printed once", () => {
  capture();
  const rows = [
    ...cmp(forward, leaves(), { dw: dw() }, "a"),
    ...cmp(forward, leaves(), { dw: undefined }, "b"),
  ];
  finish(rows, {});
  assertEquals(rows.map(({ name }) => name), ["w a", "w b"]);
  assert(
    printed.split("gradient ").length <= 2 && /^dw a +\(2\) +ok/m.test(printed),
    printed,
  );
  assertStringIncludes(
    printed,
    "1/2 right, next: dw b\nStuck? Add --hint dw to",
  );
});

test("the exit code is 0 when every row is right, 1 when one is not, and 130 when interrupted", () => {
  capture();
  const [right] = cmp(forward, leaves(), { dw: dw() });
  for (
    const [status, interrupted, code] of [
      ["ok", false, 0],
      ["todo", false, 1],
      ["ok", true, 130],
    ] as const
  ) {
    finish([right, { ...right, status }], {}, interrupted);
    assertEquals(process.exitCode, code);
  }
});

test("the flags' values come back, the lecture's where nothing is given, and --json prints one object alone", () => {
  capture(["--hidden=3"]);
  assertEquals({ ...start(2, "", { seed: seedFlag, hidden: hiddenFlag }) }, {
    seed: 2147483647,
    hidden: 3,
    json: false,
    graph: false,
    help: false,
  } as Record<string, unknown>);
  capture(["--json"]);
  start(2, "", {});
  print("a heading");
  finish(cmp(forward, leaves(), { dw: dw() }), { loss: 0.5 });
  const { exercise, loss, rows, seconds } = JSON.parse(printed);
  assertEquals([exercise, loss, typeof seconds], [2, 0.5, "number"]);
  assertEquals(rows, [{
    name: "w",
    shape: [2],
    status: "ok",
    maxdiff: rows[0].maxdiff,
  }]);
});

test("--help and --hint print and exit with 0, a complaint with 2, and --graph draws the forward pass", () => {
  const begin = () => start(1, "backprop", { hidden: hiddenFlag });
  capture(["--help"]);
  assertEquals(exitCode(begin), 0);
  assertMatch(printed, /Exercise 1: backprop\.[^]*--hidden N/);
  capture(["--hint", "dprobs", "2"]);
  assertEquals(exitCode(begin), 0);
  assertMatch(printed, /^dprobs, hint 2 of 3: /);
  assert(printed.split("\n").every((line) => line.length <= 80), printed);
  for (const args of [["--hint", "dnothing"], ["--hidden", "0"], ["--hint"]]) {
    capture(args);
    assertEquals(exitCode(begin), 2);
    assertStringIncludes(complained, "More: deno run exercises/ex1.ts --help");
  }
  capture(["--graph"]);
  begin();
  assertEquals(exitCode(() => cmp(forward, leaves(), {})), 0);
  assertEquals(printed.split("\n").length, 5);
});

test("an error ends the exercise with its message and the place outside lib/, one for the user with its message", () => {
  capture();
  start(1, "", {});
  const fail = failing();
  const refused = (run: () => Tensor) => {
    try {
      return run();
    } catch (error) {
      return error;
    }
  };
  assertEquals(exitCode(() => fail(refused(() => dw().matmul(dw())))), 1);
  assertMatch(
    complained,
    /^exercise_test\.ts, line \d+: Cannot matrix-multiply shapes \(2\) and \(2\)/,
  );
  capture();
  const nothing: { dx?: Tensor } = {};
  assertEquals(exitCode(() => fail(refused(() => nothing.dx!.neg()))), 1);
  assertMatch(complained, /^exercise_test\.ts, line \d+: .*undefined.*\. A gradient that is still to do is undefined/);
  for (
    const [thrown, message] of [[new UserError("Mend it."), "Mend it.\n"], [
      "no error",
      "no error\n",
    ]]
  ) {
    capture();
    assertEquals(exitCode(() => fail(thrown)), 1);
    assert(complained.endsWith(message as string), complained);
  }
  capture();
  assertEquals(
    exitCode(() => fail(Object.assign(new Error("EPIPE"), { code: "EPIPE" }))),
    0,
  );
  assertEquals(complained, "");
});

test("the largest difference of two tensors is that of all elements, and NaN where one has a NaN", () => {
  assertEquals(largestDifference(tensor([1, 2, 3]), tensor([1, 4, 2.5])), 2);
  assertEquals(largestDifference(tensor([1, NaN]), tensor([1, 4])), NaN);
});
