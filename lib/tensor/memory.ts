// The memory that holds all tensors, and which of it may still be read.
//
// It is a WebAssembly memory, because the fast kernels can use no other. It is allocated from the bottom up: an allocation
// moves one pointer. `inScratch` notes the pointer and moves it back at the end of its block, so that a training step's
// temporary tensors are freed together, at no cost. A tensor knows its block; reading it after the block has ended is an
// error, not some other tensor's numbers.
// Left out: freeing a single tensor, and keeping one of a block's tensors after its end (copy its numbers out instead).

const PAGE = 65_536;

/** The memory itself, for the kernels; everything else reads and writes it through `heap`. */
export const memory: WebAssembly.Memory = new WebAssembly.Memory({ initial: 256, maximum: 65_536 });

/** The byte offset at which tensors begin. Below it are the tables compiled into the kernels. */
export const TABLES_END: number = PAGE;

/** Views of the whole memory. They are replaced when it grows, so read them here each time. */
export const heap = {
  float32: new Float32Array(memory.buffer),
  float64: new Float64Array(memory.buffer),
  int32: new Int32Array(memory.buffer),
  bool: new Int32Array(memory.buffer),
};

/** A part of the program whose tensors are freed together. */
export class Block {
  /** False once the block has ended: its tensors may not be read any more. */
  alive = true;
  /** The byte offset that the pointer returns to at its end. */
  readonly start: number;
  /** The block around it. */
  readonly outer: Block | undefined;

  /** Opened by `scratch()`. */
  constructor(start: number, outer: Block | undefined) {
    this.start = start;
    this.outer = outer;
  }

  /** Ends the block. */
  end(): void {
    if (!this.alive) return;
    if (innermost !== this) {
      throw new Error(
        "A scratch block has to end after the ones opened inside it. Open it with `using` at the top of its block.",
      );
    }
    this.alive = false;
    innermost = this.outer!;
    top = this.start;
  }

  /** Ends the block, and those inside it that were left open, as an error does. */
  close(): void {
    while (this.alive && innermost !== this) innermost.end();
    this.end();
  }

  /** What `using` calls. */
  [Symbol.dispose](): void {
    this.close();
  }
}

let size = memory.buffer.byteLength;
let top = TABLES_END;
let innermost = new Block(top, undefined);

/**
 * Opens a block: every tensor made from here on is freed when the block ends.
 *
 * @example
 * ```ts
 * import { throws } from "node:assert/strict";
 * import { ones } from "./creation.ts";
 * import { scratch } from "./memory.ts";
 *
 * let kept;
 * {
 *   using _ = scratch();
 *   kept = ones([2, 3]);
 * }
 * throws(() => kept.sum(), /scratch block/);
 * ```
 */
export function scratch(): Block {
  return innermost = new Block(top, innermost);
}

/** Does some work and frees the tensors that it made. It must not return one of them. */
export function inScratch<T>(work: () => T): T {
  // All of lib/ does without `using`: Node 22 is to read as far as its sentence (exercise/runtime.ts), and not every browser
  // has Symbol.dispose.
  const block = scratch();
  let isDone = false;
  try {
    const result = work();
    isDone = true;
    return result;
  } finally {
    // An error goes on as it is, whatever it left open.
    if (isDone) block.end();
    else block.close();
  }
}

/** The block in which new tensors are made. */
export function currentBlock(): Block {
  return innermost;
}

/** Bytes of tensor memory in use. */
export function bytesInUse(): number {
  return top;
}

/**
 * Byte offset of `bytes` of new memory, aligned to 64. It is not initialized.
 *
 * @throws RangeError when the memory cannot grow so far.
 */
export function allocate(bytes: number): number {
  const start = room(bytes);
  top = Math.ceil((start + bytes) / 64) * 64;
  return start;
}

/**
 * Byte offset of `bytes` of free memory, aligned to 64, which is not reserved: the next allocation may take it.
 *
 * @throws RangeError when the memory cannot grow so far.
 */
export function room(bytes: number): number {
  if (!(bytes >= 0 && top + bytes <= size)) grow(bytes);
  return top;
}

function grow(bytes: number): void {
  if (!(Number.isInteger(bytes) && bytes >= 0)) {
    throw new RangeError(`Memory is given in whole bytes; asked for ${bytes}.`);
  }
  // Grow by at least a quarter, so that many small allocations do not make it grow many times.
  const missing = Math.ceil((top + bytes - size) / PAGE), generous = Math.ceil(size / PAGE / 4);
  for (const pages of [Math.max(missing, generous), missing]) {
    try {
      memory.grow(pages);
      size = memory.buffer.byteLength;
      heap.float32 = new Float32Array(memory.buffer);
      heap.float64 = new Float64Array(memory.buffer);
      heap.int32 = heap.bool = new Int32Array(memory.buffer);
      return;
    } catch {
      // Refused: by the limit of 4 GiB, or by the machine. Try less, then give up below.
    }
  }
  const mebibytes = (n: number) => `${Math.ceil(n / 2 ** 20).toLocaleString("en")} MiB`;
  throw new RangeError(
    `Out of tensor memory: ${mebibytes(bytes)} needed, ${mebibytes(top)} already in use, and the memory cannot grow ` +
      `further (4,096 MiB at most). Make smaller tensors, or fewer of them; the flags --hidden and --batch lower their sizes.`,
  );
}
