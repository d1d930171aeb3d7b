// Wrong arguments: every public method and function of tensors and random numbers, with everything that could be typed.
//
// Each call either works or is refused in our own words; afterwards all other tensors hold what they held.
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { test } from "node:test";
import { picture } from "../../lib/exercise/picture.ts";
import { Generator } from "../../lib/random/generator.ts";
import { multinomial } from "../../lib/random/multinomial.ts";
import { PythonRandom } from "../../lib/random/python.ts";
import * as functional from "../../lib/tensor/functional.ts";
import { bytesInUse, scratch } from "../../lib/tensor/memory.ts";
import * as creation from "../../lib/tensor/creation.ts";
import { Tensor } from "../../lib/tensor/tensor.ts";

type Call = (...given: unknown[]) => unknown;

const { full, ones, range, tensor, zeros } = creation, { sub } = functional;
const functions = { ...creation, ...functional, multinomial, picture } as unknown as Record<string, Call>;

const wrong: (() => unknown)[] = [
  () => undefined,
  () => null,
  () => NaN,
  () => Infinity,
  () => -1,
  () => 0.5,
  () => 1e300,
  () => "abc",
  () => "2",
  () => "",
  () => true,
  () => 2n,
  () => Symbol("s"),
  () => [],
  () => ["a"],
  () => [[1, 2], [3]],
  () => [1n],
  () => [undefined],
  () => [1, 2],
  () => [NaN],
  () => [5, 7],
  () => [-3],
  () => ({}),
  () => ({ keepdim: 1 }),
  () => ({ dtype: "float" }),
  () => ({ alpha: "2" }),
  () => ({ shape: 3 }),
  () => Math.max,
  () => function () {},
  () => new Date(0),
  () => /x/,
  () => new Map(),
  () => new Float32Array(3),
  () => new BigInt64Array(2),
  () => new DataView(new ArrayBuffer(4)),
  () => ones([3]),
  () => ones([2, 2, 2]),
  () => tensor([0, 1], { dtype: "int32" }),
  () => tensor(7),
  () => zeros([0]),
  () => ones([2, 2]).T,
  () => ones([2, 2], { dtype: "float64" }),
  () => new Generator(1),
  () => Object.create(Tensor.prototype),
  () => Object.create(null),
]; // deno-fmt-ignore

/** The engines' own words for what goes wrong inside. */
const ENGINE =
  /is not a function|not iterable|of undefined|of null|undefined is not|null is not|is not an object|BigInt mixed|[Cc]annot (mix|convert|read|set|destructure|access|write private)|Invalid (array|typed)|invalid (size|array)|not defined|private (member|name|field)|not a constructor|out of bounds|call stack|prototype|evaluating|Symbol value/;

/** Calls with every wrong argument in every place, alone and among right ones, and holds canaries around each. */
function tryAll(name: string, right: () => unknown[], call: (given: unknown[]) => unknown) {
  test(`${name} works or is refused in our own words, and changes nothing else, whatever it is given`, () => {
    using _ = scratch();
    const lists: (() => unknown[])[] = [() => []], count = right().length;
    for (const make of wrong) {
      for (let at = 0; at < Math.max(1, Math.min(count, 3)); at++) {
        lists.push(() => [...right().slice(0, at), make(), ...right().slice(at + 1)]);
        if (at < count - 1) lists.push(() => [...right().slice(0, at), make()]);
      }
      if (count > 1) lists.push(() => [make(), make()], () => [make(), make(), make()]);
    }
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0; // nobody reads the traces of thousands of refusals
    for (const list of lists) {
      const before = full([4], 7), given = list(), after = full([4], 7);
      const shown = given.map((x) => x instanceof Tensor ? "tensor" : typeof x === "symbol" ? "symbol" : typeof x)
        .join();
      try {
        const result = call(given);
        // What it makes can be read, and is made of numbers.
        if (result instanceof Tensor) {
          assertEquals(
            result.toArray().length,
            result.shape.reduce((a, b) => a * b, 1),
            shown,
          );
        }
      } catch (thrown) {
        const error = thrown as Error;
        assert(!ENGINE.test(error.message) && /[.?)]$/.test(error.message), `${name}(${shown}): ${error.message}`);
        assert(error.constructor === TypeError || error.constructor === RangeError || error.constructor === Error);
      }
      for (const canary of [before, after]) assert(canary.toArray().every((x) => x === 7), shown);
      assert(Number.isSafeInteger(bytesInUse()) && bytesInUse() % 64 === 0, shown);
      assert(ones([2, 2]).sum().item() === 4, shown);
    }
    Error.stackTraceLimit = stackTraceLimit;
  });
}

