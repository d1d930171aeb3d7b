// What is said of a row's value that is no tensor: an array of tensors, one of rows of several lengths, an object.
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { kindOf } from "../../lib/check/remarks.ts";
import { tensor, zeros } from "../../lib/tensor/creation.ts";

const a = tensor([[1, 2], [3, 4]]);

test("an array is told what makes a tensor of it, and only what can", () => {
  assertEquals(kindOf([[1, 2], [3, 4]]), "an array of 2: tensor([…]) makes a tensor of it");
  assertEquals(kindOf(new Float64Array(3)), "an array of numbers: tensor(…) makes a tensor of it");
  for (const value of [[[1, 2], [3]], ["a"], [1, undefined], [[1], 2], [a, 1], new BigInt64Array(2)]) {
    assertEquals(/: no tensor can be made of it\. .*\.$/.test(kindOf(value)), true, kindOf(value));
  }
  assertEquals(
    kindOf([[1, 2], [3]]),
    "an array of 2: no tensor can be made of it. The lists that make a tensor are its rows, and have to be of one length; " +
      "given (2) and (1).",
  );
});

test("an array of tensors is told how to make one of them", () => {
  assertEquals(kindOf([a]), "a tensor in an array: leave out the brackets around it");
  const begins = "tensors, and a gradient is one:";
  assertEquals(kindOf([a, a]), `an array of 2 ${begins} a.add(b) is their sum, stack([…]) puts them into one`);
  assertEquals(kindOf([a, zeros([3])]), `an array of 2 ${begins} cat([…]) joins them where their sizes fit`);
});

test("an object is called by its class, or by the tensor in it", () => {
  assertEquals(kindOf(new Map()), "an object, Map");
  assertEquals(kindOf({}), "an object");
  assertEquals(kindOf({ n: 1, dh: a }), "an object: its dh is a tensor");
  assertEquals(kindOf(a.max(1)), "an object with values and indices: max(…).values is the tensor");
});
