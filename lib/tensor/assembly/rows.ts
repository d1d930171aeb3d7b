// Copies: the transpose of a matrix, rows out of a table, and rows added back into one.

// The transpose of a matrix: out (cols, rows) from a (rows, cols), whose rows are aStep bytes apart, in squares of 4 × 4 (f32) or 2 × 2 (f64)
// that are turned in registers; left-over rows and columns one by one.

@inline
function square32(out: usize, a: usize, outStep: usize, aStep: usize): void {
  const r0 = v128.load(a), r1 = v128.load(a + aStep), r2 = v128.load(a + 2 * aStep), r3 = v128.load(a + 3 * aStep);
  const low01 = v128.shuffle<u32>(r0, r1, 0, 4, 1, 5), high01 = v128.shuffle<u32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<u32>(r2, r3, 0, 4, 1, 5), high23 = v128.shuffle<u32>(r2, r3, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<u64>(low01, low23, 0, 2));
  v128.store(out + outStep, v128.shuffle<u64>(low01, low23, 1, 3));
  v128.store(out + 2 * outStep, v128.shuffle<u64>(high01, high23, 0, 2));
  v128.store(out + 3 * outStep, v128.shuffle<u64>(high01, high23, 1, 3));
}

@inline
function square64(out: usize, a: usize, outStep: usize, aStep: usize): void {
  const r0 = v128.load(a), r1 = v128.load(a + aStep);
  v128.store(out, v128.shuffle<u64>(r0, r1, 0, 2));
  v128.store(out + outStep, v128.shuffle<u64>(r0, r1, 1, 3));
}

@inline
export function transpose<T>(out: usize, a: usize, rows: i32, cols: i32, aStep: usize): void {
  const size = sizeof<T>(), lanes = <i32>(16 / size), outStep = <usize>rows * size;
  let i = 0;
  for (; i + lanes <= rows; i += lanes) {
    let j = 0, from = a + <usize>i * aStep, to = out + <usize>i * size;
    for (; j + lanes <= cols; j += lanes) {
      if (size == 4) square32(to, from, outStep, aStep);
      else square64(to, from, outStep, aStep);
      from += 16;
      to += <usize>lanes * outStep;
    }
    for (; j < cols; j++) {
      for (let l: usize = 0; l < <usize>lanes; l++) store<T>(to + l * size, load<T>(from + l * aStep));
      from += size;
      to += outStep;
    }
  }
  for (; i < rows; i++) {
    for (let j: usize = 0; j < <usize>cols; j++) {
      store<T>(out + j * outStep + <usize>i * size, load<T>(a + <usize>i * aStep + j * size));
    }
  }
}

export function transpose32(out: usize, a: usize, rows: i32, cols: i32): void {
  transpose<f32>(out, a, rows, cols, <usize>cols * 4);
}
export function transpose64(out: usize, a: usize, rows: i32, cols: i32): void {
  transpose<f64>(out, a, rows, cols, <usize>cols * 8);
}

/** Rows of a table by index. Returns -1, or the position of the first index outside 0 … tableRows − 1. */
@inline
function gather<T>(out: usize, table: usize, tableRows: i32, cols: i32, indices: usize, count: i32): i32 {
  const bytes = <usize>cols * sizeof<T>(), vectorBytes = bytes & ~15;
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

export function gather32(out: usize, table: usize, tableRows: i32, cols: i32, indices: usize, count: i32): i32 {
  return gather<f32>(out, table, tableRows, cols, indices, count);
}
export function gather64(out: usize, table: usize, tableRows: i32, cols: i32, indices: usize, count: i32): i32 {
  return gather<f64>(out, table, tableRows, cols, indices, count);
}

/** Adds each row of values to the row of out that its index names. Returns as gather does; a wrong index adds nothing. */
@inline
function indexAdd<T>(out: usize, outRows: i32, indices: usize, values: usize, count: i32, cols: i32): i32 {
  const size = sizeof<T>(), bytes = <usize>cols * size, vectorBytes = bytes & ~15;
  for (let i = 0; i < count; i++) {
    if (<u32>load<i32>(indices + (<usize>i << 2)) >= <u32>outRows) return i;
  }
  for (let i = 0; i < count; i++) {
    const to = out + <usize>load<i32>(indices + (<usize>i << 2)) * bytes;
    let p: usize = 0;
    for (; p < vectorBytes; p += 16) v128.store(to + p, v128.add<T>(v128.load(to + p), v128.load(values + p)));
    for (; p < bytes; p += size) store<T>(to + p, (load<T>(to + p) + load<T>(values + p)) as T);
    values += bytes;
  }
  return -1;
}

export function indexAdd32(out: usize, outRows: i32, indices: usize, values: usize, count: i32, cols: i32): i32 {
  return indexAdd<f32>(out, outRows, indices, values, count, cols);
}
export function indexAdd64(out: usize, outRows: i32, indices: usize, values: usize, count: i32, cols: i32): i32 {
  return indexAdd<f64>(out, outRows, indices, values, count, cols);
}
