// What people write from PyTorch and Python: it works, or it is answered with what to write here.
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { inspect } from "node:util";
import { test } from "node:test";
import { div, sub } from "../../lib/tensor/functional.ts";
import * as creation from "../../lib/tensor/creation.ts";
import * as functional from "../../lib/tensor/functional.ts";
import { ANSWERS, BARE } from "../../lib/tensor/answers.ts";
import { answerForBareName } from "../../lib/tensor/names.ts";
import { Tensor } from "../../lib/tensor/tensor.ts";

const { full_like, tensor } = creation;
const make = () => tensor([[1, 2, 3], [4, 5, 6]], { dtype: "float64" });

test("PyTorch's other names do what PyTorch's do", () => {
  const a = make();
  assertEquals(a.reshape(3, -1).tolist(), [[1, 2], [3, 4], [5, 6]]);
  assertEquals(a.t().tolist(), [[1, 4], [2, 5], [3, 6]]);
  assertThrows(
    () => tensor(3).unsqueeze(1),
    RangeError,
    "unsqueeze(1) has no place in shape (): only 0 and −1 are allowed.",
  );
  assertThrows(() => a.unsqueeze(3), RangeError, "unsqueeze(3) has no place in shape (2, 3): -3 to 2 are allowed.");
  assertEquals([a.unsqueeze(0).shape, a.unsqueeze(1).shape, a.unsqueeze(-1).shape], [[1, 2, 3], [2, 1, 3], [2, 3, 1]]);
  assertEquals([a.view(1, 2, 1, 3).squeeze().shape, a.view(1, 2, 1, 3).squeeze(0).shape], [[2, 3], [2, 1, 3]]);
  assertEquals(a.squeeze(0).shape, [2, 3]);
  assertEquals(a.at(0).expand_as(a).tolist(), [[1, 2, 3], [1, 2, 3]]);
  assertEquals(a.square().tolist(), [[1, 4, 9], [16, 25, 36]]);
  assertEquals(a.reciprocal().tolist(), [[1, 1 / 2, 1 / 3], [1 / 4, 1 / 5, 1 / 6]]);
  assertEquals(tensor([4, 16]).rsqrt().tolist(), [0.5, 0.25]);
  assertEquals(tensor([-1, 2, -0]).abs().tolist(), [1, 2, 0]);
  assertEquals(a.mm(a.T).equal(a.matmul(a.T)), true);
  assertEquals([a.size(), a.size(1), a.size(-2), a.dim(), a.nelement()], [[2, 3], 3, 2, 2, 6]);
  assertEquals([a.float().dtype, a.float().double().dtype, a.long().dtype, a.int().dtype], [
    "float32",
    "float64",
    "int32",
    "int32",
  ]);
  assertEquals([a.max().item(), a.amax(1).tolist(), a.amax(0, { keepdim: true }).shape], [6, [3, 6], [1, 3]]);
  assertEquals(a.eq(a.amax(1, { keepdim: true })).tolist(), [[0, 0, 1], [0, 0, 1]]);
  assertEquals([a.type_as(a.float()).dtype, a.bool().dtype, a.is_floating_point(), a.int().is_floating_point()], [
    "float32",
    "bool",
    true,
    false,
  ]);
  assertEquals([a.expand(2, -1).shape, a.expand(4, -1, -1).shape, a.flatten(0).shape, a.flatten(1).shape], [
    [2, 3],
    [4, 2, 3],
    [6],
    [2, 3],
  ]);
  assertEquals(a.view(1, 2, 3).flatten(0, 1).shape, [2, 3]);
  assertEquals([a.sum([0, 1]).item(), a.sum([1, 0], { keepdim: true }).shape, a.mean([-1]).tolist()], [21, [1, 1], [
    2,
    5,
  ]]);
  assertEquals(a.clone().zero_().add_(full_like(a, 2)).tolist(), [[2, 2, 2], [2, 2, 2]]);
  assertEquals(a.detach() === a, true);
  assertEquals([sub(10, a).tolist(), sub(a, 1).at(0).tolist(), sub(a, a).sum().item()], [[[9, 8, 7], [6, 5, 4]], [
    0,
    1,
    2,
  ], 0]);
  assertEquals([div(6, a).at(0).tolist(), div(a, a).sum().item()], [[6, 3, 2], 6]);
  assertEquals(JSON.stringify({ a }), '{"a":[[1,2,3],[4,5,6]]}');
  assertEquals([...a].map((row) => row.tolist()), [[1, 2, 3], [4, 5, 6]]);
  assert(a.allclose(a.add(1e-6)) && !a.allclose(a.add(1e-3)) && !a.allclose(a.at(0)) && !a.equal(a.add(1e-9)));
  assert(!tensor([NaN]).allclose(tensor([NaN])) && !tensor([NaN]).equal(tensor([NaN])));
});

