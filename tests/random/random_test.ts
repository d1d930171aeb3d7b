// The random numbers: PyTorch's and Python's to the last digit, and what must hold from any state.
import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { Generator } from "../../lib/random/generator.ts";
import { Mt19937 } from "../../lib/random/mt19937.ts";
import { multinomial } from "../../lib/random/multinomial.ts";
import { PythonRandom } from "../../lib/random/python.ts";
import { tensor } from "../../lib/tensor/creation.ts";
import { numel } from "../../lib/tensor/shape.ts";
import vectors from "../fixtures/random-vectors.json" with { type: "json" };

const LECTURE = 2147483647;

const uint32 = fc.nat({ max: 2 ** 32 - 1 });
/** A generator in any state, made anew each time it is called. */
const anyState = fc.record({ seed: uint32, skipped: fc.nat({ max: 1500 }) }).map(({ seed, skipped }) => () => {
  const generator = new Generator(seed);
  generator.rand(skipped);
  return generator;
});
const counts = fc.array(fc.nat({ max: 40 }), { maxLength: 8 });
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

test("seed 5489 gives the reference code's published first outputs", () => {
  const mt = Mt19937.fromSeed(5489);
  const published = vectors["mt19937 reference: seed 5489, first three outputs (published)"];
  assertEquals(published.map(() => mt.next()), published);
});

test("a key of four numbers gives the reference code's published first outputs", () => {
  const mt = Mt19937.fromKey([0x123, 0x234, 0x345, 0x456]);
  const published = [1067595299, 955945823, 477289528, 4107218783, 4228976476];
  assertEquals(published.map(() => mt.next()), published);
});

test("randint is torch.randint, for a power of two less one and for the lecture's number of examples", () => {
  assertEquals(
    new Generator(LECTURE).randint(2 ** 32 - 1, 8),
    vectors["manual_seed(2147483647): randint(0, 2**32-1, (8,))"],
  );
  assertEquals(new Generator(42).randint(182625, 6), vectors["manual_seed(42): randint(0, 182625, (6,))"]);
});

test("rand is torch.rand", () => {
  assertEquals([...new Generator(42).rand(4)], vectors["manual_seed(42): rand(4)"]);
});

test("randn is torch.randn for 16 numbers, which are transformed together", () => {
  assertEquals([...new Generator(LECTURE).randn([16]).toArray()], vectors["manual_seed(2147483647): randn(16)"]);
});

test("randn is torch.randn for 20 and 27 numbers, of which the last 16 are drawn afresh", () => {
  assertEquals([...new Generator(LECTURE).randn([20]).toArray()], vectors["manual_seed(2147483647): randn(20)"]);
  const last = new Generator(42).randn([27]).toArray().slice(-3);
  assertEquals([...last], vectors["manual_seed(42): randn(27) last 3"]);
});

test("randn is torch.randn for 5 and then 3 numbers, whose first is the fifth's spare", () => {
  const generator = new Generator(LECTURE);
  const drawn = [5, 3].map((count) => [...generator.randn([count]).toArray()]);
  assertEquals(drawn, vectors["manual_seed(2147483647): randn(5) then randn(3)"]);
});

test("shuffle is Python's random.shuffle", () => {
  const items = Array.from({ length: 20 }, (_, i) => i);
  new PythonRandom(42).shuffle(items);
  assertEquals(items, vectors["python random.seed(42); shuffle(list(range(20)))"]);
});

test("getrandbits is Python's random.getrandbits", () => {
  const random = new PythonRandom(42), expected = vectors["python random.seed(42); getrandbits(32) x4"];
  assertEquals(expected.map(() => random.getrandbits(32)), expected);
});

test("getrandbits stays below two to the number of bits", () => {
  fc.assert(fc.property(uint32, fc.integer({ min: 1, max: 32 }), (seed, bits) => {
    const draw = new PythonRandom(seed).getrandbits(bits);
    assert(Number.isInteger(draw) && draw >= 0 && draw < 2 ** bits, String(draw));
  }));
});

test("a seed counts by its low 32 bits", () => {
  fc.assert(fc.property(uint32, fc.nat({ max: 1000 }), (seed, high) => {
    assertEquals(new Generator(high * 2 ** 32 + seed).rand(3), new Generator(seed).rand(3));
  }));
});

