// Ctrl-C in exercise 4, as a process: training stops, the rest still happens, and a second one ends it all at once.
// Run like processes.ts: it starts processes.
import { assert, assertEquals } from "@std/assert";
import { spawn } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const exercise = fileURLToPath(new URL("../../exercises/ex4.ts", import.meta.url));
const prefix = "Bun" in globalThis ? [] : ["run", "--no-prompt"];

/** Starts exercise 4 and sends a Ctrl-C when each of these texts has appeared in its output. */
function interruptedAt(...texts: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...prefix, exercise, "--samples", "2"]);
    let out = "", err = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => err += text);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      while (texts.length > 0 && out.includes(texts[0])) {
        texts.shift();
        process.kill(child.pid!, "SIGINT");
      }
    });
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

test("Ctrl-C ends training, and losses, curve, names and summary follow; the exit code is 130", async () => {
  const { code, out, err } = await interruptedAt("10000/ 200000:");
  assertEquals([code, err], [130, ""]);
  for (const part of ["Interrupted after", "train ", "val ", "log10 of the loss", "µs each"]) {
    assert(out.includes(part), `${part} is missing in:\n${out}`);
  }
});

test("a second Ctrl-C ends exercise 4 at once, without a trace", async () => {
  const { code, out, err } = await interruptedAt("10000/ 200000:", "Interrupted after");
  assertEquals([code, err], [130, ""]);
  assert(!out.includes("µs each"), out);
});
