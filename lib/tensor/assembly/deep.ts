// The product of matrices with a large k, block by block.
//
// If k and b are large, one pass down a column of b touches more pages of memory than a processor has at hand. Then the
// product is the sum of products of `DEPTH` of k, whose rounding errors are smaller, too, than one long sum's.

import { tile4x2, tile8x1, store2 } from "./tiles";
import { transpose } from "./rows";

// For b of more than LARGE bytes: the depth of a block in bytes, and how many rows of a are copied at a time, half as many in
// float64. A panel is followed by a GAP, since panels at a distance of a power of two would share few places in a cache.
export const DEPTH: usize = 1024;
const ROWS: i32 = 64, GAP: usize = 64, LARGE: usize = 1048576;
const TILE = memory.data(128, 16);

@inline
export function isDeep<T>(m: i32, n: i32, k: i32): bool {
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

/** Copies a strip of b, 32 bytes of `depth` of its rows, to lie in one piece. */
@inline
function copyStrip(strip: usize, b: usize, depth: i32, step: usize): void {
  for (const end = strip + <usize>depth * 32; strip < end; strip += 32, b += step) {
    store2(strip, v128.load(b), v128.load(b, 16));
  }
}

/** The product of matrices with a large k, block by block. Not inline: it is long. */
export function deep<T>(
  out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, bias: usize, transposed: bool, panels: usize,
): void {
  const size = sizeof<T>(), lanes = <i32>(16 / size), step = <usize>n * size, zero = v128.splat<T>(0);
  const most = <i32>(DEPTH / size), block = <i32>(ROWS * 4 / size);
  // The rows of a strip of b may be a page apart each. For many rows of a it is worth copying.
  const copies = m >= ROWS, strip = panels + blockBytes<T>(m);
  memory.fill(out, 0, <usize>m * step);
  for (let first = 0; first < m; first += block) {
    const rows = min(block, m - first);
    for (let p = 0; p < k; p += most) {
      const depth = min(most, k - p), panelStep = <usize>depth * 4 * size + GAP;
      copyBlock<T>(panels, a, transposed, first, rows, p, depth, m, k, panelStep);
      let j = 0;
      for (; j + lanes < n; j += 2 * lanes) {
        const column = min(j, n - 2 * lanes), left = <usize>(j - column) * size, there = b + <usize>p * step + <usize>column * size;
        const from = copies ? strip : there, apart = copies ? 32 : step;
        if (copies) copyStrip(strip, there, depth, step);
        let panel = panels;
        for (let i = first; i < first + rows; i += 4, panel += panelStep) {
          const row = min(i, m - 4);
          tile4x2<T>(TILE, 32, panel, from, depth, 4 * size, apart, zero, zero);
          addTile<T>(out + <usize>row * step + <usize>column * size, step, TILE, 32, i - row, left);
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

/** How many bytes the panels of a block of `deep` take. */
@inline
export function blockBytes<T>(m: i32): usize {
  return <usize>((min(m, <i32>(ROWS * 4 / sizeof<T>())) + 3) / 4) * (4 * DEPTH + GAP);
}
