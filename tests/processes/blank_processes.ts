// Blank copies as whole processes, under Deno and under Bun: written once and never over, refused with a sentence, run,
// checked, filled in, and hinted at.
//
//     deno task processes      bun run processes
//
// As in exercise_processes.ts, all processes run first, in a copy of the checkout in a temporary folder.
import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { exercises as manifest } from "../../exercises/manifest.ts";
import { makeBlank, regions } from "../../lib/exercise/blank.ts";
import { blankOf, choices } from "../../lib/exercise/manifest.ts";
import { fillRegions, replaceOnce } from "../harness.ts";
import { copyCheckout, type Result, runToEnd } from "./child.ts";

interface Runtime {
  name: string;
  /** The command before a script. */
  command: string[];
  /** The command that writes a blank, without its number. */
  blank: string[];
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = (folder: string, command: readonly string[]) => runToEnd(command, folder, { NO_COLOR: "1" });

const deno: Runtime = { name: "Deno", command: ["deno", "run", "--no-prompt"], blank: ["deno", "task", "blank"] };
const bun: Runtime = { name: "Bun", command: ["bun"], blank: ["bun", "lib/scripts/new_blank.ts"] };
const hasBun = existsSync(join(root, "node_modules")) &&
  await run(root, ["bun", "--version"]).then(({ code }) => code === 0, () => false);

const exercises = [1, 2, 3, 4];
const sourceOf = (n: number) => readFileSync(join(root, `exercises/ex${n}.ts`), "utf8");
const badArguments = ["", "0", "5", "-1", "1.0", "one", "1 2", "constructor"].map((text) =>
  text.split(" ").filter(Boolean)
);
const MINE = "// My own line.\n";

/** Exercise 1 with some gradients filled in, changed by `change`. */
function filled(names: readonly string[], change = (text: string) => text): string {
  const solution = regions(sourceOf(1));
  return fillRegions(
    makeBlank(sourceOf(1)),
    ({ name }, i) => names.includes(name) ? change(solution[i].lines.join("")) : undefined,
  );
}

/** What a command that watches a file prints, which is saved when it has run once, until it has run twice. */
function savedWhileWatched(folder: string, [program, ...args]: string[], save: () => void): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: folder, env: { ...process.env, NO_COLOR: "1" } });
    let out = "", runs = 0;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      const ended = out.split("\nStuck? ").length - 1;
      if (ended === runs) return;
      runs = ended;
      if (runs === 1) setTimeout(save, 500);
      else child.kill("SIGKILL");
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), 30_000);
    child.on("close", () => {
      clearTimeout(timer);
      resolve(out);
    });
  });
}

