// Remarks on any gradients: there always is one, and none that does not explain the numbers.
// `deno test` leaves this out, since each takes the whole search: `deno task diagnosis`.
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { numel } from "../../lib/tensor/shape.ts";
import { tensor } from "../../lib/tensor/creation.ts";
import { course, elementsOf, explained, like } from "./explained.ts";

const table = course.rows.map(({ name }) => name);
const changed = (name: string, at: number, to: number) => {
  const elements = elementsOf(name);
  elements[Math.floor(at * elements.length)] = to;
  return like(name, elements);
};
const anyName = fc.constantFrom(...table), runs = { numRuns: 20 };
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test("one element that is another number gets a remark that names its place, whatever the row", () => {
  const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(anyName, place, number, (name, at, x) => {
      const row = explained(name, changed(name, at, x));
      if (row && numel(row.shape) >= 4 && !["logit_maxes", "b1"].includes(name)) {
        assertMatch(row.remark!, /is wrong: yours|is left out/);
      }
    }),
    runs,
  );
});

test("one element that is NaN or infinite is named as such, whatever the row", () => {
  fc.assert(
    fc.property(anyName, place, fc.constantFrom(NaN, Infinity, -Infinity), (name, at, x) => {
      assertStringIncludes(explained(name, changed(name, at, x))!.remark!, "1 of ");
    }),
    runs,
  );
});

test("a gradient times a number is named as a factor or a sign, unless the right one is zero", () => {
  for (const name of table.filter((name) => !["logit_maxes", "b1"].includes(name))) {
    for (const by of [0, -1, 32, -32, 1 / 32, 31, 2, 0.5, 17.3, -0.123]) {
      const { remark } = explained(name, like(name, elementsOf(name).map((x) => x * by)))!;
      // Something else may give the same numbers, and is named with it: Σ counts is −32 times Σ counts·dprobs.
      if (by !== -1) assertMatch(remark!, /(Every element|[Ii]t|of the forward line|of pow\(2\)) is/);
      assertEquals(/wrong sign|[Tt]he sign is wrong/.test(remark!), by < 0, `${name} times ${by}: ${remark}`);
    }
  }
});

test("elements in another order get a remark, whatever the row", () => {
  fc.assert(
    fc.property(anyName, fc.integer(), (name, seed) => {
      const keyed = elementsOf(name).map((x, i) => [x, Math.sin((i + 1) * (seed % 1e6 + 1.5))]);
      explained(name, like(name, keyed.toSorted((a, b) => a[1] - b[1]).map(([x]) => x)));
    }),
    runs,
  );
});

test("any shape but the right one gets a remark that shows both", () => {
  const shape = fc.array(fc.constantFrom(1, 2, 3, 10, 27, 30, 32), { maxLength: 3 });
  fc.assert(
    fc.property(anyName, shape, (name, sizes) => {
      const row = explained(name, tensor(new Float64Array(numel(sizes)), { shape: sizes, dtype: "float64" }));
      const expected = course.check.values[name].shape;
      if (String(expected) === String(sizes)) return;
      assertStringIncludes(row!.remark!, `yours is (${sizes.join(", ")}), expected is (${expected.join(", ")})`);
      assertEquals(row!.status, "shape");
    }),
    { numRuns: 60 },
  );
});

test("whatever is above it and whatever it holds, a wrong row gets a remark", () => {
  const gradient = (name: string): fc.Arbitrary<unknown> =>
    fc.oneof(
      fc.tuple(place, fc.constantFrom(NaN, 0, 1, -1e300)).map(([at, x]) => changed(name, at, x)),
      fc.constantFrom(-1, 0, 2, 1e200).map((by) => like(name, elementsOf(name).map((x) => x * by))),
      fc.constantFrom([], [1], [32, 27], [27], [1, 3]).map((shape) =>
        tensor(new Array(numel(shape)).fill(1), { shape })
      ),
      fc.constantFrom<unknown>(5, "abc", null, [1, 2], () => 1),
    );
  const above = fc.integer({ min: 0, max: table.length - 2 });
  const two = above.chain((i) => fc.tuple(fc.constant(i), fc.integer({ min: i + 1, max: table.length - 1 })));
  const both = two.chain(([i, j]) =>
    fc.tuple(fc.constant([table[i], table[j]]), gradient(table[i]), gradient(table[j]))
  );
  fc.assert(fc.property(both, ([[first, second], a, b]) => void explained(second, b, { [first]: a })), runs);
});
