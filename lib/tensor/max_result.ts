// The pair that `max(dim)` gives.
import type { Tensor } from "./tensor.ts";

/** What `max(dim)` gives: two tensors by name, and as a pair, as in PyTorch: `const [values, indices] = logits.max(1);`. */
export class MaxResult {
  /** The largest values. */
  readonly values: Tensor;
  /** Where each first occurs, int32. */
  readonly indices: Tensor;

  /** A pair of tensors of one shape. */
  constructor(values: Tensor, indices: Tensor) {
    this.values = values;
    this.indices = indices;
  }

  /** The values. */
  get 0(): Tensor {
    return this.values;
  }

  /** The indices. */
  get 1(): Tensor {
    return this.indices;
  }

  /** First the values, then the indices. */
  [Symbol.iterator](): Iterator<Tensor> {
    return [this.values, this.indices].values();
  }
}
