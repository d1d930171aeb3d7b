// Networks that are not the lecture's: every right line is `ok`. Their mistakes, one at a time and several at once, are played
// in networks_long.ts.
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { inScratch } from "../../lib/tensor/memory.ts";
import { networks } from "./networks/all.ts";
import { planted } from "./networks/plant.ts";
import { Played, tensorOf } from "./networks/play.ts";

for (const network of networks) {
  const { name, code, rights } = network, played = new Played(network);

  test(`${name}: every right gradient is ok, whatever the notation`, () => {
    const wrong = (rows: readonly { name: string; status: string }[]) =>
      rows.filter(({ status }) => status !== "ok").map(({ name, status }) => `${name} ${status}`);
    const rows = inScratch(() => played.play([]));
    assertEquals(wrong(rows), []);
    assertEquals(rows.length, new Set(code.map(([row]) => tensorOf(row))).size);
    for (const line of rights) {
      assertEquals(wrong(inScratch(() => played.play([line], { only: tensorOf(line[0]) }))), [], line[1]);
    }
  });
}

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
