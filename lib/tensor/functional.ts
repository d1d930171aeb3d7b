// torch's and torch.nn.functional's functions that networks use, and arithmetic that begins with a number. Most operations are
// methods (lib/tensor/tensor.ts); these take several tensors, or are written as functions in PyTorch.
// Left out: their gradients.
import { range, zeros } from "./creation.ts";
import * as elementwise from "./elementwise.ts";
import * as guards from "./guards.ts";
import * as joining from "./joining.ts";
import { type DType, NDArray } from "./ndarray.ts";
import { checkOptions, noMore, oneOf } from "./options.ts";
import * as products from "./products.ts";
import { made } from "./recording.ts";
import { numel } from "./shape.ts";
import { type Indices, type Operand, Tensor } from "./tensor.ts";

/**
 * a − b, a tensor or a number on either side: `sub(1, h.pow(2))` is 1 − h².
 *
 * @throws TypeError for two numbers; RangeError for shapes that do not broadcast.
 */
export function sub(a: Operand, b: Operand): Tensor {
  noMore("sub", arguments.length, 2);
  return between("sub", a, b);
}

/**
 * a / b, a tensor or a number on either side: `div(1, counts_sum)` is 1 / counts_sum.
 *
 * @throws as `sub` does.
 */
export function div(a: Operand, b: Operand): Tensor {
  noMore("div", arguments.length, 2);
  return between("div", a, b);
}

function between(name: "sub" | "div", a: Operand, b: Operand): Tensor {
  const x = guards.operand(name, a), y = guards.operand(name, b);
  if (typeof x !== "number") return made(name, [a, b], () => new Tensor(elementwise.binary(name, x, y)));
  if (typeof y !== "number") {
    return made(name, [a, b], () => new Tensor(elementwise.binary(name, y, x, undefined, true)));
  }
  return guards.refuse(`${name}(a, b) takes a tensor on at least one side; given ${x} and ${y}.`);
}

/**
 * x · w + b in one pass: x is (…rows, fan_in), w (fan_in, fan_out), b (fan_out) or (1, fan_out), or left out. Unlike F.linear,
 * which takes w transposed, this takes w as in x @ w + b.
 *
 * @throws RangeError for shapes that do not fit.
 */
export function linear(x: Tensor, w: Tensor, b?: Tensor): Tensor {
  noMore("linear", arguments.length, 3);
  const left = guards.tensorArgument("linear", x), right = guards.tensorArgument("linear", w);
  if (b === undefined) return matmul(x, w);
  const bias = guards.tensorArgument("linear", b);
  return made("linear", [x, w, b], () => {
    if (left.shape.length === 2) return new Tensor(products.addmm(bias, left, right));
    const outer = left.shape.slice(0, -1), rows = left.view([numel(outer), left.shape.at(-1) ?? 1]);
    return new Tensor(products.addmm(bias, rows, right).view([...outer, right.shape[1]]));
  });
}

/** The matrix product of a and b: `a.matmul(b)`. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  noMore("matmul", arguments.length, 2);
  return asTensor("matmul", a).matmul(b);
}

/** e^x over its sum, along a dimension: `x.softmax(dim)`. */
export function softmax(x: Tensor, dim: number, options?: { dtype?: DType }): Tensor {
  noMore("softmax", arguments.length, 3);
  return asTensor("softmax", x).softmax(dim, options);
}

/** ln softmax, along a dimension: `x.log_softmax(dim)`. */
export function log_softmax(x: Tensor, dim: number, options?: { dtype?: DType }): Tensor {
  noMore("log_softmax", arguments.length, 3);
  return asTensor("log_softmax", x).log_softmax(dim, options);
}

/** x where it is positive, else 0: `x.relu()`. */
export function relu(x: Tensor): Tensor {
  noMore("relu", arguments.length, 1);
  return asTensor("relu", x).relu();
}

/** 1 / (1 + e^−x): `x.sigmoid()`. */
export function sigmoid(x: Tensor): Tensor {
  noMore("sigmoid", arguments.length, 1);
  return asTensor("sigmoid", x).sigmoid();
}

/** x · Φ(x): `x.gelu()`. */
export function gelu(x: Tensor, options?: { approximate?: "none" | "tanh" }): Tensor {
  noMore("gelu", arguments.length, 2);
  return asTensor("gelu", x).gelu(options);
}

/** The lower triangle of each matrix: `tril(ones([T, T]))`. */
export function tril(x: Tensor, diagonal?: number): Tensor {
  noMore("tril", arguments.length, 2);
  return asTensor("tril", x).tril(diagonal);
}

/** The upper triangle of each matrix: `triu(ones([T, T]), 1)`. */
export function triu(x: Tensor, diagonal?: number): Tensor {
  noMore("triu", arguments.length, 2);
  return asTensor("triu", x).triu(diagonal);
}

/** The larger of two, element by element: `a.maximum(b)`. */
export function maximum(a: Tensor, b: Operand): Tensor {
  noMore("maximum", arguments.length, 2);
  return asTensor("maximum", a).maximum(b);
}