const square = () => tensor([1, 2, 3, 4], { shape: [2, 2] });

/** Right arguments of the methods that take any. */
const methods: Record<string, () => unknown[]> = {
  size: () => [0],
  equal: () => [square()],
  allclose: () => [square(), {}],
  view: () => [4, 1],
  reshape: () => [1, 4],
  view_as: () => [ones([4])],
  unsqueeze: () => [0],
  squeeze: () => [0],
  narrow: () => [0, 0, 1],
  transpose: () => [0, 1],
  expand: () => [2, 2],
  expand_as: () => [square()],
  to: () => ["float64"],
  add: () => [square()],
  sub: () => [2],
  mul: () => [square()],
  div: () => [2],
  add_: () => [square(), { alpha: 2 }],
  sub_: () => [2],
  mul_: () => [square()],
  div_: () => [2],
  fill_: () => [2],
  addcmul: () => [square(), square(), { value: 2 }],
  addcmul_: () => [square(), square(), { value: 2 }],
  eq: () => [square()],
  pow: () => [2],
  sum: () => [0, { keepdim: true }],
  mean: () => [0, { keepdim: true }],
  var: () => [0, { keepdim: true }],
  max: () => [0, { keepdim: true }],
  amax: () => [0, { keepdim: true }],
  argmax: () => [0, { keepdim: true }],
  softmax: () => [1, {}],
  log_softmax: () => [1],
  logsumexp: () => [1, {}],
  matmul: () => [square()],
  mm: () => [square()],
  addmm: () => [square(), square(), { beta: 2 }],
  at: () => [[0, 1], [1, 0]],
  index_add_: () => [0, [0, 1], square(), { alpha: 2 }],
  index_put_: () => [[[0, 1], [1, 0]], 5, {}],
  permute: () => [1, 0],
  toJSON: () => ["name"],
  flatten: () => [0, 1],
  type_as: () => [square()],
  gelu: () => [{}],
  clamp: () => [0, 1],
  maximum: () => [square()],
  minimum: () => [square()],
  ne: () => [square()],
  gt: () => [square()],
  ge: () => [2],
  lt: () => [2],
  le: () => [square()],
  masked_fill: () => [square().gt(1), 2],
  masked_fill_: () => [square().gt(1), 2],
  where: () => [square().gt(1), 2],
  tril: () => [0],
  triu: () => [1],
  copy_: () => [square()],
  bmm: () => [square()],
  put_: () => [0, 1],
}; // deno-fmt-ignore

const prototype = Tensor.prototype as unknown as Record<string, Call | undefined>;
for (const name of Object.getOwnPropertyNames(Tensor.prototype)) {
  const { value } = Object.getOwnPropertyDescriptor(Tensor.prototype, name)!;
  if (name === "constructor" || typeof value !== "function") continue;
  tryAll(name, methods[name] ?? (() => []), (given) => prototype[name]!.apply(square(), given));
  tryAll(`${name} of int32`, methods[name] ?? (() => []), (given) => prototype[name]!.apply(square().int(), given));
  tryAll(`${name} of a scalar`, methods[name] ?? (() => []), (given) => prototype[name]!.apply(tensor(3), given));
}

const rightOf: Record<string, () => unknown[]> = {
  tensor: () => [[1, 2], {}],
  full: () => [[2], 1, {}],
  zeros: () => [[2], {}],
  ones: () => [[2], {}],
  zeros_like: () => [square(), {}],
  ones_like: () => [square(), {}],
  full_like: () => [square(), 2, {}],
  range: () => [2, 5, 2],
  cross_entropy: () => [square(), [0, 1], {}],
  matmul: () => [square(), square()],
  softmax: () => [square(), 1, {}],
  log_softmax: () => [square(), 1, {}],
  relu: () => [square()],
  sigmoid: () => [square()],
  gelu: () => [square(), {}],
  tril: () => [square(), 0],
  triu: () => [square(), 1],
  maximum: () => [square(), square()],
  minimum: () => [square(), 2],
  where: () => [square().gt(2), square(), 1],
  cat: () => [[square(), square()], 1],
  stack: () => [[square(), square()], 1],
  div: () => [1, square()],
  linear: () => [square(), square(), ones([2])],
  one_hot: () => [[0, 1], 3],
  sub: () => [1, square()],
  multinomial: () => [tensor([0.5, 0.5]), new Generator(1)],
  picture: () => [square(), {}],
}; // deno-fmt-ignore

