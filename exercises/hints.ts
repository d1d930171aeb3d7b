// Hints for every gradient of every exercise, in three steps: a question, the rule that applies, the expression in words.
import type { Hint } from "../lib/exercise/hints.ts";

const tanhLayer: Record<string, Hint> = {
  dh: [
    "logits = h @ w2 + b2, and dlogits is known. Which product of dlogits with which matrix has the shape of h?",
    "The gradient of a matrix product is a matrix product: for y = a @ b, da = dy @ bᵀ. Write one element out for 2 × 2 " +
    "matrices once, and you will not forget it.",
    "dlogits times w2 transposed: (32, 27) @ (27, n_hidden). matmul takes w2.T without copying it.",
  ],
  dw2: [
    "What shape must it have, and which two of h, dlogits, w2 can be multiplied to give that?",
    "For y = a @ b, db = aᵀ @ dy: every element of w2 is used by all examples, and the product sums over them.",
    "h transposed times dlogits: (n_hidden, 32) @ (32, 27).",
  ],
  db2: [
    "b2 has 27 numbers, logits has 32 rows of 27. How often was each number of b2 used?",
    "What is broadcast forward is summed backward: b2 was added to every row.",
    "dlogits summed over dimension 0, without keepdim, because b2 is (27) and not (1, 27).",
  ],
  dhpreact: [
    "tanh works element by element. What is its derivative, in terms of its own result?",
    "d tanh(x)/dx = 1 − tanh²(x), and tanh(hpreact) is h: you already have it.",
    "(1 − h²) times dh, element by element; 1 − h² is sub(1, h.pow(2)).",
  ],
  dbngain: [
    "bngain is (1, n_hidden), bnraw is (32, n_hidden). What was bngain multiplied by, and how often was it used?",
    "The derivative of a product is the other factor; what was broadcast over the rows is summed over the rows.",
    "bnraw times dhpreact, summed over dimension 0 with keepdim.",
  ],
  dbnbias: [
    "bnbias is added, to every row. What does an addition do to a gradient?",
    "An addition passes the gradient on unchanged; what was broadcast forward is summed backward.",
    "dhpreact summed over dimension 0 with keepdim.",
  ],
};

const firstLayer: Record<string, Hint> = {
  dembcat: [
    "hprebn = embcat @ w1 + b1 is the same kind of line as logits = h @ w2 + b2. Which product has embcat's shape?",
    "For y = a @ b, da = dy @ bᵀ.",
    "dhprebn times w1 transposed: (32, n_hidden) @ (n_hidden, 30).",
  ],
  dw1: [
    "The shape of w1 is (30, n_hidden). Which product of embcat and dhprebn has it?",
    "For y = a @ b, db = aᵀ @ dy.",
    "embcat transposed times dhprebn: (30, 32) @ (32, n_hidden).",
  ],
  db1: [
    "b1 is added to every row of hprebn. And what does batchnorm do to a number that is added to a whole column?",
    "Broadcast forward, summed backward. The result is 0 up to rounding, and rightly so: batchnorm cancels b1.",
    "dhprebn summed over dimension 0, without keepdim.",
  ],
  demb: [
    "embcat holds the same numbers as emb, in another shape. What happens to their gradients?",
    "A view computes nothing; its gradient is a view too, back to the old shape.",
    "dembcat viewed in the shape of emb, (32, 3, 10): view takes the sizes one by one.",
  ],
  dC: [
    "Each row of emb is a copy of a row of C. Where does its gradient go, and what if a row was copied several times?",
    "A row used several times gets the sum of all its gradients. PyTorch's index_add_ adds row i of a source to the row " +
    "that index[i] names.",
    "zeros like C, then index_add_(0, the 96 indices of xb in one dimension, demb as 96 rows of 10).",
  ],
};

const crossEntropy: Hint = [
  "The loss of one example is ln Σ e^l − l_y. What is the derivative of each of the two terms by one logit lᵢ?",
  "The first gives softmax, Pᵢ; the second gives 1 where i = y, else 0. The batch's loss is a mean over n examples.",
  "Three steps: take the softmax of logits along dimension 1; subtract 1 at [range(n), yb] (index_put_ with accumulate); " +
  "divide everything by n.",
];

const batchnorm: Hint = [
  "A number of hprebn reaches the loss on three paths: through its own x̂, through the mean, through the variance. What " +
  "does each send back?",
  "Through x̂: γ·s·dy. Through the mean: minus the mean of that over the column. Through the variance: minus γ·s·x̂ times " +
  "Σ dy·x̂ over the column, with 1/(n − 1) from Bessel's correction.",
  "bngain · bnvar_inv / n · (n · dhpreact − … − n/(n − 1) · bnraw · …). Two sums over the rows, sum(0), replace the dots: " +
  "the gradient's own, and the one of its product with bnraw.",
];

