// Practice networks: what they are made of, and that the answers to twenty of them are right. practice_long.ts plays 1,000.
import { assert, assertEquals, assertFalse, assertStringIncludes, assertThrows } from "@std/assert";
import { test } from "node:test";
import { downstream, trace } from "../../lib/check/graph.ts";
import { LEVELS, makePractice } from "../../lib/practice/network.ts";
import { inScratch } from "../../lib/tensor/memory.ts";
import { practiceNetwork } from "./practice.ts";
import { practiceBlank, practiceEntry, practiceSource } from "../../lib/practice/source.ts";
import { runSource } from "../harness.ts";
import { Played } from "./networks/play.ts";

const levels = Array.from({ length: LEVELS }, (_, i) => i + 1);

test("the right gradients of practice networks are ok, in every row and without a remark", () => {
  for (const level of levels) {
    for (let seed = 0; seed < 4; seed++) {
      inScratch(() => {
        const network = practiceNetwork(seed, level), rows = new Played(network).play([]);
        for (const { name, status, remark } of rows) {
          assertEquals([status, remark], ["ok", undefined], `${network.name}, ${name}`);
        }
      });
    }
  }
});

test("a practice file with its answers filled in is right from the first row to the last, as a program", async () => {
  for (const level of levels) {
    const { code, rows, complaint } = await runSource(practiceSource(makePractice(99, level)), {
      script: "my/practice-99.ts",
    });
    assertEquals([code, complaint, rows.filter(({ status }) => status !== "ok")], [0, "", []]);
    assert(rows.length >= level + 2);
  }
});

test("a practice blank asks for every gradient, and its third hint is the answer", () => {
  for (const level of levels) {
    const { terms, leaves, lines } = makePractice(5, level), blank = practiceBlank(5, level);
    const asked = new Set(terms.map(({ name }) => name)),
      floats = leaves.filter(({ code }) => code.startsWith("random"));
    assertEquals(asked, new Set([...floats, ...lines.slice(0, -1)].map(({ name }) => name)));
    const { hints } = practiceEntry(5, level);
    for (const { name, code, further, rule } of terms) {
      assertStringIncludes(blank, further ? `todo("d${name}", d${name});` : `const d${name} = todo("d${name}");`);
      assertStringIncludes(blank, `cmp("${name}", d${name}, ${name});`);
      assertFalse(blank.includes(`= ${code};`) || blank.includes(`\n${code};`), "the answer is in the blank");
      assertStringIncludes(hints[`d${name}`][1], rule);
      assertStringIncludes(hints[`d${name}`][2], code);
    }
  }
});

test("a seed gives the same network again, and another seed another", () => {
  const text = (seed: number, level: number) => {
    const { leaves, lines, terms } = makePractice(seed, level);
    return JSON.stringify({ leaves, lines, terms });
  };
  for (const level of levels) {
    assertEquals(text(7, level), text(7, level));
    assert(new Set([0, 1, 2, 3].map((seed) => text(seed, level))).size === 4);
  }
});

test("a seed's network is what it was when this was written", () => {
  // A seed that someone has written down, or a file in my/ with its hints, is for this network. Another generator of
  // networks breaks that: do it knowingly.
  const { leaves, lines } = makePractice(1, 3);
  assertEquals([...leaves, ...lines].map(({ name, code }) => `${name} = ${code}`), [
    "x = random.randn([5, 6]).double()",
    "a = sub(1, x)",
    "b = a.sum(1, { keepdim: true })",
    "c = b.abs()",
    "e = c.mean(0, { keepdim: true })",
    "f = e.mul(a)",
    "loss = f.pow(2).mean()",
  ]);
});

test("each level is longer than the one before and has something new", () => {
  const about = (level: number) => [0, 1, 2, 3, 4, 5, 6, 7].map((seed) => makePractice(seed, level));
  const has = (level: number, pattern: RegExp) =>
    about(level).some(({ lines }) => lines.some(({ code }) => pattern.test(code)));
  for (const level of levels) {
    for (const { lines } of about(level)) {
      const [least, most] = [[3, 4], [4, 5], [5, 7], [6, 8], [8, 10]][level - 1];
      assert(lines.length >= least && lines.length <= most, `${lines.length} lines at level ${level}`);
    }
  }
  assert(about(1).every(({ leaves }) => leaves.every(({ shape }) => shape.length === 2)), "level 1 broadcasts nothing");
  assert(has(3, /keepdim/) && !has(2, /keepdim/));
  assert(has(4, /matmul|\.at\(/) && !has(3, /matmul|\.at\(/));
  assert(about(3).every(({ terms }) => terms.some(({ further }) => further)) || has(3, /keepdim/));
});

test("every line and every parameter reaches the loss", () => {
  for (const level of levels) {
    for (let seed = 20; seed < 30; seed++) {
      const { forward, tensors, leaves, lines } = makePractice(seed, level);
      const { graph } = inScratch(() => trace(forward, tensors()));
      for (const { name } of [...leaves, ...lines.slice(0, -1)]) assert(downstream(graph, name).includes("loss"), name);
    }
  }
});

test("a level that does not exist is refused", () => {
  for (const level of [0, 6, 1.5, NaN]) assertThrows(() => makePractice(1, level), RangeError, "from 1 to 5");
});
