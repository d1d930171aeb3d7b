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
// If k and b are large, one pass down a column of b touches more pages of memory than a processor has at hand. Then the
// product is the sum of products of `DEPTH` of k (`deep`), whose rounding errors are smaller, too, than one long sum's.

import { fma } from "./vectors";
import { transpose } from "./rows";

/** One lane of x in every lane. */
@inline
function lane<T>(x: v128, i: i32): v128 {
  if (sizeof<T>() == 8) {
    if (i == 0) return v128.shuffle<u64>(x, x, 0, 0);
    return v128.shuffle<u64>(x, x, 1, 1);
  }
  if (i == 0) return v128.shuffle<u32>(x, x, 0, 0, 0, 0);
  if (i == 1) return v128.shuffle<u32>(x, x, 1, 1, 1, 1);
  if (i == 2) return v128.shuffle<u32>(x, x, 2, 2, 2, 2);
  return v128.shuffle<u32>(x, x, 3, 3, 3, 3);
}

/** Lane i of four numbers that lie in one vector of f32, or two of f64. */
@inline
function lane4<T>(low: v128, high: v128, i: i32): v128 {
  if (sizeof<T>() == 4) return lane<T>(low, i);
  return i < 2 ? lane<T>(low, i) : lane<T>(high, i - 2);
}

@inline
function store2(out: usize, x: v128, y: v128): void {
  v128.store(out, x);
  v128.store(out, y, 16);
}

// What is added without a bias: −0, which changes no sum. An address is chosen, not a number: then V8 can pack the two
// vectors of a tile into one of 256 bits (lib/tensor/README.md says how to see that).
const NOTHING32 = memory.data<f32>([-0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0]);
const NOTHING64 = memory.data<f64>([-0.0, -0.0, -0.0, -0.0]);

/** Where the bias of a column is. */
@inline
function biasAt<T>(bias: usize, column: usize): usize {
  return bias ? bias + column : sizeof<T>() == 4 ? NOTHING32 : NOTHING64;
}

