// torch.nn.functional's functions that the exercises use, and arithmetic that begins with a number.
// Left out: their gradients.
import * as guards from "./guards.ts";
import { NDArray } from "./ndarray.ts";
import * as operations from "./operations.ts";
import { range, zeros } from "./creation.ts";
import { type Indices, type Operand, Tensor } from "./tensor.ts";

/**
 * a − b, a tensor or a number on either side: `sub(1, h.pow(2))` is 1 − h².
 *
 * @throws TypeError for two numbers; RangeError for shapes that do not broadcast.
 */
export function sub(a: Operand, b: Operand): Tensor {
  return between("sub", a, b);
}

/**
 * a / b, a tensor or a number on either side: `div(1, counts_sum)` is 1 / counts_sum.
 *
 * @throws as `sub` does.
 */
export function div(a: Operand, b: Operand): Tensor {
  return between("div", a, b);
}

function between(name: "sub" | "div", a: Operand, b: Operand): Tensor {
  const x = guards.operand(name, a), y = guards.operand(name, b);
  if (typeof x !== "number") return new Tensor(operations.binary(name, x, y));
  if (typeof y !== "number") return new Tensor(operations.binary(name, y, x, undefined, true));
  return guards.refuse(`${name}(a, b) takes a tensor on at least one side; given ${x} and ${y}.`);
}

/**
 * x · w + b in one pass: x is (rows, fan_in), w (fan_in, fan_out), b (fan_out) or (1, fan_out). Unlike F.linear, which takes
 * w transposed, this takes w as in x @ w + b.
 *
 * @throws RangeError for shapes that do not fit.
 */
export function linear(x: Tensor, w: Tensor, b: Tensor): Tensor {
  const left = guards.tensorArgument("linear", x), right = guards.tensorArgument("linear", w);
  return new Tensor(operations.addmm(guards.tensorArgument("linear", b), left, right));
}

/**
 * Zeros but for a one at each index, along a new last dimension: shape (…indices, num_classes), int32. As many classes as
 * the largest index asks for, if not given.
 *
 * @throws RangeError for an index outside 0 … num_classes − 1.
 *
 * @example
 * ```ts
 * import { deepEqual } from "node:assert/strict";
 * import { tensor } from "./creation.ts";
 * const hot = one_hot(tensor([2, 0], { dtype: "int32" }), 3);
 * deepEqual(hot.tolist(), [[0, 0, 1], [1, 0, 0]]);
 * ```
 */
export function one_hot(indices: Indices, num_classes?: number): Tensor {
  const columns = guards.indices("one_hot", indices), list = [...numbersOf(columns)], rows = list.length;
  for (const index of list) guards.wholeNumber("one_hot", "an index", index);
  const classes = num_classes === undefined
    ? 1 + list.reduce((a, b) => Math.max(a, b), -1)
    : guards.wholeNumber("one_hot", "the number of classes", num_classes);
  const shape = columns instanceof NDArray ? columns.shape : [rows];
  return zeros([rows, classes], { dtype: "int32" }).index_put_([range(rows), list], 1).view([...shape, classes]);
}

/**
 * The mean over rows of −ln softmax(logits)[row, targets[row]], a scalar. `log_softmax` takes each row's largest logit off
 * first, so that nothing overflows and no digit is lost to it.
 *
 * @throws RangeError for a target outside the row.
 *
 * @example
 * ```ts
 * import { ok } from "node:assert/strict";
 * import { zeros } from "./creation.ts";
 * const loss = cross_entropy(zeros([2, 27], { dtype: "float64" }), [0, 5]).item();
 * ok(Math.abs(loss - Math.log(27)) < 1e-12);
 * ```
 */
export function cross_entropy(logits: Tensor, targets: Indices): Tensor {
  const a = guards.tensorArgument("cross_entropy", logits);
  if (a.shape.length !== 2) guards.outOfRange(`cross_entropy takes logits as (rows, classes); given ${a}.`);
  guards.indices("cross_entropy", targets);
  return logits.log_softmax(1).at(range(a.shape[0]), targets).mean().neg();
}

function numbersOf(indices: NDArray | readonly number[]): Iterable<number> {
  return indices instanceof NDArray ? new Tensor(indices).toArray() : indices;
}
