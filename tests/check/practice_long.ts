// The right gradients of 200 practice networks of each level, all rows, and mistakes planted in forty of them. `deno test`
// leaves this out: `deno task diagnosis`.
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { LEVELS } from "../../lib/practice/network.ts";
import { attempt } from "../../lib/check/formula/formula.ts";
import { tensor } from "../../lib/tensor/creation.ts";
import { inScratch } from "../../lib/tensor/memory.ts";
import { practiceNetwork } from "./practice.ts";
import { planted } from "./networks/plant.ts";
import { mentions, Played, tensorOf } from "./networks/play.ts";

for (let level = 1; level <= LEVELS; level++) {
  test(`the right gradients of 200 practice networks of level ${level} are ok in every row`, () => {
    for (let seed = 0; seed < 200; seed++) {
      inScratch(() => {
        const network = practiceNetwork(seed, level), rows = new Played(network).play([]);
        for (const { name, status, remark } of rows) {
          assertEquals([status, remark], ["ok", undefined], `${network.name}, ${name}`);
        }
      });
    }
  });
}

/** Mistakes from each network, spread over all that can be planted in it. */
const PLANTED = 8;

for (let level = 1; level <= LEVELS; level++) {
  test(`mistakes planted in 40 practice networks of level ${level} are named, nearly all`, () => {
    const unnamed: string[] = [], elsewhere: string[] = [];
    let all = 0;
    for (let seed = 0; seed < 40; seed++) {
      const network = practiceNetwork(seed, level), played = new Played(network);
      const shapes = new Map(Object.entries(played.check.values).map(([name, { shape }]) => [name, shape]));
      const mistakes = network.code.flatMap((line) => planted(network, line, shapes));
      const step = Math.ceil(mistakes.length / PLANTED);
      for (const { row, code, what, words } of mistakes.filter((_, i) => i % step === seed % step)) {
        const told = tell(played, row, code);
        if (told === undefined) continue;
        const about = `${network.name}, d${row} = ${code}\n    ${what}\n    ${told}`;
        all++;
        if (/ elements? (are|is) off|^Right but for/.test(told)) unnamed.push(about);
        else if (!words.every((word) => mentions(told, word))) elsewhere.push(about);
      }
    }
    assert(all >= 100, `${all} are too few.`);
    assert(unnamed.length <= all * 0.02, `${unnamed.length} of ${all} not named:\n${unnamed.join("\n")}`);
    assert(elsewhere.length <= all * 0.15, `${elsewhere.length} of ${all} in other words:\n${elsewhere.join("\n")}`);
  });
}

/** The remark on a row with this line; none if the change is right by luck or its shapes do not fit. */
function tell(played: Played, row: string, code: string): string | undefined {
  try {
    const [{ status, remark = "" }] = inScratch(() => played.play([[row, code]], { told: true, only: tensorOf(row) }));
    return status === "ok" ? undefined : remark;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What is done to a parameter's or an input's numbers. */
const DISTORTIONS: Record<string, (x: number, i: number) => number> = {
  "a millionth": (x) => x * 1e-6,
  "a thousand times": (x) => x * 1e3,
  "every third 0": (x, i) => i % 3 ? x : 0,
  "all the same": () => 0.7,
  "one huge": (x, i) => i === 1 ? x * 1e8 : x,
  "one tiny": (x, i) => i === 1 ? x * 1e-8 : x,
  "beside 1e5": (x) => x + 1e5,
  "over twelve orders of magnitude": (x, i) => x * 10 ** ((i % 7) * 2 - 6),
};

test("no right gradient of a practice network is called wrong, whatever is done to a parameter or an input", () => {
  let played = 0;
  for (const [what, distorted] of Object.entries(DISTORTIONS)) {
    for (let seed = 0; seed < 12; seed++) {
      inScratch(() => {
        const network = practiceNetwork(seed, 1 + seed % LEVELS), leaves = network.leaves();
        const name = Object.keys(leaves).find((name) => leaves[name].is_floating_point())!, { shape } = leaves[name];
        const there = tensor(Array.from(leaves[name].toArray(), distorted), { shape, dtype: "float64" });
        // Some have no finite loss there, or no finite gradient.
        const rows = attempt(() => new Played({ ...network, leaves: () => ({ ...leaves, [name]: there }) }).play([]));
        const end = rows?.findIndex(({ given }) => !given?.toArray().every(Number.isFinite)) ?? 0;
        for (const row of end < 0 ? rows! : rows?.slice(0, end) ?? []) {
          assertEquals(
            row.status,
            "ok",
            `${network.name}, ${name} ${what}, ${row.name}: ${row.given} told ${row.expected}`,
          );
          played++;
        }
      });
    }
  }
  assert(played > 300, String(played));
});
