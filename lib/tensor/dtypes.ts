// Which dtype a result has, after PyTorch's rules (https://docs.pytorch.org/docs/stable/tensor_attributes.html).
//
// Two tensors give the wider dtype: bool < int32 < float32 < float64. A number does not change a floating dtype. Beside
// int32 or bool, a whole number gives int32 and any other number float64, as do division and functions such as exp: PyTorch
// gives float32 there, whose 7 digits would be too few for a check in float64.
// Left out: the conversions themselves (NDArray.to).
import type { DType, FloatType, NDArray } from "./ndarray.ts";

const RANK = { bool: 0, int32: 1, float32: 2, float64: 3 } as const;

/** Whether a dtype can hold fractions. */
export function isFloat(dtype: DType): dtype is FloatType {
  return dtype === "float32" || dtype === "float64";
}

/** The dtype of what is made of two operands. Two numbers give int32 if both are whole, else float64. */
export function promoted(a: NDArray | number, b: NDArray | number): DType {
  if (typeof a === "number") return typeof b === "number" ? wider(ofNumber(a), ofNumber(b)) : promoted(b, a);
  if (typeof b === "number") return isFloat(a.dtype) ? a.dtype : wider(a.dtype, ofNumber(b));
  return a.dtype === b.dtype ? a.dtype : wider(a.dtype, b.dtype);
}

function ofNumber(x: number): DType {
  return x === (x | 0) ? "int32" : "float64";
}

function wider(a: DType, b: DType): DType {
  return RANK[a] < RANK[b] ? b : a;
}

/** The widest dtype of several arrays. */
export function widest(...arrays: readonly NDArray[]): DType {
  let dtype: DType = "bool";
  for (const array of arrays) if (array.dtype !== dtype) dtype = wider(dtype, array.dtype);
  return dtype;
}

/** The dtype itself if it is floating, else float64: that of a quotient, or of a function such as exp. */
export function asFloat(dtype: DType): FloatType {
  return isFloat(dtype) ? dtype : "float64";
}

/**
 * The array's dtype, for what PyTorch does with fractions only.
 *
 * @throws TypeError for int32 and bool.
 */
export function floating(verb: string, a: NDArray): FloatType {
  if (isFloat(a.dtype)) return a.dtype;
  throw new TypeError(
    `${verb} is not for ${a.dtype} tensors, as in PyTorch: convert first, with .double() to float64, or with ` +
      `.to(logits.dtype).`,
  );
}

/**
 * Checks that a result may be written into a tensor in place: fractions not into integers, numbers not into bool.
 *
 * @throws TypeError otherwise.
 */
export function checkCast(verb: string, from: DType, to: DType): void {
  if (isFloat(to) || RANK[from] <= RANK[to]) return;
  throw new TypeError(
    `${verb} would write ${from} into ${to}, which PyTorch refuses as well: convert the tensor first, with .to("${from}").`,
  );
}
