// What the machine's arithmetic allows: a loop of nothing but fused multiply-adds of 128 bits, in WebAssembly, which every
// product stays below. Twelve sums at a time, so that none waits for the last addition.
// Left out: 256 bits, which WebAssembly does not have.

const SUMS = 12;

/** n as WebAssembly writes whole numbers below 2¹⁴: seven bits a byte. */
const leb = (n: number) => n < 128 ? [n] : [n & 127 | 128, n >> 7];
const section = (id: number, content: number[]) => [id, ...leb(content.length), ...content];

// Opcodes and types of the WebAssembly specification (webassembly.github.io/spec), chapter "Binary Format".
const I32 = 0x7f, F32 = 0x7d;
const V128 = 0x7b, get = (i: number) => [0x20, i];
const set = (i: number) => [0x21, i];
const SPLAT = [0xfd, 0x13], ADD = [0xfd, 0xe4, 0x01], MADD = [0xfd, 0x85, 0x02];

/** The module: run(n: i32, x: f32) adds x · x to each of the sums n times, and keeps their total. */
function bytes(): Uint8Array<ArrayBuffer> {
  const X = 2, first = 3, sums = Array.from({ length: SUMS }, (_, i) => first + i);
  const loop = [
    ...sums.flatMap((s) => [...get(X), ...get(X), ...get(s), ...MADD, ...set(s)]),
    ...[...get(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0], // n = n − 1; again unless it is 0
  ];
  const body = [
    ...[1, 1 + SUMS, V128], // variables
    ...[...get(1), ...SPLAT, ...set(X), 0x03, 0x40, ...loop, 0x0b],
    ...[...get(first), ...sums.slice(1).flatMap((s) => [...get(s), ...ADD]), 0x24, 0, 0x0b],
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 2, I32, F32, 0]),
    ...section(3, [1, 0]),
    ...section(6, [1, V128, 1, 0xfd, 0x0c, ...new Array<number>(16).fill(0), 0x0b]),
    ...section(7, [1, 3, ...new TextEncoder().encode("run"), 0, 0]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ]);
}

/** What `multiplyAdd()` does: multiplications and additions of float32. */
export const operations: number = 20_000 * SUMS * 4 * 2;

/** The loop, some 20 µs of it; undefined where the engine cannot fuse. */
export const multiplyAdd: (() => void) | undefined = loop();

function loop(): (() => void) | undefined {
  const module = bytes();
  if (!WebAssembly.validate(module)) return undefined;
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(module)).exports as {
    run(n: number, x: number): void;
  };
  return () => run(20_000, 1e-3);
}
