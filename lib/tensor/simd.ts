// The kernels in WebAssembly, with 128-bit SIMD: compiled from lib/tensor/assembly/, and called here with the operands that
// lib/tensor/kernels.ts describes. There are two modules of the same source, one with multiplications and additions fused
// (relaxed SIMD), and one without, for engines that do not have that. Next: assembly/index.ts.
import type { Binary, DividedReduction, Kernels, KernelSet, Matrix, Unary } from "./kernels.ts";
import { memory, room, TABLES_END } from "./memory.ts";
import { fused, separate } from "./wasm.generated.ts";

type UnaryCall = (out: number, a: number, n: number) => void;
type BinaryCall = (
  out: number,
  a: number,
  b: number,
  rows: number,
  cols: number,
  aRow: number,
  aCol: number,
  bRow: number,
  bCol: number,
) => void;
type ReductionCall = (out: number, a: number, outer: number, len: number, inner: number, divisor: number) => void;
type RowsCall = (out: number, a: number, rows: number, cols: number) => void;

/** What assembly/ exports: each of these for f32, its name followed by 32, and for f64, followed by 64. */
interface Exports {
  add: BinaryCall;
  sub: BinaryCall;
  mul: BinaryCall;
  div: BinaryCall;
  addScaled(out: number, a: number, alpha: number, n: number): void;
  neg: UnaryCall;
  reciprocal: UnaryCall;
  sqrt: UnaryCall;
  rsqrt: UnaryCall;
  exp: UnaryCall;
  log: UnaryCall;
  tanh: UnaryCall;
  sum: ReductionCall;
  variance: ReductionCall;
  max(out: number, indices: number, a: number, outer: number, len: number, inner: number): void;
  softmax: RowsCall;
  logSoftmax: RowsCall;
  transpose: RowsCall;
  panelBytes(m: number, n: number, k: number, transposed: number): number;
  matmul(
    out: number,
    a: number,
    b: number,
    m: number,
    n: number,
    k: number,
    bias: number,
    transposed: number,
    panels: number,
  ): void;
  gather(out: number, table: number, rows: number, cols: number, indices: number, count: number): number;
  indexAdd(table: number, rows: number, indices: number, source: number, count: number, cols: number): number;
}

const binary = (call: BinaryCall) => ({ out, rows, cols, a, aRow, aCol, b, bRow, bCol }: Binary) =>
  call(out, a, b, rows, cols, aRow, aCol, bRow, bCol);

const unary = (call: UnaryCall) => ({ out, a, n }: Unary) => call(out, a, n);

const reduction = (call: ReductionCall) => ({ out, a, outer, len, inner, divisor }: DividedReduction) =>
  call(out, a, outer, len, inner, divisor);

const byRows = (call: RowsCall) => ({ out, a, rows, cols }: Matrix) => call(out, a, rows, cols);

function kernels(exports: WebAssembly.Exports, bits: 32 | 64): Kernels {
  const own = Object.entries(exports).filter(([name]) => name.endsWith(`${bits}`));
  const wasm = Object.fromEntries(own.map(([name, f]) => [name.slice(0, -2), f])) as unknown as Exports;
  return {
    add: binary(wasm.add),
    sub: binary(wasm.sub),
    mul: binary(wasm.mul),
    div: binary(wasm.div),
    addScaled: ({ out, a, alpha, n }) => wasm.addScaled(out, a, alpha, n),
    neg: unary(wasm.neg),
    reciprocal: unary(wasm.reciprocal),
    sqrt: unary(wasm.sqrt),
    rsqrt: unary(wasm.rsqrt),
    exp: unary(wasm.exp),
    log: unary(wasm.log),
    tanh: unary(wasm.tanh),
    sum: reduction(wasm.sum),
    variance: reduction(wasm.variance),
    max: ({ out, indices, a, outer, len, inner }) => wasm.max(out, indices, a, outer, len, inner),
    softmax: byRows(wasm.softmax),
    logSoftmax: byRows(wasm.logSoftmax),
    matmul({ out, a, b, m, n, k, transposed, bias }) {
      // The kernel copies some rows of a at a time, into free memory. A boolean would cost Bun a microsecond.
      const panels = room(wasm.panelBytes(m, n, k, Number(transposed)));
      wasm.matmul(out, a, b, m, n, k, bias ?? 0, Number(transposed), panels);
    },
    transpose: byRows(wasm.transpose),
    gather: ({ out, table, rows, cols, indices, count }) => wasm.gather(out, table, rows, cols, indices, count),
    indexAdd: ({ table, rows, cols, indices, count, source }) =>
      wasm.indexAdd(table, rows, indices, source, count, cols),
  };
}

/** The kernels of one of the two modules. */
export function instantiate(bytes: Uint8Array<ArrayBuffer>): KernelSet {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const { heapBase } = exports as unknown as { heapBase(): number };
  if (heapBase() > TABLES_END) {
    throw new Error("The kernels' tables do not fit below TABLES_END in memory.ts.");
  }
  const float32 = kernels(exports, 32);
  // Copying int32 and bool is the same as copying float32: 32 bits each.
  return { float32, float64: kernels(exports, 64), int32: float32, bool: float32 };
}

/** The two modules, the faster first. A runtime that is too old has no fromHex, and has to get as far as the sentence about that. */
export const modules: readonly Uint8Array<ArrayBuffer>[] = [fused, separate].map((hex) =>
  Uint8Array.fromHex?.(hex) ?? new Uint8Array()
);

/** The kernels of the first module that the engine accepts; undefined where it accepts neither. */
export function fastest(
  accepts: (bytes: Uint8Array<ArrayBuffer>) => boolean = WebAssembly.validate,
): KernelSet | undefined {
  const module = modules.find((bytes) => accepts(bytes));
  return module && instantiate(module);
}
