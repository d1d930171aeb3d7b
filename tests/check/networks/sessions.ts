// Learners with more than one row wrong, or with a row that is wrong and does no harm: what each row has to be called.
// A right line below a wrong row is `follows`; a line with a mistake of its own is `wrong`, whatever is above it.
import { attention } from "./attention.ts";
import { autoencoder } from "./autoencoder.ts";
import { batchnormNcl } from "./batchnorm_ncl.ts";
import { convolution } from "./convolution.ts";
import { clippedPolicy } from "./clipped_policy.ts";
import { contrastive } from "./contrastive.ts";
import { gru } from "./gru.ts";
import { hinge } from "./hinge.ts";
import { layernormBlock } from "./layernorm_block.ts";
import { lstm } from "./lstm.ts";
import type { Line, Network } from "./network.ts";
import { swiglu } from "./swiglu.ts";
import { tied } from "./tied.ts";
import type { Status } from "../../../lib/check/check.ts";

/** What a learner has written, and what is to be said of it. */
export interface Session {
  network: Network;
  /** The lines that are not the network's own. */
  changes: readonly Line[];
  /** For some rows: the verdict, and for a wrong one what its account mentions; words as in a Mistake. */
  expected: readonly (readonly [name: string, status: Status, ...words: string[]])[];
}

