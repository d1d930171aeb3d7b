// How an exercise ends: by an error, without finish, by a signal.
import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { test } from "node:test";
import { UserError } from "../../lib/errors.ts";
import { zeros } from "../../lib/tensor/creation.ts";
import { type Tensor } from "../../lib/tensor/tensor.ts";
import { dw, dx, forward, leaves, run } from "./small.ts";

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
  assertMatch(host.complaints[0], /ends_test\.ts, line \d+: Cannot matrix-multiply shapes \(2\) and \(3\)/);
  assertMatch(
    printed(),
    /dw +\(2\) +ok[^]*\n1\/3 right, next: dy, but the file did not run to its end$/,
  );
  assertEquals(host.code, 1);
});

test("an error after a row of a wrong shape leads to that row", () => {
  const { exercise, host, printed } = run(), { cmp } = exercise.check(forward, leaves());
  cmp("y", zeros([3, 1]));
  assertThrows(() => exercise.fail(new RangeError("Cannot mul shapes (3, 1) and (2)")));
  assertMatch(printed(), /next: dy, but the file did not run to its end$/);
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

test("a gradient that is undefined is still to do, with what may have made it so; a promise is told as one", () => {
  const { exercise } = run(), { cmp } = exercise.check(forward, leaves(), ["w", "x"]);
  const { status, remark } = cmp("w", undefined as never);
  assertEquals([status, remark], [
    "todo",
    "dw is undefined: a function without a return gives nothing, nor do print(…), hint(…) and why(…).",
  ]);
  assertStringIncludes(cmp("x", Promise.resolve(dx()) as never).remark!, "yours is a promise: write await before it.");
});

test("a gradient at another size gets a verdict, and nothing is said a second time", () => {
  const { exercise, printed } = run(), other = exercise.check(forward, leaves(), ["w"], "n=2");
  other.tensors.x.mul_(2);
  assertEquals(other.cmp("w", undefined as never).remark, undefined);
  assertFalse(printed().includes("was changed in place"), printed());
});
