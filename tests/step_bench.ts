// `deno task bench [--peers]`: exercise 4's training step, timed against the same step in plain TypeScript, and with
// --peers against PyTorch and NumPy (tests/peers/step.py) where python3 has them. All in turn, in one sitting: machines
// drift, ratios hold. Prints medians of blocks of steps.
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import source from "../exercises/ex4.ts" with { type: "text" };
import { Generator } from "../lib/random.ts";
import { trainingStep } from "./harness.ts";
import { type PlainParameters, plainStep } from "./plain_step.ts";

const peers = process.argv.includes("--peers");
const runtime = "Bun" in globalThis ? "Bun" : "Deno";

/** Multiplications and additions of the six matrix products, which is nearly all there is. */
const operations = (batch: number, hidden: number) => 2 * 3 * batch * hidden * (30 + 27);

function microseconds(step: () => void, seconds: number): number {
  const blocks: number[] = [];
  const block = () => {
    const began = performance.now();
    let steps = 0;
    while (steps === 0 || performance.now() - began < 20) {
      step();
      steps++;
    }
    return (performance.now() - began) / steps * 1000;
  };
  for (const end = performance.now() + 500; performance.now() < end;) block();
  for (const end = performance.now() + seconds * 1000; blocks.length < 3 || performance.now() < end;) {
    blocks.push(block());
  }
  return blocks.sort((a, b) => a - b)[blocks.length >> 1];
}

function plain(batch: number, hidden: number): () => void {
  const g = new Generator(1);
  const draw = (n: number, scale: number) => g.randn([n]).toArray().map((x) => x * scale);
  const parameters = Object.fromEntries(
    Object.entries({ C: [270, 1], w1: [30 * hidden, 0.3], b1: [hidden, 0.1], w2: [hidden * 27, 0.1], b2: [27, 0.1] })
      .map(([name, [n, scale]]) => [name, Float32Array.from(draw(n, scale))]),
  ) as PlainParameters;
  parameters.bngain = new Float32Array(hidden).fill(1.1);
  parameters.bnbias = new Float32Array(hidden);
  return () => {
    plainStep(parameters, g.randint(27, 3 * batch), g.randint(27, batch), 0.1);
  };
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
  "batch  hidden      ours  GFLOP/s   plain TypeScript" + (peers ? "          PyTorch            NumPy" : ""),
);
for (const hidden of [200, 1600]) {
  for (const batch of [32, 256, 2048]) {
    const step = await trainingStep(source, { batch, hidden });
    let i = 0;
    const ours = microseconds(() => step(i++), 2);
    const beside = (other: number | undefined) =>
      other === undefined
        ? "not here".padStart(17)
        : `${other.toFixed(0)} (${(other / ours).toFixed(1)} ×)`.padStart(17);
    const columns = [beside(microseconds(plain(batch, hidden), 1))];
    if (peers) columns.push(beside(peer("torch", batch, hidden, 2)), beside(peer("numpy", batch, hidden, 2)));
    const gflops = operations(batch, hidden) / ours / 1000;
    console.log(
      `${`${batch}`.padStart(5)} ${`${hidden}`.padStart(7)} ${ours.toFixed(0).padStart(9)} ${
        gflops.toFixed(1).padStart(8)
      }  ` +
        columns.join(""),
    );
  }
}
