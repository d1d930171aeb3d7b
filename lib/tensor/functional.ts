// torch.nn.functional's functions that the exercises use, put together from tensor operations.
// Left out: their gradients.
import { type Indices, range, type Tensor, zeros } from "./tensor.ts";

/**
 * One row per index, all zeros but for a one at the index: shape (n, num_classes), int32. As many classes as the largest
 * index asks for, if not given.
 *
 * @throws RangeError for an index outside 0 … num_classes − 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tensor } from "./tensor.ts";
 * const hot = one_hot(tensor([2, 0], { dtype: "int32" }), 3);
 * assertEquals([...hot.toArray()], [0, 0, 1, 1, 0, 0]);
 * ```
 */
export function one_hot(indices: Tensor, num_classes: number = 1 + Math.max(-1, ...indices.toArray())): Tensor {
  const rows = indices.numel();
  return zeros([rows, num_classes], { dtype: "int32" }).index_put_([range(rows), indices.flatten()], 1);
}

/**
 * The mean over rows of −ln softmax(logits)[row, targets[row]] = ln Σ e^l − l_y, a scalar.
 *
 * @throws RangeError for a target outside the row.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { zeros } from "./tensor.ts";
 * assertAlmostEquals(cross_entropy(zeros([2, 27], { dtype: "float64" }), [0, 5]).item(), Math.log(27), 1e-12);
 * ```
 */
export function cross_entropy(logits: Tensor, targets: Indices): Tensor {
  return logits.logsumexp(1).sub_(logits.at(range(logits.shape[0]), targets)).mean();
}

/** x · w + b, (rows, columns), where b is a row: one pass. */
export function linear(x: Tensor, w: Tensor, b: Tensor): Tensor {
  return b.addmm(x, w);
}

/** a − b, where a is a number: `sub(1, h.pow(2))` is 1 − h². */
export function sub(a: number, b: Tensor): Tensor {
  return b.rsub(a);
}
