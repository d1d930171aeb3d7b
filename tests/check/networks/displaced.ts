// Mistakes in which whole arrays are displaced: rows in another order, a part left out, pairs misaligned, loops that begin too
// late or overwrite. Written before any was played.
import { attention } from "./attention.ts";
import { autoencoder } from "./autoencoder.ts";
import { contrastive } from "./contrastive.ts";
import { convolution } from "./convolution.ts";
import { embeddingBag } from "./embedding_bag.ts";
import { gru } from "./gru.ts";
import { hinge } from "./hinge.ts";
import { labelSmoothing } from "./label_smoothing.ts";
import { layernormBlock } from "./layernorm_block.ts";
import { lstm } from "./lstm.ts";
import type { Mistake, Network } from "./network.ts";
import { regression } from "./regression.ts";
import { swiglu } from "./swiglu.ts";
import { tied } from "./tied.ts";

const ORDER = "order|displaced|shifted|moved|misaligned|row|rows|belongs";
const PART = "part|only|all|left out|first|last|sum";

/** What is wrong, and nothing is left out. */
const reordered = (row: string, code: string, what: string): Mistake => ({
  row,
  code,
  what,
  words: [ORDER],
  never: ["only a part"],
});
const partly = (row: string, code: string, what: string): Mistake => ({ row, code, what, words: [PART] });

/** The mistakes, by network. */
export const displaced: readonly (readonly [Network, readonly Mistake[]])[] = [
  [convolution, [
    reordered("w", "unfolded.at('0:11').T.matmul(dconv.at('1:12'))", "pairs shifted by one window"),
    partly("b", "dconv.at('::2').sum(0)", "every second window only"),
    partly("b", "dconv.at('1:').sum(0)", "the first window is left out"),
    reordered(
      "x",
      "zeros_like(x).index_add_(0, windows.flatten(), dpatches.at(range(12).reverse()).view(-1, channels))",
      "reversed",
    ),
    reordered("conv", "sub(1, act.pow(2)).mul(dact.at([11, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))", "rows moved by one"),
    reordered(
      "act",
      "act.view(B, T, filters).eq(pooled.unsqueeze(1)).mul(dpooled.at([1, 2, 0]).unsqueeze(1)).view(B * T, filters)",
      "examples moved by one",
    ),
  ]],
  [labelSmoothing, [
    reordered(
      "logp",
      "zeros_like(logp).index_put_([range(n), y.at([4, 0, 1, 2, 3])], -1 / n).mul(dnll)",
      "targets moved by one",
    ),
    partly(
      "b2",
      "(() => { const d = zeros([classes], { dtype: 'float64' }); for (let i = 1; i < n; i++) d.add_(dlogits.at(i)); return d; })()",
      "a loop that begins at 1",
    ),
    {
      row: "b2",
      code:
        "(() => { const d = zeros([classes], { dtype: 'float64' }); for (let i = 0; i < n; i++) d.copy_(dlogits.at(i)); return d; })()",
      what: "a loop that overwrites",
      words: ["overwrit|last|sum|added"],
    },
    reordered("h", "dlogits.matmul(W2.T).at([4, 3, 2, 1, 0])", "rows reversed"),
  ]],
  [layernormBlock, [
    partly("gain", "dnormed.mul(xhat).at('0:4').sum(0)", "the last example is left out"),
    {
      row: "variance",
      code: "variance.add(eps).pow(-1.5).add(eps).mul(drstd).mul(-0.5)",
      what: "ε twice",
      words: ["0.001|ε"],
    },
    {
      row: "variance",
      code: "variance.sqrt().add(eps).pow(-3).mul(drstd).mul(-0.5)",
      what: "ε after the root",
      words: ["0.001|ε", "sqrt|root"],
    },
    {
      row: "xhat",
      code: "dnormed.sub(dnormed.mean(1, { keepdim: true })).mul(gain)",
      what: "a mean is taken off where none belongs",
      words: ["mean"],
    },
  ]],
  [attention, [
    { row: "v", code: "att.T.matmul(dout).tril()", what: "masked where nothing is masked", words: ["tril|mask"] },
    reordered("Wq", "x.at([3, 0, 1, 2]).T.matmul(dq)", "x moved by one position"),
    reordered("x+", "dx.add_(dk.matmul(Wk.T)).add_(dv.at([3, 0, 1, 2]).matmul(Wv.T))", "dv moved by one position"),
  ]],
  [gru, [
    partly("bz+", "dbz.add_(daz1.at(0).view(1, H))", "the first example only, in the second term"),
    partly("Uz+", "dUz.add_(h0.at('1:').T.matmul(daz1.at('1:')))", "the first example is left out, in the second term"),
  ]],
  [embeddingBag, [
    reordered(
      "table",
      "zeros_like(table).index_add_(0, words.flatten().at([11, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), demb.view(-1, D))",
      "words moved by one",
    ),
    partly(
      "table",
      "zeros_like(table).index_add_(0, words.at('0:3').flatten(), demb.at('0:3').view(-1, D))",
      "the last bag is left out",
    ),
  ]],
  [contrastive, [
    {
      row: "sim",
      code: "sim.softmax(1).index_put_([range(n), [1, 2, 3, 0]], -1, { accumulate: true }).div(n).mul(drows)",
      what: "partners moved by one",
      words: ["index|[1, 2, 3, 0]"],
    },
    reordered("W", "x.at([1, 2, 3, 0]).T.matmul(da)", "pairs misaligned"),
  ]],
  [swiglu, [
    {
      row: "inv",
      code:
        "(() => { let s = 0; return tensor(range(n).map((i) => { for (let j = 0; j < D; j++) s += dxn.at(i, j).item() * x.at(i, j).item(); return [s]; }), { dtype: 'float64' }); })()",
      what: "the sum is not set back to 0",
      words: ["set back|0"],
    },
  ]],
  [regression, [
    partly("b", "dpred.at(range(n - 1)).sum(0)", "the last example is left out"),
    reordered("w", "X.T.matmul(dpred.at([5, 0, 1, 2, 3, 4]))", "pairs misaligned"),
  ]],
  [lstm, [partly("b", "dp2.at(':', '1:').sum(1, { keepdim: true })", "the first example is left out")]],
  [autoencoder, [
    reordered("hidden", "dmu.matmul(Wm.T).add(dlogvar.at([1, 2, 3, 0]).matmul(Ws.T))", "dlogvar moved by one"),
  ]],
  [tied, [
    reordered(
      "E+",
      "dE.index_add_(0, c1, de1).index_add_(0, c2, de2).index_add_(0, c3, de3.at([4, 0, 1, 2, 3]))",
      "de3 moved by one",
    ),
  ]],
  [hinge, [partly("correct", "dmargins.at(':', '1:').sum(1, { keepdim: true }).neg()", "the first class is left out")]],
];