test("two seeds give different numbers", () => {
  assertNotEquals(new Generator(0).rand(4), new Generator(1).rand(4));
  assertNotEquals(new Generator(2 ** 31).rand(4), new Generator(0).rand(4));
});

test("randint drawn in pieces equals randint drawn at once, from any state", () => {
  fc.assert(fc.property(anyState, counts, fc.integer({ min: 1, max: 2 ** 32 - 1 }), (make, pieces, high) => {
    const generator = make();
    assertEquals(pieces.flatMap((count) => generator.randint(high, count)), make().randint(high, sum(pieces)));
  }));
});

test("rand drawn in pieces equals rand drawn at once, from any state", () => {
  fc.assert(fc.property(anyState, counts, (make, pieces) => {
    const generator = make();
    assertEquals(pieces.flatMap((count) => [...generator.rand(count)]), [...make().rand(sum(pieces))]);
  }));
});

test("randn drawn in pieces equals randn drawn at once while the whole is below 16", () => {
  const few = fc.array(fc.nat({ max: 7 }), { maxLength: 8 }).filter((pieces) => sum(pieces) < 16);
  fc.assert(fc.property(anyState, few, (make, pieces) => {
    const generator = make();
    const drawn = pieces.flatMap((count) => [...generator.randn([count]).toArray()]);
    assertEquals(drawn, [...make().randn([sum(pieces)]).toArray()]);
  }));
});

test("randn drawn in multiples of 16 equals randn drawn at once", () => {
  fc.assert(
    fc.property(anyState, fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }), (make, k) => {
      const generator = make();
      const drawn = k.flatMap((blocks) => [...generator.randn([16 * blocks]).toArray()]);
      assertEquals(drawn, [...make().randn([16 * sum(k)]).toArray()]);
    }),
  );
});

test("randn of 16 or more takes one number each, and 16 more when the count is not a multiple of 16", () => {
  fc.assert(fc.property(anyState, fc.integer({ min: 16, max: 200 }), (make, count) => {
    const one = make(), other = make();
    one.randn([count]);
    other.rand(count % 16 === 0 ? count : count + 16);
    assertEquals(one.random(), other.random());
  }));
});

test("the spare of an odd count below 16 waits until the next small draw, whatever is drawn between", () => {
  fc.assert(fc.property(anyState, fc.nat({ max: 7 }), (make, half) => {
    const count = 2 * half + 1;
    const expected = make().randn([15]).toArray();
    const generator = make();
    const first = [...generator.randn([count]).toArray()];
    generator.randn([32]);
    generator.rand(3);
    generator.randint(10, 2);
    const [spare] = generator.randn([1]).toArray();
    assertEquals(first, [...expected.slice(0, count)]);
    if (count < 15) assertEquals(spare, expected[count]);
  }));
});

test("randn's shape only arranges the numbers", () => {
  const flat = new Generator(7).randn([60]), shaped = new Generator(7).randn([3, 4, 5]);
  assertEquals(shaped.shape, [3, 4, 5]);
  assertEquals(shaped.toArray(), flat.toArray());
  assertEquals(shaped.dtype, "float32");
  assertEquals(new Generator(7).randn([0]).numel(), 0);
  assertEquals(new Generator(7).randn([]).shape, []);
});

test("rand gives multiples of 2⁻²⁴ in [0, 1)", () => {
  fc.assert(fc.property(anyState, (make) => {
    for (const x of make().rand(50)) assert(x >= 0 && x < 1 && Number.isInteger(x * 2 ** 24), String(x));
  }));
});

test("randint gives whole numbers from 0 to below its bound", () => {
  fc.assert(fc.property(anyState, fc.integer({ min: 1, max: 2 ** 32 - 1 }), (make, high) => {
    for (const x of make().randint(high, 20)) assert(Number.isInteger(x) && x >= 0 && x < high, String(x));
  }));
});

