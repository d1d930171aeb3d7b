// Exercise 4: the lecture's first losses, its step on both sets of kernels, and what a step leaves behind.
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { test } from "node:test";
import { loadNames } from "../../data/names.ts";
import source from "../../exercises/ex4.ts" with { type: "text" };
import { UserError } from "../../lib/errors.ts";
import { useKernels } from "../../lib/tensor/kernel_set.ts";
import { bytesInUse, scratch } from "../../lib/tensor/memory.ts";
import { plain } from "../../lib/tensor/plain.ts";
import { host, type Training } from "../../lib/exercise/host.ts";
import { train } from "../../lib/exercise/training.ts";
import facts from "../fixtures/lecture.json" with { type: "json" };
import { replaceOnce, runSource, trainingStep } from "../harness.ts";

const lecture = facts.lecture.exercise_4;
const { source: list } = await loadNames();

if (list === "lecture") {
  test("exercise 4's first 10,001 steps give the lecture's losses to four decimals", async () => {
    const losses: string[] = [];
    await runSource(source, {
      names: Infinity,
      only: [],
      trusted: true,
      train: (_steps, step): Promise<Training> => {
        for (let i = 0; i <= 10_000; i++) {
          using _ = scratch();
          const loss = step(i);
          if (i % 10_000 === 0) losses.push(loss.toFixed(4));
        }
        throw new Error("enough");
      },
    }).catch((error) => assertEquals(error.message, "enough"));
    assertEquals(losses, lecture.loss_every_10000_steps.slice(0, 2).map((loss) => loss.toFixed(4)));
  });
} else {
  const skip = "data/lecture-names.txt is not here: deno task lecture-names";
  test(`exercise 4's first 10,001 steps give the lecture's losses (${skip})`, { skip }, () => {});
}

for (const { hidden, batch } of [{ hidden: 200, batch: 32 }, { hidden: 7, batch: 2 }, { hidden: 33, batch: 61 }]) {
  test(`exercise 4's step does on the fast kernels what it does on the plain ones, hidden ${hidden}, batch ${batch}`, async () => {
    const ours = await trainingStep(source, { hidden, batch }), theirs = await trainingStep(source, { hidden, batch });
    for (let i = 0; i < 8; i++) {
      const loss = ours(i);
      using _ = useKernels(plain);
      const expected = theirs(i);
      assertAlmostEquals(loss, expected, 2e-4 * expected, `step ${i}`);
    }
  });
}

test("a gradient of the wrong shape is a row of the table, and training does not start", async () => {
  using _ = scratch();
  for (
    const [name, from, to] of [
      ["b2", "const db2 = dlogits.sum(0);", "const db2 = dlogits.sum(0, { keepdim: true });"],
      ["w2", "h.T.matmul(dlogits);", "dlogits.T.matmul(h);"],
    ]
  ) {
    const { rows, trained } = await runSource(replaceOnce(source, from, to), { flags: { hidden: 5, batch: 4 } });
    assertEquals(rows.filter(({ status }) => status !== "ok").map(({ name, status }) => [name, status]), [[
      name,
      "shape",
    ]]);
    assertEquals(trained, false);
  }
});

test("1,000 training steps leave tensor memory where it was", async () => {
  const step = await trainingStep(source, { hidden: 20, batch: 8 });
  step(0);
  const before = bytesInUse();
  for (let i = 1; i <= 1000; i++) step(i);
  assertEquals(bytesInUse(), before);
});

test("training on few examples learns them: the loss falls", async () => {
  const step = await trainingStep(source, { hidden: 50 });
  let first = 0, last = 0;
  for (let i = 0; i < 1000; i++) {
    const loss = step(i);
    if (i < 100) first += loss / 100;
    if (i >= 900) last += loss / 100;
  }
  assert(last < first - 0.5, `${first} → ${last}`);
});

const options = { guessing: 3.3, print: () => {}, host };

test("training that diverges ends with a sentence that names the step and the flag", async () => {
  const step = (i: number) => i === 7 ? NaN : 3;
  const error = await assertRejects(() => train(100, step, options), UserError);
  assert(/diverged.*step 7.*--lr/.test(error.message), error.message);
});

test("training whose loss stays finite but far above guessing has diverged as well", async () => {
  const error = await assertRejects(() => train(1000, () => 4000, options), UserError);
  assert(/diverged.*step 200.*4000.*3\.3.*--lr/.test(error.message), error.message);
});

test("a training that starts badly may recover", async () => {
  assertEquals((await train(1000, (i) => i < 100 ? 20 : 3, options)).done, 1000);
});

test("a training of few steps keeps its losses and a curve", async () => {
  const { done, losses, curve, window, interrupted } = await train(120, (i) => 10 - i / 100, options);
  assertEquals([done, losses, window, interrupted], [120, [[0, 10]], 2, false]);
  assertEquals(curve.length, 60);
});
