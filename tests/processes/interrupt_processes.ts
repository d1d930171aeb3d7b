// Signals to exercise 4 as a process: how soon each is heard in each phase, what still happens, and what is left on the
// terminal. Run by `deno task processes` and `bun run processes`.
import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { replaceOnce } from "../harness.ts";
import { copyCheckout } from "./child.ts";

const root = fileURLToPath(new URL("../..", import.meta.url)), exercise = join(root, "exercises/ex4.ts");
const command = [process.execPath, ...("Bun" in globalThis ? [] : ["run", "--no-prompt"]), exercise];

interface Ended {
  code: number | null;
  signal: string | null;
  out: string;
  err: string;
  /** Seconds from each signal to the next output, or to the end where there is none. */
  heard: number[];
}

/** Starts exercise 4 and sends a signal when each of these texts has appeared in its output. */
function interrupted(flags: readonly string[], texts: readonly string[], start = command): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(start[0], [...start.slice(1), ...flags]);
    const left = [...texts], heard: number[] = [];
    let out = "", err = "", sent = NaN;
    const hear = () => {
      if (sent > 0) heard.push((performance.now() - sent) / 1000);
      sent = NaN;
    };
    child.stderr.setEncoding("utf8").on("data", (text: string) => err += text);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      hear();
      out += text;
      if (left.length > 0 && out.includes(left[0])) {
        left.shift();
        sent = performance.now();
        process.kill(child.pid!, "SIGINT");
      }
    });
    child.on("exit", hear);
    child.on("close", (code, signal) => resolve({ code, signal, out, err, heard }));
  });
}

/** Ended by Ctrl-C: a shell calls it 130 either way. */
const isInterrupt = ({ code, signal }: Ended) => code === 130 || signal === "SIGINT";

const SOON = 0.2;
const small = ["--hidden", "20", "--samples", "2"];

test("Ctrl-C ends training at once, and losses, curve, names and summary follow; the exit code is 130", async () => {
  const { code, out, err, heard } = await interrupted(small, ["10000/ 200000:"]);
  assertEquals([code, err], [130, ""]);
  assertLess(heard[0], SOON);
  for (const part of ["Interrupted after", "train ", "val ", "log10 of the loss", "µs each"]) {
    assertStringIncludes(out, part);
  }
});

test("a second Ctrl-C ends exercise 4 at once, without a trace", async () => {
  const ended = await interrupted(["--hidden", "50"], ["10000/ 200000:", "Interrupted after"]);
  assert(isInterrupt(ended), ended.out);
  assertEquals(ended.err, "");
  assertLess(ended.heard[1], SOON);
  assert(!ended.out.includes("µs each"), ended.out);
});

test("Ctrl-C while gradients are checked ends exercise 4 at once", async () => {
  const ended = await interrupted(["--hidden", "300"], ["dh "]);
  assert(isInterrupt(ended), ended.out);
  assertEquals(ended.err, "");
  assertLess(ended.heard[0], SOON);
  assert(!ended.out.includes("dw1 "), ended.out);
});

test("Ctrl-C after training ends exercise 4 at once: nobody listens any more", async () => {
  const ended = await interrupted(["--steps", "500", "--samples", "1000"], ["train "]);
  assert(isInterrupt(ended), ended.out);
  assertEquals(ended.err, "");
  assertLess(ended.heard.at(-1)!, SOON);
  assert(!ended.out.includes("µs each"), ended.out);
});

test("Ctrl-C under --watch ends the training, too, and losses, curve, names and summary follow", async () => {
  const isBun = "Bun" in globalThis, watched = [...command.slice(0, isBun ? 1 : 2), "--watch", exercise];
  const { code, out } = await interrupted(small, ["10000/ 200000:"], watched);
  if (isBun) assertEquals(code, 130);
  for (const part of ["Interrupted after", "train ", "val ", "log10 of the loss", "µs each", "13/13 right"]) {
    assertStringIncludes(out, part);
  }
});

