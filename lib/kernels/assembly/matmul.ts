// The matrix product.
//
// out (m, n) = a (m, k) · b (k, n). Rows of b and out are contiguous; a may have any strides, so a transposed left side
// costs nothing. The work is cut into tiles of out, small enough for their running sums to live in registers over the
// whole of k: 4 rows × 2 vectors where it fits, 8 rows × 1 vector at the right edge. Where rows or columns are left over,
// the last tile moves back and overlaps its neighbour: the same sums are computed twice rather than one by one.

@inline
function fma<T>(sum: v128, x: v128, y: v128): v128 {
  return v128.add<T>(sum, v128.mul<T>(x, y));
}

@inline
function splat<T>(p: usize): v128 {
  return sizeof<T>() == 4 ? v128.load32_splat(p) : v128.load64_splat(p);
}

@inline
function tile4x2<T>(out: usize, a: usize, b: usize, k: i32, down: usize, right: usize, bStep: usize, outStep: usize): void {
  let s00 = v128.splat<T>(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  let a0 = a, a1 = a0 + down, a2 = a1 + down, a3 = a2 + down;
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = splat<T>(a0);
    s00 = fma<T>(s00, x, b0);
    s01 = fma<T>(s01, x, b1);
    x = splat<T>(a1);
    s10 = fma<T>(s10, x, b0);
    s11 = fma<T>(s11, x, b1);
    x = splat<T>(a2);
    s20 = fma<T>(s20, x, b0);
    s21 = fma<T>(s21, x, b1);
    x = splat<T>(a3);
    s30 = fma<T>(s30, x, b0);
    s31 = fma<T>(s31, x, b1);
    a0 += right;
    a1 += right;
    a2 += right;
    a3 += right;
    b += bStep;
  }
  v128.store(out, s00);
  v128.store(out, s01, 16);
  out += outStep;
  v128.store(out, s10);
  v128.store(out, s11, 16);
  out += outStep;
  v128.store(out, s20);
  v128.store(out, s21, 16);
  out += outStep;
  v128.store(out, s30);
  v128.store(out, s31, 16);
}

@inline
function tile8x1<T>(out: usize, a: usize, b: usize, k: i32, down: usize, right: usize, bStep: usize, outStep: usize): void {
  let s0 = v128.splat<T>(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  const down2 = down * 2, down3 = down * 3, down4 = down * 4;
  for (let p = 0; p < k; p++) {
    const y = v128.load(b), lower = a + down4;
    s0 = fma<T>(s0, splat<T>(a), y);
    s1 = fma<T>(s1, splat<T>(a + down), y);
    s2 = fma<T>(s2, splat<T>(a + down2), y);
    s3 = fma<T>(s3, splat<T>(a + down3), y);
    s4 = fma<T>(s4, splat<T>(lower), y);
    s5 = fma<T>(s5, splat<T>(lower + down), y);
    s6 = fma<T>(s6, splat<T>(lower + down2), y);
    s7 = fma<T>(s7, splat<T>(lower + down3), y);
    a += right;
    b += bStep;
  }
  v128.store(out, s0);
  v128.store(out + outStep, s1);
  v128.store(out + outStep * 2, s2);
  v128.store(out + outStep * 3, s3);
  out += outStep * 4;
  v128.store(out, s4);
  v128.store(out + outStep, s5);
  v128.store(out + outStep * 2, s6);
  v128.store(out + outStep * 3, s7);
}

@inline
function tile1x1<T>(out: usize, a: usize, b: usize, k: i32, right: usize, bStep: usize): void {
  let s = v128.splat<T>(0);
  for (let p = 0; p < k; p++) {
    s = fma<T>(s, splat<T>(a), v128.load(b));
    a += right;
    b += bStep;
  }
  v128.store(out, s);
}

@inline
function dot<T>(out: usize, a: usize, b: usize, k: i32, right: usize, bStep: usize): void {
  let s: T = 0;
  for (let p = 0; p < k; p++) {
    s = (s + ((load<T>(a) * load<T>(b)) as T)) as T;
    a += right;
    b += bStep;
  }
  store<T>(out, s);
}

@inline
function matmul<T>(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, aRow: i32, aCol: i32): void {
  const size = sizeof<T>(), lanes = <i32>(16 / size);
  const down = <usize>aRow * size, right = <usize>aCol * size, step = <usize>n * size;
  let j = 0;
  if (m >= 4) {
    for (; j + 2 * lanes <= n; j += 2 * lanes) {
      const column = <usize>j * size;
      for (let i = 0; i < m; i += 4) {
        const row = <usize>min(i, m - 4);
        tile4x2<T>(out + row * step + column, a + row * down, b + column, k, down, right, step, step);
      }
    }
  }
  if (n >= lanes) {
    for (; j < n; j += lanes) {
      const column = <usize>min(j, n - lanes) * size;
      if (m >= 8) {
        for (let i = 0; i < m; i += 8) {
          const row = <usize>min(i, m - 8);
          tile8x1<T>(out + row * step + column, a + row * down, b + column, k, down, right, step, step);
        }
      } else {
        for (let i: usize = 0; i < <usize>m; i++) {
          tile1x1<T>(out + i * step + column, a + i * down, b + column, k, right, step);
        }
      }
    }
  } else {
    for (; j < n; j++) {
      const column = <usize>j * size;
      for (let i: usize = 0; i < <usize>m; i++) {
        dot<T>(out + i * step + column, a + i * down, b + column, k, right, step);
      }
    }
  }
}

export function matmul32(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, aRow: i32, aCol: i32): void {
  matmul<f32>(out, a, b, m, n, k, aRow, aCol);
}
export function matmul64(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, aRow: i32, aCol: i32): void {
  matmul<f64>(out, a, b, m, n, k, aRow, aCol);
}
