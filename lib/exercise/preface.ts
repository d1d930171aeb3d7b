// The comments at the top of a blank copy: how to work in it and, in exercise 1, a table from PyTorch to this library.
// Left out: the rest of the copy (blank.ts).

/** The lines above the blank of exercise `n`, as comments. */
export function preface(n: number): string {
  const lines = [
    `Your copy of exercise ${n}: replace each todo(…) with your own expression, save, and look at the table.`,
    "",
    "    print(dlogits)              shows a tensor; print(logits.at(0)), print(picture(dlogits)), print(h.shape) do too",
    "    hint(counts)                asks a question about dcounts; hint(counts, 2) and hint(counts, 3) say more",
    "    const dh = given(h)         is the right gradient, if you are stuck on a row and want to go on",
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