test("index_put_ takes a tensor of values, one for each element, as PyTorch's does", () => {
  const a = make();
  assertEquals(a.clone().index_put_([[0, 1], [2, 0]], tensor([7, 8], { dtype: "float64" })).tolist(), [[1, 2, 7], [
    8,
    5,
    6,
  ]]);
  assertEquals(
    a.clone().index_put_([[0, 0], [0, 0]], a.at([0, 1], [1, 1]), { accumulate: true }).tolist()[0 as never],
    [8, 2, 3],
  );
  const b = a.clone();
  assertEquals(b.index_put_([[0, 1, 0], [0, 0, 1]], b.at(0)).tolist(), [[1, 3, 3], [2, 5, 6]]);
});

// deno-fmt-ignore
const asked = ["grad", "backward", "requires_grad", "data", "scatter_", "scatter_add_", "gather", "index_select", "min",
  "argmin", "std", "norm", "einsum", "repeat", "contiguous", "device", "cuda", "cpu", "numpy", "ndim", "length",
  "dot", "rsub", "cross_entropy", "one_hot", "astype", "all", "any", "map", "cumsum", "prod",
  "cosh", "diag", "tensordot", "nonzero", "unique", "set", "copy", "split", "masked_select", "mT", "silu", "dropout", "isnan",
  "cat", "linear", "embedding", "addcdiv", "logit", "remainder", "fmod", "index_fill_", "stride", "H", "exp_", "softmax_", "transpose_", "cosh_", "filter", "forEach", "len", "hstack", "isinf", "mse_loss"];

for (const name of asked) {
  test(`a tensor's ${name} is answered with what to write here`, () => {
    const error = assertThrows(() => (make() as unknown as Record<string, unknown>)[name], TypeError) as Error;
    assert(error.message.startsWith(`A tensor has no ${name} here: `) && error.message.endsWith("."), error.message);
  });
}

const foreign = (write: (a: never) => unknown) =>
  (assertThrows(() => write(make() as never), TypeError) as Error).message;

test("what PyTorch takes by place or by name is answered with how it is written here", () => {
  const a = make() as never as Record<string, (...given: unknown[]) => unknown>;
  for (
    const [write, meant] of [
      [() => a.var(0, false), "Write { unbiased: false }."],
      [() => a.sum({ dim: 1, keepdim: true }), "Write sum(1, { keepdim: true })."],
      [() => a.softmax({ dim: -1 }), "Leave the name out: write -1."],
      [() => a.sum(0, 1), "Write { keepdim: true }, and several dimensions as a list: sum([0, 1])."],
      [() => a.max([0, 1]), "Write amax([0, 1]) for several."],
      [() => a.fill_(a), "Write copy_, which takes a tensor."],
      [() => a.copy_(2), "Write fill_(2)."],
      [() => a.index_put_(a.eq(0), 1), "Write index_put_([indices], …)."],
    ] as const
  ) assertStringIncludes(foreign(write), meant);
});

test("a name misspelt is answered with the nearest", () => {
  for (
    const [typed, meant] of [["matmull", "matmul"], ["summ", "sum"], ["index_ad_", "index_add_"], ["tanhh", "tanh"]]
  ) {
    const message = foreign((a: Record<string, unknown>) => a[typed]);
    assert(message.endsWith(`has no "${typed}". Did you mean ${meant}?`), message);
  }
  assert(
    foreign((a: Record<string, unknown>) => a["-1"]).includes("Write t.at(-1) for t[-1], t.at(0, -1) for t[0, -1]."),
  );
  // PyTorch's acos is no misspelt cos.
  for (const name of ["acos", "celu", "lu"]) {
    assert(!foreign((a: Record<string, unknown>) => a[name]).includes("Did you mean"), name);
  }
  const unknown = foreign((a: Record<string, unknown>) => a.quixotic);
  assert(unknown.includes('no "quixotic"') && unknown.includes("tensor(Array.from(t.toArray(), (x) => …)"), unknown);
});

test("operators are answered with the method to write", () => {
  const cases: [(a: number) => unknown, string][] = [
    [(a) => 1 - a, "sub(1, h)"],
    [(a) => a ** 2, "h.pow(2)"],
    [(a) => a * a, "a.mul(b)"],
    [(a) => a / 2, "a.div(b)"],
    [(a) => -a, "a.neg()"],
    [(a) => a + a, "a.add(b)"],
    [(a) => {
      let x = a;
      x += a;
      return x;
    }, "a.add_(b)"],
    [(a) => {
      let x = a;
      x -= a;
      return x;
    }, "a.sub_(b)"],
    [(a) => a < 3, "item()"],
    [(a) => Math.max(a), "item()"],
  ];
  for (const [write, part] of cases) {
    const message = foreign(write as never);
    assert(message.includes(part), message);
  }
});

