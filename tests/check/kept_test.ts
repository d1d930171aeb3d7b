// Finite differences are kept from run to run, and only for the forward pass that they were measured on.
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { test } from "node:test";
import { Check } from "../../lib/check/check.ts";
import type { Forward } from "../../lib/check/graph.ts";
import { fingerprint, type Kept } from "../../lib/check/kept.ts";
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
function store(): { kept: Kept; put: string[]; all: Map<string, Float64Array> } {
  const all = new Map<string, Float64Array>(), put: string[] = [];
  const kept: Kept = {
    get: (name) => all.get(name)?.slice(),
    put(name, differences) {
      put.push(name);
      all.set(name, differences);
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
  const { kept, put } = store(), leaves = leavesOf(1), { forward, lines } = counted(forwardOf(2));
  const first = new Check(forward, leaves), right = first.right("w");
  const wrong = right.mul(1.01);
  first.kept = kept;
  lines();
  const rows = [first.row("w", right), first.row("w", wrong)], before = lines();
  const second = new Check(forward, leaves);
  second.kept = kept;
  second.right("w"); // the slopes of the lines are measured each time
  lines();
  assertEquals(
    [second.row("w", right), second.row("w", wrong)].map(({ maxdiff, status, expected }) => ({
      maxdiff,
      status,
      expected,
    })),
    rows.map(({ maxdiff, status, expected }) => ({ maxdiff, status, expected })),
  );
  const after = lines();
  assertEquals(new Set(put), new Set(["w"]));
  assert(after < before, `${after} lines run, ${before} before`);
});

test("kept differences that are another forward pass's are found out and measured again", () => {
  const { kept, all } = store(), leaves = leavesOf(1);
  all.set("w", new Float64Array(15).fill(0.5));
  const check = new Check(forwardOf(2), leaves), right = check.right("w");
  check.kept = kept;
  assertEquals(check.row("w", right).status, "ok");
  all.set("w", new Float64Array(7));
  const again = new Check(forwardOf(2), leaves);
  again.kept = kept;
  assertEquals(again.row("w", right).status, "ok");
  assertEquals(all.get("w")!.length, 15);
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

test("a host keeps them for a learner's file, and not what belongs to another forward pass or is damaged", () => {
  const texts = new Map<string, string>();
  const own = {
    ...host,
    script: "my/ex1.ts",
    recall: (key: string) => texts.get(key),
    remember: (key: string, text: string) => void texts.set(key, text),
  };
  const numbers = Float64Array.of(1.5, -0, NaN, Infinity, 1e-300);
  keptBy(own, () => "aa")!.put("w", numbers);
  assertEquals(keptBy(own, () => "aa")!.get("w"), numbers);
  assertEquals([
    keptBy(own, () => "bb")!.get("w"),
    keptBy(own, () => "aa", "n=2")!.get("w"),
    keptBy(own, () => "aa")!.get("b"),
  ], [
    undefined,
    undefined,
    undefined,
  ]);
  for (const damaged of ["aa ", "aa !!", "aa AAAA", "", "aa"]) {
    for (const key of texts.keys()) texts.set(key, damaged);
    const found = keptBy(own, () => "aa")!.get("w");
    assert(found === undefined || found.length === 0, damaged);
  }
  assertEquals(keptBy({ ...own, script: "exercises/ex1.ts" }, () => "aa"), undefined);
});