for (const [name, call] of Object.entries(functions)) tryAll(name, rightOf[name], (given) => call(...given));

for (const [name, call] of Object.entries({ ...creation, ...functional }) as unknown as [string, Call][]) {
  test(`${name} refuses an argument more than it has`, () => {
    const error = assertThrows(() => call(...rightOf[name](), 1), TypeError) as Error;
    assert(error.message.startsWith(`${name} takes `), error.message);
  });
}

const anyNumber = ["view", "reshape", "expand", "permute", "at"];

for (const name of Object.getOwnPropertyNames(Tensor.prototype)) {
  const { value } = Object.getOwnPropertyDescriptor(Tensor.prototype, name)!;
  if (name === "constructor" || typeof value !== "function" || anyNumber.includes(name)) continue;
  test(`a tensor's ${name} refuses an argument more than it has, and options that it does not have`, () => {
    const given = methods[name]?.() ?? [];
    const right = () =>
      name === "item" ? tensor(3) : name === "t" ? square() : name === "bmm" ? ones([2, 2, 2]) : square();
    for (let extra = given.length; extra < 8; extra++) {
      const list = [...given, ...new Array(extra + 1 - given.length).fill({ unknown: 1 })];
      const error = assertThrows(() => prototype[name]!.apply(right(), list), Error) as Error;
      assert(!ENGINE.test(error.message), error.message);
    }
    const error = assertThrows(() => prototype[name]!.apply(right(), [...given, 1, 1, 1, 1]), TypeError) as Error;
    assert(error.message.startsWith(`${name} takes `) && error.message.endsWith("no meaning here."), error.message);
  });
}

tryAll("Generator", () => [1], ([seed]) => new Generator(seed as number));
tryAll("PythonRandom", () => [1], ([seed]) => new PythonRandom(seed as number));
for (const name of ["randint", "rand", "randn"]) {
  const right = { randint: () => [5, 3], rand: () => [3], randn: () => [[2, 2]] }[name]!;
  tryAll(name, right, (given) => (new Generator(1) as unknown as Record<string, Call>)[name](...given));
}
test("a generator's methods refuse an argument more than they have", () => {
  const g = new Generator(1) as unknown as Record<string, Call>;
  const made = Generator as unknown as new (...seeds: number[]) => Generator;
  for (
    const call of [
      () => g.randn([2], { dtype: "float64" }),
      () => g.rand(2, 3),
      () => g.randint(5, 3, {}),
      () => g.random(1),
      () => new made(1, 2),
    ]
  ) {
    assertStringIncludes((assertThrows(call, TypeError) as Error).message, "no meaning here");
  }
});

for (const name of ["getrandbits", "shuffle"]) {
  const right = { getrandbits: () => [5], shuffle: () => [[1, 2, 3]] }[name]!;
  tryAll(name, right, (given) => (new PythonRandom(1) as unknown as Record<string, Call>)[name](...given));
}

