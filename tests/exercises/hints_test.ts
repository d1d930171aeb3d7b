// Hints: one in three steps for every gradient, none of which gives the solution away, and the flag that asks for them.
import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { exercises } from "../../exercises/manifest.ts";
import { sources } from "../../exercises/sources.ts";
import { regions } from "../../lib/exercise/blank.ts";
import { UsageError } from "../../lib/errors.ts";
import { takeHint } from "../../lib/exercise/flags.ts";
import { hintText } from "../../lib/exercise/hints.ts";
import { sourceOf } from "../../lib/exercise/manifest.ts";

const levels = [1, 2, 3];

/** Without white space, so that a line broken otherwise is still found. */
const squeezed = (text: string) => text.replaceAll(/\s+/g, "");

/** What a region computes: its lines of code without comments and semicolons, and what they assign or add. */
function secretsOf(source: string): string[] {
  const code = regions(source).flatMap(({ lines }) => lines)
    .map((line) => line.replace(/\/\/.*/, "").trim().replace(/;$/, "")).filter((line) => line !== "");
  const parts = code.flatMap((line) => [
    ...(/^const \w+ = (.+)$/.exec(line)?.slice(1) ?? []),
    ...(/^\w+\.(?:add|index_put|div)_\((.+)\)$/.exec(line)?.slice(1) ?? []),
  ]);
  // A bare name or number is no secret.
  return [...code, ...parts].map(squeezed).filter((secret) => /[.(]/.test(secret));
}

for (const entry of exercises) {
  const { id: n, hints } = entry, source = await sourceOf(sources, entry);
  const names = [...new Set(regions(source).map(({ name }) => name))];

  test(`exercise ${n} has a hint for every region, and none for anything else`, () => {
    assertEquals(Object.keys(hints).toSorted(), names.toSorted());
  });

  test(`the hints of exercise ${n} have three steps, the first of which asks`, () => {
    for (const name of names) {
      const steps = hints[name];
      assertEquals(steps.length, 3, name);
      assertEquals(new Set(steps).size, 3, name);
      for (const step of steps) assert(step.length >= 20 && step.length <= 300, `${name}: ${step}`);
      assertStringIncludes(steps[0], "?", name);
    }
  });

  test(`no hint of exercise ${n} can be pasted: none holds a line of the solution, or the expression in one`, () => {
    const secrets = secretsOf(source);
    assert(secrets.length > names.length, String(secrets.length));
    const said = names.flatMap((name) =>
      levels.map((level) => [name, squeezed(hintText(hints, name, level))] as const)
    );
    for (const [name, text] of said) {
      for (const secret of secrets) assertFalse(text.includes(secret), `${name} gives away ${secret}`);
    }
  });

  test(`each hint of exercise ${n} begins with its gradient and its number`, () => {
    for (const name of names) {
      levels.forEach((level) =>
        assertEquals(hintText(hints, name, level), `${name}, hint ${level} of 3: ${hints[name][level - 1]}`)
      );
    }
  });

  test(`the hints of exercise ${n} are found by the tensor's name as well as by its gradient's`, () => {
    for (const name of names) {
      for (const level of levels) {
        assertEquals(hintText(hints, name.slice(1), level), hintText(hints, name, level));
      }
    }
  });

  for (const name of ["nonsense", "", "d", "ddh", "DLOGITS", "loss", "constructor", "toString", "__proto__"]) {
    test(`a hint for "${name}" in exercise ${n} is a UsageError that lists the names there are`, () => {
      const { message } = assertThrows(() => hintText(hints, name, 1), UsageError);
      assertStringIncludes(message, `"${name}"`);
      assertStringIncludes(message, `There are hints for ${Object.keys(hints).join(", ")}.`);
    });
  }
}

test("a misspelt gradient is answered with the nearest one", () => {
  assertThrows(() => hintText(exercises[0].hints, "dlogprob", 1), UsageError, "Did you mean dlogprobs?");
  assertThrows(() => hintText(exercises[0].hints, "bndif", 1), UsageError, "Did you mean dbndiff?");
});

// --- The flag ----------------------------------------------------------------------------------------------------------------

const understood: [args: string, name: string, level: number, rest: string][] = [
  ["--hint dcounts", "dcounts", 1, ""],
  ["--hint=dcounts", "dcounts", 1, ""],
  ["--hint counts", "counts", 1, ""],
  ["--hint dcounts 1", "dcounts", 1, ""],
  ["--hint dcounts 2", "dcounts", 2, ""],
  ["--hint=dcounts 3", "dcounts", 3, ""],
  ["--seed 1 --hint dcounts", "dcounts", 1, "--seed 1"],
  ["--hint dcounts --seed 1", "dcounts", 1, "--seed 1"],
  ["--hint dcounts 2 --seed 1", "dcounts", 2, "--seed 1"],
  ["--seed 3 --hint dcounts --hidden 2", "dcounts", 1, "--seed 3 --hidden 2"],
  ["--json --hint=dcounts 2 --hidden=7 --graph", "dcounts", 2, "--json --hidden=7 --graph"],
  ["--hint dcounts -h", "dcounts", 1, "-h"],
  ["--hint dcounts 2 words", "dcounts", 2, "words"],
  ["--hint 2", "2", 1, ""],
];
for (const [args, name, level, rest] of understood) {
  test(`"${args}" asks for hint ${level} for ${name} and leaves "${rest}"`, () => {
    const given = args.split(" "), before = [...given];
    assertEquals(takeHint(given), { hint: { name, level }, rest: rest.split(" ").filter(Boolean) });
    assertEquals(given, before);
  });
}

test("a command line without --hint is left as it is", () => {
  for (const args of [[], ["--json"], ["--seed", "1"], ["--hints", "dh"], ["hint", "dh"], ["-hint"]]) {
    assertEquals(takeHint(args), { rest: args });
  }
});

for (
  const args of ["--hint", "--hint=", "--hint --json", "--seed 1 --hint", "--hint= --json", "--hint -h", "--hint=-1"]
) {
  test(`"${args}" is a UsageError that says a name is missing, with an example`, () => {
    const { message } = assertThrows(() => takeHint(args.split(" ")), UsageError);
    assertMatch(message, /--hint needs the name of a gradient.*--hint dlogits/);
  });
}

test("an empty name is a missing one", () => {
  assertThrows(() => takeHint(["--hint", ""]), UsageError, "--hint needs the name");
});

for (const level of ["0", "4", "-1", "1.5", "two", "12", "dh", "1e0", "+1"]) {
  test(`the level ${level} is a UsageError that names it and the levels there are`, () => {
    for (
      const args of [["--hint", "dh", level], ["--hint=dh", level], ["--seed", "1", "--hint", "dh", level, "--json"]]
    ) {
      const { message } = assertThrows(() => takeHint(args), UsageError);
      assertStringIncludes(message, "1, 2 or 3");
      assertStringIncludes(message, `"${level}"`);
    }
  });
}

test("asking for two hints at once is a UsageError that says to ask for one", () => {
  for (const args of [["--hint", "dh", "--hint", "dw2"], ["--hint=dh", "2", "--json", "--hint=dh"]]) {
    assertThrows(() => takeHint(args), UsageError, "once");
  }
});

test("--hint is found anywhere among other flags, which keep their order", () => {
  const others = fc.array(fc.constantFrom("--json", "--seed=1", "--hidden=2", "--graph", "--help"), { maxLength: 4 });
  const level = fc.constantFrom(undefined, 1, 2, 3), name = fc.constantFrom("dh", "dC", "dcounts", "logits");
  fc.assert(fc.property(others, others, name, level, fc.boolean(), (before, after, name, level, joined) => {
    const asked = [...(joined ? [`--hint=${name}`] : ["--hint", name]), ...(level ? [String(level)] : [])];
    const { hint, rest } = takeHint([...before, ...asked, ...after]);
    assertEquals(hint, { name, level: level ?? 1 });
    assertEquals(rest, [...before, ...after]);
  }));
});
