// Whole processes, under Deno and under Bun: exit codes, JSON, complaints, pipes, denied permissions, a copy with a mistake.
//
//     deno task processes      bun run processes
//
// All processes run first, a few at a time, for a test may take no longer than five seconds under Bun; the tests then
// look at what came out. Everything that writes works on a copy in a temporary folder.
import { assert, assertAlmostEquals, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { LECTURE_NAMES, whyNotLecture } from "../../data/names.ts";
import { copyCheckout, type Result, runToEnd } from "./child.ts";
import { replaceOnce } from "../harness.ts";

interface Runtime {
  name: string;
  /** The command before a script. */
  command: string[];
  /** The same with leave to read and write files, and to ask this machine. */
  open: string[];
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), "backprop-ninja-"));

let free = 4;
const waiting: (() => void)[] = [];

/** Runs a command to its end in the temporary folder, when its turn has come. */
async function run(command: string[], env: Record<string, string> = {}): Promise<Result> {
  if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
  else free--;
  try {
    return await runToEnd(command, temporary, env);
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }
}

const denied = ["read", "write", "net", "env", "run", "ffi", "sys", "import"].map((what) => `--deny-${what}`);
const deno: Runtime = {
  name: "Deno",
  command: ["deno", "run", "--no-prompt", ...denied],
  open: ["deno", "run", "--no-prompt", "--allow-read", "--allow-write", "--allow-net=127.0.0.1"],
};
const bun: Runtime = { name: "Bun", command: ["bun"], open: ["bun"] };
const hasBun = existsSync(join(root, "node_modules")) &&
  await run(["bun", "--version"]).then(({ code }) => code === 0, () => false);
const runtimes = hasBun ? [deno, bun] : [deno];

