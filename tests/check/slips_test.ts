// Slips of every kind, one each in a network of two or three lines: what is said of them has to be what stands in their lists.
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { tensor } from "../../lib/tensor/creation.ts";
import { Generator } from "../../lib/random/generator.ts";
import { rowsOf } from "./rows.ts";
import { slips as functions } from "./slips/functions.ts";
import { slips as indices } from "./slips/indices.ts";
import { slips as kept } from "./slips/kept.ts";
import { slips as loops } from "./slips/loops.ts";
import { slips as numbers } from "./slips/numbers.ts";
import { slips as tensors } from "./slips/tensors.ts";
import { slips as terms } from "./slips/terms.ts";
import { slips as turns } from "./slips/turns.ts";

test("slips of any kind are named in any network", () => {
  const wrong: string[] = [];
  for (
    const [what, forward, learner, remark] of [
      ...numbers,
      ...terms,
      ...tensors,
      ...functions,
      ...kept,
      ...indices,
      ...loops,
      ...turns,
    ]
  ) {
    const leaves = {
      a: new Generator(3).randn([3, 3]).double(),
      b: new Generator(7).randn([3, 3]).double(),
      w: new Generator(8).randn([3, 2]).double(),
      s: tensor(0.7, { dtype: "float64" }),
      x: new Generator(9).randn([2, 12]).double(),
      i: tensor([2, 0, 1, 2], { dtype: "int32" }),
      j: tensor([1, 3, 0, 2], { dtype: "int32" }),
    };
    const rows = rowsOf(forward, leaves, learner);
    if (rows.at(-1)!.remark !== remark) wrong.push(`${what}\n   ${rows.at(-1)!.remark}\n   ${remark}`);
  }
  assertEquals(wrong, []);
});