const exercise1: Record<string, Hint> = {
  dlogprobs: [
    "Of the 32 × 27 numbers in logprobs, which reach the loss at all? And with which weight?",
    "The loss is −(a + b + …)/n over the picked elements: each has the derivative −1/n, all others 0.",
    "zeros_like(logprobs), then index_put_ sets −1/n at [range(n), yb].",
  ],
  dprobs: [
    "logprobs is the logarithm of probs, element by element. What is the derivative of ln x?",
    "d ln(x)/dx = 1/x, times the gradient from above: the chain rule.",
    "dlogprobs divided by probs, element by element.",
  ],
  dcounts_sum_inv: [
    "probs = counts · counts_sum_inv, but their shapes differ. How often is each number of counts_sum_inv used?",
    "The derivative of a product is the other factor; what was broadcast over the columns is summed over the columns.",
    "counts times dprobs, summed over dimension 1 with keepdim.",
  ],
  dcounts: [
    "counts is read by two lines: probs and counts_sum. Which term does each send back?",
    "A tensor used twice gets two terms. From the product: the other factor times dprobs. From the sum: a sum passes its " +
    "gradient, unchanged, to everything that was summed.",
    "First counts_sum_inv times dprobs; later, under counts_sum, add dcounts_sum to it in place with add_, broadcast " +
    "over the columns.",
  ],
  dcounts_sum: [
    "counts_sum_inv = counts_sum**−1. What is the derivative of 1/x?",
    "d(x⁻¹)/dx = −x⁻², times the gradient from above.",
    "minus counts_sum to the power −2, times dcounts_sum_inv: pow(-2).neg().mul(…).",
  ],
  dnorm_logits: [
    "counts = exp(norm_logits). Which function is its own derivative, and which tensor already has its value?",
    "d eˣ/dx = eˣ, and that is counts.",
    "counts times dcounts, element by element, where dcounts has both of its terms.",
  ],
  dlogits: [
    "logits is read twice: by norm_logits and by logit_maxes. What does each send back?",
    "The subtraction passes its gradient on unchanged. The maximum passes its gradient to the largest element of each row, " +
    "and 0 to the others.",
    "First a clone of dnorm_logits; later, under logit_maxes, add one_hot of the rows' argmax times dlogit_maxes, in " +
    "place.",
  ],
  dlogit_maxes: [
    "norm_logits = logits − logit_maxes. Which sign, and how often is each maximum used?",
    "A subtraction sends minus the gradient to its second operand. It was broadcast over the columns, so sum over them.",
    "minus dnorm_logits, summed over dimension 1 with keepdim. Expect zeros, up to rounding.",
  ],
  ...tanhLayer,
  dbnraw: [
    "hpreact = bngain · bnraw + bnbias. bnraw has the full shape: does anything need to be summed?",
    "The derivative of a product is the other factor. bnraw itself was not broadcast, so there is nothing to sum.",
    "bngain times dhpreact; (1, n_hidden) broadcasts by itself.",
  ],
  dbndiff: [
    "bndiff is read twice: by bnraw and by bndiff2. What does each send back?",
    "A tensor used twice gets two terms. From the product: the other factor. From the square: 2x times its gradient.",
    "First bnvar_inv times dbnraw; later, under bndiff2, add 2 · bndiff · dbndiff2 in place.",
  ],
  dbnvar_inv: [
    "bnraw = bndiff · bnvar_inv, with bnvar_inv (1, n_hidden). How often is each of its numbers used?",
    "The other factor times the gradient, summed over what was broadcast.",
    "bndiff times dbnraw, summed over dimension 0 with keepdim.",
  ],
  dbnvar: [
    "bnvar_inv = (bnvar + 1e-5)**−0.5. What is the derivative of a power?",
    "d(xᵖ)/dx = p·xᵖ⁻¹, where x is bnvar + 1e-5: the 1e-5 stays inside the power.",
    "−0.5 · (bnvar + 1e-5)**−1.5 · dbnvar_inv.",
  ],
  dbndiff2: [
    "bnvar = 1/(n−1) · Σ₀ bndiff2. What does a sum do to a gradient, going back?",
    "Summed forward, broadcast backward: every element of a column gets the column's gradient, times 1/(n − 1).",
    "ones like bndiff2, times 1/(n − 1), times dbnvar.",
  ],
  dbnmeani: [
    "bndiff = hprebn − bnmeani. Which sign, and what was broadcast?",
    "A subtraction sends minus the gradient to its second operand. It was broadcast over the rows, so sum over them.",
    "minus dbndiff, summed over dimension 0 with keepdim, where dbndiff has both of its terms.",
  ],
  dhprebn: [
    "hprebn is read twice: by bndiff and by bnmeani. What does each send back?",
    "The subtraction passes its gradient on unchanged. The mean passes 1/n of its gradient to each element.",
    "First a clone of dbndiff; later, under bnmeani, add ones like hprebn times 1/n times dbnmeani, in place.",
  ],
  ...firstLayer,
};

/** The hints by exercise and gradient. */
export const hints: Record<number, Record<string, Hint>> = {
  1: exercise1,
  2: { dlogits: crossEntropy },
  3: { dhprebn: batchnorm },
  4: { dlogits: crossEntropy, ...tanhLayer, dhprebn: batchnorm, ...firstLayer },
};
