// What is told of the mistakes in networks that are not the lecture's. `deno test` leaves this out: `deno task diagnosis`.
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { inScratch } from "../../lib/tensor/memory.ts";
import { networks } from "./networks/all.ts";
import { displaced } from "./networks/displaced.ts";
import { mentions, Played, tensorOf } from "./networks/play.ts";
import { sessions } from "./networks/sessions.ts";

/** So many of the accounts that have a `never` may say it. */
const FALSELY = 0;

test("the mistakes of the lists are named, and what is not so is not told", () => {
  const unnamed: string[] = [], falsely: string[] = [];
  let all = 0;
  const lists = [...networks.map((network) => [network, network.mistakes] as const), ...displaced];
  for (const [network, mistakes] of lists) {
    const played = new Played(network);
    for (const { row, code, what, words, never = [] } of mistakes) {
      const [{ remark = "" }] = inScratch(() => played.play([[row, code]], { told: true, only: tensorOf(row) }));
      const about = `${network.name}, d${row} = ${code}\n    ${what}\n    ${remark}`;
      all++;
      if (!words.every((word) => mentions(remark, word))) unnamed.push(about);
      if (never.some((words) => mentions(remark, words))) falsely.push(about);
    }
  }
  assert(falsely.length <= FALSELY, `${falsely.length} told falsely:\n${falsely.join("\n")}`);
  assert(unnamed.length <= all * 0.04, `${unnamed.length} of ${all}:\n${unnamed.join("\n")}`);
});

test("a right line below a wrong row follows, and a line with a mistake of its own is wrong, whatever is above it", () => {
  for (const { network, changes, expected } of sessions) {
    const rows = inScratch(() => new Played(network).play(changes, { told: true }));
    for (const [name, status, ...words] of expected) {
      const row = rows.find((row) => row.name === name)!;
      const about = `${network.name}, d${name} after ${JSON.stringify(changes)}: ${row.remark}`;
      assertEquals(row.status, status, about);
      for (const word of words) assert(mentions(row.remark ?? "", word), about);
    }
  }
});
