// Operations on vectors of f32 or f64 that several kernels use.

/** sum + x·y: in one instruction in the module for engines that have it, rounded once where the machine can; else in two. */
@inline
export function fma<T>(sum: v128, x: v128, y: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? v128.relaxed_madd<T>(x, y, sum) : v128.add<T>(sum, v128.mul<T>(x, y));
}

/** sum − x·y, likewise. */
@inline
export function fnma<T>(sum: v128, x: v128, y: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? v128.relaxed_nmadd<T>(x, y, sum) : v128.sub<T>(sum, v128.mul<T>(x, y));
}

/** The sum of a vector's lanes. */
@inline
export function sumOfLanes<T>(x: v128): T {
  let sum = v128.extract_lane<T>(x, 0) + v128.extract_lane<T>(x, 1) as T;
  if (sizeof<T>() == 4) sum = (sum + ((v128.extract_lane<T>(x, 2) + v128.extract_lane<T>(x, 3)) as T)) as T;
  return sum;
}
