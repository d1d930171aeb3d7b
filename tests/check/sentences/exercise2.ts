// Mistakes in exercise 2 and what is said of each, word for word, with 20 neurons.
import type { Sentence } from "./sentence.ts";

export const sentences: readonly Sentence[] = [
  ["logits", "logits.softmax(1).div(n)", "The 1 at the targets is missing."],
  [
    "logits",
    "logits.softmax(1).index_put_([range(n), yb], 1, { accumulate: true }).div(n)",
    "The 1 is added at the targets; it has to be taken off.",
  ],
  [
    "logits",
    "logits.softmax(1).index_put_([range(n), yb], -1).div(n)",
    "At the targets −1 is put in place of softmax, instead of taken off: { accumulate: true } adds to what is there.",
  ],
  [
    "logits",
    "logits.softmax(1).index_put_([range(n), yb], 0).div(n)",
    "At the targets stands 0; there it should be softmax − 1.",
  ],
  ["logits", "logits.softmax(1).sub(1).div(n)", "The 1 is taken off everywhere; it belongs at the targets only."],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(logits.argmax(1), 27)).div(n)",
    "The 1 is taken off at the largest number of each row; it belongs at the targets.",
  ],
  [
    "logits",
    "logits.exp().sub(one_hot(yb, 27)).div(n)",
    "e^x stands where softmax belongs: it is not normalised, each row has to be divided by its sum.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64').div(n))",
    "At the targets only 1/n is taken off, softmax is not divided by n: 1/n belongs to both.",
  ],
  [
    "logits",
    "logits.softmax(1).div(n).sub(one_hot(yb, 27))",
    "The 1 at the targets is not divided by n: the mean is over all of the difference.",
  ],
  [
    "logits",
    "logits.softmax(1)",
    "The 1 at the targets is missing. It is 32 times too large: where is the 1/n of the mean over 32 examples?",
  ],
  [
    "logits",
    "one_hot(yb, 27).to('float64').neg().div(n)",
    "softmax is missing: all logits of a row share in its sum.",
  ],
  [
    "logits",
    "logits.T.softmax(1).T.sub(one_hot(yb, 27)).div(n)",
    "softmax is taken over the columns; it goes over each row: softmax(1).",
  ],
  [
    "logits",
    "logits.softmax(1).mul(one_hot(yb, 27).to('float64')).sub(one_hot(yb, 27)).div(n)",
    "softmax is kept at the targets only; all logits of a row share in its sum.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27)).div(n).sum(0)",
    "Summed over the rows, though nothing was broadcast: yours is (27), expected is (32, 27).",
  ],
  [
    "logits",
    "one_hot(yb, 27).to('float64').neg()",
    "softmax is missing: all logits of a row share in its sum. It is 32 times too large: where is the 1/n of the mean over 32 examples?",
  ],
  [
    "logits",
    "one_hot(yb, 27).to('float64').neg().div(logits.softmax(1)).div(n)",
    "−1/n/softmax stands at the targets, and 0 elsewhere: that is the gradient for softmax, whose own derivative is missing.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64')).mul(logits.softmax(1).at(range(n), yb).view(n, 1)).div(n)",
    "Multiplied by softmax at the target once too often.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(logits.softmax(1).at(range(n), yb).view(n, 1)).div(n)",
    "softmax at the target is taken off everywhere; a 1 belongs at the targets only.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(logits.softmax(1).mul(one_hot(yb, 27).to('float64')).mul(2)).div(n)",
    "At the targets 2·softmax is taken off; a 1 has to be taken off.",
  ],
  [
    "logits",
    "logits.softmax(1).mul(sub(1, one_hot(yb, 27).to('float64'))).sub(one_hot(yb, 27).to('float64').div(logits.softmax(1))).div(n)",
    "At the targets stands −1/softmax; there it should be softmax − 1.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64').mul(logits)).div(n)",
    "At the targets x itself is taken off; a 1 has to be taken off.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64').amax(0)).div(n)",
    "The 1 is taken off in whole columns; a 1 belongs at the targets only.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64').sum(0)).div(n)",
    "The 1 is taken off in every row, for the targets of all rows; a 1 belongs at the targets only.",
  ],
  [
    "logits",
    "logits.softmax(1).mean(0).sub(one_hot(yb, 27).to('float64')).div(n)",
    "softmax, averaged over the rows, stands where softmax belongs.",
  ],
  [
    "logits",
    "logits.softmax(1).index_put_([zeros([n]).long(), yb], -1, { accumulate: true }).div(n)",
    "The 1 is taken off in row 0, for the targets of all rows; a 1 belongs at the targets only.",
  ],
  [
    "logits",
    "logits.softmax(1).index_put_([range(n), zeros([n]).long()], -1, { accumulate: true }).div(n)",
    "The 1 taken off stands at other places than the targets: all are in column 0.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(yb.double().view(n, 1)).div(n)",
    "yb is taken off everywhere; a 1 belongs at the targets only.",
  ],
  [
    "logits",
    "logits.softmax(1).at(range(n), yb).sub(1).div(n)",
    "Only the picked elements: yours is (32), expected is (32, 27). All others have a gradient, too.",
  ],
  [
    "logits",
    "logits.div(n).softmax(1).sub(one_hot(yb, 27).to('float64')).div(n)",
    "softmax(x/n) stands where softmax belongs.",
  ],
  [
    "logits",
    "logits.sub(logits.max(0, { keepdim: true }).values).softmax(1).sub(one_hot(yb, 27).to('float64')).div(n)",
    "softmax(x − the largest of its column) stands where softmax belongs.",
  ],
  [
    "logits",
    "logits.exp().div(logits.exp().mean(1, { keepdim: true })).sub(one_hot(yb, 27).to('float64')).div(n)",
    "softmax is 27 times what it should be: a mean where the row’s sum belongs?",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64')).mul(logits.exp()).div(n)",
    "Multiplied by e^x once too often.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64')).mul(logits.softmax(1)).mul(sub(1, logits.softmax(1))).div(n)",
    "Multiplied by softmax·(1 − softmax) once too often.",
  ],
  [
    "logits",
    "zeros_like(logits).index_put_([range(n), yb], -1 / n).mul(logits.exp())",
    "−1/n·e^x stands at the targets, and 0 elsewhere; all logits of a row share in its sum.",
  ],
  [
    "logits",
    "logits.softmax(1).add(one_hot(yb, 27).to('float64'))",
    "The 1 is added at the targets; it has to be taken off. It is 32 times too large: where is the 1/n of the mean over 32 examples?",
  ],
  [
    "logits",
    "logits.softmax(1).mul(sub(1, one_hot(yb, 27).to('float64'))).add(one_hot(yb, 27).to('float64').mul(sub(1, logits.softmax(1)))).div(n)",
    "This is the absolute value of what belongs there. Or, which gives the same numbers: right everywhere but at the picked ones, [i, yb[i]]. Every element there is the right number with the wrong sign.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(1).sub(one_hot(yb, 27).to('float64')).div(n)",
    "The 1 is taken off everywhere as well.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(logits.softmax(1).mean(1, { keepdim: true })).sub(one_hot(yb, 27).to('float64')).div(n)",
    "1/27, the mean of softmax, is taken off everywhere.",
  ],
  [
    "logits",
    "logits.mul(1000).exp()",
    "8 of 864 elements are NaN or infinite, the first at [0, 26]: look for a division by zero, a logarithm of 0, a negative number to a fractional power, or e to the power of a large one.",
  ],
];
