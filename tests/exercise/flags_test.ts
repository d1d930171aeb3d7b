// The command line: what each flag takes, and a sentence that names flag, value and what is allowed for all else.
import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { UsageError } from "../../lib/errors.ts";
import { helpText, type NumberFlags, parseFlags, takeHint } from "../../lib/exercise/flags.ts";
import { runs } from "../runs.ts";

const flags = {
  seed: { about: "seed of the generator", default: 2147483647, min: 0, max: 2 ** 32 - 1 },
  hidden: { about: "neurons in the hidden layer", default: 64, min: 1, max: 2048 },
  batch: { about: "examples a step", default: 32, min: 2, max: 4096, why: "Batchnorm needs two examples." },
  lr: { about: "learning rate", default: 0.1, min: 1e-9, max: 1000, fraction: true },
} satisfies NumberFlags;
const defaults = {
  seed: 2147483647,
  hidden: 64,
  batch: 32,
  lr: 0.1,
  json: false,
  graph: false,
  all: false,
  help: false,
};
const WHOLE = "a whole number from 1 to 2,048";

function complaint(...args: string[]): string {
  return assertThrows(() => parseFlags(args, flags), UsageError).message;
}

// --- What is understood ----------------------------------------------------------------------------------------------------

const understood: [args: string[], change: Partial<typeof defaults>][] = [
  [[], {}],
  [["--hidden=1"], { hidden: 1 }],
  [["--hidden", "1"], { hidden: 1 }],
  [["--hidden", "2048"], { hidden: 2048 }],
  [["--hidden", "1e2"], { hidden: 100 }],
  [["--hidden=1E3"], { hidden: 1000 }],
  [["--hidden", "7.0"], { hidden: 7 }],
  [["--hidden", "+7"], { hidden: 7 }],
  [["--hidden", "007"], { hidden: 7 }],
  [["--seed", "0"], { seed: 0 }],
  [["--seed=4294967295"], { seed: 4294967295 }],
  [["--lr", "0.5"], { lr: 0.5 }],
  [["--lr", ".5"], { lr: 0.5 }],
  [["--lr=1e-3"], { lr: 0.001 }],
  [["--lr", "2"], { lr: 2 }],
  [["--json"], { json: true }],
  [["--json", "--json"], { json: true }],
  [["--help"], { help: true }],
  [["-h"], { help: true }],
  [["--seed", "1", "--hidden=2", "--json", "--batch", "3"], { seed: 1, hidden: 2, batch: 3, json: true }],
  [["--json", "--seed", "5"], { json: true, seed: 5 }],
  [["--"], {}],
];
for (const [args, change] of understood) {
  test(`"${args.join(" ")}" is understood as ${JSON.stringify(change)} beside the defaults`, () => {
    assertEquals(parseFlags(args, flags), { ...defaults, ...change });
  });
}

test("every whole number in bounds is taken, with = and with a space", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 2048 }), (hidden) => {
    assertEquals(parseFlags([`--hidden=${hidden}`], flags).hidden, hidden);
    assertEquals(parseFlags(["--hidden", String(hidden)], flags).hidden, hidden);
  }));
});

test("every fraction in bounds is taken as JavaScript writes it", () => {
  fc.assert(fc.property(fc.double({ min: 1e-9, max: 1000, noNaN: true }), (lr) => {
    assertEquals(parseFlags([`--lr=${lr}`], flags).lr, lr);
    assertEquals(parseFlags(["--lr", String(lr)], flags).lr, lr);
  }));
});

// --- What is refused, with flag, value and what is allowed --------------------------------------------------------------------

const refused: [args: string[], value: string][] = [
  [["--hidden"], "nothing"],
  [["--hidden="], "nothing"],
  [["--hidden", "--json"], "nothing"],
  [["--hidden", "--seed", "3"], "nothing"],
  [["--hidden", "many"], '"many"'],
  [["--hidden", "12x"], '"12x"'],
  [["--hidden", "NaN"], '"NaN"'],
  [["--hidden", "-NaN"], '"-NaN"'],
  [["--hidden", "Infinity"], '"Infinity"'],
  [["--hidden", "-Infinity"], '"-Infinity"'],
  [["--hidden=-Infinity"], '"-Infinity"'],
  [["--hidden", "-1"], '"-1"'],
  [["--hidden=-1"], '"-1"'],
  [["--hidden", "-.5"], '"-.5"'],
  [["--hidden", "0"], '"0"'],
  [["--hidden", "2049"], '"2049"'],
  [["--hidden", "1e9"], '"1e9"'],
  [["--hidden", "1e999"], '"1e999"'],
  [["--hidden", "1.5"], '"1.5"'],
  [["--hidden", "1e-1"], '"1e-1"'],
  [["--hidden", "0x10"], '"0x10"'],
  [["--hidden", "1,000"], '"1,000"'],
  [["--hidden", "1_000"], '"1_000"'],
  [["--hidden", "e5"], '"e5"'],
  [["--hidden", "+"], '"+"'],
  [["--hidden==7"], '"=7"'],
  [["--hidden", "true"], '"true"'],
];
for (const [args, value] of refused) {
  test(`"${args.join(" ")}" is refused, naming the flag, what it takes and what was given`, () => {
    assertEquals(complaint(...args), `--hidden takes ${WHOLE}; given ${value}.`);
  });
}

