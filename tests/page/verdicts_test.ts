// What the page makes of a run's messages, without a browser.
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { exercises } from "../../lib/page/exercises.ts";
import { layOut } from "../../lib/page/graph_layout.ts";
import type { CheckMessage, RowMessage } from "../../lib/page/messages.ts";
import { shown } from "../../lib/page/shown.ts";
import { compareLines, lineOf, summary, Verdicts } from "../../lib/page/verdicts.ts";
import { tensor } from "../../lib/tensor/creation.ts";

const SOURCE = 'cmp("b", db, b);\n// cmp("c", dc, c);\ncmp("a", da, a);\n';
const check: CheckMessage = {
  ...{ first: true, names: ["a", "b"], note: "", graph: { b: ["a"], loss: ["a", "b"] } },
  shapes: { a: [2], b: [2], loss: [] },
};
const row = (name: string, status: RowMessage["status"]): RowMessage => ({
  ...{ name, note: "", shape: [2], status, maxdiff: 0 },
});

test("verdicts stay until their new ones come, and those not reached are to do", () => {
  const verdicts = new Verdicts(),
    lines = () => verdicts.inOrder(SOURCE).map((v) => `${v.name} ${v.status} ${v.stale}`);
  verdicts.begin();
  verdicts.checking(check);
  verdicts.row(row("b", "ok"));
  verdicts.row(row("a", "wrong"));
  verdicts.end(false);
  assertEquals(lines(), ["b ok false", "a wrong false"]);
  verdicts.begin();
  verdicts.checking(check);
  verdicts.row(row("b", "wrong"));
  assertEquals(lines(), ["b wrong false", "a wrong true"]);
  verdicts.end(false);
  assertEquals(lines(), ["b wrong false", "a todo false"]);
  assertEquals(summary(verdicts.inOrder(SOURCE)), "0 of 2 right, next: db");
});

test("a run that breaks off leaves the verdicts that it has not reached as they were", () => {
  const verdicts = new Verdicts();
  const lines = () => verdicts.inOrder(SOURCE).map((v) => `${v.name} ${v.status} ${v.stale} ${v.unreached ?? false}`);
  verdicts.checking(check);
  verdicts.row(row("b", "ok"));
  verdicts.end(true);
  assertEquals(lines(), ["b ok false false", "a todo true true"]);
  verdicts.begin();
  assertEquals(verdicts.compared, false);
  verdicts.checking(check);
  verdicts.row(row("a", "ok"));
  verdicts.end(true);
  assertEquals(verdicts.compared, true);
  assertEquals(lines(), ["b ok true false", "a ok false false"]);
  verdicts.begin();
  verdicts.end(false);
  assertEquals(lines(), ["b ok true false", "a ok true false"], "nothing was compared");
});

test("a comparison in a comment is none", () => {
  assertEquals([...compareLines(SOURCE)], [["b", 1], ["a", 3]]);
});

test("every gradient of a blank has a line to go to, also when a marker is broken", () => {
  for (const { blank } of exercises) {
    for (const name of compareLines(blank).keys()) {
      assert(lineOf(blank, name) !== undefined, name);
      assert(lineOf(blank.replace("// #endregion", ""), name) !== undefined, name);
    }
  }
});

test("in the graph a tensor is below all that it is made from, and no two overlap", () => {
  const { places, width } = layOut({
    graph: { c: ["a", "b"], d: ["c"], e: ["d", "p"], loss: ["c", "e"] },
    shapes: { a: [], b: [], p: [], c: [], d: [], e: [], loss: [] },
  });
  const y = (name: string) => places.get(name)!.y;
  assert(y("a") < y("c") && y("c") < y("d") && y("d") < y("e") && y("e") < y("loss"));
  assertEquals(y("p"), y("d"), "a parameter stands just above the line that reads it");
  const all = [...places.values()];
  for (const a of all) {
    assert(a.x - a.width / 2 >= 0 && a.x + a.width / 2 <= width);
    for (const b of all) {
      assert(a === b || a.y !== b.y || Math.abs(a.x - b.x) >= (a.width + b.width) / 2);
    }
  }
});

test("values are shown as console.log shows them", () => {
  assertEquals(shown("a"), "a");
  assertEquals(shown([1, -0, "b"]), '[ 1, -0, "b" ]');
  assertEquals(shown({ a: { b: null }, f: () => {} }), "{ a: { b: null }, f: [Function: f] }");
  assertEquals(shown(tensor([1, 2])), String(tensor([1, 2])));
});
