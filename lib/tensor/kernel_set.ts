// Which of the two sets of kernels is used: the fast one if the engine has WebAssembly SIMD, else the plain one.
import type { KernelSet } from "./kernels.ts";
import { plain } from "./plain.ts";
import { fastest } from "./simd.ts";

/** The kernels in use, by dtype. */
export const kernels: KernelSet = { ...(fastest() ?? plain) };

/**
 * Uses another set until the end of the block: for tests, and to compare their speed.
 *
 * @example
 * ```ts
 * import { equal } from "node:assert/strict";
 * import { plain } from "./plain.ts";
 * import { ones } from "./creation.ts";
 *
 * using _ = useKernels(plain);
 * equal(ones([2, 3]).sum().item(), 6); // added up by plain.ts
 * ```
 */
export function useKernels(set: KernelSet): Disposable {
  const before = { ...kernels };
  Object.assign(kernels, set);
  return { [Symbol.dispose]: () => void Object.assign(kernels, before) };
}
