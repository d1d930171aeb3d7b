// What --json prints: one object alone, whatever happens.
import { assert, assertEquals, assertFalse, assertStringIncludes, assertThrows } from "@std/assert";
import { test } from "node:test";
import type { Row } from "../../lib/check/check.ts";
import { UserError } from "../../lib/errors.ts";
import { type Compare } from "../../lib/exercise/frame.ts";
import type { LastWords } from "../../lib/exercise/last_words.ts";
import { hiddenFlag, startOn } from "../../lib/exercise/start.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";
import { quietHost } from "../harness.ts";
import { dw, dx, forward, leaves, manifest, run } from "./small.ts";

test("--json prints one object alone, with a row for every gradient, reached or not", () => {
  const { exercise, printed, end } = run({ json: true });
  exercise.print("a heading");
  exercise.check(forward, leaves(), ["w", "x"]).cmp("w", dw());
  end({ loss: 0.5 });
  const { exercise: n, loss, rows, seconds } = JSON.parse(printed());
  assertEquals([n, loss, typeof seconds], [1, 0.5, "number"]);
  assertEquals(rows, [
    { name: "w", shape: [2], status: "ok", maxdiff: rows[0].maxdiff },
    { name: "x", shape: [2, 2], status: "todo", maxdiff: null },
  ]);
});

test("a row that is not right has in --json the table's sentences as its remark; a right one has four fields", () => {
  const lines = (cmp: Compare) => [cmp("w", dw().mul(2)), cmp("x", dx())];
  const table = run();
  const { exercise, printed, end } = run({ json: true });
  const [{ remark }] = lines(table.exercise.check(forward, leaves(), ["w", "x"]).cmp);
  lines(exercise.check(forward, leaves(), ["w", "x"]).cmp);
  end();
  const { rows: [w, x] } = JSON.parse(printed()), words = (text: string) => text.split(/\s+/).join(" ");
  assertEquals([Object.keys(w), Object.keys(x)], [["name", "shape", "status", "maxdiff", "remark"], [
    "name",
    "shape",
    "status",
    "maxdiff",
  ]]);
  assertEquals([w.remark, w.remark.length > 20], [remark, true]);
  assertStringIncludes(words(table.printed()), w.remark);
});

test("a right row has four fields in --json, also where the table has a sentence below it", () => {
  const { exercise, printed, end } = run({ json: true });
  const zero = {
    z: ({ w }: Record<string, Tensor>) => w.sub(w).sum(),
    loss: ({ z, x }: Record<string, Tensor>) => z.add(x.sum()),
  };
  const { cmp } = exercise.check(zero, leaves(), ["w"]);
  const row = cmp("w", dw().mul(0));
  end();
  assertEquals([row.status, typeof row.remark], ["ok", "string"]);
  assertEquals(Object.keys(JSON.parse(printed()).rows[0]), ["name", "shape", "status", "maxdiff"]);
});

test("--json prints one object whatever finish is given, an error comes before any check, or --graph is asked for", () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const getter = (thrown: unknown) => ({
    get loss() {
      throw thrown;
    },
  });
  for (
    const [results, error] of [
      ...[[{ steps: 5n }, undefined], [circle, /finish was given what JSON cannot hold/], [getter("no"), /hold$/]],
      [getter(new Error("no")), /finish was given what JSON cannot hold: Error: no$/],
    ] as const
  ) {
    const { exercise, host, end } = run({ json: true });
    exercise.check(forward, leaves(), ["w"]).cmp("w", dw());
    assertEquals(end(results), 0);
    const printed = JSON.parse(host.written.join("\n"));
    assertEquals([printed.rows.length, error ? error.test(printed.error) : printed.steps], [1, error ? true : 5]);
  }
  const early = run({ json: true });
  assertThrows(() => early.exercise.fail(new UserError("The list of names is spoilt.")));
  assertEquals([JSON.parse(early.host.written.join()).error, early.host.code], ["The list of names is spoilt.", 1]);
  const drawn = run({ json: true, graph: true });
  assertThrows(() => drawn.exercise.check(forward, leaves()));
  assertEquals(JSON.parse(drawn.host.written.join()).graph, { y: ["x", "w"], loss: ["y"] });
});