const answered: [what: string, call: (a: Tensor) => unknown, ...parts: string[]][] = [
  ["sum(1, true)", (a) => a.sum(1, true as never), "{ keepdim: true }"],
  ["sum(1, { keepdims: true })", (a) => a.sum(1, { keepdims: true } as never), '"keepdims"', "{ keepdim: true }"],
  ["sum({ keepdim: true })", (a) => a.sum({ keepdim: true } as never), "The dimension comes first"],
  ["matmul(2)", (a) => a.matmul(2 as never), "matmul takes a tensor", "mul(2)"],
  ["pow(tensor)", (a) => a.pow(a as never), "pow takes the exponent as a number", "float32 (2, 2)"],
  ["mul([1, 2])", (a) => a.mul([1, 2] as never), "tensor([1, 2])"],
  ["add(undefined)", (a) => a.add(undefined as never), "still to do"],
  ["add(2n)", (a) => a.add(2n as never), "Write 2, without the n"],
  ["zeros(2, 3)", () => zeros(2 as never, 3 as never), "zeros([2, 3])"],
  ["ones(3)", () => ones(3 as never), "ones([3"],
  ['tensor("abc")', () => tensor("abc" as never), '"abc"', "tensor([1, 2, 3])"],
  ["tensor of a tensor", (a) => tensor(a as never), "clone()"],
  ["tensor of ragged lists", () => tensor([[1, 2], [3]]), "of one length", "(2) and (1)"],
  ["a fraction in int32", () => tensor([1.7], { dtype: "int32" }), "1.7"],
  ["too large a number in int32", () => tensor([3e9], { dtype: "int32" }), "3000000000"],
  ['dtype "float"', () => zeros([2, 3], { dtype: "float" as never }), 'Write "float32"'],
  ['to("float16")', (a) => a.to("float16" as never), '"float32"'],
  ['to("int64")', (a) => a.to("int64" as never), 'Write "int32"'],
  ["at({})", (a) => a.at({} as never), "an object", '"2:5"'],
  ["at of three indices", (a) => a.at(0, 1, 0), "(2, 2)"],
  ["index_put_ of one list", (a) => a.index_put_([0, 1] as never, 1), "[rows, columns]"],
  ["index_put_ with a tensor of another length", (a) => a.index_put_([[0], [1]], ones([2])), "shape (1)", "(2)"],
  ["add_(x, 2)", (a) => a.add_(a, 2 as never), "{ alpha: 2 }"],
  ["softmax of int32", (a) => a.int().softmax(1), ".double()"],
  ["masked_fill with a mask of float32", (a) => a.masked_fill(a, 1), "a bool tensor", ".ne(0)"],
  ["at with booleans", (a) => a.at([true] as never), "true"],
  ["mul([t])", (a) => a.mul([a] as never), "Leave the brackets out"],
  ["mul([t, t])", (a) => a.mul([a, a] as never), "stack([a, b])"],
  ["add of ragged lists", (a) => a.add([[1, 2], [3]] as never), "differ in length"],
  ["tensor([t, t])", (a) => tensor([a, a] as never), "stack([a, b])"],
  ["softmax()", (a) => (a.softmax as () => unknown)(), "softmax(1) along each row"],
  ["transpose()", (a) => (a.transpose as () => unknown)(), "Write transpose(0, 1)"],
  ["max(tensor)", (a) => a.max(a as never), "maximum(a, b)"],
  ["mean({ dim: 1 })", (a) => a.mean({ dim: 1 } as never), "Leave the name out: write 1."],
  ["one_hot({ num_classes })", () => functional.one_hot([1], { num_classes: 3 } as never), "write 3"],
  ["at of lists in a list", (a) => a.at([[0, 1]] as never), 'tensor([[0, 1], [1, 0]], { dtype: "int32" })'],
  ["where of two", (a) => (functional.where as unknown as Call)(a.gt(1), a), "where(h.gt(0), h, 0)"],
  ["softmax(1, { dtype: 'float' })", (a) => a.softmax(1, { dtype: "float" as never }), 'Write "float32"'],
  [
    "cross_entropy of an unknown reduction",
    (a) => functional.cross_entropy(a, [0, 1], { reduction: "avg" as never }),
    '"mean"',
  ],
  [
    "div(2, { rounding_mode })",
    (a) => (a.div as unknown as Call)(2, { rounding_mode: "floor" }),
    "div takes one argument here",
  ],
  ["range(2e8)", () => range(2e8), "for (let i = 0; i < 200000000; i += 1)"],
  ["new Tensor([1])", () => new Tensor([1] as never), "tensor([1, 2, 3])"],
  ["multinomial of NaN", () => multinomial(tensor([0.5, NaN]), new Generator(1)), "finite numbers, 0 or more"],
  [
    "multinomial of a negative number",
    () => multinomial(tensor([0.5, -0.1]), new Generator(1)),
    "finite numbers, 0 or more",
  ],
  ["multinomial of zeros", () => multinomial(zeros([3]), new Generator(1)), "nothing can be drawn"],
  ["exp without brackets", (a) => a.add(a.exp as never), "Call it: put () behind its name"],
  ["float64 indices", (a) => a.at(a.double().at(0)), "which are int32", '.to("int32")'],
  ["sub of two numbers", () => sub(1, 2), "at least one side"],
];

for (const [what, call, ...parts] of answered) {
  test(`${what} is answered with what to write`, () => {
    const error = assertThrows(() => call(square())) as Error;
    for (const part of parts) assert(error.message.includes(part), error.message);
  });
}

test("a shape that was read or given can be changed without changing the tensor", () => {
  const shape = [2, 2], a = zeros(shape);
  shape[0] = 100;
  (a.shape as number[])[0] = 100;
  assertEquals(a.shape, [2, 2]);
});
