// The inner loops, in AssemblyScript: TypeScript's syntax compiled to WebAssembly, here with its 128-bit SIMD.
//
// Every kernel works on the memory in lib/tensor/memory.ts. Pointers (`usize`) are byte offsets into it; sizes and strides
// count elements. The code is generic over f32 and f64: a vector `v128` holds four f32 or two f64.
// It is compiled twice: with a multiplication and the addition after it fused (relaxed SIMD), and without, for engines that
// do not have that. vectors.ts asks the compiler which; lib/tensor/README.md says how much time that saves.
// Left out: shapes, broadcasting and errors, which operations.ts handles before it calls a kernel.
// After a change: `deno task kernels`. `deno task ok` compiles these files again and compares the bytes.
export * from "./arithmetic";
export { exp32, exp64, log32, log64, neg32, neg64, reciprocal32, reciprocal64 } from "./functions";
export { rsqrt32, rsqrt64, sqrt32, sqrt64, tanh32, tanh64 } from "./functions";
export * from "./softmax";
export * from "./reductions";
export * from "./rows";
export * from "./matmul";

/** The first byte after the compiler's own tables. */
export function heapBase(): usize {
  return __heap_base;
}