test("where nothing more can be written, one sentence says so, and the run ends", () => {
  const { exercise, host } = run();
  exercise.check(forward, leaves(), ["w"]).cmp("w", dw());
  const printed = host.written.length;
  const full = Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
  assertThrows(() => exercise.fail(full));
  assertEquals([host.code, host.complaints, host.written.length], [
    1,
    ["There is no space left to write to."],
    printed,
  ]);
});

test("with --json every other flag leaves one object, too, and so does one that is not understood", () => {
  const begin = (...args: string[]) => {
    const host = quietHost({ args });
    assertThrows(() => startOn(host)(manifest, 1, { hidden: hiddenFlag }));
    assertEquals(host.written.length, 1);
    return { code: host.code, complaints: host.complaints.length, ...JSON.parse(host.written[0]) };
  };
  for (const [key, args] of [["help", []], ["hint", ["dw", "2"]], ["at", ["20:00"]]] as const) {
    const { [key]: text, ...rest } = begin("--json", `--${key}`, ...args);
    assertEquals(rest, { code: 0, complaints: 0, exercise: 1 });
    assert(text.length > 10, text);
  }
  for (const args of [["--nope"], ["--hint"], ["--hint", "dv"], ["--at", "x"], ["--hidden=0"], ["stray"]]) {
    const { error, ...rest } = begin(...args, "--json");
    assertEquals(rest, { code: 2, complaints: 1, exercise: 1, rows: [] });
    assert(error.length > 10, error);
  }
});

test("with --json an error above start leaves one object, and so does a run that never comes to start", () => {
  const kept: string[] = [], handlers: ((error: unknown) => void)[] = [];
  const words: LastWords = { keep: (text) => void kept.push(text), hear() {}, done: () => void kept.push("done") };
  const onError = (handler: typeof handlers[number]) => void handlers.push(handler);
  const host = quietHost({ args: ["--json"], lastWords: () => words, onError }), start = startOn(host);
  assertEquals(JSON.parse(kept[0]), {
    error: "The run ended before start(…), by a signal, by an exit in the file or because the file ends there.",
    rows: [],
  });
  assertThrows(() => handlers[0](new UserError("Above.")));
  assertEquals([kept.at(-1), host.code, host.complaints], ["done", 1, ["Above."]]);
  assertEquals(host.written.map((text) => JSON.parse(text)), [{ error: "Above.", rows: [] }]);
  assertThrows(() => start(manifest, 77, {}), RangeError);
  assertThrows(() => handlers[1](new UserError("In start.")));
  assertEquals(JSON.parse(host.written[1]), { exercise: 77, error: "In start.", rows: [] });
  host.write = () => {
    throw Object.assign(new Error("full"), { code: "ENOSPC" });
  };
  assertThrows(() => handlers[1](Object.assign(new Error("full"), { code: "ENOSPC" })));
  assertEquals(host.complaints.at(-1), "There is no space left to write to.");
  startOn(quietHost({ onError })); // without --json nobody hears of errors before start
  assertEquals(handlers.length, 2);
});

test("with --json the object so far is kept for the case that a signal ends the run, until finish prints it", () => {
  const kept: string[] = [];
  const words: LastWords = { keep: (text) => void kept.push(text), hear() {}, done: () => void kept.push("done") };
  const { exercise, end, printed } = run({ json: true }, { lastWords: () => words });
  const rows = () => JSON.parse(kept.at(-1)!).rows.map(({ status }: Row) => status);
  assertEquals(rows(), []);
  const { cmp } = exercise.check(forward, leaves(), ["w", "x"]);
  assertEquals(rows(), ["todo", "todo"]);
  cmp("w", dw());
  assertEquals(rows(), ["ok", "todo"]);
  cmp("x", dx().neg());
  const { error, exercise: n, rows: [, wrong] } = JSON.parse(kept.at(-1)!);
  assertEquals([n, error], [1, "The run was ended in the middle, by a signal or by an exit in the file."]);
  const loss = { // which might end the run
    get loss() {
      assertFalse(kept.includes("done"));
      return 1;
    },
  };
  end(loss);
  assertEquals([kept.at(-1), JSON.parse(printed()).rows[1], JSON.parse(printed()).loss], ["done", wrong, 1]);
});
