// An exercise of two lines with a quiet host, for the tests of what is around an exercise.
import { assertThrows } from "@std/assert";
import type { Forward } from "../../lib/check/graph.ts";
import { Exercise } from "../../lib/exercise/frame.ts";
import type { Host } from "../../lib/exercise/host.ts";
import type { Manifest } from "../../lib/exercise/manifest.ts";
import { tensor } from "../../lib/tensor/creation.ts";
import { quietHost } from "../harness.ts";

export const forward = {
  y: ({ x, w }) => x.mul(w), // (2, 2)
  loss: ({ y }) => y.sum(), // ()
} satisfies Forward;
export const leaves = () => ({
  x: tensor([1, 2, 3, 4], { shape: [2, 2], dtype: "float64" }),
  w: tensor([0.5, -1], { dtype: "float64" }),
});
export const dw = () => tensor([4, 6], { dtype: "float64" });
export const dx = () => tensor([0.5, -1, 0.5, -1], { shape: [2, 2], dtype: "float64" });

export const SWITCHES = { json: false, graph: false, all: false };

/** Two exercises, the first of which is run. */
export const manifest: Manifest = [1, "after"].map((id) => ({
  ...{ id, title: "backprop", file: `ex${id}.ts` },
  ...{ at: 781, gradients: { dw: [1146] }, hints: { dw: ["First?", "Second.", "Third."] } },
}));

/** A run of an exercise with a quiet host, and what came out of it. */
export function run(options: Partial<typeof SWITCHES> = {}, kept: Partial<Host> = {}) {
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
