// A blank that is filled in, one gradient at a time: which rows are right, and what is still to do.
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import { makeBlank, regions } from "../../lib/exercise/blank.ts";
import { scratch } from "../../lib/tensor/memory.ts";
import { fillRegions, type Outcome, runSource } from "../harness.ts";
import { ex1, ex2, ex4, filled, namesOf, small, smallest } from "./blanks.ts";

const whole = await runSource(ex1, { flags: small });
const table = whole.rows.map(({ name }) => name);

test("every gradient of exercise 1 has a region, and every region is for a row of the table", () => {
  assertEquals(namesOf(ex1).toSorted(), table.map((name) => `d${name}`).toSorted());
  assertEquals(whole.rows.filter(({ status }) => status !== "ok"), []);
});

const bits = ({ gradients }: Outcome, name: string) => [...gradients[name]!.toArray()];

// At the beginning, in the middle and at the end.
for (const [k, name] of [...table.entries()].filter(([k]) => k % 12 === 1)) {
  test(`with d${name} filled in, exercise 1 has exactly ${k + 1} of its rows right, as far as the table has come`, async () => {
    using _ = scratch();
    const done = table.slice(0, k), left = table.slice(k);
    const outcome = await runSource(filled(ex1, [...done, name].map((name) => `d${name}`)), {
      flags: small,
      only: left,
    });
    const statuses = outcome.rows.map(({ name, status }) => [name, status]);
    assertEquals(statuses, left.map((row) => [row, row === name ? "ok" : "todo"]));
    // What the rows before it hold is, to the bit, what is right in the whole solution.
    for (const row of done) assertEquals(bits(outcome, row), bits(whole, row), row);
  });
}

test("with its one region filled in, exercise 2 has its one row right, also at another seed and with a single neuron", async () => {
  using _ = scratch();
  assertEquals(namesOf(ex2), ["dlogits"]);
  const { rows } = await runSource(filled(ex2, ["dlogits"]), { flags: { seed: 1337, hidden: 1 } });
  assertEquals(rows.map(({ name, status }) => [name, status]), [["logits", "ok"]]);
});

const order = namesOf(ex4);

test("exercise 4 has a region for each gradient of a parameter, and for those on the way", () => {
  assertEquals(
    order.join(" "),
    "dlogits dh dw2 db2 dhpreact dbngain dbnbias dhprebn dembcat dw1 db1 demb dC",
  );
});

for (const [k, last] of [...order.entries()].filter(([k]) => k % 6 === 0)) {
  test(`filled in as far as ${last}, exercise 4 has ${k + 1} rows right and the others todo`, async () => {
    using _ = scratch();
    const { rows, trained } = await runSource(filled(ex4, order.slice(0, k + 1)), { flags: smallest });
    assertEquals(
      rows.map(({ name, status }) => [`d${name}`, status]),
      order.map((name, i) => [name, i <= k ? "ok" : "todo"]),
    );
    assertEquals(trained, k === order.length - 1);
  });
}

test("a second term still to do makes its row todo, though the first is there", async () => {
  using _ = scratch();
  const solution = regions(ex1), names = ["dlogprobs", "dprobs", "dcounts_sum_inv", "dcounts_sum"];
  const half = fillRegions(makeBlank(ex1), ({ name }, i) => {
    const first = solution.findIndex((region) => region.name === name) === i;
    return names.includes(name) || (name === "dcounts" && first) ? solution[i].lines.join("") : undefined;
  });
  const { rows } = await runSource(half, { flags: small });
  const { status, remark } = rows.find(({ name }) => name === "counts")!;
  assertEquals(status, "todo");
  assertStringIncludes(remark!, "A term of dcounts is still to do");
});

test("a gradient that is still to do and is used says so, and the rows so far are counted", async () => {
  using _ = scratch();
  const source = makeBlank(ex1).replace('const dprobs = todo("dprobs");', "const dprobs = dlogprobs.div(probs);");
  const error = await assertRejects(() => runSource(source, { flags: small }));
  assertStringIncludes((error as Error).message, "dlogprobs is still to do. Write it first");
});

test("a gradient that is still to do says so where it is an argument, too", async () => {
  using _ = scratch();
  const source = makeBlank(ex1).replace('const dprobs = todo("dprobs");', "const dprobs = probs.mul(dlogprobs);");
  const error = await assertRejects(() => runSource(source, { flags: small }));
  assertStringIncludes((error as Error).message, "dlogprobs is still to do. Write it first");
});

test("a hint never stops the run, whatever it is asked about", async () => {
  using _ = scratch();
  const asked = 'hint(dlogprobs); hint("dprobs"); hint(xb); hint(7 as never); hint(counts, 4);';
  const { output, code } = await runSource(makeBlank(ex1).replace("// logprobs = probs.log()", asked), {
    flags: small,
  });
  const text = output.replace(/\s+/g, " ");
  for (const said of ["dlogprobs, hint 1 of 3", "dprobs, hint 1 of 3", "hint takes a tensor", "given 4"]) {
    assertStringIncludes(text, said);
  }
  assertEquals(code, 1);
});

test("the right gradient on request makes its row given, the rows below it right, and the whole not right", async () => {
  using _ = scratch();
  const source = filled(ex1, namesOf(ex1).filter((name) => name !== "dhpreact"))
    .replace('const dhpreact = todo("dhpreact");', "const dhpreact = given(hpreact);");
  const { rows, code, output } = await runSource(source, { flags: small });
  assertEquals(rows.filter(({ status }) => status !== "ok").map(({ name, status }) => [name, status]), [[
    "hpreact",
    "given",
  ]]);
  assertEquals(code, 1);
  assertStringIncludes(output, "25/26 right, 1 given");
});

test("a hint is printed where the file asks for it", async () => {
  using _ = scratch();
  const source = makeBlank(ex1).replace("// loss = -logprobs", "hint(counts, 2);\n// loss = -logprobs");
  const { output } = await runSource(source, { flags: small });
  assertStringIncludes(output.replace(/\s+/g, " "), "dcounts, hint 2 of 3: A tensor used twice gets two terms.");
});
