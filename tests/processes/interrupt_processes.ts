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

/** Milliseconds from one press of Ctrl-C to the next, when they are two. */
const TWO_PRESSES = 50;

interface Ended {
  code: number | null;
  signal: string | null;
  out: string;
  err: string;
  /** Seconds from each signal to the next output, or to the end where there is none. */
  heard: number[];
}

/** Starts exercise 4 and sends a signal when each of these texts has appeared in its output, and another some seconds later. */
function interrupted(
  flags: readonly string[],
  texts: readonly string[],
  start = command,
  again?: number,
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(start[0], [...start.slice(1), ...flags], { timeout: 60_000, killSignal: "SIGKILL" });
    const left = [...texts], heard: number[] = [];
    const press = () => void (child.exitCode ?? child.signalCode ?? process.kill(child.pid!, "SIGINT"));
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
        setTimeout(() => {
          sent = performance.now();
          press();
        }, TWO_PRESSES);
        if (again !== undefined) setTimeout(press, TWO_PRESSES + 1000 * again);
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

test("two Ctrl-C a twentieth of a second apart are two, a hundredth apart one", async () => {
  // Under Bun no thread hears them, and a busy machine may hear both at once. What follows the first one takes longer than that.
  const clearly = "Bun" in globalThis ? 0.25 : 0.05, flags = ["--samples", "1000", "--hidden", "150"];
  for (const [apart, isTwo] of [[clearly, true], [0.01, false]] as const) {
    let ended = await interrupted(flags, ["10000/ 200000:"], command, apart);
    // On a busy machine the two may be further apart, or nearer.
    for (let i = 0; i < 3 && ended.out.includes("µs each") === isTwo; i++) {
      ended = await interrupted(flags, ["10000/ 200000:"], command, apart);
    }
    assertEquals([isInterrupt(ended), ended.err], [true, ""], ended.out);
    assertEquals(ended.out.includes("µs each"), !isTwo, ended.out);
  }
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
  // Deno's goes on watching after it: another Ctrl-C ends that.
  const texts = ["10000/ 200000:", ...(isBun ? [] : ["13/13 right"])];
  const { code, out } = await interrupted(small, texts, watched);
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
  const args = [...command.slice(1, -1), file, "--json", ...flags];
  const child = spawn(command[0], args, { timeout: 60_000, killSignal: "SIGKILL" });
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

/** A process's processor time so far in seconds, where it can be known: Deno reads no /proc without every permission. */
function secondsOf(pid: number): number | undefined {
  try {
    const [user, system] = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/, "").split(" ").slice(12, 14);
    return (Number(user) + Number(system)) / 100;
  } catch {
    return undefined;
  }
}

const CUT_SHORT = "The run was ended in the middle, by a signal or by an exit in the file.";

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`with --json, ${signal} while gradients are checked leaves one object, with the rows so far`, async () => {
    const ended = await cut(exercise, ["--hidden", "1000"], signal, 2); // a minute's work
    const { exercise: n, error, rows } = JSON.parse(ended.out);
    assertEquals([ended.code, n, error, rows.length], [signal, 4, CUT_SHORT, 13]);
  });
}

test("with --json, SIGTERM in training leaves one object, too", async () => {
  // With two neurons the training has begun after a second.
  const ended = await cut(exercise, ["--hidden", "2", "--steps", "10000000"], "SIGTERM", 3);
  const { exercise: n, error, rows } = JSON.parse(ended.out);
  assertEquals([ended.code, n, error, rows.length], ["Bun" in globalThis ? 143 : "SIGTERM", 4, CUT_SHORT, 13]);
});

test("with --json, a signal ends a loop that has no end, and leaves one object", async () => {
  const folder = mkdtempSync(join(tmpdir(), "backprop-ninja-"));
  copyCheckout(folder, existsSync(join(root, "node_modules")));
  const file = join(folder, "exercises/loop.ts"), line = 'cmp("probs", dprobs, probs);\n';
  writeFileSync(
    file,
    replaceOnce(readFileSync(join(root, "exercises/ex1.ts"), "utf8"), line, `${line}while (true);\n`),
  );
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const { code, out } = await cut(file, ["--hidden", "3"], signal, 2);
    assertEquals([code, JSON.parse(out).rows.length], [signal, 26]);
  }
  rmSync(folder, { recursive: true });
});

// util-linux's script gives the exercise a terminal, which the progress line needs. It prints the exercise's own number first.
const script = "/usr/bin/script";
if (process.platform === "linux" && existsSync(script)) {
  for (const [signal, expected] of [["SIGTERM", 143], ["SIGHUP", 129]] as const) {
    test(`${signal} in training clears the progress line; the exit code is ${expected}`, async () => {
      // As people start it: what asks for a permission would ask here, and wait.
      const words = command.filter((word) => word !== "--no-prompt").map((word) => `'${word}'`).join(" ");
      const child = spawn(script, ["-qfec", `echo $$; exec ${words} --hidden 20`, "/dev/null"], { timeout: 60_000 });
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