@inline
function tile4x2<T>(
  out: usize, outStep: usize, a: usize, b: usize, k: i32, aStep: usize, step: usize, c0: v128, c1: v128,
): void {
  let s00 = v128.splat<T>(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  for (const end = b + <usize>k * step; b < end; b += step) {
    const low = v128.load(a), high = sizeof<T>() == 8 ? v128.load(a, 16) : low;
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = lane4<T>(low, high, 0);
    s00 = fma<T>(s00, x, b0);
    s01 = fma<T>(s01, x, b1);
    x = lane4<T>(low, high, 1);
    s10 = fma<T>(s10, x, b0);
    s11 = fma<T>(s11, x, b1);
    x = lane4<T>(low, high, 2);
    s20 = fma<T>(s20, x, b0);
    s21 = fma<T>(s21, x, b1);
    x = lane4<T>(low, high, 3);
    s30 = fma<T>(s30, x, b0);
    s31 = fma<T>(s31, x, b1);
    a += aStep;
  }
  store2(out, v128.add<T>(s00, c0), v128.add<T>(s01, c1));
  store2(out + outStep, v128.add<T>(s10, c0), v128.add<T>(s11, c1));
  store2(out + 2 * outStep, v128.add<T>(s20, c0), v128.add<T>(s21, c1));
  store2(out + 3 * outStep, v128.add<T>(s30, c0), v128.add<T>(s31, c1));
}

@inline
function tile8x1<T>(
  out: usize, below: usize, a: usize, next: usize, b: usize, k: i32, aStep: usize, step: usize, outStep: usize, c: v128,
): void {
  let s0 = v128.splat<T>(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  for (const end = b + <usize>k * step; b < end; b += step) {
    const y = v128.load(b);
    let low = v128.load(a), high = sizeof<T>() == 8 ? v128.load(a, 16) : low;
    s0 = fma<T>(s0, lane4<T>(low, high, 0), y);
    s1 = fma<T>(s1, lane4<T>(low, high, 1), y);
    s2 = fma<T>(s2, lane4<T>(low, high, 2), y);
    s3 = fma<T>(s3, lane4<T>(low, high, 3), y);
    low = v128.load(next);
    high = sizeof<T>() == 8 ? v128.load(next, 16) : low;
    s4 = fma<T>(s4, lane4<T>(low, high, 0), y);
    s5 = fma<T>(s5, lane4<T>(low, high, 1), y);
    s6 = fma<T>(s6, lane4<T>(low, high, 2), y);
    s7 = fma<T>(s7, lane4<T>(low, high, 3), y);
    a += aStep;
    next += aStep;
  }
  v128.store(out, v128.add<T>(s0, c));
  v128.store(out + outStep, v128.add<T>(s1, c));
  v128.store(out + outStep * 2, v128.add<T>(s2, c));
  v128.store(out + outStep * 3, v128.add<T>(s3, c));
  v128.store(below, v128.add<T>(s4, c));
  v128.store(below + outStep, v128.add<T>(s5, c));
  v128.store(below + outStep * 2, v128.add<T>(s6, c));
  v128.store(below + outStep * 3, v128.add<T>(s7, c));
}

@inline
function tile1x1<T>(out: usize, a: usize, b: usize, k: i32, aStep: usize, step: usize, c: v128): void {
  let s = v128.splat<T>(0);
  for (let p = 0; p < k; p++) {
    s = fma<T>(s, v128.splat<T>(load<T>(a)), v128.load(b));
    a += aStep;
    b += step;
  }
  v128.store(out, v128.add<T>(s, c));
}

/** One element, also in vectors, so that it is rounded as in the tiles. */
@inline
function dot<T>(out: usize, a: usize, b: usize, k: i32, aStep: usize, step: usize, c: T): void {
  let s = v128.splat<T>(0);
  for (let p = 0; p < k; p++) {
    s = fma<T>(s, v128.splat<T>(load<T>(a)), v128.splat<T>(load<T>(b)));
    a += aStep;
    b += step;
  }
  store<T>(out, (v128.extract_lane<T>(s, 0) + c) as T);
}

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

// For b of more than LARGE bytes: the depth of a block in bytes, and how many rows of a are copied at a time, half as many in
// float64. A panel is followed by a GAP, since panels at a distance of a power of two would share few places in a cache.
const DEPTH: usize = 1024, ROWS: i32 = 64, GAP: usize = 64, LARGE: usize = 1048576;
const TILE = memory.data(128, 16);

@inline
function isDeep<T>(m: i32, n: i32, k: i32): bool {
  return m >= 4 && <usize>n * sizeof<T>() >= 32 && <usize>k * sizeof<T>() > DEPTH * 2 && <usize>k * n * sizeof<T>() > LARGE;
}

/** Copies rows `first` to `first` + `rows` of a, and of k `depth` from `p` on, to panels. */
@inline
function copyBlock<T>(
  panels: usize, a: usize, transposed: bool, first: i32, rows: i32, p: i32, depth: i32, m: i32, k: i32, panelStep: usize,
): void {
  const size = sizeof<T>(), last = m - 4;
  if (!transposed) {
    for (let i = first; i < first + rows; i += 4, panels += panelStep) {
      transpose<T>(panels, a + (<usize>min(i, last) * k + p) * size, 4, depth, <usize>k * size);
    }
    return;
  }
  // Along a row of the transpose, so that what is read is read once.
  for (let q = p; q < p + depth; q++, panels += 4 * size) {
    const row = a + <usize>q * m * size;
    let to = panels;
    for (let i = first; i < first + rows; i += 4, to += panelStep) {
      const from = row + <usize>min(i, last) * size;
      v128.store(to, v128.load(from));
      if (size == 8) v128.store(to, v128.load(from, 16), 16);
    }
  }
}

/** Rows of out += four rows of a tile of `width` bytes, from row `top` and byte `left` on: what lies before has been added. */
@inline
function addTile<T>(out: usize, step: usize, tile: usize, width: usize, top: i32, left: usize): void {
  for (let i = 0; i < 4; i++, out += step, tile += width) {
    if (i < top) continue;
    if (left == 0) {
      v128.store(out, v128.add<T>(v128.load(out), v128.load(tile)));
      if (width == 32) v128.store(out, v128.add<T>(v128.load(out, 16), v128.load(tile, 16)), 16);
    } else {
      for (let c = left; c < width; c += sizeof<T>()) store<T>(out + c, (load<T>(out + c) + load<T>(tile + c)) as T);
    }
  }
}

/** The product of matrices with a large k, block by block. Not inline: it is long. */
function deep<T>(
  out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, bias: usize, transposed: bool, panels: usize,
): void {
  const size = sizeof<T>(), lanes = <i32>(16 / size), step = <usize>n * size, zero = v128.splat<T>(0);
  const most = <i32>(DEPTH / size), block = <i32>(ROWS * 4 / size);
  memory.fill(out, 0, <usize>m * step);
  for (let p = 0; p < k; p += most) {
    const depth = min(most, k - p), panelStep = <usize>depth * 4 * size + GAP;
    for (let first = 0; first < m; first += block) {
      const rows = min(block, m - first);
      copyBlock<T>(panels, a, transposed, first, rows, p, depth, m, k, panelStep);
      let j = 0;
      for (; j + lanes < n; j += 2 * lanes) {
        const column = min(j, n - 2 * lanes), from = b + <usize>p * step + <usize>column * size;
        let panel = panels;
        for (let i = first; i < first + rows; i += 4, panel += panelStep) {
          const row = min(i, m - 4);
          tile4x2<T>(TILE, 32, panel, from, depth, 4 * size, step, zero, zero);
          addTile<T>(out + <usize>row * step + <usize>column * size, step, TILE, 32, i - row, <usize>(j - column) * size);
        }
      }
      if (j < n) {
        const column = n - lanes, from = b + <usize>p * step + <usize>column * size, left = <usize>(j - column) * size;
        let panel = panels;
        for (let i = first; i < first + rows; i += 8, panel += 2 * panelStep) {
          const again = i + 4 >= first + rows, row = min(i, m - 4), below = min(i + 4, m - 4);
          tile8x1<T>(TILE, TILE + 64, panel, again ? panel : panel + panelStep, from, depth, 4 * size, step, 16, zero);
          addTile<T>(out + <usize>row * step + <usize>column * size, step, TILE, 16, i - row, left);
          if (again) continue;
          addTile<T>(out + <usize>below * step + <usize>column * size, step, TILE + 64, 16, i + 4 - below, left);
        }
      }
    }
  }
  for (const end = out + <usize>m * step; bias && out < end; out += step) {
    for (let c: usize = 0; c < step; c += size) store<T>(out + c, (load<T>(out + c) + load<T>(bias + c)) as T);
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
  if (isDeep<T>(m, n, k)) return <usize>((min(m, <i32>(ROWS * 4 / sizeof<T>())) + 3) / 4) * (4 * DEPTH + GAP);
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
