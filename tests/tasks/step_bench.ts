// `deno task bench [--peers]`: exercise 4's training step, timed against the same step with products and sums
// that are not fused, and on the plain kernels (lib/tensor/plain.ts), and with --peers against PyTorch and NumPy (tests/tasks/peers/step.py) where python3 has them.
// In pairs, ours and the other's right after one another, five times: machines drift, the median ratio holds.
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import source from "../../exercises/ex4.ts" with { type: "text" };
import { useKernels } from "../../lib/tensor/kernel_set.ts";
import type { KernelSet } from "../../lib/tensor/kernels.ts";
import { plain } from "../../lib/tensor/plain.ts";
import { instantiate, modules } from "../../lib/tensor/simd.ts";
import { trainingStep } from "../harness.ts";

const peers = process.argv.includes("--peers");
const runtime = "Bun" in globalThis ? "Bun" : "Deno";
const unfused = instantiate(modules[1]);

/** Multiplications and additions of the six matrix products, which is nearly all there is. */
const operations = (batch: number, hidden: number) => 2 * 3 * batch * hidden * (30 + 27);

/** Median over blocks of steps, for a while, in µs per step. */
function microseconds(step: () => void, milliseconds: number): number {
  const blocks: number[] = [];
  for (const end = performance.now() + milliseconds; blocks.length < 3 || performance.now() < end;) {
    const began = performance.now();
    let steps = 0;
    while (steps === 0 || performance.now() - began < 20) {
      step();
      steps++;
    }
    blocks.push((performance.now() - began) / steps * 1000);
  }
  return median(blocks);
}

function median(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[numbers.length >> 1];
}

function peer(library: string, batch: number, hidden: number, seconds: number): number | undefined {
  const script = fileURLToPath(new URL("./peers/step.py", import.meta.url));
  for (const python of ["python3", "/usr/bin/python3"]) {
    const { stdout, status } = spawnSync(python, [script, library, `${batch}`, `${hidden}`, `${seconds}`], {
      encoding: "utf8",
    });
    if (status === 0) return Number(stdout);
  }
}

console.log(`${runtime}, one thread, float32. µs per step, medians.\n`);
console.log(
  "batch  hidden      ours  GFLOP/s          not fused plain TypeScript" +
    (peers ? "          PyTorch            NumPy" : ""),
);
for (const hidden of [200, 1600]) {
  for (const batch of [32, 256, 2048]) {
    const step = await trainingStep(source, { batch, hidden });
    let i = 0;
    const ours = (milliseconds: number) => microseconds(() => step(i++), milliseconds);
    const on = (set: KernelSet) => {
      using _ = useKernels(set);
      return ours(300);
    };
    ours(500); // the engines compile meanwhile
    const others: (() => number | undefined)[] = [() => on(unfused), () => on(plain)];
    if (peers) others.push(() => peer("torch", batch, hidden, 0.5), () => peer("numpy", batch, hidden, 0.5));
    const times: number[] = [];
    const columns = others.map((other) => {
      // Pairs, one right after the other: their ratio holds when the machine's speed drifts.
      const pairs = Array.from({ length: 5 }, () => ({ ours: ours(300), other: other() }));
      times.push(...pairs.map(({ ours }) => ours));
      const theirs = pairs.flatMap(({ other }) => other ?? []);
      if (theirs.length === 0) return "not here".padStart(17);
      const ratio = median(pairs.map(({ ours, other }) => other! / ours));
      return `${median(theirs).toFixed(0)} (${ratio.toFixed(1)} ×)`.padStart(17);
    });
    const own = median(times), gflops = operations(batch, hidden) / own / 1000;
    console.log(
      `${`${batch}`.padStart(5)} ${`${hidden}`.padStart(7)} ${own.toFixed(0).padStart(9)} ${
        gflops.toFixed(1).padStart(8)
      }  ` +
        columns.join(""),
    );
  }
}