/**
 * Runs a file with --json, sends a signal when it has computed for some seconds, and returns what there is on standard output:
 * with --json nothing shows how far it is.
 */
async function cut(file: string, flags: readonly string[], signal: NodeJS.Signals, seconds: number) {
  const child = spawn(command[0], [...command.slice(1, -1), file, "--json", ...flags]);
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => out += text);
  const began = performance.now();
  const timer = setInterval(() => {
    if ((secondsOf(child.pid!) ?? (performance.now() - began) / 2000) < seconds) return;
    clearInterval(timer);
    process.kill(child.pid!, signal);
  }, 50);
  const code = await new Promise((resolve) => child.on("close", (code, signal) => resolve(code ?? signal)));
  clearInterval(timer);
  return { code, out };
}

/** A process's processor time so far in seconds, where the system says it. */
function secondsOf(pid: number): number | undefined {
  const stat = `/proc/${pid}/stat`;
  if (!existsSync(stat)) return undefined;
  const [user, system] = readFileSync(stat, "utf8").replace(/^.*\)/, "").split(" ").slice(12, 14);
  return (Number(user) + Number(system)) / 100;
}

const CUT_SHORT = "The run was ended in the middle, by a signal or by an exit in the file.";

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  test(`with --json, ${signal} while gradients are checked leaves one object, with the rows so far`, async () => {
    const ended = await cut(exercise, ["--hidden", "1000"], signal, 2); // a minute's work
    const { exercise: n, error, rows } = JSON.parse(ended.out);
    assertEquals([ended.code, n, error, rows.length], ["Bun" in globalThis ? signal : code, 4, CUT_SHORT, 13]);
  });
}

test("with --json, SIGTERM in training leaves one object, too; the exit code is 143", async () => {
  // With two neurons the training has begun after a second.
  const ended = await cut(exercise, ["--hidden", "2", "--steps", "10000000"], "SIGTERM", 3);
  const { exercise: n, error, rows } = JSON.parse(ended.out);
  assertEquals([ended.code, n, error, rows.length], [143, 4, CUT_SHORT, 13]);
});

test("a signal ends a loop that has no end, also with --json; under Bun the object comes even then", async () => {
  const folder = mkdtempSync(join(tmpdir(), "backprop-ninja-"));
  copyCheckout(folder, existsSync(join(root, "node_modules")));
  const file = join(folder, "exercises/loop.ts"), line = 'cmp("probs", dprobs, probs);\n';
  writeFileSync(
    file,
    replaceOnce(readFileSync(join(root, "exercises/ex1.ts"), "utf8"), line, `${line}while (true);\n`),
  );
  const { code, out } = await cut(file, ["--hidden", "3"], "SIGTERM", 2);
  rmSync(folder, { recursive: true });
  assertEquals(code, "SIGTERM");
  if ("Bun" in globalThis) assertEquals(JSON.parse(out).rows.length, 26);
  else assertEquals(out, "");
});

// util-linux's script gives the exercise a terminal, which the progress line needs. It prints the exercise's own number first.
const script = "/usr/bin/script";
if (process.platform === "linux" && existsSync(script)) {
  for (const [signal, expected] of [["SIGTERM", 143], ["SIGHUP", 129]] as const) {
    test(`${signal} in training clears the progress line; the exit code is ${expected}`, async () => {
      const words = command.map((word) => `'${word}'`).join(" ");
      const child = spawn(script, ["-qfec", `echo $$; exec ${words} --hidden 20`, "/dev/null"]);
      let out = "", sent = false;
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        out += text;
        if (!sent && out.includes("steps/s")) {
          sent = true;
          process.kill(parseInt(out), signal);
        }
      });
      const code = await new Promise((resolve) => child.on("close", resolve));
      assertEquals(code, expected, out);
      assert(out.endsWith("\r\x1b[K"), JSON.stringify(out.slice(-200)));
    });
  }
} else {
  const skip = "there is no script command here to give a terminal";
  test(`SIGTERM and SIGHUP in training clear the progress line (${skip})`, { skip }, () => {});
}
