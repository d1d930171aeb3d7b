// `deno task verify`: exercise 4 as a process, all 200,000 steps, held against every number the lecture prints.
// Needs data/lecture-names.txt (`deno task lecture-names`). Under Bun: bun tests/tasks/verify.ts
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import facts from "../fixtures/lecture.json" with { type: "json" };

const expected = facts.lecture.exercise_4;
const bun = "Bun" in globalThis;
const exercise = fileURLToPath(new URL("../../exercises/ex4.ts", import.meta.url));
const { stdout, stderr, status } = spawnSync(
  process.execPath,
  bun ? [exercise, "--json"] : ["run", "--no-prompt", exercise, "--json"],
  { encoding: "utf8", maxBuffer: 2 ** 26 },
);
if (status !== 0) {
  console.error(`Exercise 4 ended with exit code ${status}.\n${stderr}`);
  process.exit(1);
}
const result = JSON.parse(stdout);
if (result.names !== "lecture") {
  console.error("The lecture's digits need the lecture's names. First: deno task lecture-names");
  process.exit(1);
}

let passed = 0, failed = 0;
function compare(what: string, ours: unknown, theirs: unknown) {
  const same = JSON.stringify(ours) === JSON.stringify(theirs);
  same ? passed++ : failed++;
  console.log(
    `${same ? "ok   " : "WRONG"} ${what}: ${JSON.stringify(ours)}${
      same ? "" : `, the lecture has ${JSON.stringify(theirs)}`
    }`,
  );
}
compare("examples", result.examples, facts.lecture.dataset.examples);
compare("parameters", result.parameters, expected.parameters);
expected.loss_every_10000_steps.forEach((loss, i) => {
  compare(`loss at step ${i * 10_000}`, result.losses[i]?.[1].toFixed(4), loss.toFixed(4));
});
compare("train loss", result.train.toFixed(5), expected.train_loss.toFixed(5));
compare("val loss", result.val.toFixed(5), expected.val_loss.toFixed(5));
expected.names.forEach((name, i) => compare(`name ${i + 1}`, result.samples[i], name));
console.log(`${result.microsecondsPerStep.toFixed(0)} µs per step\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
