// A convolution along a line, unfolded by index: each window's entries are gathered from the signal into a row.
// Windows overlap, so that an entry of the signal collects gradients from up to three of them.
import { Generator } from "../../../lib/random/generator.ts";
import { tensor } from "../../../lib/tensor/creation.ts";
import type { Network } from "./network.ts";

const B = 3, L = 6, K = 3, T = L - K + 1, channels = 2, filters = 5;

/** For each window of each signal, the rows of x it covers: (12, 3). */
function windows(): number[] {
  const rows: number[] = [];
  for (let b = 0; b < B; b++) for (let t = 0; t < T; t++) for (let k = 0; k < K; k++) rows.push(b * L + t + k);
  return rows;
}

export const convolution: Network = {
  name: "convolution by gathering",
  constants: { B, L, K, T, channels, filters },
  forward: {
    patches: ({ x, windows }) => x.at(windows), // (12, 3, 2)
    unfolded: ({ patches }) => patches.view(B * T, K * channels), // (12, 6)
    conv: ({ unfolded, w, b }) => unfolded.matmul(w).add(b), // (12, 5)
    act: ({ conv }) => conv.tanh(), // (12, 5)
    pooled: ({ act }) => act.view(B, T, filters).max(1).values, // (3, 5)
    score: ({ pooled, v }) => pooled.matmul(v), // (3, 1)
    error: ({ score, target }) => score.sub(target), // (3, 1)
    loss: ({ error }) => error.pow(2).mean(),
  },
  leaves: () => {
    const g = new Generator(11);
    return {
      x: g.randn([B * L, channels]).double(),
      w: g.randn([K * channels, filters]).double().mul(0.5),
      b: g.randn([filters]).double().mul(0.3),
      v: g.randn([filters, 1]).double(),
      target: g.randn([B, 1]).double(),
      windows: tensor(windows(), { shape: [B * T, K], dtype: "int32" }),
    };
  },
  code: [
    ["error", "error.mul(2 / B)"],
    ["score", "derror.clone()"],
    ["target", "derror.neg()"],
    ["pooled", "dscore.matmul(v.T)"],
    ["v", "pooled.T.matmul(dscore)"],
    ["act", "act.view(B, T, filters).eq(pooled.unsqueeze(1)).mul(dpooled.unsqueeze(1)).view(B * T, filters)"],
    ["conv", "sub(1, act.pow(2)).mul(dact)"],
    ["w", "unfolded.T.matmul(dconv)"],
    ["b", "dconv.sum(0)"],
    ["unfolded", "dconv.matmul(w.T)"],
    ["patches", "dunfolded.view(B * T, K, channels)"],
    ["x", "zeros_like(x).index_add_(0, windows.flatten(), dpatches.view(-1, channels))"],
  ],
  rights: [
    ["conv", "dact.sub(dact.mul(act).mul(act))"],
    ["x", "one_hot(windows.flatten(), B * L).double().T.matmul(dpatches.view(B * T * K, channels))"],
    ["unfolded", "w.matmul(dconv.T).T"],
  ],
  mistakes: [
    {
      row: "error",
      code: "error.mul(2)",
      what: "the mean's 1/B is forgotten",
      words: ["B|3|mean"],
    },
    { row: "error", code: "error.div(B)", what: "the 2 of the square is forgotten", words: ["2|half"] },
    {
      row: "error",
      code: "error.pow(2).mul(2 / B)",
      what: "error² instead of error",
      words: ["error²|pow|power|exponent"],
    },
    { row: "score", code: "derror.neg()", what: "the sign of target's side", words: ["sign|neg|minus|−"] },
    { row: "score", code: "derror.mul(score)", what: "a factor score that does not belong there", words: ["score"] },
    {
      row: "v",
      code: "pooled.T.matmul(error)",
      what: "error in place of dscore, the gradient",
      words: ["dscore|derror"],
    },
    {
      row: "v",
      code: "pooled.mean(0).view(-1, 1).mul(dscore.sum())",
      what: "the products of means, not the sum of products",
      words: [],
    },
    {
      row: "act",
      code: "ones_like(act).view(B, T, filters).mul(dpooled.unsqueeze(1)).view(B * T, filters)",
      what: "every window gets the maximum's gradient, not only the largest",
      words: ["largest|maximum|mask|eq|one_hot|argmax"],
    },
    {
      row: "act",
      code: "ones_like(act).view(B, T, filters).mul(dpooled.unsqueeze(1)).div(T).view(B * T, filters)",
      what: "the gradient of a mean where there is a maximum",
      words: ["largest|maximum|mask|eq"],
    },
    {
      row: "act",
      code:
        "act.view(B, T, filters).eq(act.view(B, T, filters).amax(2, { keepdim: true })).mul(dpooled.unsqueeze(1)).view(B * T, filters)",
      what: "the maximum over the filters instead of over the windows",
      words: ["dim|dimension|largest|over"],
    },
    { row: "conv", code: "sub(1, act.pow(2))", what: "dact is missing", words: ["dact"] },
    {
      row: "conv",
      code: "sub(1, act).mul(dact)",
      what: "1 − act where 1 − act² belongs",
      words: ["act²|act.pow(2)|tanh|square"],
    },
    { row: "conv", code: "sub(1, conv.pow(2)).mul(dact)", what: "conv in place of act", words: ["act"] },
    { row: "w", code: "unfolded.T.matmul(dact)", what: "dact in place of dconv", words: ["dconv"] },
    {
      row: "w",
      code: "unfolded.T.matmul(dconv).div(B * T)",
      what: "divided by the number of windows",
      words: ["12|divide|B"],
    },
    { row: "b", code: "dconv.mean(0)", what: "mean instead of sum", words: ["sum|mean|12"] },
    {
      row: "b",
      code: "dconv.at('0:4').sum(0)",
      what: "only the first signal's windows are summed",
      words: ["first|4|row|sum"],
    },
    { row: "unfolded", code: "dconv.mul(b).matmul(w.T)", what: "a factor b too many", words: ["b"] },
    {
      row: "patches",
      code: "dunfolded.view(B * T, channels, K).transpose(1, 2)",
      what: "the six columns are read as channels first, then taps",
      words: ["order|transpose|view|dimension|exchanged"],
      never: ["stands where −1"],
    },
    {
      row: "x",
      code: "zeros_like(x).index_add_(0, windows.flatten(), patches.view(-1, channels))",
      what: "patches in place of dpatches",
      words: ["dpatches"],
    },
    {
      row: "x",
      code: "zeros_like(x).index_add_(0, windows.at(':', 1), dpatches.at(':', 1))",
      what: "only the middle tap of each window",
      words: ["part|only|sum|taps|windows"],
    },
    {
      row: "x",
      code:
        "[0, 1].reduce((d, c) => d.index_put_([windows.flatten(), full([B * T * K], c).int()], dpatches.view(-1, channels).at(':', c)), zeros_like(x))",
      what: "the last window that covers an entry overwrites the others",
      words: ["overwrit|added|add|accumulate|last"],
    },
    {
      row: "x",
      code: "zeros_like(x).index_add_(0, windows.T.flatten(), dpatches.view(-1, channels))",
      what: "indices in another order than the rows they belong to",
      words: ["order|index|transpose|windows|.T"],
    },
  ],
};
