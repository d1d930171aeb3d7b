// The rows of a forward pass and of a learner's lines, as an exercise has them.
import { Check, type Row } from "../../lib/check/check.ts";
import { Explainer } from "../../lib/check/diagnosis/explainer.ts";
import { type Forward, run, type Tensors } from "../../lib/check/graph.ts";
import { judge } from "../../lib/check/judge.ts";
import { unheard } from "../../lib/tensor/recording.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";

/** The rows of a learner who writes these gradients, one after the other. */
export function rowsOf(
  forward: Forward,
  leaves: Tensors,
  learner: (t: Tensors, cmp: (name: string, d: Tensor) => Tensor) => void,
): Row[] {
  const tensors = run(forward, leaves), check = new Check(forward, leaves), explainer = new Explainer(check, tensors);
  const rows: Row[] = [];
  explainer.listening(() =>
    learner(tensors, (name, gradient) =>
      unheard(() => {
        rows.push(judge(check, name, gradient, rows, { explainer }));
        explainer.name(name, gradient);
        return gradient;
      }))
  );
  return rows;
}
