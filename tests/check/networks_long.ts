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
  for (const { name, mistakes } of networks) assert(mistakes.length >= 10, `${name}: ${mistakes.length} are too few.`);
  const lists = [...networks.map((network) => [network, network.mistakes] as const), ...displaced];
  for (const [network, mistakes] of lists) {
    const played = new Played(network);
    for (const { row, code, what, words, never = [] } of mistakes) {
      const [{ status, remark = "" }] = inScratch(() =>
        played.play([[row, code]], { told: true, only: tensorOf(row) })
      );
      const about = `${network.name}, d${row} = ${code}\n    ${what}\n    ${remark}`;
      assert(status === "wrong" || status === "shape", `${about}\n    is ${status}`);
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

test("whichever row is wrong, no right line below it is accused, and none blames another row, whatever the notation", () => {
  const accused: string[] = [];
  for (const network of networks) {
    const played = new Played(network), last = new Map(network.code.map(([row, code]) => [tensorOf(row), [row, code]]));
    for (const [name, [row, code]] of last) {
      for (const other of [undefined, ...network.rights.filter(([row]) => tensorOf(row) !== name)]) {
        if (other && network.rights.indexOf(other) % 3 !== 0) continue;
        const changes = [[row, `${code}.mul(1.5)`] as const, ...other ? [other] : []];
        for (const { name: below, status, remark } of inScratch(() => played.play(changes, { told: true }))) {
          const isFine = status === "ok" || status === "follows" && mentions(remark!, `d${name}`);
          if (below !== name && !isFine) {
            accused.push(`${network.name}, d${name} × 1.5, ${other}: d${below} ${status}: ${remark}`);
          }
        }
      }
    }
  }
  assertEquals(accused, []);
});

test("no right line is called right by luck, whatever the notation", () => {
  const lucky: string[] = [];
  for (const network of networks) {
    const played = new Played(network);
    for (const line of [undefined, ...network.rights]) {
      const rows = inScratch(() => played.play(line ? [line] : [], { told: true, only: line && tensorOf(line[0]) }));
      lucky.push(
        ...rows.filter(({ remark }) => remark?.startsWith("Right with")).map(({ name, remark }) =>
          `${network.name}, d${name}, ${line}: ${remark}`
        ),
      );
    }
  }
  assertEquals(lucky, []);
});
