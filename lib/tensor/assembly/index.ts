// The inner loops, in AssemblyScript: TypeScript's syntax compiled to WebAssembly, here with its 128-bit SIMD.
//
// Every kernel works on the one memory that lib/tensor/memory.ts hands out. Pointers (`usize`) are byte offsets into it; sizes
// and strides count elements. All is generic over f32 and f64: a vector `v128` holds 4 of the one or 2 of the other.
// All is compiled twice: with multiplications and additions fused where they follow one another (relaxed SIMD), and
// without, for engines that do not have that. vectors.ts asks the compiler which; README.md says what it gains.
// Left out: shapes, broadcasting rules and errors, which are settled before a kernel is called.
// After a change: `deno task kernels`. `deno task ok` compiles these files again and compares the bytes.
export * from "./arithmetic";
export { exp32, exp64, log32, log64, neg32, neg64, reciprocal32, reciprocal64 } from "./functions";
export { rsqrt32, rsqrt64, sqrt32, sqrt64, tanh32, tanh64 } from "./functions";
export * from "./softmax";
export * from "./reductions";
export * from "./rows";
export * from "./matmul";

/** The first byte that the compiler's own tables leave free. */
export function heapBase(): usize {
  return __heap_base;
}
