// The comments at the top of a blank copy: how to work in it and, in exercise 1, a table from PyTorch to this library.
// Left out: the rest of the copy (blank.ts).

/** Names for examples, by exercise: a gradient, two tensors, one to ask a hint on, one whose gradient is taken as given. */
const NAMES: Record<number, readonly [d: string, t: string, u: string, asked: string, given: string]> = {
  1: ["dlogits", "logits", "h", "counts", "h"],
  2: ["dlogits", "logits", "xb", "logits", "logits"],
  3: ["dhprebn", "hpreact", "h", "hprebn", "hprebn"],
  4: ["dlogits", "logits", "h", "hprebn", "h"],
};

/** The lines above the blank of exercise `n`, as comments. */
export function preface(n: number): string {
  const [d, t, u, asked, given] = NAMES[n], taken = `const d${given} = given(${given})`;
  const line = (code: string, says: string) => `    ${code.padEnd(taken.length)}  ${says}`;
  const lines = [
    `Your copy of exercise ${n}: replace each todo(…) with your own expression, save, and look at the table.`,
    "",
    line(`print(${d})`, `shows a tensor; also print(${t}.at(0)), print(picture(${d})), print(${u}.shape)`),
    line(`hint(${asked})`, `asks a question about d${asked}; hint(${asked}, 2) and hint(${asked}, 3) say more`),
    line(taken, "is the right gradient, if you are stuck on a row and want to go on"),
  ];
  if (n === 1) lines.push("", "From PyTorch to here:", "", ...table());
  return [...lines, ""].map((line) => line === "" ? "//\n" : `// ${line}\n`).join("").replace(/\/\/\n$/, "\n");
}

/** PyTorch on the left, what to write here on the right. */
export const PYTORCH: readonly (readonly [pytorch: string, here: string])[] = [
  ["a + b, a - b, a * b, a / b, -a", "a.add(b), a.sub(b), a.mul(b), a.div(b), a.neg()"],
  ["1 - h**2, 1 / x", "sub(1, h.pow(2)), div(1, x)"],
  ["a += b, a -= b, a *= b", "a.add_(b), a.sub_(b), a.mul_(b)"],
  ["a @ b, x @ w + b, w.T", "a.matmul(b), linear(x, w, b), w.T"],
  ["x.sum(0, keepdim=True), x.sum((0, 1))", "x.sum(0, { keepdim: true }), x.sum([0, 1])"],
  ["logits.max(1, keepdim=True).values", "logits.max(1, { keepdim: true }).values"],
  ["C[xb], logprobs[range(n), yb]", "C.at(xb), logprobs.at(range(n), yb)"],
  ["x[0], x[0, 3], x[2:5], x[:, 3]", 'x.at(0), x.at(0, 3), x.at("2:5"), x.at(":", 3)'],
  ["d[range(n), yb] = -1 / n", "d.index_put_([range(n), yb], -1 / n)"],
  ["d[range(n), yb] -= 1", "d.index_put_([range(n), yb], -1, { accumulate: true })"],
  ["F.one_hot(ix, 27), F.softmax(x, 1)", "one_hot(ix, 27), x.softmax(1)"],
  ["torch.zeros_like(x), torch.ones(2, 3)", "zeros_like(x), ones([2, 3])"],
  ["hpreact.grad", "given(hpreact)"],
];

function table(): string[] {
  const width = Math.max(...PYTORCH.map(([pytorch]) => pytorch.length));
  return PYTORCH.map(([pytorch, here]) => `    ${pytorch.padEnd(width)}   ${here}`);
}
