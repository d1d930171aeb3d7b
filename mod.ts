/**
 * The check of gradients for a network of one's own: write its forward pass as a record, its backward pass by hand, and see
 * in a table which gradients are right and what is wrong with the others. The exercises do without this file.
 *
 * Tensors have PyTorch's names and, made by `tensor`, `zeros` and their like, its float32; `check` widens them to float64.
 *
 * @example
 * ```ts
 * import { equal } from "node:assert/strict";
 * import { check, Generator, ones_like } from "./mod.ts";
 * const g = new Generator(42);
 * const { tensors, cmp } = check({
 *   y: ({ x, w }) => x.matmul(w), // (8, 2)
 *   loss: ({ y }) => y.sum(), // ()
 * }, { x: g.randn([8, 3]), w: g.randn([3, 2]) });
 * const { x, y } = tensors;
 * const dy = ones_like(y); // (8, 2)
 * equal(cmp("y", dy).status, "ok");
 * equal(cmp("w", x.T.matmul(dy)).status, "ok");
 * ```
 *
 * @module
 */
export { check, type Compare } from "./lib/exercise/own.ts";
export type { Row, Status } from "./lib/check/check.ts";
export type { Forward, Tensors } from "./lib/check/graph.ts";
export { Generator } from "./lib/random/generator.ts";
export * from "./lib/tensor/creation.ts";
export * from "./lib/tensor/functional.ts";
export {
  type Dims,
  type DType,
  type Indices,
  type Keepdim,
  MaxResult,
  type Operand,
  Tensor,
} from "./lib/tensor/tensor.ts";
export type { Nested } from "./lib/tensor/ndarray.ts";
export type { Shape } from "./lib/tensor/shape.ts";
