// Matrix products: of two matrices, of two stacks of them whose other dimensions broadcast, and with vectors.
import { asFloat, isFloat, promoted, widest } from "./dtypes.ts";
import { binary } from "./elementwise.ts";
import { kernels } from "./kernel_set.ts";
import { BYTES, empty, type NDArray } from "./ndarray.ts";
import { broadcastShapes, contiguousStrides, formatShape, numel, positions, sameShape, type Shape } from "./shape.ts";

/** left · right, where (…, m, k) and (…, k, n) give (…, m, n), and a vector is a row on the left, a column on the right. */
export function matmul(left: NDArray, right: NDArray): NDArray {
  if (left.shape.length === 2 && right.shape.length === 2) return ofMatrices(left, right);
  if (left.shape.length === 1 || right.shape.length === 1) return withVector(left, right);
  const [m, k] = left.shape.slice(-2), [inner, n] = right.shape.slice(-2);
  const outer = left.shape.slice(0, -2);
  if (left.shape.length === 0 || right.shape.length === 0 || k !== inner) throw doNotFit(left, right);
  // The rows of all matrices on the left meet the same matrix on the right: one product.
  if (right.shape.length === 2) return ofMatrices(left.view([numel(outer) * m, k]), right).view([...outer, m, n]);
  const batch = batchOf(left, right), wide = promoted(left, right);
  const dtype = asFloat(wide), cast = left.to(dtype);
  const b = right.to(dtype).contiguous(), size = BYTES[dtype];
  const transposed = cast.isTransposed, a = transposed ? cast : cast.contiguous();
  const out = empty([...batch, m, n], dtype);
  const lefts = places(left.shape, batch), rights = places(right.shape, batch);
  for (let i = 0; i < lefts.length; i++) {
    kernels[dtype].matmul({
      out: out.offset + i * m * n * size,
      a: a.at + lefts[i] * m * k * size,
      b: b.at + rights[i] * k * n * size,
      m,
      n,
      k,
      transposed,
      bias: undefined,
    });
  }
  return out.to(wide);
}

/** left · right of (m, k) and (k, n); of int32, in float64 on the way. A bias is contiguous, of the product's dtype. */
function ofMatrices(left: NDArray, right: NDArray, bias?: NDArray): NDArray {
  const [m, k] = left.shape, n = right.shape[1];
  const wide = promoted(left, right), dtype = asFloat(wide);
  if (k !== right.shape[0]) throw doNotFit(left, right);
  const cast = left.to(dtype), transposed = cast.isTransposed;
  const a = transposed ? cast : cast.contiguous();
  const b = right.to(dtype).contiguous(), out = empty([m, n], dtype);
  kernels[dtype].matmul({ out: out.offset, a: a.at, b: b.at, m, n, k, transposed, bias: bias?.at });
  return out.to(wide);
}

/** The dimensions before the matrices', broadcast. */
function batchOf(left: NDArray, right: NDArray): Shape {
  try {
    return broadcastShapes(left.shape.slice(0, -2), right.shape.slice(0, -2), "matmul");
  } catch {
    throw new RangeError(
      `Cannot matrix-multiply shapes ${formatShape(left.shape)} and ${
        formatShape(right.shape)
      }: before the last two, which are ` +
        "the matrices', dimensions have to be equal, or one of them 1. Was another pair transposed than the last?",
    );
  }
}

/** Which of an operand's matrices each place of the batch uses. */
function places(shape: Shape, batch: Shape): number[] {
  if (batch.length === 0) return [0];
  const own = shape.slice(0, -2), strides = contiguousStrides(own);
  const skipped = batch.length - own.length;
  return positions(batch, batch.map((_, d) => d < skipped || own[d - skipped] === 1 ? 0 : strides[d - skipped]));
}

function withVector(left: NDArray, right: NDArray): NDArray {
  const row = left.shape.length === 1, column = right.shape.length === 1;
  const k = left.shape[left.shape.length - 1], inner = right.shape[column ? 0 : right.shape.length - 2];
  if (k === undefined || k !== inner) throw doNotFit(left, right);
  const product = matmul(row ? left.view([1, k]) : left, column ? right.view([k, 1]) : right), { shape } = product;
  const outer = shape.slice(0, -2), [m, n] = shape.slice(-2);
  return product.view([...outer, ...row ? [] : [m], ...column ? [] : [n]]);
}

function doNotFit(left: NDArray, right: NDArray): RangeError {
  const [m, k] = left.shape.slice(-2), [j, n] = right.shape.slice(-2), areMatrices = n !== undefined && k !== undefined;
  const advice = areMatrices && k === n
    ? " Is the second one to be transposed?"
    : areMatrices && m === j
    ? " Is the first one to be transposed?"
    : "";
  return new RangeError(
    `Cannot matrix-multiply shapes ${formatShape(left.shape)} and ${formatShape(right.shape)}: ` +
      `(m, k) and (k, n) are needed, with the same k.${advice}`,
  );
}

/** Whether this is the shape (n) or (1, n). */
function isRow(shape: Shape, n: number): boolean {
  return shape[shape.length - 1] === n && (shape.length === 1 || (shape.length === 2 && shape[0] === 1));
}

/** alpha · left · right + beta · bias, for two matrices and a bias which broadcasts to the product's shape: in one pass where it is a row. */
export function addmm(bias: NDArray, left: NDArray, right: NDArray, beta = 1, alpha = 1): NDArray {
  const dtype = widest(left, right, bias), [, n] = right.shape;
  const plain = beta === 1 && alpha === 1 && isFloat(dtype);
  if (plain && (isRow(bias.shape, n))) {
    return ofMatrices(left.to(dtype), right, bias.to(dtype).contiguous());
  }
  const product = matmul(left.to(dtype), right);
  if (!sameShape(broadcastShapes(bias.shape, product.shape, "addmm"), product.shape)) {
    throw new RangeError(
      `addmm adds a tensor that broadcasts to the product's ${formatShape(product.shape)}; given ${bias}.`,
    );
  }
  const scale = (array: NDArray, by: number) => by === 1 ? array : binary("mul", array, by);
  return binary("add", scale(product, alpha), scale(bias, beta));
}
