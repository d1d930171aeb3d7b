// The matrix product: out (m, n) = bias + a · b. b is (k, n); bias (n), if any, is added to every row; a is (m, k) or its
// transpose, (k, m). All are contiguous.
//
// out is cut into tiles so small that their running sums stay in registers for all of k: 4 rows × 2 vectors where that
// fits, 8 rows × 1 vector at the right edge. If rows or columns are left over, the last tile moves back and overlaps its
// neighbour: computing some sums twice is faster than one by one. Loads are few, because some engines check the bounds of
// each.
//
// A tile reads a in panels of 4 rows, where the 4 numbers of one k are neighbours. In a transpose they already are. If a is
// not transposed, or k is so large that long steps through memory would cost more, the panels are copied first: as many
// rows at a time as fit in half of a first-level cache while all columns of b are processed, but at least 4 (Goto and van
// de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008).
//
// Next: tiles.ts; and deep.ts, where k and b are large.

import { biasAt, dot, tile1x1, tile4x2, tile8x1 } from "./tiles";
import { blockBytes, deep, DEPTH, isDeep } from "./deep";
import { transpose } from "./rows";

/** Copies the panel of rows `row` to `row` + 3 of a (m, k), or of its transpose (k, m), to lie in one piece: (k, 4). */
@inline
function copyPanel<T>(to: usize, a: usize, transposed: bool, row: usize, m: i32, k: i32): void {
  const size = sizeof<T>(), aStep = <usize>m * size;
  if (!transposed) {
    transpose<T>(to, a + row * <usize>k * size, 4, k, <usize>k * size);
    return;
  }
  a += row * size;
  for (const end = to + <usize>k * 4 * size; to < end; to += 4 * size, a += aStep) {
    v128.store(to, v128.load(a));
    if (size == 8) v128.store(to, v128.load(a, 16), 16);
  }
}

/** Fewer than 4 rows, or fewer columns than a vector has lanes: row by row. */
@inline
function narrow<T>(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, bias: usize, aRow: usize, aStep: usize): void {
  const size = sizeof<T>(), lanes = <i32>(16 / size), step = <usize>n * size;
  for (let i = 0; i < m; i++) {
    if (n < lanes) {
      for (let c: usize = 0; c < step; c += size) {
        dot<T>(out + c, a, b + c, k, aStep, step, bias ? load<T>(bias + c) : <T>-0.0);
      }
    } else {
      for (let j = 0; j < n; j += lanes) {
        const column = <usize>min(j, n - lanes) * size;
        tile1x1<T>(out + column, a, b + column, k, aStep, step, v128.load(biasAt<T>(bias, column)));
      }
    }
    out += step;
    a += aRow;
  }
}

/** How many rows to copy to panels at a time: a multiple of 4, or 0 to read a where it is. */
@inline
function copiedRows<T>(m: i32, n: i32, k: i32, transposed: bool): i32 {
  const size = sizeof<T>();
  if (isDeep<T>(m, n, k)) return 0;
  if (m < 4 || n < <i32>(16 / size) || k == 0 || (transposed && k <= 128)) return 0;
  const fitting = <i32>(16384 / (<usize>k * size)) & ~3;
  return max(4, min(fitting, (m + 3) & ~3));
}

/** How many bytes the copies take. */
@inline
function panelBytes<T>(m: i32, n: i32, k: i32, transposed: bool): usize {
  if (isDeep<T>(m, n, k)) return blockBytes<T>(m) + <usize>(DEPTH / sizeof<T>()) * 32;
  return <usize>copiedRows<T>(m, n, k, transposed) * k * sizeof<T>();
}

/** `panels`: room for the copies. */
@inline
function matmul<T>(
  out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, bias: usize, transposed: bool, panels: usize,
): void {
  const size = sizeof<T>(), lanes = <i32>(16 / size), step = <usize>n * size;
  if (isDeep<T>(m, n, k)) {
    deep<T>(out, a, b, m, n, k, bias, transposed, panels);
    return;
  }
  if (m < 4 || n < lanes) {
    if (transposed) narrow<T>(out, a, b, m, n, k, bias, size, <usize>m * size);
    else narrow<T>(out, a, b, m, n, k, bias, <usize>k * size, size);
    return;
  }
  const copied = copiedRows<T>(m, n, k, transposed);
  const aStep = copied ? 4 * size : <usize>m * size, block = copied ? copied : m;
  const panelStep = copied ? <usize>k * 4 * size : 4 * size; // from one panel to the next
  const last = m - 4; // where the last panel begins, wherever the one before ends
  for (let first = 0; first < m; first += block) {
    const end = min(first + block, m), from = copied ? panels : a;
    const furthest = copied ? usize.MAX_VALUE : a + <usize>last * size;
    if (copied) {
      let panel = panels;
      for (let i = first; i < end; i += 4, panel += panelStep) copyPanel<T>(panel, a, transposed, min(i, last), m, k);
    }
    let j = 0;
    if (n >= 2 * lanes) {
      for (; j + lanes < n; j += 2 * lanes) {
        const column = <usize>min(j, n - 2 * lanes) * size;
        const added = biasAt<T>(bias, column), c0 = v128.load(added), c1 = v128.load(added, 16);
        let panel = from;
        for (let i = first; i < end; i += 4, panel += panelStep) {
          const to = out + <usize>min(i, last) * step + column;
          tile4x2<T>(to, step, min(panel, furthest), b + column, k, aStep, step, c0, c1);
        }
      }
    }
    for (; j < n; j += lanes) {
      const column = <usize>min(j, n - lanes) * size, c = v128.load(biasAt<T>(bias, column));
      let panel = from;
      for (let i = first; i < end; i += 8, panel += 2 * panelStep) {
        // With the panel below, or where there is none with the same one again.
        const again = i + 4 >= end, next = again ? panel : panel + panelStep;
        const to = out + <usize>min(i, last) * step + column;
        const toNext = again ? to : out + <usize>min(i + 4, last) * step + column;
        tile8x1<T>(to, toNext, min(panel, furthest), min(next, furthest), b + column, k, aStep, step, step, c);
      }
    }
  }
}

export function panelBytes32(m: i32, n: i32, k: i32, transposed: bool): usize {
  return panelBytes<f32>(m, n, k, transposed);
}
export function panelBytes64(m: i32, n: i32, k: i32, transposed: bool): usize {
  return panelBytes<f64>(m, n, k, transposed);
}
export function matmul32(
  out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, bias: usize, transposed: bool, panels: usize,
): void {
  matmul<f32>(out, a, b, m, n, k, bias, transposed, panels);
}
export function matmul64(
  out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, bias: usize, transposed: bool, panels: usize,
): void {
  matmul<f64>(out, a, b, m, n, k, bias, transposed, panels);
}
