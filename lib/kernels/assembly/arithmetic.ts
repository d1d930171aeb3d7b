// Sum, difference, product and quotient of two operands, element by element.
//
// out (rows, cols) is contiguous. An operand's row stride is free; its column stride is 1, or 0 where one value serves
// the whole row: (1, 64) has strides 0, 1; (32, 1) has 1, 0; a scalar 0, 0.

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

@inline
function binary<T>(
  op: i32, out: usize, a: usize, b: usize, rows: i32, cols: i32,
  aRow: i32, aCol: i32, bRow: i32, bCol: i32,
): void {
  const size = sizeof<T>();
  const bytes = <usize>cols * size;
  const vectorBytes = bytes & ~15;
  for (let i = 0; i < rows; i++) {
    let p: usize = 0;
    if (aCol & bCol) {
      for (; p < vectorBytes; p += 16) v128.store(out + p, vectorOf<T>(op, v128.load(a + p), v128.load(b + p)));
      for (; p < bytes; p += size) store<T>(out + p, scalarOf<T>(op, load<T>(a + p), load<T>(b + p)));
    } else if (aCol) {
      const y = load<T>(b), ys = v128.splat<T>(y);
      for (; p < vectorBytes; p += 16) v128.store(out + p, vectorOf<T>(op, v128.load(a + p), ys));
      for (; p < bytes; p += size) store<T>(out + p, scalarOf<T>(op, load<T>(a + p), y));
    } else {
      const x = load<T>(a), xs = v128.splat<T>(x);
      if (bCol) {
        for (; p < vectorBytes; p += 16) v128.store(out + p, vectorOf<T>(op, xs, v128.load(b + p)));
        for (; p < bytes; p += size) store<T>(out + p, scalarOf<T>(op, x, load<T>(b + p)));
      } else {
        const value = scalarOf<T>(op, x, load<T>(b));
        for (; p < bytes; p += size) store<T>(out + p, value);
      }
    }
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
