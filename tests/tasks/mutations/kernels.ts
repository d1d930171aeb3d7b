// Mistakes in the WebAssembly kernels, and in the plain ones.
import { type Mutation, planted } from "./planted.ts";

export const kernels: readonly Mutation[] = [
  ...planted("lib/tensor/assembly/arithmetic.ts", {
    "tensor/special_values": [["return x / y as T;", "return y / x as T;"]],
    "tensor/broadcast": [
      ["row<T>(op, out, a, b, bytes, 1, 0)", "row<T>(op, out, a, b, bytes, 1, 1)"],
      ["b += <usize>bRow * size;\n  }", "b += <usize>aRow * size;\n  }"],
    ],
    "tensor/kernels": [
      ["((load<T>(a + p) * factor) as T)", "load<T>(a + p)"],
    ],
  }),
  ...planted("lib/tensor/assembly/functions.ts", {
    "tensor/special_values": [
      ["rest = rounded32x4(f32x4.sub(n, f32x4.sub(half,", "rest = rounded32x4(f32x4.sub(n, f32x4.add(half,"],
      ["half = rounded64x2(f64x2.mul(n, c64(HALF64, 0)))", "half = rounded64x2(f64x2.mul(n, c64(ONE64, 0)))"],
      ["v128.splat<T>(<T>NaN), y, v128.lt<T>", "v128.splat<T>(<T>NaN), y, v128.le<T>"],
      ["v128.or(y, v128.and(x, f64x2.splat(-0.0)))", "y"],
    ],
    "tensor/kernels": [
      ["memory.data<f32>([-2.12194440e-4])", "memory.data<f32>([2.12194440e-4])"],
      ["5.12229709037114e-08", "5.12229709037114e-07"],
      ["fma<f64>(f64x2.mul(more, q), less, p)", "fma<f64>(f64x2.mul(less, q), more, p)"],
    ],
  }),
  ...planted("lib/tensor/assembly/vectors.ts", {
    "tensor/kernels": [
      ["v128.extract_lane<T>(x, 2) + v128.extract_lane<T>(x, 3)", "v128.extract_lane<T>(x, 2)"],
      ["v128.relaxed_nmadd<T>(x, y, sum)", "v128.relaxed_madd<T>(x, y, sum)"],
    ],
  }),
  ...planted("lib/tensor/assembly/softmax.ts", {
    "tensor/kernels": [
      ["v128.and(last, v128.load(LAST_BYTES + rest)));\n      }\n      const sum", "last);\n      }\n      const sum"],
      ["v128.div<T>(last, sum)", "v128.div<T>(v128.load(out + bytes - 16), sum)"],
      ["v128.and(last, v128.load(LAST_BYTES + rest)));\n  }\n  sum", "last);\n  }\n  sum"],
      ["v128.load(a + p), m), logs)", "v128.load(a + p), logs), logs)"],
    ],
  }),
  ...planted("lib/tensor/assembly/reductions.ts", {
    "tensor/kernels": [
      ["s = v128.add<T>(v128.add<T>(s, v128.load(SUMS, 16))", "s = v128.add<T>(v128.add<T>(s, v128.load(SUMS))"],
      ["for (; p < bytes; p += size) {\n    const one", "for (; p + size < bytes; p += size) {\n    const one"],
      ["return fma<T>(sum, d, d);", "return fma<T>(sum, d, x);"],
      ["one ? v128.splat<T>(load<T>(a)) : v128.load(a)", "v128.load(a)"],
      ["s1 = plus<T>(squares, s1, v128.load(a, 16), m1);", "s1 = plus<T>(squares, s1, v128.load(a, 16), m0);"],
      ["divided<T>(width, out + c, divisor);", "divided<T>(width, out + c, <T>len);"],
      ["a += <usize>len * inner * size;\n  }\n}\n\n// The divisor", "}\n}\n\n// The divisor"],
    ],
    "tensor/reductions": [
      ["atOnce || len < 8 ? 0 : len - 8", "0"],
      ["u1 = f64x2.add(u1, high(s1));", "u1 = f64x2.add(u1, low(s1));"],
    ],
    "tensor/special_values": [
      ["x > best ||", "x >= best ||"],
      ["(x != x && best == best)", "x != x"],
    ],
  }),
  ...planted("lib/tensor/assembly/rows.ts", {
    "tensor/matmul": [
      ["v128.shuffle<u64>(high01, high23, 1, 3)", "v128.shuffle<u64>(high01, high23, 0, 3)"],
      ["load<T>(from + l * aStep)", "load<T>(from + l * size)"],
    ],
    "tensor/indexing": [
      ["(load<T>(to + p) + load<T>(values + p)) as T", "load<T>(values + p)"],
      [">= <u32>outRows) return i;", "> <u32>outRows) return i;"],
    ],
  }),
  ...planted("lib/tensor/assembly/matmul.ts", {
    "tensor/matmul": [
      ["s31 = fma<T>(s31, x, b1);", "s31 = fma<T>(s31, x, b0);"],
      ["s6 = fma<T>(s6, lane4<T>(low, high, 2), y);", "s6 = fma<T>(s6, lane4<T>(low, high, 3), y);"],
      ["<usize>min(j, n - lanes) * size, c", "<usize>j * size, c"],
      ["biasAt<T>(bias, column + 16)", "biasAt<T>(bias, column)"],
      ["v128.add<T>(s7, c)", "s7"],
      ["a + row * <usize>k * size, 4, k)", "a + row * size, 4, k)"],
      ["panel = from;\n        for", "panel = panels;\n        for"],
      ["again ? to : out", "again ? out : out"],
    ],
    "tensor/memory": [
      ["last = m - 4;", "last = m - 3;"],
      ["<usize>min(j, n - lanes) * size;", "<usize>j * size;"],
    ],
  }),
];

export const plain: readonly Mutation[] = [
  ...planted("lib/tensor/plain.ts", {
    "tensor/rows tensor/matmul tensor/indexing": [
      ["x[to + j * rows + i] = x[from", "x[to + i * cols + j] = x[from"],
      ["if (row < 0 || row >= rows) return i;", "if (row < 0 || row > rows) return i;"],
      ["transposed ? [1, m] : [k, 1]", "transposed ? [1, k] : [k, 1]"],
    ],
    "tensor/broadcast tensor/arithmetic": [
      ["x[right + i * bRow + j * bCol]", "x[right + i * aRow + j * bCol]"],
      ["x[to + i] += round(factor * x[from + i]);", "x[to + i] += x[from + i];"],
    ],
    "tensor/functions tensor/special_values": [
      ["1 / round(Math.sqrt(x))", "Math.sqrt(x)"],
      ["m = Math.max(m, heap[dtype][from + j]);", "m = heap[dtype][from + j];"],
    ],
    "tensor/reductions": [
      ["= sum / divisor;", "= sum;"],
      ["= squares / divisor;", "= squares / len;"],
    ],
  }),
  ...planted("lib/tensor/simd.ts", {
    "tensor/kernels": [
      ["Number(transposed), copied, panels", "0, copied, panels"],
      ["modules.find((bytes) => accepts(bytes))", "modules.findLast((bytes) => accepts(bytes))"],
    ],
    "tensor/memory": [["room(copied * k * bits / 8)", "room(0)"]],
  }),
];
