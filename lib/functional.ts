// torch.nn.functional's functions that the exercises use, put together from tensor operations.
// Left out: their gradients.
import { type Tensor, tensor, zeros } from "./tensor.ts";

/**
 * One row per index, all zeros but for a one at the index: shape (n, num_classes), int32.
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
export function one_hot(indices: Tensor, num_classes: number): Tensor {
  const rows = indices.numel();
  const hot = zeros([rows, num_classes], { dtype: "int32" });
  const columns = indices.flatten();
  return hot.index_put_([tensor(Array.from({ length: rows }, (_, i) => i), { dtype: "int32" }), columns], 1);
}

/** e^x over its sum along `dim`. The largest is subtracted first, which changes nothing but keeps e^x finite. */
export function softmax(logits: Tensor, dim: number): Tensor {
  const counts = logits.sub(logits.max(dim, { keepdim: true }).values).exp();
  return counts.div_(counts.sum(dim, { keepdim: true }));
}