/** All that happens in one copy of the checkout. */
async function inCopy({ name, command, blank }: Runtime) {
  const copy = mkdtempSync(join(tmpdir(), "backprop ninja, à blanc ")), at = (path: string) => join(copy, path);
  try {
    copyCheckout(copy, name === "Bun");
    const start = (...args: string[]) => run(copy, [...command, ...args]);

    const bad = await Promise.all(badArguments.map((args) => run(copy, [...blank, ...args])));
    const without = name === "Deno" ? await start("lib/scripts/new_blank.ts", "1") : undefined;
    const before = existsSync(at("my"));
    const made = await Promise.all(exercises.map((n) => run(copy, [...blank, String(n)])));
    const written = exercises.map((n) => readFileSync(at(`my/ex${n}.ts`), "utf8"));

    const ran = await Promise.all(exercises.map((n) => start(`my/ex${n}.ts`, "--hidden", "3")));
    const json = await Promise.all(exercises.map((n) => start(`my/ex${n}.ts`, "--hidden", "3", "--json")));
    const asked = ["dcounts", "dcounts 2", "counts 3", "nonsense"].map((hint) => ["--hint", ...hint.split(" ")]);
    const hints = await Promise.all(asked.map((args) => start("my/ex1.ts", ...args)));

    const first = regions(sourceOf(1))[0].name;
    writeFileSync(at("my/first.ts"), filled([first]));
    writeFileSync(at("my/wrong.ts"), filled([first], (text) => text.replace("-1 / n", "-1")));
    writeFileSync(at("my/whole.ts"), filled(regions(sourceOf(1)).map(({ name }) => name)));
    writeFileSync(at("my/cut.ts"), filled([first]).replace(/^finish\(.*$/m, ""));
    writeFileSync(at("my/early.ts"), filled([first, "dh"], (text) => text.replace("-1 / n", "-1")));
    const fillings = ["first", "wrong", "whole", "cut", "early"].map((file) => start(`my/${file}.ts`, "--hidden", "3"));
    const [one, wrong, whole, cut, early] = await Promise.all(fillings);
    const watched = await savedWhileWatched(copy, [...command, "--watch", "my/wrong.ts"], () => {
      writeFileSync(at("my/wrong.ts"), filled([first]));
    });

    // What only the text of the file shows.
    const texts = ["const dlogprobs = 1 - logprobs;", "const dlogprob = zeros_like(logprobs);"].map((line) =>
      replaceOnce(written[0], 'const dlogprobs = todo("dlogprobs");', line)
    );
    const quoted = [];
    for (const text of texts) {
      writeFileSync(at("my/ex1.ts"), text);
      quoted.push(await start("my/ex1.ts", "--hidden", "3"));
    }
    writeFileSync(at("my/ex3.ts"), replaceOnce(written[2], 'const dhprebn = todo("dhprebn");', "dhpreact.mul(2);"));
    const nameless = await start("my/ex3.ts");
    // Whatever the file writes, the object is alone.
    const loud =
      'console.log(1), console.table([{ a: 2 }]), console.group("b"), console.count("c"), console.dir({ d: 3 });';
    const louder =
      'process.stdout.write("e\\n"), process.stdout.end("g\\n"), alert("h");\nglobalThis.Bun ? Bun.write(Bun.stdout, "f\\n") : ' +
      'Deno.stdout.writeSync(new TextEncoder().encode("f\\n"));';
    writeFileSync(at("my/ex1.ts"), written[0].replace(/^finish/m, `${loud}\n${louder}\nfinish`));
    const hushed = await start("my/ex1.ts", "--hidden", "3", "--json");
    // Above start, too, in the file and in another that it imports.
    writeFileSync(at("my/mine.ts"), 'console.log("j");\nexport const mine = 1;\n');
    const above = (code: string) =>
      written[0].replace(/^import .*exercise\.ts";$/m, '$&\nimport { mine } from "./mine.ts";').replace(
        /^const flags/m,
        `console.log("k", mine), process.stdout.write("l\\n");\n${code}\n$&`,
      );
    const soon = [];
    for (const code of ["", 'throw new Error("m");', "process.exit(3);", "await Promise.reject(4);"]) {
      writeFileSync(at("my/ex1.ts"), above(code));
      soon.push(await start("my/ex1.ts", "--hidden", "3", "--json"));
    }
    rmSync(at("my/mine.ts"));
    writeFileSync(at("my/ex1.ts"), written[0]);

    writeFileSync(at("my/ex1.ts"), MINE, { flag: "a" });
    const again = await run(copy, [...blank, "1"]), kept = readFileSync(at("my/ex1.ts"), "utf8");

    // Twice over, with another file where the first would be kept.
    writeFileSync(at("my/ex1.1.ts"), "taken\n");
    const over = [await run(copy, [...blank, "1", "--again"]), await run(copy, [...blank, "--again", "1"])];
    const afterwards = ["ex1", "ex1.1", "ex1.2", "ex1.3"].map((file) => readFileSync(at(`my/${file}.ts`), "utf8"));
    const typo = await run(copy, [...blank, "1", "--agian"]);

    // A file may grow to 8 KB only, which no blank of exercise 1 fits into, as on a disk that is nearly full.
    const onFullDisk = ["sh", "-c", 'trap "" XFSZ; ulimit -f 8; exec "$@"', "sh", ...blank];
    rmSync(at("my/ex1.ts"));
    const full = [await run(copy, [...onFullDisk, "1"])], leftEmpty = existsSync(at("my/ex1.ts"));
    writeFileSync(at("my/ex1.ts"), MINE);
    full.push(await run(copy, [...onFullDisk, "1", "--again"]));
    const leftOld = readFileSync(at("my/ex1.ts"), "utf8"), leftParts = readdirSync(at("my"));
    rmSync(at("my/ex1.ts"));
    await run(copy, ["mkfifo", "my/ex1.ts"]);
    const pipe = [await run(copy, [...blank, "1"]), await run(copy, [...blank, "1", "--again"])];
    const unheard = await run(copy, ["sh", "-c", '"$@" >/dev/full', "sh", ...blank, "1", "--again"]);

    const files = ["ex1", "ex2", "ex3", "ex4", "first", "whole"].map((file) => `my/${file}.ts`);
    const checked = name === "Deno" ? await run(copy, ["deno", "check", ...files]) : undefined;
    const inTheWay = [];
    for (const put of [() => writeFileSync(at("my"), MINE), () => symlinkSync("nowhere", at("my"))]) {
      rmSync(at("my"), { recursive: true });
      put();
      inTheWay.push(await run(copy, [...blank, "1"]));
    }
    return {
      ...{
        name,
        blank: blank.join(" "),
        bad,
        without,
        before,
        made,
        written,
        ran,
        json,
        hints,
        one,
        wrong,
        whole,
        cut,
        early,
        watched,
        quoted,
        nameless,
        hushed,
        soon,
        again,
        kept,
        checked,
      },
      ...{ over, afterwards, typo, inTheWay, full, leftEmpty, leftOld, leftParts, pipe, unheard },
    };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const copies = [await inCopy(deno), ...(hasBun ? [await inCopy(bun)] : [])];

// --- What must have come out ------------------------------------------------------------------------------------------------

interface Report {
  exercise: number;
  rows: { name: string; status: string; maxdiff: number | null }[];
}

const said = ({ stdout, stderr }: Result) => stdout + stderr;
const assertNoTrace = (result: Result) => assertFalse(/^ {4}at |[Uu]ncaught/m.test(said(result)), said(result));
/** Without what `deno task` says of itself. */
const complaint = ({ stderr }: Result) =>
  stderr.split("\n").filter((line) => line !== "" && !line.startsWith("Task blank")).join("\n");
const verdicts = ({ stdout }: Result) =>
  [...stdout.matchAll(/^d\w+.* \(.*\) +(ok|wrong|shape|todo)\b/gm)].map(([, status]) => status);
const todo = [26, 1, 9, 13].map((rows) => new Array<string>(rows).fill("todo"));

if (!hasBun) {
  const skip = "Bun is not here, or has not installed: bun install";
  test(`blanks under Bun (${skip})`, { skip }, () => {});
}

for (const { name, bad, without, before, made, written, ran, json, hints, ...rest } of copies) {
  test(`a blank of each exercise is written under ${name}, with the command that runs it`, () => {
    made.forEach((result, i) => {
      assertEquals([result.code, complaint(result)], [0, ""]);
      assertStringIncludes(result.stdout, `my/ex${i + 1}.ts is ready`);
      assertStringIncludes(result.stdout, `${name === "Bun" ? "bun" : "deno run"} --watch my/ex${i + 1}.ts`);
      assertEquals(written[i], blankOf(manifest[i], sourceOf(i + 1)));
    });
  });

  test(`a blank that is there is not written again under ${name}, and is left as it is`, () => {
    assertEquals(rest.again.code, 1);
    assertStringIncludes(complaint(rest.again), "my/ex1.ts exists and was not changed");
    assertEquals(rest.kept, written[0] + MINE);
    assertNoTrace(rest.again);
  });

  test(`--again keeps what was there under a free name under ${name}, says so, and writes a blank`, () => {
    assertEquals(rest.over.map(({ code }) => code), [0, 0]);
    rest.over.forEach(({ stdout }, i) => {
      assertStringIncludes(stdout, `Your old my/ex1.ts is now my/ex1.${i + 2}.ts.`);
      assertStringIncludes(stdout, "my/ex1.ts is ready");
    });
    assertEquals(rest.afterwards, [written[0], "taken\n", written[0] + MINE, written[0]]);
    assertEquals(rest.typo.code, 2);
    assertStringIncludes(complaint(rest.typo), "There is no flag --agian. Did you mean --again?");
  });

  test(`on a full disk a blank is written whole or not at all under ${name}, and what was there is left`, () => {
    for (const result of rest.full) {
      assertEquals([result.code, result.stdout], [1, ""]);
      assertMatch(complaint(result), /ex1\.ts cannot be written: /);
      assertNoTrace(result);
    }
    assertEquals([rest.leftEmpty, rest.leftOld], [false, MINE]);
    assertFalse(rest.leftParts.some((file) => file.endsWith(".part")), rest.leftParts.join(" "));
  });

  test(`a pipe in the place of a blank, and output that nobody can take, are no hindrance under ${name}`, () => {
    const [refused, again] = rest.pipe;
    assertEquals([refused.code, again.code], [1, 0]);
    assertStringIncludes(complaint(refused), "my/ex1.ts exists and was not changed");
    assertStringIncludes(again.stdout, "my/ex1.ts is ready");
    assertNoTrace(rest.unheard);
    assertEquals(rest.unheard.code, 1);
    assertStringIncludes(complaint(rest.unheard), "standard output cannot be written");
  });

  test(`where my is a file, or a link that leads nowhere, a sentence says so under ${name}`, () => {
    const [file, link] = rest.inTheWay;
    assertEquals([file.code, link.code], [1, 1]);
    assertMatch(complaint(file), /my is a file; .*Delete or rename it/);
    assertMatch(complaint(link), /my is a link that leads to no folder; .*Delete or rename it/);
    assertNoTrace(file);
    assertNoTrace(link);
  });

  test(`anything but the number of an exercise is refused under ${name} with exit code 2, and nothing is written`, () => {
    bad.forEach((result, i) => {
      assertEquals(result.code, 2, `${badArguments[i]}: ${said(result)}`);
      assertEquals(result.stdout, "");
      assertStringIncludes(complaint(result), `${rest.blank} ${choices(manifest)}`);
      for (const text of badArguments[i]) assertStringIncludes(complaint(result), text);
      assertNoTrace(result);
    });
    assertFalse(before);
  });

  if (without) {
    test("writing a blank without permissions exits with 1 and names the command that has them, without a trace", () => {
      assertEquals([without.code, without.stdout], [1, ""]);
      assertStringIncludes(without.stderr, "deno task blank 1");
      assertEquals(without.stderr.trimEnd().split("\n").length, 1, without.stderr);
      assertNoTrace(without);
    });
  }

  test(`each blank exits with 1 under ${name}, all rows todo, says which comes first, and does not train`, () => {
    ran.forEach((result, i) => {
      assertEquals([result.code, result.stderr], [1, ""], result.stdout);
      assertEquals(verdicts(result), todo[i], result.stdout);
      const next = ["dlogprobs", "dlogits", "dhprebn", "dlogits"][i];
      assertStringIncludes(result.stdout, `\n0/${todo[i].length} right, next: ${next}`);
      assertMatch(result.stdout, new RegExp(`--hint ${next}\\b`));
      assertNoTrace(result);
    });
    assertStringIncludes(ran[3].stdout, "Training starts when all thirteen are right.");
    assertFalse(ran[3].stdout.includes("steps in"), ran[3].stdout);
  });

  test(`each blank prints one JSON object with --json under ${name}, in which every status is todo`, () => {
    json.forEach((result, i) => {
      assertEquals([result.code, result.stderr], [1, ""]);
      const { exercise, rows } = JSON.parse(result.stdout) as Report;
      assertEquals(exercise, i + 1);
      assertEquals(rows.map(({ status }) => status), todo[i]);
      assert(rows.every(({ maxdiff }) => maxdiff === null));
    });
  });

  test(`what a blank writes in whatever way goes to standard error under ${name} with --json`, () => {
    assertEquals([rest.hushed.code, JSON.parse(rest.hushed.stdout).rows.length], [1, 26]);
    for (const shown of ["1", "a", "2", "b", "c: 1", "d: 3", "e", "f", "g"]) {
      assertStringIncludes(rest.hushed.stderr, shown);
    }
  });

  test(`lines above start may print, throw and end the run under ${name}: with --json one object is left`, () => {
    for (const { stdout, stderr } of rest.soon) {
      assertEquals(stdout.split("\n").length, 2, stdout);
      for (const shown of ["j", "k 1", "l"]) assertStringIncludes(stderr, `${shown}\n`);
      assertFalse(stderr.includes("    at "), stderr);
    }
    assertEquals(rest.soon.map(({ code }) => code), [1, 1, 3, 1]);
    const [whole, ...cut] = rest.soon.map(({ stdout }) => JSON.parse(stdout));
    assertEquals([whole.rows.length, whole.error], [26, undefined]);
    const [thrown, exit, rejected] = cut.map(({ error }) => error);
    assertMatch(thrown, /^my\/ex1\.ts, line \d+: m$/);
    assertMatch(exit, /^The run ended before start/);
    assertEquals(rejected, "4");
  });

  test(`a blank gives hints under ${name} and exits with 0, and with 2 for a gradient that it does not have`, () => {
    const [first, second, third, unknown] = hints;
    assertEquals(hints.map(({ code }) => code), [0, 0, 0, 2]);
    assertMatch(first.stdout, /^dcounts, hint 1 of 3: [^]+\nNext: --hint dcounts 2\n$/);
    assertMatch(second.stdout, /^dcounts, hint 2 of 3: [^]+\nNext: --hint dcounts 3\n$/);
    assertMatch(third.stdout, /^dcounts, hint 3 of 3: [^]+\nThe solution is in\s+exercises\/ex1.ts/);
    for (const { stdout, stderr } of [first, second, third]) {
      assertEquals(stderr, "");
      for (const line of stdout.split("\n")) assert(line.length <= 80, line);
    }
    assertEquals(unknown.stdout, "");
    assertStringIncludes(unknown.stderr, 'There is no hint for "nonsense"');
    assertStringIncludes(unknown.stderr, "dlogprobs, dprobs");
    assertNoTrace(unknown);
  });

  test(`a blank with its first gradient filled in has one row right under ${name}, and names the next`, () => {
    assertEquals([rest.one.code, rest.one.stderr], [1, ""]);
    assertEquals(verdicts(rest.one), ["ok", ...todo[0].slice(1)]);
    assertStringIncludes(rest.one.stdout, "\n1/26 right, next: dprobs");
  });

  test(`a blank with its first gradient filled in wrong says below its row under ${name} what is wrong`, () => {
    assertEquals([rest.wrong.code, rest.wrong.stderr], [1, ""]);
    assertEquals(verdicts(rest.wrong), ["wrong", ...todo[0].slice(1)]);
    assertMatch(rest.wrong.stdout, /^dlogprobs .* wrong .*\n {4}\S.*32/m);
  });

  test(`an operator and a misspelt const in my/ex1.ts are answered under ${name} with the line's own words`, () => {
    const [operator, misspelt] = rest.quoted.map(({ stderr }) => stderr);
    assertMatch(
      operator,
      /^my\/ex1\.ts, line \d+: The operator - [^]*: write sub\(1, logprobs\) for 1 - logprobs\.\n$/,
    );
    assertMatch(misspelt, /^my\/ex1\.ts, line \d+: dlogprobs is not defined\. Did you mean dlogprob, line \d+\?\n$/);
  });

  test(`a row without its name in a function is told under ${name} at its line, and next is there`, () => {
    const [, line] = /^my\/ex3\.ts, line (\d+): This line makes a tensor and does not keep it/.exec(
      rest.nameless.stderr,
    )!;
    assertStringIncludes(rest.nameless.stdout, `next: dhprebn, my/ex3.ts:${line}, but the file`);
  });

  test(`a blank whose last line is missing counts its rows under ${name}, says so, and exits with 1`, () => {
    assertEquals(rest.cut.code, 1);
    assertStringIncludes(rest.cut.stderr, "The file never reached finish(…)");
    assertMatch(
      rest.cut.stdout,
      /\n1\/26 right, next: dprobs, my\/cut\.ts:\d+, but the file did not run to its end\n$/,
    );
  });

  test(`a line that needs a gradient still to do says so under ${name}, and next is the wrong row above it`, () => {
    assertEquals(rest.early.code, 1);
    assertMatch(rest.early.stderr, /my\/early\.ts, line \d+: dlogits is still to do\. Write it first/);
    assertMatch(rest.early.stdout, /\n0\/26 right, next: dlogprobs, my\/early\.ts:\d+, but the file/);
  });

  test(`a blank that is saved under ${name} with --watch is run again, errors and all`, () => {
    assertMatch(rest.watched, /^dlogprobs .* wrong [^]*^dlogprobs .* ok /m);
  });

  test(`a blank remembers its last verdicts under ${name}, and marks what has changed`, () => {
    assertMatch(rest.watched, /^dlogprobs .* ok .* was wrong$/m);
  });

  test(`a blank with the whole solution filled in exits with 0 under ${name}, all rows right`, () => {
    assertEquals([rest.whole.code, rest.whole.stderr], [0, ""], rest.whole.stdout);
    assertStringIncludes(rest.whole.stdout, `\n26/26 right\nExercise 1 is done. Next: ${rest.blank} 2\n`);
  });

  const { checked } = rest;
  if (checked) {
    test("the blanks, and exercise 1's partly and wholly filled in, have no type errors", () => {
      assertEquals(checked.code, 0, said(checked));
    });
  }
}