test("brackets are answered: t[0], logprobs[range(n), yb], and every assignment to them", () => {
  assertThrows(
    () => (make() as unknown as Record<string, unknown>)[String((x: number) => x + 1)],
    TypeError,
    "no brackets here",
  );
  assertThrows(() => functional.one_hot(tensor([0.5, 1.5]), 3), TypeError, "those come from argmax(1)");
  assertThrows(() => functional.one_hot(tensor([0, 1]), 3), TypeError, 'Write .to("int32") behind it.');
  assert(foreign((a: never[]) => a[0]).includes("t.at(0)"));
  assert(foreign((a: Record<string, unknown>) => a[`${[[0, 1], tensor([1, 2]).int()]}`]).includes("at(range(n), yb)"));
  const yb = tensor([1, 2], { dtype: "int32" });
  for (const index of [0, -1]) {
    const message = foreign((a: Record<string, number>) => a[index] = -1 / 2);
    assert(message.includes(`t.at(${index}).copy_(row) for t[${index}] = row`), message);
    assert(
      foreign((a: Record<string, number>) => a[index] += 1).includes(`t.at(${index}).add_(x) for t[${index}] += x`),
    );
  }
  for (const key of [yb, [[0, 1], yb], [0, 1], "0:2"]) {
    const message = foreign((a: Record<string, number>) => a[key as string] = -1 / 2);
    assert(message.includes("index_put_"), message);
  }
  assert(foreign((a: Record<string, number>) => a[yb as never] -= 1).includes("at("));
  for (
    const [name, part] of [["shape", "view"], ["dtype", "to("], ["T", "transpose"], ["grad", "work out"], [
      "foo",
      "cannot be set",
    ]]
  ) {
    const message = foreign((a: Record<string, unknown>) => a[name] = 1);
    assert(message.includes(part), message);
  }
});

test("what runtimes ask of any object is not there, without an error", async () => {
  const a = make(), any = a as unknown as Record<string | symbol, unknown>;
  for (const name of ["then", "inspect", "asymmetricMatch", "nodeType", "$$typeof", "__esModule", Symbol.toStringTag]) {
    assertEquals(any[name], undefined);
  }
  assert(await a === a && a instanceof Tensor && a instanceof Object && a.constructor === Tensor);
  assert(
    !("then" in a) && Object.hasOwn(a, "foo") === false && `${a}` === a.toString() &&
      inspect({ a }).includes("tensor("),
  );
  assertEquals([a], [a]);
});

test("what max(1) gives answers for a tensor's methods, and where a tensor is expected", () => {
  const a = make();
  assert(foreign((a: Tensor) => (a.max(1) as unknown as Tensor).exp()).includes("Write max(1).values.exp"));
  assert(foreign((a: Tensor) => a.sub(a.max(1) as never)).includes("Write .values behind it."));
  assertEquals((a.max(1) as unknown as Record<string, unknown>).then, undefined);
});

test("no answer is given for a name that works, unless it is Python's own as well", () => {
  const own = ["dim", "float", "int"];
  for (const name of Object.getOwnPropertyNames(Tensor.prototype)) {
    if (!own.includes(name)) assertEquals(answerForBareName(name, []), undefined);
  }
});

/** The expression that an answer begins with, `write x.exp().sub(1), …`: up to a comma or full stop outside its brackets. */
function expressionOf(answer: string): string | undefined {
  const text = /^write ((?:[txab]|mask|sub|div|where|cat|one_hot|linear|logprobs|C)[.(].*)/.exec(answer)?.[1] ?? "";
  for (let i = 0, depth = 0; i < text.length; i++) {
    if ("([{".includes(text[i])) depth++;
    if (")]}".includes(text[i])) depth--;
    if (depth === 0 && /^([.,:] |,? (for|or|and|after|which)\b|\.?$)/.test(text.slice(i + 1))) {
      return text.slice(0, i + 1);
    }
  }
}

test("what an answer says to write runs", () => {
  const square = () => tensor(creation.range(1, 17), { shape: [4, 4] }), n = 4;
  const yb = tensor([0, 1, 2, 3], { dtype: "int32" });
  const known: Record<string, unknown> = {
    ...creation,
    ...functional,
    n,
    yb,
    xb: yb,
    indices: [0, 1, 2, 3],
    rows: [0, 1, 2, 3],
    columns: yb,
    value: 1,
    w: square(),
    i: 0,
    j: 1,
    p: 0.5,
    classes: 4,
    dim: 0,
    logits: square(),
  };
  let run = 0;
  for (const [name, answer] of Object.entries({ ...ANSWERS, ...BARE })) {
    const expression = expressionOf(answer);
    if (expression === undefined || /…|\.log_sum|32, 27|8, 4|"16|16\)|row\b/.test(expression)) continue;
    const own: Record<string, unknown> = {
      ...known,
      t: square(),
      x: square(),
      a: square(),
      b: square(),
      mask: square().gt(1),
      C: square(),
      logprobs: square(),
      other: square(),
    };
    if (expression.includes("add_(0, indices, rows)")) own.rows = square();
    if (expression.startsWith("linear") || expression.includes("matmul(w")) own.b = tensor([1, 2, 3, 4]);
    if (/2, 0, 1|0, 2, 1/.test(expression)) own.t = own.x = square().view(1, 4, 4);
    if (name === "outer") own.a = own.b = tensor([1, 2]);
    try {
      new Function(...Object.keys(own), `return ${expression}`)(...Object.values(own));
    } catch (error) {
      throw new Error(`${name}: ${expression}: ${(error as Error).message}`);
    }
    run++;
  }
  assert(run > 60, `${run}`);
});
