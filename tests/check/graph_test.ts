// What the graph of a forward pass is asked besides who reads whom.
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { sameNumbers } from "../../lib/check/graph.ts";
import { tensor } from "../../lib/tensor/creation.ts";

test("sameNumbers takes NaN for NaN and −0 for 0, and no other number or shape for the same", () => {
  const a = tensor([NaN, -0, 1, Infinity], { shape: [2, 2] });
  assertEquals(sameNumbers(a, tensor([NaN, 0, 1, Infinity], { shape: [2, 2] })), true);
  assertEquals(sameNumbers(a, tensor([NaN, 0, 1, -Infinity], { shape: [2, 2] })), false);
  assertEquals(sameNumbers(a, tensor([0, 0, 1, Infinity], { shape: [2, 2] })), false);
  assertEquals(sameNumbers(a, tensor([NaN, -0, 1, Infinity])), false);
});
