// `deno task bench [--peers]`: what share of the machine's limit (limit.ts) a matrix product and exercise 4's training step
// reach. The step is timed against the same step with products and sums that are not fused, on the plain kernels
// (lib/tensor/plain.ts), and with --peers against PyTorch and NumPy (peers/step.py) where python3 has them.
// And how much memory exercise 4 takes at most as a whole.
// In processor time and in pairs, ours and the other's right after one another, five times: machines drift, the median ratio holds.
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import source from "../../exercises/ex4.ts" with { type: "text" };
import type { KernelSet } from "../../lib/tensor/kernels.ts";
import { plain } from "../../lib/tensor/plain.ts";
import { instantiate, modules } from "../../lib/tensor/simd.ts";
import { kernels, useKernels } from "../../lib/tensor/kernel_set.ts";
import { allocate, heap } from "../../lib/tensor/memory.ts";
import { trainingStep } from "../harness.ts";
import * as limit from "./limit.ts";

const peers = process.argv.includes("--peers");
const runtime = "Bun" in globalThis ? "Bun" : "Deno";
const unfused = instantiate(modules[1]);

/** Multiplications and additions of the six matrix products, which is nearly all there is. */
const operations = (batch: number, hidden: number) => 2 * 3 * batch * hidden * (30 + 27);

/** Milliseconds that this process has had a processor: what else the machine does is not in it. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Median over blocks of steps, for a while, in µs per step. */
function microseconds(step: () => void, milliseconds: number): number {
  const blocks: number[] = [];
  for (const end = processorTime() + milliseconds; blocks.length < 3 || processorTime() < end;) {
    const began = processorTime();
    let steps = 0;
    // The clock takes half a microsecond itself.
    for (let more = 1; more > 0; more = processorTime() - began < 20 ? steps : 0) {
      for (let i = 0; i < more; i++) step();
      steps += more;
    }
    blocks.push((processorTime() - began) / steps * 1000);
  }
  return median(blocks);
}

function median(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[numbers.length >> 1];
}

/** What peers/step.py prints. */
function peer(...args: (string | number)[]): string | undefined {
  const script = fileURLToPath(new URL("./peers/step.py", import.meta.url));
  for (const python of ["python3", "/usr/bin/python3"]) {
    const { stdout, status } = spawnSync(python, [script, ...args.map(String)], { encoding: "utf8" });
    if (status === 0) return stdout.trim();
  }
}

function peerTime(library: string, batch: number, hidden: number): number | undefined {
  const printed = peer(library, batch, hidden, 0.5);
  return printed === undefined ? undefined : Number(printed);
}

/** A rate in GFLOP/s and its share of the limit, in pairs as well, so that both suffer from what else the machine does. */
function rate(work: () => void, flops: number, milliseconds: number): string {
  const times: number[] = [], shares: number[] = [];
  for (let i = 0; i < 5; i++) {
    times.push(microseconds(work, milliseconds));
    if (!limit.multiplyAdd) continue;
    const most = microseconds(limit.multiplyAdd, milliseconds) / limit.operations;
    shares.push(most / (times[i] / flops));
  }
  return (flops / median(times) / 1000).toFixed(1) + (shares.length ? ` (${(100 * median(shares)).toFixed(0)} %)` : "");
}

console.log(`${runtime}, one thread, float32. GFLOP/s, and what share of the machine's limit that is.`);
if (limit.multiplyAdd) {
  const time = Math.min(...Array.from({ length: 20 }, () => microseconds(limit.multiplyAdd!, 30)));
  console.log(`Fused multiply-adds of 128 bits: ${(limit.operations / time / 1000).toFixed(1)}`);
}
for (const n of [64, 128, 256]) {
  const [a, b, out] = [0, 1, 2].map(() => allocate(n * n * 4));
  heap.float32.fill(0.01, a / 4, b / 4 + n * n);
  const multiply = () => kernels.float32.matmul({ out, a, b, m: n, n, k: n, transposed: false, bias: undefined });
  microseconds(multiply, 300); // the engines compile meanwhile
  console.log(`${n} × ${n} times ${n} × ${n}: ${rate(multiply, 2 * n ** 3, 100)}`);
}

/** What exercise 4 says, as a process of its own, of the most memory that it has used, in MiB: the median of five runs. */
function mostMemory(): number {
  const script = fileURLToPath(new URL("../../exercises/ex4.ts", import.meta.url));
  const args = [...(runtime === "Deno" ? ["run"] : []), script, "--steps", "20000"];
  return median(Array.from({ length: 5 }, () => {
    const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
    return Number(/at most (\d+) MiB/.exec(stdout)?.[1]);
  }));
}

console.log(`\nExercise 4 with 20,000 steps takes at most ${mostMemory()} MiB of memory.`);
console.log("\nExercise 4's step in µs, medians.");
for (const library of peers ? ["torch", "numpy"] : []) {
  console.log(peer(library, "version") ?? `${library} is not here`);
}
console.log();
console.log(
  "batch  hidden      ours          GFLOP/s        not fused plain TypeScript" +
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
    if (peers) others.push(() => peerTime("torch", batch, hidden), () => peerTime("numpy", batch, hidden));
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
    const own = median(times), gflops = rate(() => step(i++), operations(batch, hidden), 100);
    console.log(
      `${batch}`.padStart(5) + `${hidden}`.padStart(8) + own.toFixed(0).padStart(10) +
        gflops.padStart(17) + columns.join(""),
    );
  }
}
