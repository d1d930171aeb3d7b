// The right gradients of 200 practice networks of each level, all rows. `deno test` leaves this out: `deno task diagnosis`.
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { LEVELS } from "../../lib/practice/network.ts";
import { inScratch } from "../../lib/tensor/memory.ts";
import { practiceNetwork } from "./practice.ts";
import { Played } from "./networks/play.ts";

for (let level = 1; level <= LEVELS; level++) {
  test(`the right gradients of 200 practice networks of level ${level} are ok in every row`, () => {
    for (let seed = 0; seed < 200; seed++) {
      inScratch(() => {
        const network = practiceNetwork(seed, level), rows = new Played(network).play([]);
        for (const { name, status, remark } of rows) {
          assertEquals([status, remark], ["ok", undefined], `${network.name}, ${name}`);
        }
      });
    }
  });
}
