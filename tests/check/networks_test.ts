// Networks that are not the lecture's: every right line is `ok`, every mistake of the lists is one.
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { inScratch } from "../../lib/tensor/memory.ts";
import { networks } from "./networks/all.ts";
import { planted } from "./networks/plant.ts";
import { sessions } from "./networks/sessions.ts";
import { Played, tensorOf } from "./networks/play.ts";

for (const network of networks) {
  const { name, code, rights, mistakes } = network;

  test(`${name}: every right gradient is ok, whatever the notation`, () => {
    const played = new Played(network),
      wrong = (rows: readonly { name: string; status: string }[]) =>
        rows.filter(({ status }) => status !== "ok").map(({ name, status }) => `${name} ${status}`);
    const rows = inScratch(() => played.play([]));
    assertEquals(wrong(rows), []);
    assertEquals(rows.length, new Set(code.map(([row]) => tensorOf(row))).size);
    for (const line of rights) {
      assertEquals(wrong(inScratch(() => played.play([line], { only: tensorOf(line[0]) }))), [], line[1]);
    }
  });

  test(`${name}: every mistake of the list is one`, () => {
    const played = new Played(network);
    for (const { row, code, what } of mistakes) {
      const [{ status }] = inScratch(() => played.play([[row, code]], { only: tensorOf(row) }));
      assert(status === "wrong" || status === "shape", `${row}: ${code} (${what}) is ${status}.`);
    }
    assert(mistakes.length >= 10, `${mistakes.length} mistakes are too few.`);
  });
}

test("the rows of learners with several rows wrong are right or wrong as listed", () => {
  for (const { network, changes, expected } of sessions) {
    const rows = inScratch(() => new Played(network).play(changes));
    for (const [name, status] of expected) {
      const row = rows.find((row) => row.name === name);
      const what = `${network.name}, d${name} after ${JSON.stringify(changes)}`;
      if (status === "ok" || status === "shape") assertEquals(row?.status, status, what);
      else assertEquals(row?.status, "wrong", what);
    }
  }
});

test("small changes are planted at every place of a line, and nearly all of them are mistakes", () => {
  let wrong = 0, right = 0;
  for (const network of networks.slice(0, 3)) {
    const played = new Played(network);
    const shapes = new Map(Object.entries(played.check.values).map(([name, { shape }]) => [name, shape]));
    for (const line of network.code.slice(0, 4)) {
      const mistakes = planted(network, line, shapes);
      assert(mistakes.length >= 2, `${network.name}, ${line[0]}`);
      for (const { row, code } of mistakes) {
        try {
          const [{ status }] = inScratch(() => played.play([[row, code]], { only: tensorOf(row) }));
          if (status === "ok") right++;
          else wrong++;
        } catch (error) {
          if (!(error instanceof RangeError)) throw error; // shapes that do not fit, which a learner is told at once
        }
      }
    }
  }
  assert(wrong > 50 && right < wrong / 10, `${wrong} wrong, ${right} right`);
});