/** Whether mean and variance of n normal numbers are where 999,999 of a million samples have them. */
function assertNormal(x: ArrayLike<number>, what: string) {
  const values = Array.from(x), n = values.length, mean = sum(values) / n;
  const variance = sum(values.map((v) => (v - mean) ** 2)) / (n - 1);
  assertAlmostEquals(mean, 0, 5 / Math.sqrt(n), `mean, ${what}`);
  assertAlmostEquals(variance, 1, 5 * Math.sqrt(2 / n), `variance, ${what}`);
  const within = values.filter((v) => Math.abs(v) < 1).length / n;
  assertAlmostEquals(within, 0.6827, 5 * Math.sqrt(0.6827 * 0.3173 / n), `share within one deviation, ${what}`);
}

test("randn has mean 0 and variance 1 at several seeds, drawn in blocks or one at a time", () => {
  for (const seed of [0, 1, 42, 1337, LECTURE, 2 ** 32 - 1]) {
    const generator = new Generator(seed);
    assertNormal(generator.randn([10_007]).toArray(), `blocks, seed ${seed}`);
    const singly = Array.from({ length: 1500 }, () => [...generator.randn([3]).toArray()]).flat();
    assertNormal(singly, `one at a time, seed ${seed}`);
  }
});

test("shuffle is a permutation, and the same again from the same seed", () => {
  fc.assert(fc.property(uint32, fc.array(fc.anything(), { maxLength: 60 }), (seed, items) => {
    const indices = items.map((_, i) => i), once = [...indices], again = [...items];
    new PythonRandom(seed).shuffle(once);
    new PythonRandom(seed).shuffle(again);
    assertEquals(once.toSorted((a, b) => a - b), indices);
    once.forEach((from, to) => assert(Object.is(again[to], items[from])));
  }));
});

test("shuffle puts every item in every place about equally often", () => {
  const places = [0, 0, 0, 0, 0], random = new PythonRandom(3), rounds = 5000;
  for (let i = 0; i < rounds; i++) {
    const items = [0, 1, 2, 3, 4];
    random.shuffle(items);
    places[items.indexOf(0)]++;
  }
  for (const times of places) assertAlmostEquals(times / rounds, 1 / 5, 5 * Math.sqrt(0.16 / rounds));
});

const weights = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e3, noNaN: true })), {
  minLength: 1,
  maxLength: 30,
}).filter((p) => p.some((x) => x > 0));

test("multinomial picks only indices whose probability is above zero", () => {
  fc.assert(fc.property(anyState, weights, (make, p) => {
    const picked = multinomial(tensor(p), make());
    assert(p[picked] > 0, `picked ${picked} of ${p}`);
  }));
});

test("seeds beyond 32 bits are PyTorch's low 32 bits, and are refused where Python would need more of them", () => {
  assertEquals(new Generator(2 ** 32 + 7).random(), new Generator(7).random());
  assertEquals(new PythonRandom(2 ** 32 - 1).getrandbits(32) >= 0, true);
  for (const seed of [2 ** 32, -1, 0.5]) assertThrows(() => new PythonRandom(seed), RangeError, "the seed");
});

test("multinomial draws from one row, be it a vector or a matrix of one row, and refuses anything else", () => {
  const draw = (shape: number[]) =>
    multinomial(tensor([0, 1, 0, 0, 0, 0].slice(0, numel(shape)), { shape }), new Generator(1));
  assertEquals([draw([3]), draw([1, 3])], [1, 1]);
  for (const shape of [[2, 3], [3, 1], [1, 1, 3], [1, 2, 3]]) assertThrows(() => draw(shape), RangeError, "one row");
});

test("multinomial picks the same index whatever the probabilities sum to", () => {
  fc.assert(fc.property(anyState, weights, (make, p) => {
    // A power of two changes no digit.
    assertEquals(multinomial(tensor(p.map((x) => x * 64)), make()), multinomial(tensor(p), make()));
  }));
});

test("multinomial picks each index about as often as its probability says", () => {
  const p = [0.4, 0, 0.3, 0.15, 0.1, 0.05], draws = 2000;
  for (const seed of [0, 42, LECTURE + 10]) {
    const generator = new Generator(seed), picked = p.map(() => 0);
    for (let i = 0; i < draws; i++) picked[multinomial(tensor(p), generator)]++;
    p.forEach((share, i) => {
      const spread = Math.sqrt(share * (1 - share) / draws);
      assertAlmostEquals(picked[i] / draws, share, 4.5 * spread, `index ${i}, seed ${seed}`);
    });
  }
});