test("an empty value is refused, naming the flag", () => {
  assertStringIncludes(complaint("--hidden", ""), "--hidden takes");
});

test("bounds of a fraction are named with their digits", () => {
  assertEquals(complaint("--lr", "0"), '--lr takes a number from 1e-9 to 1,000; given "0".');
  assertEquals(complaint("--lr", "-1"), '--lr takes a number from 1e-9 to 1,000; given "-1".');
  assertEquals(complaint("--lr", "1001"), '--lr takes a number from 1e-9 to 1,000; given "1001".');
  assertEquals(complaint("--lr", "NaN"), '--lr takes a number from 1e-9 to 1,000; given "NaN".');
});

test("the reason for a bound is given where there is one", () => {
  assertEquals(
    complaint("--batch", "1"),
    '--batch takes a whole number from 2 to 4,096; given "1". Batchnorm needs two examples.',
  );
});

test("a long value is shortened in the message", () => {
  const message = complaint("--hidden", "x".repeat(1000));
  assert(message.length < 120, message);
  assertStringIncludes(message, "…");
});

test("every whole number out of bounds is refused with its digits", () => {
  const outside = fc.oneof(fc.integer({ max: 0 }), fc.integer({ min: 2049 }));
  fc.assert(fc.property(outside, fc.boolean(), (n, joined) => {
    const message = joined ? complaint(`--hidden=${n}`) : complaint("--hidden", String(n));
    assertEquals(message, `--hidden takes ${WHOLE}; given "${n}".`);
  }));
});

test("whatever the arguments are, the values are in bounds or the complaint is one sentence or two on one line", () => {
  const word = fc.oneof(
    fc.constantFrom("--hidden", "--seed", "--lr", "--json", "--", "-h", "--hidden=3", "-1", "7", "--hiden", ""),
    fc.string({ unit: "grapheme-ascii", maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 4 }), (args) => {
      try {
        const { hidden, seed, lr } = parseFlags(args, flags);
        assert(Number.isInteger(hidden) && hidden >= 1 && hidden <= 2048);
        assert(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32);
        assert(lr >= 1e-9 && lr <= 1000);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        assertMatch(error.message, /^[^\n]+[.?]$/);
      }
    }),
    runs(1000),
  );
});

test("a flag without a value is 1 where it is given, and the help shows it without one", () => {
  const alone = { drawn: { about: "as the video does", default: 0, min: 0, max: 1, alone: true }, ...flags };
  assertEquals(parseFlags(["--drawn", "--hidden", "3"], alone), { ...defaults, drawn: 1, hidden: 3 });
  assertEquals(parseFlags([], alone).drawn, 0);
  assertThrows(() => parseFlags(["--drawn=1"], alone), UsageError, '--drawn takes no value; given "--drawn=1".');
  assertThrows(() => parseFlags(["--drawn", "1"], alone), UsageError, '"1" is not a flag');
  assertMatch(helpText("x", "y", alone), /^ {2}--drawn {6}as the video does$/m);
});

// --- Repeated, misspelt, stray ---------------------------------------------------------------------------------------------------

test("a flag given twice is refused with both values", () => {
  assertEquals(complaint("--hidden", "1", "--hidden=2"), "--hidden is given 2 times (1, 2); give it once.");
  assertStringIncludes(complaint("--seed=5", "--seed=5", "--seed=5"), "--seed is given 3 times (5, 5, 5)");
});

