// Writing to standard output so that it is noticed where nothing can be written: Bun's console.log says nothing of a full disk.
// Left out: what is said then (sentence.ts, lib/scripts).
import process from "node:process";

/** Writes a text, as it is, to standard output. Throws the system's error, with its code, where that cannot be done. */
export function writeOut(text: string): void {
  const { writeSync } = process.getBuiltinModule("node:fs"), bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if ((error as { code?: string }).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1); // a pipe that is full, and takes more in a moment
    }
  }
}
