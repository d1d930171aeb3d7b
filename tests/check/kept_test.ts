// What is measured is kept from run to run, and only for the forward pass that it was measured on.
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { test } from "node:test";
import { Check } from "../../lib/check/check.ts";
import type { Forward } from "../../lib/check/graph.ts";
import { fingerprint, type Measured, type Measurements } from "../../lib/check/kept.ts";
import { keptBy } from "../../lib/exercise/kept.ts";
import { host } from "../../lib/exercise/host.ts";
import { Generator } from "../../lib/random/generator.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";

const forwardOf = (power: number): Forward => ({
  y: ({ x, w }: Record<string, Tensor>) => x.matmul(w).tanh(),
  loss: ({ y }: Record<string, Tensor>) => y.pow(power).sum(),
});
const leavesOf = (seed: number) => {
  const g = new Generator(seed);
  return { x: g.randn([4, 5]).to("float64"), w: g.randn([5, 3]).to("float64") };
};

/** A store in memory, and what was put into it. */
function store(): { kept: Measurements; put: string[]; all: Map<string, Measured> } {
  const all = new Map<string, Measured>(), put: string[] = [];
  const kept: Measurements = {
    get: (name) => all.get(name),
    put(name, known) {
      put.push(name);
      all.set(name, structuredClone(known));
    },
  };
  return { kept, put, all };
}

/** The forward pass, and how many of its lines were run since it was last asked. */
function counted(forward: Forward): { forward: Forward; lines: () => number } {
  let lines = 0;
  const all = Object.entries(forward).map(([name, line]) => [name, (t: Record<string, Tensor>) => {
    lines++;
    return line(t);
  }]);
  return { forward: Object.fromEntries(all), lines: () => [lines, lines = 0][0] };
}

test("what is kept is not measured again, and gives the same verdicts to the last digit", () => {
  const { kept, put } = store(), leaves = leavesOf(1);
  const { forward, lines } = counted(forwardOf(2));
  const right = new Check(forward, leaves), dy = right.right("y");
  const dw = right.right("w");
  const found = () => {
    const check = new Check(forward, leaves);
    check.kept = kept;
    lines();
    const rows = [check.row("y", dy), check.row("w", dw), check.row("w", dw.mul(1.01))];
    const plain = rows.map(({ maxdiff, status, expected }) => ({ maxdiff, status, expected }));
    return [plain, check.isZero("w"), check.isZero("w", "y"), check.right("w").toArray(), lines()] as const;
  };
  const [before, after] = [found(), found()];
  assertEquals(after.slice(0, -1), before.slice(0, -1));
  assertEquals(put, ["y", "w"]);
  // Three elements of each, moved up and down, and the sides of the one that is wrong.
  assert(after[4] <= 80 && after[4] < before[4] / 2, `${after[4]} lines run, ${before[4]} before`);
});

test("kept differences that are another forward pass's are found out and measured again", () => {
  const { kept, all } = store(), leaves = leavesOf(1);
  const of = (n: number, x: number): Measured => ({
    reference: { expected: new Float64Array(n).fill(x), doubt: new Float64Array(n), absolute: 1e-8 },
    sent: { numbers: new Float64Array(n).fill(x), doubts: new Float64Array(n), reach: 1, zero: [] },
  });
  const right = new Check(forwardOf(2), leaves).right("w");
  for (const other of [of(15, 0.5), of(7, 0), of(15, 0)]) {
    all.set("w", other);
    const check = new Check(forwardOf(2), leaves);
    check.kept = kept;
    assertEquals(check.row("w", right).status, "ok");
    assertEquals(check.right("w").toArray(), right.toArray());
    assertEquals(all.get("w")!.reference.expected.length, 15);
  }
});

test("a fingerprint changes with a line, a constant that it uses, a parameter or its shape, and with nothing else", () => {
  const of = (forward: Forward, leaves: Record<string, Tensor>) => {
    const check = new Check(forward, leaves);
    return fingerprint(check.forward, check.values);
  };
  const same = of(forwardOf(2), leavesOf(1)), moved = leavesOf(1);
  moved.x.put_(3, moved.x.at(0, 3).item() + 1e-15);
  const squared: Forward = { ...forwardOf(2), loss: ({ y }) => y.mul(y).sum() };
  assertEquals(of(forwardOf(2), leavesOf(1)), same);
  const others = [
    of(forwardOf(4), leavesOf(1)),
    of(forwardOf(2), leavesOf(2)),
    of(forwardOf(2), moved),
    of(squared, leavesOf(1)),
  ];
  for (const other of others) assertNotEquals(other, same);
  assertEquals(new Set(others).size, others.length);
});

test("a host keeps them for a learner's file, and drops those of another forward pass or damaged ones", () => {
  const texts = new Map<string, string>();
  const own = {
    ...host,
    script: "my/ex1.ts",
    recall: (key: string) => texts.get(key),
    remember: (key: string, text: string) => void texts.set(key, text),
  };
  const numbers = Float64Array.of(1.5, -0, NaN, Infinity, 1e-300);
  const known: Measured = {
    reference: { expected: numbers, doubt: numbers.map((x) => -x), absolute: 1e-8 / 3 },
    sent: { numbers: numbers.map((x) => 2 * x), doubts: numbers.toReversed(), reach: 0.1, zero: ["a", "b"] },
  };
  keptBy(own, () => "aa")!.put("w", known);
  assertEquals(keptBy(own, () => "aa")!.get("w"), known);
  assertEquals([
    keptBy(own, () => "bb")!.get("w"),
    keptBy(own, () => "aa", "n=2")!.get("w"),
    keptBy(own, () => "aa")!.get("b"),
  ], [
    undefined,
    undefined,
    undefined,
  ]);
  const eight = new Uint8Array(8).toBase64();
  for (
    const damaged of ["aa ", "aa !!", "aa AAAA", "", "aa", "aa  1 1 !! !! !! !!", `aa  1 1 ${eight} ${eight} ${eight} `]
  ) {
    for (const key of texts.keys()) texts.set(key, damaged);
    assertEquals(keptBy(own, () => "aa")!.get("w"), undefined, damaged);
  }
  assertEquals(keptBy({ ...own, script: "exercises/ex1.ts" }, () => "aa"), undefined);
});