const misspelt: [given: string, meant: string][] = [
  ["--hiden", "--hidden"],
  ["--hiddn=7", "--hidden"],
  ["--hiddens", "--hidden"],
  ["-hidden", "--hidden"],
  ["--sed", "--seed"],
  ["--seeds", "--seed"],
  ["--bach", "--batch"],
  ["--jsn", "--json"],
  ["--halp", "--help"],
  ["--l", "--lr"],
];
for (const [given, meant] of misspelt) {
  test(`the misspelt ${given} is refused with the suggestion ${meant}`, () => {
    const message = complaint(given, "7");
    assertStringIncludes(message, `There is no flag ${given.split("=")[0]}.`);
    assertStringIncludes(message, `Did you mean ${meant}?`);
  });
}

for (
  const given of ["--verbose", "--zzzzzz", "--no-json", "--constructor", "--__proto__", "-x", "-1", "--hidden.x.y.z"]
) {
  test(`the unknown ${given} is refused with the list of flags and no suggestion`, () => {
    const message = complaint(given);
    assertStringIncludes(message, `There is no flag ${given}.`);
    assertStringIncludes(
      message,
      "Allowed are --seed, --hidden, --batch, --lr, --hint, --at, --json, --graph, --all, --help.",
    );
    assertFalse(message.includes("Did you mean"), message);
  });
}

test("a stray word is refused by name", () => {
  for (const args of [["words"], ["--hidden", "7", "words"], ["--json", "words"], ["--seed", "1", "words", "--json"]]) {
    assertStringIncludes(complaint(...args), '"words" is not a flag. Allowed are --seed, --hidden,');
  }
});

test("what follows -- is refused rather than ignored", () => {
  assertStringIncludes(complaint("--", "words"), "words");
  assertStringIncludes(complaint("--", "--hidden", "7"), "--hidden");
});

test("a value given to a switch is refused rather than ignored", () => {
  assertStringIncludes(complaint("--json=5"), "--json");
  assertStringIncludes(complaint("--help=me"), "--help");
});

// --- Help ----------------------------------------------------------------------------------------------------------------------

test("the help lists each flag with what it means, its bounds and its default, in lines that fit", () => {
  const given = ["deno run exercises/ex9.ts", "Exercise 9: everything.", flags] as const;
  const help = helpText(...given, 200), lines = help.split("\n");
  assertStringIncludes(help, "Exercise 9: everything.");
  assertStringIncludes(help, "Usage: deno run exercises/ex9.ts [flags]");
  for (
    const [flag, about, bounds] of [
      ["--seed N", "seed of the generator", "a whole number from 0 to 4,294,967,295; default 2147483647"],
      ["--hidden N", "neurons in the hidden layer", "a whole number from 1 to 2,048; default 64"],
      ["--batch N", "examples a step", "a whole number from 2 to 4,096; default 32"],
      ["--lr X", "learning rate", "a number from 1e-9 to 1,000; default 0.1"],
      ["--json", "print one JSON object", ""],
      ["--help", "print this", ""],
    ]
  ) {
    const line = lines.find((line) => line.trim().startsWith(flag));
    assert(line, `no line for ${flag}`);
    assertStringIncludes(line, about);
    assertStringIncludes(line, bounds);
  }
  for (const width of [80, 40]) {
    const narrow = helpText(...given, width);
    assertEquals(narrow.split(/\s+/), help.split(/\s+/));
    for (const line of narrow.split("\n")) assert(line.length <= width, line);
  }
  assertEquals(helpText(...given), helpText(...given, 80));
});

test("--hint is taken out of a command line with its name and level, and the rest is left", () => {
  const hint = (name: string, level: number, ...rest: string[]) => ({
    hint: { name, level },
    rest,
  });
  assertEquals(
    takeHint(["--seed", "1", "--hint", "dh", "2", "--json"]),
    hint("dh", 2, "--seed", "1", "--json"),
  );
  assertEquals(takeHint(["--hint=dh", "3"]), hint("dh", 3));
  assertEquals(takeHint(["--hint", "dh"]), hint("dh", 1));
  assertEquals(takeHint(["--hint", "dh", "--json"]), hint("dh", 1, "--json"));
  assertEquals(takeHint(["--seed", "1"]), { rest: ["--seed", "1"] });
});

test("a hint without a name, or with a level other than 1, 2 and 3, is refused", () => {
  for (const args of [["--hint"], ["--hint="], ["--hint", "--json"]]) {
    assertThrows(
      () => takeHint(args),
      UsageError,
      "--hint needs the name of a gradient",
    );
  }
  for (const level of ["0", "4", "two", "12"]) {
    assertThrows(
      () => takeHint(["--hint", "dh", level]),
      UsageError,
      `A hint's level is 1, 2 or 3; given "${level}".`,
    );
  }
});
