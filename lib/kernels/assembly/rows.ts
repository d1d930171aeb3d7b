// Copies: a matrix into another order, rows out of a table, and rows added back into one.

// out (rows, cols) contiguous from a with any strides: a transposed matrix, above all. In blocks of 8 × 8, so that both
// sides stay in cache.
@inline
function copy<T>(out: usize, a: usize, rows: i32, cols: i32, aRow: i32, aCol: i32): void {
  const size = sizeof<T>(), down = <usize>aRow * size, right = <usize>aCol * size;
  for (let i0 = 0; i0 < rows; i0 += 8) {
    const i1 = min(i0 + 8, rows);
    for (let j0 = 0; j0 < cols; j0 += 8) {
      const j1 = min(j0 + 8, cols);
      for (let i = i0; i < i1; i++) {
        let from = a + <usize>i * down + <usize>j0 * right, to = out + (<usize>i * cols + j0) * size;
        for (let j = j0; j < j1; j++) {
          store<T>(to, load<T>(from));
          to += size;
          from += right;
        }
      }
    }
  }
}

export function copy32(out: usize, a: usize, rows: i32, cols: i32, aRow: i32, aCol: i32): void { copy<f32>(out, a, rows, cols, aRow, aCol); }
export function copy64(out: usize, a: usize, rows: i32, cols: i32, aRow: i32, aCol: i32): void { copy<f64>(out, a, rows, cols, aRow, aCol); }

/** Rows of a table by index; `words` is a row's length in 32-bit words. Returns -1, or the position of the first index outside 0 … tableRows − 1. */
export function gather(out: usize, table: usize, tableRows: i32, words: i32, indices: usize, count: i32): i32 {
  const bytes = <usize>words << 2, vectorBytes = bytes & ~15;
  for (let i = 0; i < count; i++) {
    const row = load<i32>(indices + (<usize>i << 2));
    if (<u32>row >= <u32>tableRows) return i;
    const from = table + <usize>row * bytes;
    let p: usize = 0;
    for (; p < vectorBytes; p += 16) v128.store(out + p, v128.load(from + p));
    for (; p < bytes; p += 4) store<i32>(out + p, load<i32>(from + p));
    out += bytes;
  }
  return -1;
}

// The reverse: every row of values is added to the row of out that its index names. Indices are checked before the call.
@inline
function indexAdd<T>(out: usize, indices: usize, values: usize, count: i32, cols: i32): void {
  const size = sizeof<T>(), bytes = <usize>cols * size, vectorBytes = bytes & ~15;
  for (let i = 0; i < count; i++) {
    const to = out + <usize>load<i32>(indices + (<usize>i << 2)) * bytes;
    let p: usize = 0;
    for (; p < vectorBytes; p += 16) v128.store(to + p, v128.add<T>(v128.load(to + p), v128.load(values + p)));
    for (; p < bytes; p += size) store<T>(to + p, (load<T>(to + p) + load<T>(values + p)) as T);
    values += bytes;
  }
}

export function indexAdd32(out: usize, indices: usize, values: usize, count: i32, cols: i32): void { indexAdd<f32>(out, indices, values, count, cols); }
export function indexAdd64(out: usize, indices: usize, values: usize, count: i32, cols: i32): void { indexAdd<f64>(out, indices, values, count, cols); }
