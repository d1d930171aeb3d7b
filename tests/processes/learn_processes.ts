// `deno task learn` as a whole process, under Deno and under Bun: a blank is written and run, a save runs it again, an endless
// loop and a deleted file do no harm, and keys work.
import { assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { copyCheckout, runToEnd } from "./child.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const hasBun = await runToEnd(["bun", "--version"], root).then(({ code }) => code === 0, () => false);
const commands: [name: string, command: string[]][] = [["Deno", ["deno", "task", "learn"]]];
if (hasBun) commands.push(["Bun", ["bun", "lib/scripts/learn.ts"]]);

/** As silent as a loop without end, and as deaf, but it lets the processor rest. */
const ENDLESS = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);";

/** A new copy of the checkout. */
function copied(): string {
  const copy = mkdtempSync(join(tmpdir(), "backprop ninja, learn "));
  copyCheckout(copy);
  return copy;
}

/** A session that nobody can press a key in. With `once`, its output is closed after the first piece. */
async function unattended([program, ...args]: string[], once: boolean) {
  const cwd = copied(), env = { ...process.env, NO_COLOR: "1" };
  const child = spawn(program, [...args, "2"], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "", errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    if (once) child.stdout.destroy();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => void (errors += text));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  rmSync(cwd, { recursive: true, force: true });
  return { code, output, errors: errors.replace(/^Task .*\n/gm, "") };
}

/** Sessions on exercise 2 that nobody can press a key in, where things are in the way; all in one copy. */
async function hindered([program, ...args]: string[]) {
  const copy = copied(), learn = [program, ...args, "2"], at = (path: string) => join(copy, path);
  const run = (...command: string[]) => runToEnd(command, copy, { NO_COLOR: "1" });
  try {
    mkdirSync(at("my"));
    await run("mkfifo", "my/.progress.json");
    const pipeForScores = await run("timeout", "60", ...learn);
    const unheard = await run("timeout", "60", "sh", "-c", '"$@" >/dev/full', "sh", ...learn);
    rmSync(at("my/ex2.ts"));
    await run("mkfifo", "my/ex2.ts");
    const pipeForBlank = await run("timeout", "60", ...learn);
    rmSync(at("my"), { recursive: true });
    writeFileSync(at("my"), "");
    return { pipeForScores, unheard, pipeForBlank, noFolder: await run("timeout", "60", ...learn) };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** A session in a copy of the checkout, step by step: each waits for a text and then does something. */
async function play([program, ...args]: string[]) {
  const copy = copied(), file = join(copy, "my/ex2.ts");
  const solved = (blank: string) =>
    blank.replace(/^const dlogits = todo.*$/m, "const dlogits = logits.softmax(1).sub(one_hot(yb, 27)).div(n);");
  const child = spawn(program, args, { cwd: copy, env: { ...process.env, NO_COLOR: "1" } });
  const key = (text: string) => child.stdin.write(text), outputs: string[] = [];
  let blank = "", output = "", step = 0;
  const steps: [wanted: RegExp, then: () => void][] = [
    [/\[1: 0\/26\][^]*q quit/, () => key("2")],
    [/1: 0\/26 {2}\[2: 0\/1\][^]*q quit/, () => {
      blank = readFileSync(file, "utf8");
      key("h");
    }],
    [
      /dlogits, hint 1 of 3/,
      () => writeFileSync(file, blank.replace(/^const dlogits =/m, `${ENDLESS}\n$&`)),
    ],
    [
      /Stopped: my\/ex2\.ts has been\s+silent/,
      () => writeFileSync(file, blank.replace(/^const dlogits =.*$/m, "const dlogits = ;")),
    ],
    [/my\/ex2\.ts, line \d+: [^]*q quit/, () => rmSync(file)],
    [/my\/ex2\.ts is gone/, () => writeFileSync(file, solved(blank))],
    [/\[2 done\][^]*q quit/, () => key("4")],
    [/\[4: 0\/13\][^]*q quit/, () => {
      const solution = readFileSync(join(copy, "exercises/ex4.ts"), "utf8");
      writeFileSync(join(copy, "my/ex4.ts"), solution.replaceAll('"./', '"../exercises/'));
    }],
    [/10000\/ 200000/, () => {
      key("\x03");
      setTimeout(() => key("\x03"), 100);
    }],
    [/Interrupted after [^]*q quit/, () => key("q")],
  ];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    if (step === steps.length || !steps[step][0].test(output)) return;
    outputs.push(output);
    output = "";
    steps[step++][1]();
  });
  const timer = setTimeout(() => child.stdin.end(), 60_000);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearTimeout(timer);
  const kept = existsSync(join(copy, "my/.progress.json"))
    ? readFileSync(join(copy, "my/.progress.json"), "utf8")
    : "{}";
  rmSync(copy, { recursive: true, force: true });
  return { code, outputs, output, kept: JSON.parse(kept) };
}

const played = await Promise.all(commands.map(async ([name, command]) => ({ name, ...await play(command) })));

for (const { name, code, outputs, output, kept } of played) {
  test(`deno task learn's counterpart under ${name} writes, runs, hints, survives a loop, a deleted file and two Ctrl-C, and ends`, () => {
    assertEquals([outputs.length, code], [10, 0], `${outputs.join("\n=====\n")}\n=====\n${output}`);
    assertStringIncludes(outputs[0], "my/ex1.ts is new");
    assertMatch(outputs[6], /\b1\/1 right\nExercise 2 is done\./);
    assertFalse(outputs[9].includes("13/13 right"), outputs[9]); // the second Ctrl-C has ended it
    const open = { right: 0, done: false };
    assertEquals(kept, { 1: { ...open, rows: 26 }, 2: { right: 1, rows: 1, done: true }, 4: { ...open, rows: 13 } });
  });
}

for (const [name, command] of commands) {
  test(`under ${name} a session without keys offers none and writes no escape codes, and one that nobody reads ends`, async () => {
    const [whole, cut] = await Promise.all([unattended(command, false), unattended(command, true)]);
    assertEquals([whole.code, whole.errors], [0, ""]);
    assertStringIncludes(whole.output, "\n0/1 right, next: dlogits, my/ex2.ts:");
    for (const never of ["\x1b", "Press h", "q quit", "checking"]) {
      assertFalse(whole.output.includes(never), whole.output);
    }
    assertEquals([cut.code, cut.errors], [0, ""]);
  });
}

for (const [name, command] of commands) {
  test(`under ${name} a pipe, a file in the place of my/ and a full disk get a sentence, and the session ends`, async () => {
    const { pipeForScores, unheard, pipeForBlank, noFolder } = await hindered(command);
    assertEquals(pipeForScores.code, 0, pipeForScores.stderr);
    assertStringIncludes(pipeForScores.stdout, "[2: 0/1]");
    assertEquals([unheard, pipeForBlank, noFolder].map(({ code }) => code), [1, 1, 1]);
    assertStringIncludes(unheard.stderr, "There is no space left to write to.\n");
    assertStringIncludes(pipeForBlank.stdout, "my/ex2.ts exists and was not changed.");
    assertStringIncludes(noFolder.stdout.replaceAll(/\s+/g, " "), "is a file; blanks are written into a folder");
  });
}
