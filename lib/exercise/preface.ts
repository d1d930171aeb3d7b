// The comments at the top of a blank copy: how to work in it and, in exercise 1, a table from PyTorch to this library.
// Left out: the rest of the copy (blank.ts).
import type { Entry } from "./manifest.ts";

/** The lines above the blank of an exercise, as comments. Its first gradients are the examples. */
export function preface({ id, gradients, notes = [] }: Pick<Entry, "id" | "gradients" | "notes">): string {
  const [d, other = d] = Object.keys(gradients);
  const t = d.slice(1);
  const u = other.slice(1);
  const taken = `const ${other} = given(${u})`;
  const line = (code: string, says: string) => `    ${code.padEnd(taken.length)}  ${says}`;
  const lines = [
    `Your copy of exercise ${id}: replace each todo(…) with your own expression, save, and look at the table.`,
    "",
    line(`print(${d})`, `shows a tensor; also print(${t}.at(0)), print(${t}.shape)`),
    line(`print(picture(${d}))`, "draws it, from black for the smallest number to white for the largest"),
    line(`hint(${u})`, `asks a question about ${other}; hint(${u}, 2) and hint(${u}, 3) say more`),
    line(`why(${d}, i, j)`, `below its cmp: the terms of element [i, j], and which yours lacks`),
    line(taken, "is the right gradient, if you are stuck on a row and want to go on"),
  ];
  if (notes.length > 0) lines.push("", ...notes);
  if (id === 1) lines.push("", "From PyTorch to here:", "", ...table());
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
  ["d[ix] += row, d[i, j] = 0", "d.at(ix).add_(row), d.at(i, j).fill_(0)"],
  ["torch.where(h > 0, d, 0), d * (h > 0)", "where(h.gt(0), d, 0), d.mul(h.gt(0))"],
  ["F.one_hot(ix, 27), F.softmax(x, 1)", "one_hot(ix, 27), x.softmax(1)"],
  ["torch.zeros_like(x), torch.ones(2, 3)", "zeros_like(x), ones([2, 3])"],
  ["hpreact.grad", "given(hpreact)"],
];

function table(): string[] {
  const width = Math.max(...PYTORCH.map(([pytorch]) => pytorch.length));
  return PYTORCH.map(([pytorch, here]) => `    ${pytorch.padEnd(width)}   ${here}`);
}
