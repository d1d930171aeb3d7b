// What every exercise does around its subject: its flags, the table as it is printed, its end, and what it says of errors.
import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { test } from "node:test";
import type { Row } from "../../lib/check/check.ts";
import type { Forward } from "../../lib/check/graph.ts";
import { UserError } from "../../lib/errors.ts";
import { type Compare, Exercise } from "../../lib/exercise/frame.ts";
import type { Host } from "../../lib/exercise/host.ts";
import type { LastWords } from "../../lib/exercise/last_words.ts";
import type { Manifest } from "../../lib/exercise/manifest.ts";
import { hiddenFlag, seedFlag, startOn } from "../../lib/exercise/start.ts";
import { ones, tensor, zeros } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";
import { quietHost } from "../harness.ts";

const forward = {
  y: ({ x, w }) => x.mul(w), // (2, 2)
  loss: ({ y }) => y.sum(), // ()
} satisfies Forward;
const leaves = () => ({
  x: tensor([1, 2, 3, 4], { shape: [2, 2], dtype: "float64" }),
  w: tensor([0.5, -1], { dtype: "float64" }),
});
const dw = () => tensor([4, 6], { dtype: "float64" });
const dx = () => tensor([0.5, -1, 0.5, -1], { shape: [2, 2], dtype: "float64" });

const SWITCHES = { json: false, graph: false, all: false };

/** Two exercises, the first of which is run. */
const manifest: Manifest = [1, "after"].map((id) => ({
  ...{ id, title: "backprop", file: `ex${id}.ts` },
  ...{ at: 781, gradients: { dw: [1146] }, hints: { dw: ["First?", "Second.", "Third."] } },
}));

/** A run of an exercise with a quiet host, and what came out of it. */
function run(options: Partial<typeof SWITCHES> = {}, kept: Partial<Host> = {}) {
  const host = quietHost(kept);
  const exercise = new Exercise(manifest, manifest[0], { ...SWITCHES, ...options }, host);
  return {
    ...{ host, exercise },
    printed: () => host.written.join("\n"),
    end: (results?: Record<string, unknown>, interrupted?: boolean) => {
      assertThrows(() => exercise.finish(results, interrupted));
      return host.code;
    },
  };
}

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

test("a gradient that is not compared in one of its settings is told with that, and is still to do", () => {
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

test("a right gradient with a size of 1 too many is told that the lecture's cmp lets it pass, and no other", () => {
  const { exercise } = run(), { cmp } = exercise.check(forward, leaves());
  const said = (gradient: Tensor) => cmp("w", gradient).remark ?? "";
  assertStringIncludes(said(dw().view(1, 2)), "the lecture's cmp lets them pass: PyTorch broadcasts (1, 2) and (2).");
  for (const other of [dw().view(2, 1), dw().mul(2).view(1, 2), ones([3])]) assert(!said(other).includes("lecture"));
});

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
  for (
    const [results, error] of [[{ steps: 5n }, undefined], [circle, /finish was given what JSON cannot hold/]] as const
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

test("a blank of an older version is told how a new one is made", () => {
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

test("an error ends the exercise with its sentence, the reader's own line, and the rows so far", () => {
  const refused = (run: () => Tensor) => {
    try {
      return run();
    } catch (error) {
      return error;
    }
  };
  const { exercise, host, printed } = run(), { cmp } = exercise.check(forward, leaves());
  cmp("w", dw());
  assertThrows(() => exercise.fail(refused(() => dw().matmul(zeros([3])))));
  assertMatch(host.complaints[0], /exercise_test\.ts, line \d+: Cannot matrix-multiply shapes \(2\) and \(3\)/);
  assertMatch(
    printed(),
    /dw +\(2\) +ok[^]*\n1\/3 right, next: dy, but the file did not run to its end$/,
  );
  assertEquals(host.code, 1);
});

test("an error for the user is its message alone, and output that nobody reads is no error", () => {
  for (const [thrown, message] of [[new UserError("Fix it."), "Fix it."], ["no error", "no error"]] as const) {
    const { exercise, host } = run();
    assertThrows(() => exercise.fail(thrown));
    assertEquals(host.code, 1);
    assert(host.complaints[0].endsWith(message), host.complaints[0]);
  }
  const { exercise, host } = run();
  assertThrows(() => exercise.fail(Object.assign(new Error("EPIPE"), { code: "EPIPE" })));
  assertEquals(host.complaints, []);
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

test("what is given is held against its own tensor: another's gradient, and one changed since, is wrong and told as that", () => {
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

test("a program that ends without finish has its rows counted, says so, and ends with 1", () => {
  const { exercise, host, printed, end } = run();
  exercise.check(forward, leaves(), ["w"]).cmp("w", dw());
  assertEquals(exercise.unfinished(), 1);
  assertMatch(host.complaints.join(), /never reached finish/);
  assertMatch(printed(), /1\/1 right, but the file did not run to its end$/);
  const other = run();
  other.exercise.check(forward, leaves(), ["w"]).cmp("w", dw());
  other.end();
  assertEquals([other.exercise.unfinished(), end()], [undefined, 0]);
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

test("a hint on a tensor that has none, such as the loss, is a sentence and never ends the run", () => {
  const { exercise, printed } = run(), { tensors } = exercise.check(forward, leaves());
  for (const [t, name] of [[tensors.x, "dx"], [tensors.loss, "dloss"]] as const) {
    exercise.bench.hint(t);
    assertStringIncludes(printed(), `There is no hint for "${name}". `);
  }
  exercise.bench.hint(tensors.w);
  assertStringIncludes(printed(), "dw, hint 1 of 3: First?");
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
  end({ loss: 1 });
  assertEquals([kept.at(-1), JSON.parse(printed()).rows[1]], ["done", wrong]);
});

test("a signal that ends a training clears the progress line and ends the program with its exit code", async () => {
  for (const [code, heard] of [[143, 0], [130, 2]] as const) {
    const shown: string[] = [];
    const { exercise, host } = run({}, {
      progress: (text) => void shown.push(text),
      onInterrupt(handler, killed) {
        setTimeout(() => {
          for (let i = 0; i < heard; i++) handler();
          if (heard === 0) killed(143);
        });
        return () => {};
      },
    });
    exercise.check(forward, leaves()).cmp("w", dw());
    const ended = new Promise((resolve) =>
      host.exit = ((code: number) => resolve([code, shown.at(-1), host.written.length])) as never
    );
    const wait = (i: number) => {
      for (const end = performance.now() + 110; i === 0 && performance.now() < end;);
      return 1;
    };
    const training = exercise.train(50, wait, 3), printed = host.written.length;
    assertEquals(await ended, [code, "", printed]);
    await training;
  }
});
