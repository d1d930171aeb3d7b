// Sum, difference, product and quotient of two operands, element by element.
//
// out (rows, cols) is contiguous. An operand's row stride may be anything; its column stride is 1, or 0 where one value is
// repeated along the row: (1, 64) has strides 0, 1; (32, 1) has 1, 0; a scalar has 0, 0.

const ADD = 0, SUB = 1, MUL = 2, DIV = 3;

@inline
function vectorOf<T>(op: i32, x: v128, y: v128): v128 {
  if (op == ADD) return v128.add<T>(x, y);
  if (op == SUB) return v128.sub<T>(x, y);
  if (op == MUL) return v128.mul<T>(x, y);
  return v128.div<T>(x, y);
}

@inline
function scalarOf<T>(op: i32, x: T, y: T): T {
  if (op == ADD) return x + y as T;
  if (op == SUB) return x - y as T;
  if (op == MUL) return x * y as T;
  return x / y as T;
}

/** One row: 128 bytes at a time, then 16, then one by one. x and y are the operands where they are the same all along. */
@inline
function row<T>(op: i32, out: usize, a: usize, b: usize, bytes: usize, aCol: i32, bCol: i32): void {
  const size = sizeof<T>();
  const x = aCol ? <T>0 : load<T>(a), y = bCol ? <T>0 : load<T>(b);
  const xs = v128.splat<T>(x), ys = v128.splat<T>(y);
  let p: usize = 0;
  for (; p + 128 <= bytes; p += 128) {
    const to = out + p, c = a + p, d = b + p;
    v128.store(to, vectorOf<T>(op, aCol ? v128.load(c) : xs, bCol ? v128.load(d) : ys));
    v128.store(to, vectorOf<T>(op, aCol ? v128.load(c, 16) : xs, bCol ? v128.load(d, 16) : ys), 16);
    v128.store(to, vectorOf<T>(op, aCol ? v128.load(c, 32) : xs, bCol ? v128.load(d, 32) : ys), 32);
    v128.store(to, vectorOf<T>(op, aCol ? v128.load(c, 48) : xs, bCol ? v128.load(d, 48) : ys), 48);
    v128.store(to, vectorOf<T>(op, aCol ? v128.load(c, 64) : xs, bCol ? v128.load(d, 64) : ys), 64);
    v128.store(to, vectorOf<T>(op, aCol ? v128.load(c, 80) : xs, bCol ? v128.load(d, 80) : ys), 80);
    v128.store(to, vectorOf<T>(op, aCol ? v128.load(c, 96) : xs, bCol ? v128.load(d, 96) : ys), 96);
    v128.store(to, vectorOf<T>(op, aCol ? v128.load(c, 112) : xs, bCol ? v128.load(d, 112) : ys), 112);
  }
  for (; p + 16 <= bytes; p += 16) {
    v128.store(out + p, vectorOf<T>(op, aCol ? v128.load(a + p) : xs, bCol ? v128.load(b + p) : ys));
  }
  for (; p < bytes; p += size) {
    store<T>(out + p, scalarOf<T>(op, aCol ? load<T>(a + p) : x, bCol ? load<T>(b + p) : y));
  }
}

@inline
function binary<T>(
  op: i32, out: usize, a: usize, b: usize, rows: i32, cols: i32,
  aRow: i32, aCol: i32, bRow: i32, bCol: i32,
): void {
  const size = sizeof<T>(), bytes = <usize>cols * size;
  for (let i = 0; i < rows; i++) {
    // Four rows of code, each with its constants, so that none asks again per vector.
    if (aCol & bCol) row<T>(op, out, a, b, bytes, 1, 1);
    else if (aCol) row<T>(op, out, a, b, bytes, 1, 0);
    else if (bCol) row<T>(op, out, a, b, bytes, 0, 1);
    else row<T>(op, out, a, b, bytes, 0, 0);
    out += bytes;
    a += <usize>aRow * size;
    b += <usize>bRow * size;
  }
}

export function add32(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  binary<f32>(ADD, out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}
export function add64(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  binary<f64>(ADD, out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}
export function sub32(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  binary<f32>(SUB, out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}
export function sub64(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  binary<f64>(SUB, out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}
export function mul32(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  binary<f32>(MUL, out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}
export function mul64(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  binary<f64>(MUL, out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}
export function div32(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  binary<f32>(DIV, out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}
export function div64(out: usize, a: usize, b: usize, rows: i32, cols: i32, aRow: i32, aCol: i32, bRow: i32, bCol: i32): void {
  binary<f64>(DIV, out, a, b, rows, cols, aRow, aCol, bRow, bCol);
}

// out += alpha · a, of n elements: a step of gradient descent.
@inline
function addScaled<T>(out: usize, a: usize, alpha: f64, n: i32): void {
  const size = sizeof<T>(), bytes = <usize>n * size, factor = <T>alpha, factors = v128.splat<T>(factor);
  let p: usize = 0;
  for (; p + 64 <= bytes; p += 64) {
    const to = out + p, from = a + p;
    v128.store(to, v128.add<T>(v128.load(to), v128.mul<T>(v128.load(from), factors)));
    v128.store(to, v128.add<T>(v128.load(to, 16), v128.mul<T>(v128.load(from, 16), factors)), 16);
    v128.store(to, v128.add<T>(v128.load(to, 32), v128.mul<T>(v128.load(from, 32), factors)), 32);
    v128.store(to, v128.add<T>(v128.load(to, 48), v128.mul<T>(v128.load(from, 48), factors)), 48);
  }
  for (; p + 16 <= bytes; p += 16) {
    v128.store(out + p, v128.add<T>(v128.load(out + p), v128.mul<T>(v128.load(a + p), factors)));
  }
  for (; p < bytes; p += size) {
    store<T>(out + p, (load<T>(out + p) + ((load<T>(a + p) * factor) as T)) as T);
  }
}

export function addScaled32(out: usize, a: usize, alpha: f64, n: i32): void { addScaled<f32>(out, a, alpha, n); }
export function addScaled64(out: usize, a: usize, alpha: f64, n: i32): void { addScaled<f64>(out, a, alpha, n); }
