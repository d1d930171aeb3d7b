// Compiles lib/tensor/assembly/ with the AssemblyScript compiler, in memory and without any permission.
// Next: build_kernels.ts, which writes the bytes or compares them with the committed ones.
import arithmetic from "../tensor/assembly/arithmetic.ts" with { type: "text" };
import deep from "../tensor/assembly/deep.ts" with { type: "text" };
import functions from "../tensor/assembly/functions.ts" with { type: "text" };
import index from "../tensor/assembly/index.ts" with { type: "text" };
import matmul from "../tensor/assembly/matmul.ts" with { type: "text" };
import reductions from "../tensor/assembly/reductions.ts" with { type: "text" };
import rows from "../tensor/assembly/rows.ts" with { type: "text" };
import softmax from "../tensor/assembly/softmax.ts" with { type: "text" };
import tiles from "../tensor/assembly/tiles.ts" with { type: "text" };
import vectors from "../tensor/assembly/vectors.ts" with { type: "text" };

const sources: Record<string, string> = {
  "arithmetic.ts": arithmetic,
  "deep.ts": deep,
  "functions.ts": functions,
  "index.ts": index,
  "matmul.ts": matmul,
  "reductions.ts": reductions,
  "rows.ts": rows,
  "softmax.ts": softmax,
  "tiles.ts": tiles,
  "vectors.ts": vectors,
};

/**
 * The bytes of the WebAssembly module that assembly/index.ts compiles to, with fused products (relaxed SIMD) or without.
 *
 * @throws Error with the compiler's messages when the source does not compile.
 */
export async function compileKernels({ fused }: { fused: boolean }): Promise<Uint8Array> {
  const asc = await importCompiler();
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    ["index.ts", "--outFile", "kernels.wasm", "--runtime", "stub", "-O3", "--noAssert"]
      .concat(["--importMemory", "--enable", "simd"])
      .concat(fused ? ["--enable", "relaxed-simd"] : []),
    {
      readFile: (name) => sources[name] ?? null,
      writeFile: (name, contents) => {
        if (name === "kernels.wasm") wasm = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error || !wasm) throw new Error(`The kernels do not compile:\n${stderr}`);
  return wasm;
}

// The compiler reads environment variables when it loads, to decide on colours. With a stand-in for `process`, nobody
// has to allow that.
async function importCompiler() {
  const real = globalThis.process;
  const { versions, hrtime, umask, platform } = real;
  const standIn = { env: {}, argv: [], cwd: () => "/", platform, versions, hrtime, umask };
  Object.defineProperty(globalThis, "process", { value: standIn, configurable: true, writable: true });
  try {
    return await import("assemblyscript/asc");
  } finally {
    Object.defineProperty(globalThis, "process", { value: real, configurable: true, writable: true });
  }
}