/** The sessions. */
export const sessions: readonly Session[] = [
  {
    network: convolution,
    changes: [["conv", "sub(1, act).mul(dact)"]],
    expected: [["conv", "wrong", "act"], ["w", "follows"], ["b", "follows"], ["unfolded", "follows"], ["x", "follows"]],
  },
  {
    network: convolution,
    changes: [["conv", "sub(1, act).mul(dact)"], ["b", "dconv.mean(0)"]],
    expected: [["conv", "wrong", "act"], ["w", "follows"], ["b", "wrong", "sum|mean|12"], ["x", "follows"]],
  },
  {
    network: convolution,
    changes: [["error", "error.mul(2)"], ["v", "pooled.T.matmul(error)"]],
    expected: [["error", "wrong", "3|B"], ["score", "follows"], ["v", "wrong", "dscore|derror|error|2|1.5"]],
  },
  {
    network: layernormBlock,
    changes: [["xc", "dxhat.mul(rstd)"], ["mu", "dxc.sum(1, { keepdim: true })"]],
    expected: [["xc", "wrong", "variance"], ["mu", "wrong", "sign|neg|minus|−"]],
  },
  {
    network: layernormBlock,
    changes: [["xc", "dxhat.mul(rstd)"], ["x+", "dx.add_(dxc).add_(dmu)"]],
    // What is missing in dxc adds up to 0 in each row, so dmu is right.
    expected: [["xc", "wrong", "variance"], ["mu", "ok"], ["x", "wrong", "6|D"], ["W0", "follows"]],
  },
  {
    network: layernormBlock,
    changes: [["y", "target.sub(y).mul(2 / (n * D))"]],
    expected: [["y", "wrong", "sign|neg|minus|−"], ["a", "follows"], ["gain", "follows"], ["x", "follows"], [
      "W0",
      "follows",
    ]],
  },
  {
    network: layernormBlock,
    changes: [["variance", "drstd.mul(-0.5).mul(rstd.pow(2))"], [
      "xc",
      "dxhat.mul(rstd).add(xc.mul(2).mul(dvariance))",
    ]],
    expected: [["variance", "wrong", "rstd³|pow(3)|exponent|rstd"], ["xc", "wrong", "6|D|1/3"], ["x", "follows"]],
  },
  {
    // dy itself, without clone: what is added to dx later is added to dy too, but nothing reads dy after that.
    network: layernormBlock,
    changes: [["x", "dy"]],
    expected: [["x", "ok"], ["W0", "ok"]],
  },
  {
    network: layernormBlock,
    changes: [["x", "dy"], ["x+", "dx.add_(dxc).add_(dmu)"]],
    expected: [["x", "wrong", "6|D"], ["W0", "follows"]],
  },
  {
    network: batchnormNcl,
    changes: [["c+", "dc"], ["mu", "dc.sum([0, 2], { keepdim: true })"]],
    expected: [["c", "wrong", "sq"], ["mu", "wrong", "sign|neg|minus|−"]],
  },
  {
    network: batchnormNcl,
    changes: [["c+", "dc"]],
    expected: [["c", "wrong", "sq"], ["mu", "ok"], ["y", "follows"], ["x", "follows"], ["a", "follows"]],
  },
  {
    network: batchnormNcl,
    changes: [["sd", "dxhat.mul(c).div(sd).neg().sum([0, 2], { keepdim: true })"], ["a", "dy.mul(y).sum(0)"]],
    expected: [["sd", "wrong", "sd|xhat"], ["variance", "follows"], ["x", "follows"], ["a", "wrong", "x"]],
  },
  {
    network: attention,
    changes: [["q", "dscores.matmul(k)"], ["Wq", "x.T.matmul(dk)"]],
    expected: [["q", "wrong", "0.5|√|H|half|twice|2 times"], ["k", "ok"], ["Wq", "wrong", "dq"], ["x", "follows"]],
  },
  {
    network: attention,
    changes: [["masked", "att.mul(datt)"], ["k", "dscores.matmul(q).mul(H ** -0.5)"]],
    expected: [["masked", "wrong", "sum|term|datt"], ["q", "follows"], ["k", "wrong", "dscores.T|transpose|.T"], [
      "Wk",
      "follows",
    ]],
  },
  {
    network: gru,
    changes: [["h1+", "dh1.add_(drh2.mul(r2)).add_(dar2.matmul(Ur.T))"], ["Wn+", "dWn.add_(x2.T.matmul(dan1))"]],
    expected: [["h1", "wrong", "az2"], ["z1", "follows"], ["Un", "follows"], ["Wn", "wrong", "x1"], ["bz", "follows"]],
  },
  {
    network: gru,
    changes: [["z1", "dh1.mul(n1.sub(h0))"]],
    expected: [["z1", "wrong", "sign|exchanged|n1|h0"], ["az1", "follows"], ["Wz", "follows"], ["Wr", "ok"], [
      "h0",
      "follows",
    ]],
  },
  {
    network: contrastive,
    changes: [["sim+", "dsim"], ["v", "dsim.matmul(u).div(tau)"]],
    expected: [["sim", "wrong", "columns"], ["u", "follows"], ["v", "wrong", "dsim.T|transpose|.T"], ["W", "follows"]],
  },
  {
    network: contrastive,
    changes: [["u", "dsim.matmul(v)"], ["v", "dsim.T.matmul(u)"]],
    expected: [["u", "wrong", "tau|0.4|2.5"], ["v", "wrong", "tau|0.4|2.5"], ["a", "follows"], ["b", "follows"], [
      "W",
      "follows",
    ]],
  },
  {
    // f2 is forgotten, and the gradient is dc2 itself, which gets the second term as well: nothing reads dc2 after that.
    network: lstm,
    changes: [["c1", "dc2"]],
    expected: [["c1", "wrong", "f2"], ["i1", "follows"], ["W", "follows"]],
  },
  {
    network: lstm,
    changes: [["tc2", "dh2.mul(h2)"], ["c2", "dtc2.mul(sub(1, c2.square()))"]],
    expected: [["tc2", "wrong", "o2"], ["c2", "wrong", "tc2"], ["f2", "follows"], ["W", "follows"], ["o2", "ok"]],
  },
  {
    network: autoencoder,
    changes: [["mu", "dz.clone()"], ["Wm", "hidden.T.matmul(dz)"]],
    expected: [["mu", "wrong", "inside|dinside"], ["hidden", "follows"], ["We", "follows"], ["Ws", "ok"]],
  },
  {
    network: swiglu,
    changes: [["gate+", "dgate"], ["scaled", "dgate.matmul(Wg.T)"]],
    expected: [["gate", "wrong", "s"], ["scaled", "wrong", "up|dup|Wu"], ["Wg", "follows"], ["gain", "follows"], [
      "x",
      "follows",
    ]],
  },
  {
    network: swiglu,
    changes: [["inv", "dxn.mul(x).mean(1, { keepdim: true })"], ["x+", "dx.add_(xn.mul(dms).mul(2 / D))"]],
    expected: [["inv", "wrong", "sum|mean|5"], ["ms", "follows"], ["x", "wrong", "x"]],
  },
  {
    network: hinge,
    changes: [["margins", "dhinges.mul(margins.gt(0))"], ["scores+", "dscores"]],
    expected: [
      ["margins", "wrong", "y|target|targets|hinges"],
      ["correct", "follows"],
      ["scores", "wrong", "correct"],
      [
        "W2",
        "follows",
      ],
    ],
  },
  {
    network: tied,
    changes: [["shifted", "dlogp.clone()"], ["E", "dlogits.T.matmul(both).div(n)"]],
    expected: [["shifted", "wrong", "lse"], ["logits", "follows"], ["both", "follows"], ["E", "wrong", "5|n"]],
  },
  // Of two equal ones either may get all: what follows from that is right, too.
  {
    network: clippedPolicy,
    changes: [["obj", "full_like(obj, 1 / N)"], ["s1", "dobj.mul(s1.le(s2))"], ["s2", "where(s1.gt(s2), dobj, 0)"]],
    expected: [["obj", "wrong", "sign"], ["s1", "follows", "dobj"], ["s2", "follows", "dobj"], [
      "ratio",
      "follows",
      "dobj",
    ]],
  },
  {
    network: clippedPolicy,
    changes: [["s1", "dobj.mul(s1.le(s2))"], ["s2", "dobj.mul(s2.le(s1))"]],
    expected: [["s1", "ok"], ["s2", "ok"], ["ratio", "follows", "shares"], ["lpa", "follows", "shares|ds1"]],
  },
];