/** The smaller of two, element by element: `a.minimum(b)`. */
export function minimum(a: Tensor, b: Operand): Tensor {
  noMore("minimum", arguments.length, 2);
  return asTensor("minimum", a).minimum(b);
}

function asTensor(verb: string, x: unknown): Tensor {
  guards.tensorArgument(verb, x);
  return x as Tensor;
}

/**
 * x where the condition is true and y elsewhere; all three broadcast, and x and y may be numbers.
 *
 * @throws TypeError for a condition that is not bool; RangeError for shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { deepEqual } from "node:assert/strict";
 * import { tensor } from "./creation.ts";
 * const h = tensor([-1, 2]);
 * deepEqual(where(h.gt(0), h, 0).tolist(), [0, 2]);
 * ```
 */
export function where(condition: Tensor, x: Operand, y: Operand): Tensor {
  noMore("where", arguments.length, 3);
  if (arguments.length < 3) {
    guards.refuse("where takes a mask, a value for where it is true, and one for elsewhere: where(h.gt(0), h, 0).");
  }
  const holds = guards.mask("where", condition);
  const yes = guards.operand("where", x), no = guards.operand("where", y);
  return made("where", [condition, x, y], () => new Tensor(elementwise.where(holds, yes, no)));
}

/**
 * Tensors joined along a dimension that they have, 0 if not given; their other sizes are equal.
 *
 * @throws TypeError for anything but a list of tensors; RangeError for shapes that do not fit.
 *
 * @example
 * ```ts
 * import { deepEqual } from "node:assert/strict";
 * import { ones, zeros } from "./creation.ts";
 * deepEqual(cat([ones([2, 1]), zeros([2, 2])], 1).tolist(), [[1, 0, 0], [1, 0, 0]]);
 * ```
 */
export function cat(tensors: readonly Tensor[], dim?: number): Tensor {
  noMore("cat", arguments.length, 2);
  const arrays = guards.tensorList("cat", tensors);
  const along = guards.dimArgument("cat", dim ?? 0, arrays[0].shape);
  return made("cat", [tensors, along], () => new Tensor(joining.cat(arrays, along)));
}

/**
 * Tensors of one shape, along a new dimension: before dimension `dim`, 0 if not given; −1 puts it last.
 *
 * @throws as `cat` does.
 */
export function stack(tensors: readonly Tensor[], dim?: number): Tensor {
  noMore("stack", arguments.length, 2);
  const arrays = guards.tensorList("stack", tensors),
    d = guards.dimArgument("stack", dim ?? 0, [...arrays[0].shape, 1]);
  const deeper = arrays.map((array) => array.view(array.shape.toSpliced(d, 0, 1)));
  return made("stack", [tensors, d], () => new Tensor(joining.cat(deeper, d)));
}

/**
 * Zeros with a one at each index, along a new last dimension: shape (…indices, num_classes), int32. As many classes as
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
  noMore("one_hot", arguments.length, 2);
  const columns = guards.indices("one_hot", indices), list = Array.from(numbersOf(columns));
  const rows = list.length;
  for (const index of list) guards.wholeNumber("one_hot", "an index", index);
  const classes = num_classes === undefined
    ? 1 + list.reduce((a, b) => Math.max(a, b), -1)
    : guards.wholeNumber("one_hot", "the number of classes", num_classes);
  const shape = columns instanceof NDArray ? columns.shape : [rows];
  return made("one_hot", [indices, classes], () => {
    const zero = zeros([rows, classes], { dtype: "int32" });
    return zero.index_put_([range(rows), list], 1).view([...shape, classes]);
  });
}

/**
 * The mean over rows of −ln softmax(logits)[row, targets[row]], a scalar; with `{ reduction: "sum" }` the sum, with "none" the
 * rows' own, (rows). `log_softmax` takes each row's largest logit off first, so that nothing overflows and no digit is lost.
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
export function cross_entropy(
  logits: Tensor,
  targets: Indices,
  options?: { reduction?: "mean" | "sum" | "none" },
): Tensor {
  noMore("cross_entropy", arguments.length, 3);
  const a = guards.tensorArgument("cross_entropy", logits);
  if (a.shape.length !== 2) guards.outOfRange(`cross_entropy takes logits as (rows, classes); given ${a}.`);
  const named = guards.indices("cross_entropy", targets),
    shape = named instanceof NDArray ? named.shape : [named.length];
  if (shape.length !== 1 || shape[0] !== a.shape[0]) {
    guards.outOfRange(
      `cross_entropy takes one target for each of the ${a.shape[0]} rows; given ${guards.named(targets)}.`,
    );
  }
  const reduction = options === undefined ? "mean" : reductionOf(options);
  const rows = logits.log_softmax(1).at(range(a.shape[0]), targets);
  return reduction === "none" ? rows.neg() : rows[reduction]().neg();
}

function reductionOf(options: { reduction?: string }): "mean" | "sum" | "none" {
  checkOptions("cross_entropy", options, { reduction: "string" });
  return oneOf("cross_entropy", "reduction", options.reduction ?? "mean", ["mean", "sum", "none"]);
}

function numbersOf(indices: NDArray | readonly number[]): ArrayLike<number> {
  return indices instanceof NDArray ? indices.contiguous().elements : indices;
}