test("tests/all.ts imports every file of tests", () => {
  const found = readdirSync(join(root, "tests"), { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith("_test.ts")
  );
  const all = readFileSync(join(root, "tests/all.ts"), "utf8");
  const imported = Array.from(all.matchAll(/^import "\.\/(.*)";$/gm), ([, file]) => file);
  assertEquals(imported.toSorted(), found.map((file) => file.replaceAll("\\", "/")).toSorted());
});

const files = readdirSync(join(root, "exercises")).filter((file) => /^ex\d\.ts$/.test(file)).toSorted();
const script = (file: string) => join(root, "exercises", file);
/** Training is kept short. */
const brief = (file: string) => file === "ex4.ts" ? ["--steps", "200", "--hidden", "3", "--samples", "3"] : [];

// --- What runs -----------------------------------------------------------------------------------------------------------

const bad: [args: string[], shown: string[]][] = [
  [["--hidden", "0"], ["--hidden", '"0"', "from 1 to 2,048"]],
  [["--hidden=-3"], ["--hidden", '"-3"', "from 1 to 2,048"]],
  [["--hidden", "1e9"], ["--hidden", '"1e9"', "from 1 to 2,048"]],
  [["--hidden"], ["--hidden", "nothing", "from 1 to 2,048"]],
  [["--seed", "1.5"], ["--seed", '"1.5"', "a whole number from 0 to 4,294,967,295"]],
  [["--seed", "NaN"], ["--seed", '"NaN"', "a whole number from 0 to 4,294,967,295"]],
  [["--seed=1", "--seed=2"], ["--seed", "1, 2", "once"]],
  [["--sed", "1"], ["--sed", "Did you mean --seed?", "--hidden"]],
  [["words"], ['"words"', "--seed", "--hidden"]],
];
const badTraining: typeof bad = [
  [["--steps", "0"], ["--steps", '"0"', "a whole number from 1 to"]],
  [["--batch", "1"], ["--batch", '"1"', "a whole number from 2 to"]],
  [["--lr", "0"], ["--lr", '"0"', "a number from 1e-9 to"]],
];

/** Everything about one exercise under one runtime. */
async function outcomes(file: string, runtime: Runtime) {
  const training = file === "ex4.ts", ex = [...runtime.command, script(file)];
  const quick = [...ex, ...brief(file), ...training ? [] : ["--hidden", "3"], "--seed", "1337"];
  const complaints = { "ex1.ts": bad, "ex4.ts": badTraining }[file] ?? []; // all read their flags in the same way
  const head = ["sh", "-c", '{ "$@"; echo "exit code $?" >&2; } | head -1', "sh", ...quick];
  // Colours are the same for all, and pipes for those that do not train.
  const coloured = file === "ex2.ts", closed = coloured || training;
  const [plain, json, help, piped, without, forced, ...complained] = await Promise.all([
    run(quick),
    run([...ex, ...brief(file), "--json"]),
    run([...ex, "--help"]),
    closed ? run(head) : undefined,
    coloured ? run(quick, { NO_COLOR: "1" }) : undefined,
    coloured ? run(quick, { FORCE_COLOR: "1" }) : undefined,
    ...complaints.map(([args]) => run([...ex, ...args])),
  ]);
  return {
    ...{ file, runtime, plain, json, help, piped, without, forced },
    complained: complaints.map(([args, shown], i) => ({ args, shown, result: complained[i]! })),
  };
}

/** The lecture's list, where `deno task lecture-names` has put it. */
const listed = join(root, "data/lecture-names.txt"), lecture = existsSync(listed) ? listed : undefined;

/** A copy of the exercises with a mistake in exercise 1, and the task that puts the lecture's names into it. */
async function inCopy({ name, command, open }: Runtime) {
  const copy = join(temporary, `Rückwärts, à pied (${name})`), at = (path: string) => join(copy, path);
  copyCheckout(copy, hasBun);
  rmSync(at("data/lecture-names.txt"), { force: true });

  const source = readFileSync(at("exercises/ex1.ts"), "utf8"), line = "const dh = dlogits.matmul(w2.T);";
  writeFileSync(at("exercises/wrong.ts"), replaceOnce(source, line, "const dh = dlogits.matmul(w2.T).mul(1.001);"));
  writeFileSync(at("exercises/throws.ts"), replaceOnce(source, line, "const dh = dlogits.matmul(w2);"));
  const lineNumber = source.slice(0, source.indexOf(line)).split("\n").length;
  const [right, wrong, wrongJson, throws] = await Promise.all([
    run([...command, at("exercises/ex1.ts"), "--hidden", "3"]),
    run([...command, at("exercises/wrong.ts"), "--hidden", "3"]),
    run([...command, at("exercises/wrong.ts"), "--hidden", "3", "--json"]),
    run([...command, at("exercises/throws.ts"), "--hidden", "3"]),
  ]);

  writeFileSync(at("short.txt"), "emma\n");
  writeFileSync(at("other.txt"), "a".repeat(LECTURE_NAMES.bytes));
  const target = at("data/lecture-names.txt"), left = () => [target, target + ".part"].filter((f) => existsSync(f));
  const take = async (...args: string[]) => {
    const result = await run([...open, at("lib/scripts/lecture_names.ts"), ...args]);
    return { ...result, left: left() };
  };
  const short = await take("--from", at("short.txt")), other = await take("--from", at("other.txt"));
  const missing = await take("--from", at("missing.txt")), nothing = await take("--from");
  const unknown = await take("--form", at("short.txt"));
  const empty = await take("--from", ""), twice = await take("--from", at("short.txt"), "--from", "b");
  const endless = await withEndlessAnswer((address) => take("--from", address));
  const taken = lecture ? await take("--from", lecture) : undefined;
  const bytes = taken?.left.includes(target) ? new Uint8Array(readFileSync(target)) : undefined;
  const again = taken && await take("--from", at("short.txt")), kept = existsSync(target);
  writeFileSync(target, "emma\n");
  const spoilt = await run([...command, at("exercises/ex4.ts")]);
  writeFileSync(target, new Uint8Array(LECTURE_NAMES.bytes).fill(255));
  const noText = await run([...command, at("exercises/ex4.ts")]);
  return {
    ...{ name, right, wrong, wrongJson, throws, lineNumber, short, other, missing, nothing, unknown, taken, bytes },
    ...{ empty, twice, endless, again, kept, spoilt, noText },
  };
}

/** An address of this machine that answers without end, for as long as `use` takes. */
async function withEndlessAnswer<T>(use: (address: string) => Promise<T>): Promise<T> {
  const server = createServer((_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write("a".repeat(1 << 16)));
    };
    response.on("drain", more);
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await use(`HTTP://127.0.0.1:${(server.address() as AddressInfo).port}/names.txt`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Exercise 1 under Node, where there is one that runs TypeScript by itself. */
async function underNode(): Promise<Result | undefined> {
  const { stdout } = await run(["node", "-p", "process.features.typescript"]).catch(() => ({ stdout: "" }));
  return stdout === "strip\n"
    ? await run(["node", "--disable-warning=ExperimentalWarning", script("ex1.ts")])
    : undefined;
}

/** What becomes of output that a full disk does not take, with each of these flags, under each runtime. */
const unheard = Promise.all(
  runtimes.flatMap(({ name, command }) =>
    [[], ["--json"], ["--graph"], ["--help"], ["--help", "--json"]].map(async (flags) => ({
      under: [name, ...flags].join(" "),
      ...await run(["sh", "-c", '"$@" >/dev/full', "sh", ...command, script("ex2.ts"), ...flags]),
    }))
  ),
);

/** Exercise 2 under Bun in a terminal that knows no escape codes, where there is a program that makes one. */
async function onDumbTerminal(): Promise<Result | undefined> {
  const inTerminal = ["script", "-qec", `bun "${script("ex2.ts")}"`, "/dev/null"];
  return hasBun ? await run(inTerminal, { TERM: "dumb" }).catch(() => undefined) : undefined;
}

const [all, copies, node, dumb, full] = await Promise.all([
  Promise.all(files.flatMap((file) => runtimes.map((runtime) => outcomes(file, runtime)))),
  Promise.all(runtimes.map(inCopy)),
  underNode(),
  onDumbTerminal(),
  unheard,
]).finally(() => rmSync(temporary, { recursive: true, force: true }));

// --- What must have come out ------------------------------------------------------------------------------------------------

interface Report {
  exercise: number;
  loss?: number;
  train?: number;
  val?: number;
  rows: { name: string; shape: number[]; status: string; maxdiff: number | null; remark?: string }[];
  seconds: number;
}

const report = ({ stdout }: Result) => JSON.parse(stdout) as Report;
const hasColour = (text: string) => text.includes(String.fromCharCode(27));

function assertNoTrace({ stdout, stderr }: Result) {
  assertFalse((stdout + stderr).includes("    at "), stdout + stderr);
}

/** One sentence or two on one line, and perhaps a line that says where to read more. */
function assertComplaint(result: Result, code: number, ...shown: string[]) {
  assertEquals(result.code, code, result.stderr);
  assertEquals(result.stdout, "");
  assertNoTrace(result);
  const [sentence, ...more] = result.stderr.trimEnd().split("\n");
  for (const text of shown) assertStringIncludes(sentence, text);
  assertMatch(sentence, /[.?)]$/);
  assert(more.length <= 1, result.stderr);
}

if (node) {
  test("Node says in a sentence that the exercises run on Deno or Bun, and how to have Deno", () => {
    assertEquals([node.code, node.stdout], [1, ""]);
    assertEquals(
      node.stderr,
      "These exercises run on Deno or Bun. If you have Node: npx deno run exercises/ex1.ts\n",
    );
  });
} else {
  const skip = "Node is not here, or runs no TypeScript";
  test(`Node says what runs the exercises (${skip})`, { skip }, () => {});
}

test("where standard output takes nothing, a sentence says so, and the exit code is 1", () => {
  for (const { under, code, stdout, stderr } of full) {
    assertEquals([code, stdout, stderr], [1, "", "There is no space left to write to.\n"], under);
  }
});

const noTerminal = dumb ? false : "Bun is not here, or no program that makes a terminal";
test("Bun writes no escape codes on a terminal that knows none", { skip: noTerminal }, () => {
  assertEquals(dumb!.code, 0, dumb!.stdout);
  assertStringIncludes(dumb!.stdout, "right");
  assertFalse(hasColour(dumb!.stdout), dumb!.stdout);
});

if (!hasBun) {
  const skip = "Bun is not here, or has not installed: bun install";
  test(`everything is the same under Bun (${skip})`, { skip }, () => {});
}

for (const { file, runtime: { name }, plain, json, help, piped, without, forced, complained } of all) {
  const n = Number(file[2]), under = `${file} under ${name}`;

  test(`${under} needs no permission, has all rows right at another size, exits with 0, and complains of nothing`, () => {
    assertEquals([plain.code, plain.stderr], [0, ""], plain.stdout);
    assertMatch(plain.stdout, /\b(\d+)\/\1 right\n$/);
    assertFalse(hasColour(plain.stdout), "colours in a pipe");
  });

  test(`${under} prints exactly one JSON object with --json, and nothing to standard error`, () => {
    assertEquals([json.code, json.stderr], [0, ""]);
    assertEquals(json.stdout.trimEnd().split("\n").length, 1);
    const { exercise, loss, train, val, rows, seconds } = report(json);
    assertEquals(exercise, n);
    for (const x of n === 4 ? [train, val] : [loss]) assert(Number.isFinite(x), json.stdout);
    assert(seconds > 0 && seconds < 600, String(seconds));
    assert(rows.length > 0);
    for (const row of rows) {
      assertEquals(Object.keys(row), ["name", "shape", "status", "maxdiff"]);
      assert(typeof row.name === "string" && row.shape.every(Number.isInteger), JSON.stringify(row));
      assertEquals(row.status, "ok", row.name);
      assert(row.maxdiff !== null && row.maxdiff >= 0 && row.maxdiff < 1e-5, JSON.stringify(row));
    }
  });

  test(`${under} prints its flags with --help and exits with 0`, () => {
    assertEquals([help.code, help.stderr], [0, ""]);
    for (const text of [`exercises/${file}`, "--seed", "--hidden", "--json", "--help"]) {
      assertStringIncludes(help.stdout, text);
    }
  });

  if (complained.length > 0) {
    test(`${under} refuses bad flags with exit code 2 and a sentence naming flag, value and what is allowed`, () => {
      for (const { shown, result } of complained) assertComplaint(result, 2, ...shown);
    });
  }

  if (piped) {
    test(`${under} ends quietly when its output is piped into head -1`, () => {
      assertEquals(piped.stderr, "exit code 0\n");
      assertEquals(piped.stdout, plain.stdout.split("\n")[0] + "\n");
    });
  }

  if (without && forced) {
    test(`${under} prints no colours with NO_COLOR, but with FORCE_COLOR also into a pipe`, () => {
      assertEquals([without.code, forced.code], [0, 0]);
      assertEquals([without, forced].map(({ stdout }) => hasColour(stdout)), [false, true]);
    });
  }
}

if (hasBun) {
  for (const file of files) {
    test(`${file} has the same rows and verdicts under Deno and Bun, and the same losses to 1e-6`, () => {
      const [a, b] = all.filter((outcome) => outcome.file === file).map(({ json }) => report(json));
      const verdicts = (r: Report) => r.rows.map(({ name, shape, status }) => ({ name, shape, status }));
      assertEquals(verdicts(a), verdicts(b));
      for (const which of ["loss", "train", "val"] as const) {
        if (a[which] !== undefined) assertAlmostEquals(a[which], b[which]!, 1e-6, which);
      }
    });
  }
}

for (const { name, right, wrong, wrongJson, throws, lineNumber, spoilt, noText, ...names } of copies) {
  test(`a copy of exercise 1 in a folder with spaces and accents runs under ${name}`, () => {
    assertEquals([right.code, right.stderr], [0, ""], right.stdout);
  });

  test(`a copy of exercise 1 with one line made wrong exits with 1 under ${name} and shows the row as wrong`, () => {
    assertEquals([wrong.code, wrong.stderr], [1, ""]);
    assertMatch(wrong.stdout, /^dh +\(32, 3\) +wrong +\d/m);
    assertMatch(wrong.stdout, /^dlogits +\(32, 27\) +ok +\d/m);
    assertMatch(
      wrong.stdout,
      /Stuck\? Add --hint dh to the command\.\n\d+\/26 right, next: dh, exercises\/wrong\.ts:\d+\n$/,
    );
    assertEquals([wrongJson.code, wrongJson.stderr], [1, ""]);
    const [{ name, remark }, follows] = report(wrongJson).rows.filter(({ status }) => status !== "ok");
    assertEquals([name, follows.status], ["h", "follows"]);
    const words = wrong.stdout.split(/\s+/).join(" ");
    for (const text of [remark, follows.remark]) assert(text && words.includes(text), text);
  });

  test(`a copy of exercise 1 with a line that throws exits with 1 under ${name} and names the line, without a trace`, () => {
    assertEquals(throws.code, 1);
    assertNoTrace(throws);
    assertEquals(throws.stderr.split("\n").length, 2, throws.stderr);
    assertStringIncludes(throws.stderr, `throws.ts, line ${lineNumber}: Cannot matrix-multiply shapes (32, 27) and`);
  });

  test(`the task for the lecture's names refuses under ${name} what is not the list, and writes nothing`, () => {
    const { short, other, missing, nothing, unknown } = names;
    assertComplaint(short, 1, "short.txt", "5 bytes instead of 228,145", "Nothing was written");
    assertComplaint(other, 1, "other.txt", "its sha256 is", LECTURE_NAMES.sha256, "Nothing was written");
    assertEquals([missing.code, missing.stdout], [1, ""]);
    assertNoTrace(missing);
    assertStringIncludes(missing.stderr, "missing.txt");
    assertEquals([nothing.code, unknown.code], [2, 2]);
    assertStringIncludes(nothing.stderr, "--from needs one file or address");
    assertStringIncludes(unknown.stderr, "--form");
    const { empty, twice, endless } = names;
    assertEquals([empty.code, twice.code], [2, 2]);
    assertStringIncludes(empty.stderr, "--from needs one file or address; given nothing");
    assertStringIncludes(twice.stderr, "--from is given 2 times");
    assertComplaint(endless, 1, "HTTP://127.0.0.1", "456,290 bytes or more instead of 228,145", "Nothing was written");
    for (const { left } of [short, other, missing, nothing, unknown, empty, twice, endless]) assertEquals(left, []);
  });

  const { taken, bytes, again, kept } = names;
  if (taken && again) {
    test(`the task for the lecture's names takes the right list under ${name}, and a wrong one later leaves it`, async () => {
      assertEquals([taken.code, taken.stderr, taken.left.length], [0, "", 1]);
      assertEquals(await whyNotLecture(bytes!), undefined);
      assertEquals([again.code, kept], [1, true]);
    });
  } else {
    const skip = "data/lecture-names.txt is not here: deno task lecture-names";
    test(`the task takes the lecture's names from a copy under ${name} (${skip})`, { skip }, () => {});
  }

  test(`exercise 4 refuses a spoilt data/lecture-names.txt under ${name} in a sentence`, () => {
    assertComplaint(spoilt, 1, "data/lecture-names.txt is not the lecture's list", "5 bytes instead of 228,145");
    assertComplaint(
      noText,
      1,
      "data/lecture-names.txt is not the lecture's list: it contains more than the letters a to z",
    );
  });
}
