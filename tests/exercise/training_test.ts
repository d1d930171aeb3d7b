// The loop around a step and its loss curve: what it keeps, how it ends, and the picture of it.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { test } from "node:test";
import { host, type Training } from "../../lib/exercise/host.ts";
import { lossCurve, train } from "../../lib/exercise/training.ts";
import { quietHost } from "../harness.ts";

const options = { guessing: 3, print: () => {}, host };
const training = (curve: number[], window = 10): Training => ({
  done: curve.length * window,
  losses: [],
  curve,
  window,
  seconds: 1,
  memory: 0,
  interrupted: false,
});

test("the curve holds the means of log₁₀ loss over a window of steps, and losses every 10,000th", async () => {
  const { curve, window, losses, done, seconds } = await train(12_000, (i) => i % 400 < 200 ? 1 : 0.1, options);
  assertEquals([curve.length, window, done], [60, 200, 12_000]);
  curve.forEach((mean, i) => assertAlmostEquals(mean, i % 2 ? -1 : 0, 1e-9));
  assertEquals(losses, [[0, 1], [10_000, 1]]);
  assert(seconds > 0);
});

test("Ctrl-C ends training after the step it comes in, and leaves what was learned so far", async () => {
  let press = () => {};
  const onInterrupt = (handler: () => void) => {
    press = handler;
    return () => press = () => {};
  };
  const { done, interrupted } = await train(1000, (i) => {
    if (i === 5) press();
    return 1;
  }, { ...options, host: quietHost({ onInterrupt }) });
  assertEquals([done, interrupted], [6, true]);
});

test("a training of over a tenth of a second tells how far it is and goes on", async () => {
  const { done } = await train(2, () => {
    for (const end = performance.now() + 60; performance.now() < end;);
    return 1;
  }, options);
  assertEquals(done, 2);
});

test("the loss curve has its largest mean in the first line, its smallest in the last, one star a column", () => {
  assertEquals(
    lossCurve(training([1, 0.5, 0, 0.5]), 3),
    "log10 of the loss, averaged over 10 steps\n" +
      "  1.0000 |*\n  0.5000 | * *\n  0.0000 |  *\n         +----\n         0  40",
  );
});

test("a loss curve of more means than columns shows means of means, and one that does not change is a line", () => {
  const lines = lossCurve(training([3, 1, 1, -1]), 3, 2).split("\n");
  assertEquals(lines.slice(1, 5), [
    "  2.0000 |*",
    "  1.0000 |",
    "  0.0000 | *",
    "         +--",
  ]);
  assert(lossCurve(training([1, 1]), 3).includes("  1.0000 |**\n"));
  for (const few of [[], [0.5]]) assertEquals(lossCurve(training(few)), "Too few steps for a loss curve.");
});
