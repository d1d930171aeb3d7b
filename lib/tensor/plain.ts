// The kernels in plain loops: the version to read. The tests compare the fast one with it, and engines without WebAssembly
// SIMD run it. It calculates in float64 and rounds to the dtype when it stores a number.
// lib/tensor/kernels.ts describes what each kernel reads and writes. Left out: speed. Next: simd.ts.
import type { Binary, Copies, Kernels, KernelSet, Unary } from "./kernels.ts";
import { heap } from "./memory.ts";

/** The kernels that only move elements. `heap[dtype]` is read in each call: it is replaced when the memory grows. */
function copies(dtype: keyof KernelSet): Copies {
  const size = heap[dtype].BYTES_PER_ELEMENT;
  return {
    transpose({ out, a, rows, cols }) {
      const x = heap[dtype], to = out / size, from = a / size;
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < cols; j++) x[to + j * rows + i] = x[from + i * cols + j];
      }
    },

    gather({ out, table, rows, cols, indices, count }) {
      const x = heap[dtype], to = out / size, from = table / size;
      for (let i = 0; i < count; i++) {
        const row = heap.int32[indices / 4 + i];
        if (row < 0 || row >= rows) return i;
        for (let j = 0; j < cols; j++) x[to + i * cols + j] = x[from + row * cols + j];
      }
      return -1;
    },
  };
}

function kernels(dtype: "float32" | "float64"): Kernels {
  const size = heap[dtype].BYTES_PER_ELEMENT;
  const round = dtype === "float32" ? Math.fround : (x: number) => x;

  /** out[i, j] = f(a[i, j], b[i, j]), a and b walked by their strides. */
  const binary =
    (f: (x: number, y: number) => number) => ({ out, rows, cols, a, aRow, aCol, b, bRow, bCol }: Binary) => {
      const x = heap[dtype], to = out / size, left = a / size, right = b / size;
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < cols; j++) {
          x[to + i * cols + j] = f(x[left + i * aRow + j * aCol], x[right + i * bRow + j * bCol]);
        }
      }
    };

  /** out[i] = f(a[i]). */
  const unary = (f: (x: number) => number) => ({ out, a, n }: Unary) => {
    const x = heap[dtype], to = out / size, from = a / size;
    for (let i = 0; i < n; i++) x[to + i] = f(x[from + i]);
  };

  /** The largest of n elements from a position on; NaN if there is one. */
  function largest(from: number, n: number): number {
    let m = -Infinity;
    for (let j = 0; j < n; j++) m = Math.max(m, heap[dtype][from + j]);
    return m;
  }

  return {
    ...copies(dtype),
    add: binary((x, y) => x + y),
    sub: binary((x, y) => x - y),
    mul: binary((x, y) => x * y),
    div: binary((x, y) => x / y),

    addScaled({ out, a, alpha, n }) {
      const x = heap[dtype], to = out / size, from = a / size, factor = round(alpha);
      for (let i = 0; i < n; i++) x[to + i] += round(factor * x[from + i]);
    },

    neg: unary((x) => -x),
    reciprocal: unary((x) => 1 / x),
    sqrt: unary(Math.sqrt),
    rsqrt: unary((x) => 1 / round(Math.sqrt(x))),
    exp: unary(Math.exp),
    log: unary(Math.log),
    tanh: unary(Math.tanh),

    sum({ out, a, outer, len, inner, divisor }) {
      const x = heap[dtype], to = out / size, from = a / size;
      for (let o = 0; o < outer; o++) {
        for (let c = 0; c < inner; c++) {
          let sum = 0;
          for (let i = 0; i < len; i++) sum += x[from + (o * len + i) * inner + c];
          x[to + o * inner + c] = sum / divisor;
        }
      }
    },

    variance({ out, a, outer, len, inner, divisor }) {
      const x = heap[dtype], to = out / size, from = a / size;
      for (let o = 0; o < outer; o++) {
        for (let c = 0; c < inner; c++) {
          let sum = 0, squares = 0;
          for (let i = 0; i < len; i++) sum += x[from + (o * len + i) * inner + c];
          for (let i = 0; i < len; i++) squares += (x[from + (o * len + i) * inner + c] - sum / len) ** 2;
          x[to + o * inner + c] = squares / divisor;
        }
      }
    },

    max({ out, indices, a, outer, len, inner }) {
      const x = heap[dtype], to = out / size, from = a / size;
      for (let o = 0; o < outer; o++) {
        for (let c = 0; c < inner; c++) {
          let best = x[from + o * len * inner + c], at = 0;
          for (let i = 1; i < len && !Number.isNaN(best); i++) {
            const next = x[from + (o * len + i) * inner + c];
            if (next > best || Number.isNaN(next)) [best, at] = [next, i];
          }
          x[to + o * inner + c] = best;
          heap.int32[indices / 4 + o * inner + c] = at;
        }
      }
    },

    softmax({ out, a, rows, cols }) {
      const x = heap[dtype], to = out / size, from = a / size;
      for (let i = 0; i < rows; i++) {
        const m = largest(from + i * cols, cols);
        let sum = 0;
        for (let j = 0; j < cols; j++) sum += x[to + i * cols + j] = Math.exp(x[from + i * cols + j] - m);
        for (let j = 0; j < cols; j++) x[to + i * cols + j] /= sum;
      }
    },

    logSoftmax({ out, a, rows, cols }) {
      const x = heap[dtype], to = out / size, from = a / size;
      for (let i = 0; i < rows; i++) {
        const m = largest(from + i * cols, cols);
        let sum = 0;
        for (let j = 0; j < cols; j++) sum += Math.exp(x[from + i * cols + j] - m);
        for (let j = 0; j < cols; j++) x[to + i * cols + j] = x[from + i * cols + j] - m - Math.log(sum);
      }
    },

    matmul({ out, a, b, m, n, k, transposed, bias }) {
      const x = heap[dtype], to = out / size, left = a / size, right = b / size;
      const [row, step] = transposed ? [1, m] : [k, 1]; // from one row of a to the next, and along it
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let sum = 0;
          for (let p = 0; p < k; p++) sum += x[left + i * row + p * step] * x[right + p * n + j];
          x[to + i * n + j] = bias === undefined ? sum : round(sum) + x[bias / size + j];
        }
      }
    },

    indexAdd({ table, rows, cols, indices, count, source }) {
      const x = heap[dtype], to = table / size, from = source / size;
      const named = heap.int32.subarray(indices / 4, indices / 4 + count);
      const outside = named.findIndex((row) => row < 0 || row >= rows);
      if (outside >= 0) return outside;
      named.forEach((row, i) => {
        for (let j = 0; j < cols; j++) x[to + row * cols + j] += x[from + i * cols + j];
      });
      return -1;
    },
  };
}

/** The kernels in plain loops. */
export const plain: KernelSet = {
  float32: kernels("float32"),
  float64: kernels("float64"),
  int32: copies("int32"),
  bool: copies("bool"),
};
