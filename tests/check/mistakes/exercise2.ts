// Mistakes in exercise 2, one gradient in one expression, and what is said of each.
import type { Mistake } from "./mistake.ts";

export const mistakes: readonly Mistake[] = [
  ["logits", "logits.softmax(1).div(n)", "A term is missing: loss sends back −1/32 at [range(32), yb] as well."],
  [
    "logits",
    "logits.softmax(1).index_put_([range(n), yb], 1, { accumulate: true }).div(n)",
    "1 stands where −1 belongs, in logits.softmax(1).index_put_([range(32), yb], 1, { accumulate: true }).",
  ],
  [
    "logits",
    "logits.softmax(1).index_put_([range(n), yb], -1).div(n)",
    "What stood there is overwritten; it has to be added to: { accumulate: true }.",
  ],
  [
    "logits",
    "logits.softmax(1).index_put_([range(n), yb], 1).div(n)",
    "index_put_([range(32), yb], 1) does not belong there, only logits.softmax(1). Besides, a term is missing: loss sends back −1/32 at [range(32), yb] as well.",
  ],
  [
    "logits",
    "logits.softmax(1).index_put_([range(n), yb], 0).div(n)",
    "What stood there is overwritten; it has to be added to: { accumulate: true }. Besides, a term is missing: loss sends back −1/32 at [range(32), yb] as well.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(1).div(n)",
    "Only the elements at [range(32), yb] have a gradient; all others get 0.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(logits.argmax(1), 27)).div(n)",
    "logits.argmax(1) stands where yb belongs.",
  ],
  ["logits", "logits.exp().sub(one_hot(yb, 27)).div(n)", "logits.exp() stands where logits.softmax(1) belongs."],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27))",
    "Every element is 32 times too large: is a division by 32 left out, or a sum taken for a mean?",
  ],
  ["logits", "one_hot(yb, 27).to('float64').sub(logits.softmax(1)).div(n)", "The sign is wrong."],
  ["logits", "logits.softmax(1).sub(one_hot(yb, 27)).div(n).div(n)", "You divide by 32, which does not belong there."],
  ["logits", "logits.softmax(1).sub(one_hot(yb, 27)).div(27)", "div(27) stands where div(32) belongs."],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27)).div(n - 1)",
    "31 stands where 32 belongs, in logits.softmax(1).sub(one_hot(yb, 27)).div(31).",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64').div(n))",
    'A bracket closes in the wrong place: logits.softmax(1).sub(one_hot(yb, 27).to("float64").div(32)) stands where logits.softmax(1).sub(one_hot(yb, 27).to("float64")).div(32) belongs.',
  ],
  [
    "logits",
    "logits.softmax(1).div(n).sub(one_hot(yb, 27))",
    "A division by 32 is missing: divide one_hot(yb, 27) by it.",
  ],
  [
    "logits",
    "logits.softmax(1)",
    "logits.softmax(1) is 32 times too large: is a division by 32 left out, or a sum taken for a mean? Besides, a term is missing: loss sends back −1/32 at [range(32), yb] as well.",
  ],
  [
    "logits",
    "one_hot(yb, 27).to('float64').neg().div(n)",
    "A term is missing: loss sends back 1/32·logits.softmax(1) as well.",
  ],
  ["logits", "logits.sub(one_hot(yb, 27)).div(n)", "logits stands where logits.softmax(1) belongs."],
  [
    "logits",
    "logits.T.softmax(1).T.sub(one_hot(yb, 27)).div(n)",
    "The softmax is taken along dimension 1; softmax(0) belongs there.",
  ],
  [
    "logits",
    "logits.softmax(0).sub(one_hot(yb, 27)).div(n)",
    "The softmax is taken along dimension 0; softmax(1) belongs there.",
  ],
  ["logits", "logits.softmax(1).neg().sub(one_hot(yb, 27)).div(n)", "logits.softmax(1).neg() has the wrong sign."],
  [
    "logits",
    "logits.softmax(1).log().sub(one_hot(yb, 27)).div(n)",
    "log() does not belong there, only logits.softmax(1).",
  ],
  [
    "logits",
    "logits.softmax(1).mul(one_hot(yb, 27).to('float64')).sub(one_hot(yb, 27)).div(n)",
    'You multiply by one_hot(yb, 27).to("float64"), which does not belong there.',
  ],
  [
    "logits",
    "logits.softmax(1).mul(sub(1, logits.softmax(1))).div(n)",
    "You multiply by sub(1, logits.softmax(1)), which does not belong there. Besides, a term is missing: loss sends back −1/32 at [range(32), yb] as well.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27)).div(n).sum(0)",
    "You take the sum over dimension 0 of logits.softmax(1).sub(one_hot(yb, 27)).div(32), which does not belong there. Yours is (27), expected is (32, 27).",
  ],
  [
    "logits",
    "logits.softmax(1).sub(0.5).div(n)",
    "You subtract 0.5, which does not belong there. Besides, a term is missing: loss sends back −1/32 at [range(32), yb] as well.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64').mul(2)).div(n)",
    "You multiply by 2, which does not belong there.",
  ],
  ["logits", "logits.softmax(1).sub(one_hot(xb.at(':', 2), 27)).div(n)", 'xb.at(":", 2) stands where yb belongs.'],
  [
    "logits",
    "logits.softmax(1).softmax(1).sub(one_hot(yb, 27)).div(n)",
    "softmax(1) does not belong there, only logits.softmax(1).",
  ],
  [
    "logits",
    "logits.exp().div(logits.exp().sum()).sub(one_hot(yb, 27)).div(n)",
    "The sum goes over everything; sum(1, { keepdim: true }) belongs there.",
  ],
  [
    "logits",
    "logits.softmax(1).mul(one_hot(yb, 27)).sub(1).div(n)",
    "logits.softmax(1).mul(one_hot(yb, 27)).sub(1) stands where logits.softmax(1) belongs. Besides, a term is missing: loss sends back −1/32 at [range(32), yb] as well.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27)).abs().div(n)",
    "abs() does not belong there, only logits.softmax(1).sub(one_hot(yb, 27)).",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27)).pow(2).div(n)",
    "pow(2) does not belong there, only logits.softmax(1).sub(one_hot(yb, 27)).",
  ],
  ["logits", "logits.softmax(1).sub(one_hot(yb, 27)).mul(n)", "You multiply by 32; divide by it."],
  [
    "logits",
    "logits.exp().div(logits.exp().add(1)).sub(one_hot(yb, 27)).div(n)",
    "logits.exp().div(logits.exp().add(1)) stands where logits.softmax(1) belongs.",
  ],
  [
    "logits",
    "logits.softmax(1).index_put_([range(1, n), yb.at('1:')], -1, { accumulate: true }).div(n)",
    "By your numbers, row 0 of logits.softmax(1).mul(…).neg() is left out.",
  ],
  ["logits", "logits.div(2).softmax(1).sub(one_hot(yb, 27)).div(n)", "You divide by 2, which does not belong there."],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64').mul(0.9).add(0.1 / 27)).div(n)",
    'one_hot(yb, 27).to("float64").mul(0.9).add(1/270) stands where 1 at [range(32), yb] and 0 elsewhere belongs.',
  ],
  [
    "logits",
    "one_hot(yb, 27).to('float64').neg()",
    'one_hot(yb, 27).to("float64").neg() is 32 times too large: is a division by 32 left out, or a sum taken for a mean? Besides, a term is missing: loss sends back 1/32·logits.softmax(1) as well.',
  ],
  [
    "logits",
    "one_hot(yb, 27).to('float64').div(n)",
    'one_hot(yb, 27).to("float64").div(32) has the wrong sign. Besides, a term is missing: loss sends back 1/32·logits.softmax(1) as well.',
  ],
  [
    "logits",
    "one_hot(yb, 27).to('float64').neg().div(logits.softmax(1)).div(n)",
    "You divide by logits.softmax(1); add it.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64')).mul(logits.softmax(1).at(range(n), yb).view(n, 1)).div(n)",
    "You multiply by logits.softmax(1).at(range(32), yb).view(32, 1), which does not belong there.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64')).div(logits.softmax(1).at(range(n), yb).view(n, 1)).div(n)",
    "You divide by logits.softmax(1).at(range(32), yb).view(32, 1), which does not belong there.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(logits.softmax(1).at(range(n), yb).view(n, 1)).div(n)",
    "logits.softmax(1).at(range(32), yb).view(32, 1) stands where 1 at [range(32), yb] and 0 elsewhere belongs.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(logits.softmax(1).mul(one_hot(yb, 27).to('float64')).mul(2)).div(n)",
    "You multiply by logits.softmax(1), which does not belong there. Besides, this term is 2 times too large.",
  ],
  [
    "logits",
    "logits.softmax(1).mul(sub(1, one_hot(yb, 27).to('float64'))).sub(one_hot(yb, 27).to('float64').div(logits.softmax(1))).div(n)",
    'You multiply by sub(1, one_hot(yb, 27).to("float64")), which does not belong there. Besides, you divide by logits.softmax(1), which does not belong there.',
  ],
  [
    "logits",
    "logits.softmax(1).mul(sub(1, one_hot(yb, 27).to('float64'))).add(one_hot(yb, 27).to('float64').mul(logits.softmax(1).log())).div(n)",
    'You multiply by sub(1, one_hot(yb, 27).to("float64")), which does not belong there. Besides, you multiply by logits.softmax(1).log(), which does not belong there. Besides, this term has the wrong sign.',
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64').mul(logits)).div(n)",
    'You multiply by logits, which does not belong there, in one_hot(yb, 27).to("float64").mul(logits).',
  ],
  [
    "logits",
    "logits.exp().sub(one_hot(yb, 27).to('float64')).div(logits.exp().sum(1, { keepdim: true })).div(n)",
    "Two steps are in the wrong order: logits.exp().sub(…).div(logits.exp().sum(1, { keepdim: true })) stands where logits.exp().div(logits.exp().sum(1, { keepdim: true })).sub(…) belongs.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64').amax(0)).div(n)",
    'You take the maximum over dimension 0 of one_hot(yb, 27).to("float64"), which does not belong there.',
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, n).to('float64').amax(0).view(n, 1)).div(n)",
    'one_hot(yb, 32).to("float64").amax(0).view(32, 1) stands where 1 at [range(32), yb] and 0 elsewhere belongs.',
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64').sum(0)).div(n)",
    'You take the sum over dimension 0 of one_hot(yb, 27).to("float64"), which does not belong there.',
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64').mean(0)).div(n)",
    'You take the mean over dimension 0 of one_hot(yb, 27).to("float64"), which does not belong there.',
  ],
  [
    "logits",
    "logits.softmax(1).mean(0).sub(one_hot(yb, 27).to('float64')).div(n)",
    "You take the mean over dimension 0 of logits.softmax(1), which does not belong there.",
  ],
  [
    "logits",
    "logits.softmax(1).index_put_([zeros([n]).long(), yb], -1, { accumulate: true }).div(n)",
    "The index zeros([32]).long() stands where range(32) belongs.",
  ],
  [
    "logits",
    "logits.softmax(1).index_put_([range(n), zeros([n]).long()], -1, { accumulate: true }).div(n)",
    "The index zeros([32]).long() stands where yb belongs.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(yb.double().view(n, 1)).div(n)",
    "yb.double().view(32, 1) stands where 1 at [range(32), yb] and 0 elsewhere belongs.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64').mul(yb.double().view(n, 1))).div(n)",
    "You multiply by yb.double().view(32, 1), which does not belong there.",
  ],
  [
    "logits",
    "logits.softmax(1).at(range(n), yb).sub(1).div(n)",
    "Wrong shape: yours is (32), expected is (32, 27). A gradient has the shape of its tensor, always.",
  ],
  [
    "logits",
    "logits.div(n).softmax(1).sub(one_hot(yb, 27).to('float64')).div(n)",
    "You divide by 32, which does not belong there.",
  ],
  [
    "logits",
    "logits.sub(logits.max(1, { keepdim: true }).values).sub(one_hot(yb, 27).to('float64')).div(n)",
    "logits.sub(logits.max(1, { keepdim: true })) stands where logits.softmax(1) belongs.",
  ],
  [
    "logits",
    "logits.sub(logits.max(0, { keepdim: true }).values).softmax(1).sub(one_hot(yb, 27).to('float64')).div(n)",
    "The maximum goes over dimension 0; max(1, { keepdim: true }) belongs there.",
  ],
  [
    "logits",
    "logits.exp().mul(logits.exp().sum(1, { keepdim: true })).sub(one_hot(yb, 27).to('float64')).div(n)",
    "You multiply by logits.exp().sum(1, { keepdim: true }); divide by it.",
  ],
  [
    "logits",
    "logits.exp().mul(logits.exp().sum(1, { keepdim: true }).pow(-2)).sub(one_hot(yb, 27).to('float64')).div(n)",
    "logits.exp().sum(1, { keepdim: true }).pow(−2) stands where logits.exp().sum(1, { keepdim: true }).pow(−1) belongs.",
  ],
  [
    "logits",
    "logits.exp().div(logits.exp().mean(1, { keepdim: true })).sub(one_hot(yb, 27).to('float64')).div(n)",
    "You take the mean over dimension 1; the sum belongs there.",
  ],
  [
    "logits",
    "logits.div(logits.sum(1, { keepdim: true })).sub(one_hot(yb, 27).to('float64')).div(n)",
    "logits stands where logits.softmax(1) belongs.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64')).mul(logits.exp()).div(n)",
    "You multiply by logits.exp(), which does not belong there.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64')).div(n).div(logits.exp().sum(1, { keepdim: true }))",
    "You divide by logits.exp().sum(1, { keepdim: true }), which does not belong there.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64')).mul(logits.softmax(1)).mul(sub(1, logits.softmax(1))).div(n)",
    "You multiply by logits.softmax(1).mul(sub(1, logits.softmax(1))), which does not belong there.",
  ],
  [
    "logits",
    "zeros_like(logits).index_put_([range(n), yb], -1 / n).mul(logits.exp())",
    "You multiply by logits.exp(), which does not belong there. Besides, a term is missing: loss sends back 1/32·logits.softmax(1) as well.",
  ],
  [
    "logits",
    "logits.softmax(1).add(one_hot(yb, 27).to('float64'))",
    'one_hot(yb, 27).to("float64") has the wrong sign. Besides, it is 32 times too large: is a division by 32 left out, or a sum taken for a mean?',
  ],
  [
    "logits",
    "one_hot(yb, 27).to('float64').div(n).sub(logits.softmax(1)).div(n)",
    "You divide by 32, which does not belong there. Besides, it has the wrong sign.",
  ],
  [
    "logits",
    "logits.softmax(1).mul(sub(1, one_hot(yb, 27).to('float64'))).add(one_hot(yb, 27).to('float64').mul(sub(1, logits.softmax(1)))).div(n)",
    'one_hot(yb, 27).to("float64").mul(sub(1, logits.softmax(1))) has the wrong sign.',
  ],
  [
    "logits",
    "logits.softmax(1).mul(one_hot(yb, 27).to('float64')).sub(one_hot(yb, 27).to('float64')).sub(logits.softmax(1).mul(sub(1, one_hot(yb, 27).to('float64')))).div(n)",
    'logits.softmax(1).mul(sub(1, one_hot(yb, 27).to("float64"))) has the wrong sign.',
  ],
  [
    "logits",
    "logits.softmax(1).sub(1).sub(one_hot(yb, 27).to('float64')).div(n)",
    "You subtract 1, which does not belong there.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(logits.softmax(1).mean(1, { keepdim: true })).sub(one_hot(yb, 27).to('float64')).div(n)",
    "You subtract logits.softmax(1).mean(1, { keepdim: true }), which does not belong there.",
  ],
  [
    "logits",
    "logits.softmax(1).sub(one_hot(yb, 27).to('float64')).div(one_hot(yb, 27).to('float64').sum(0).add(1e-9))",
    "The sum goes over dimension 0; sum() belongs there.",
  ],
  ["logits", "logits.mul(1000).exp()", "79 of 864 elements are NaN or infinite, the first at [0, 0]."],
];
