// A policy's clipped objective (Schulman et al. 2017, PPO): of two products the smaller one, which are equal wherever nothing is
// clipped, and there either side may get the gradient, or both a half. Beside it the policy's entropy and a value.
import { Generator } from "../../../lib/random/generator.ts";
import { range, tensor } from "../../../lib/tensor/creation.ts";
import { minimum } from "../../../lib/tensor/functional.ts";
import type { Network } from "./network.ts";

const N = 8, D = 5, A = 4, beta = 0.05, eps = 0.2, cv = 0.5;

export const clippedPolicy: Network = {
  name: "clipped policy",
  constants: { N, D, A, beta, eps, cv },
  forward: {
    logits: ({ x, W, b }) => x.matmul(W).add(b), // (8, 4)
    lp: ({ logits }) => logits.log_softmax(1),
    lpa: ({ lp, act }) => lp.at(range(N), act), // (8)
    ratio: ({ lpa, old }) => lpa.sub(old).exp(),
    s1: ({ ratio, adv }) => ratio.mul(adv),
    clipped: ({ ratio }) => ratio.clamp(1 - eps, 1 + eps),
    s2: ({ clipped, adv }) => clipped.mul(adv),
    obj: ({ s1, s2 }) => minimum(s1, s2),
    p: ({ lp }) => lp.exp(), // (8, 4)
    ent: ({ p, lp }) => p.mul(lp).sum(1).neg(), // (8)
    v: ({ x, wv }) => x.matmul(wv),
    vl: ({ v, ret }) => v.sub(ret).pow(2).mean(),
    loss: ({ obj, ent, vl }) => obj.mean().neg().sub(ent.mean().mul(beta)).add(vl.mul(cv)),
  },
  leaves: () => {
    const g = new Generator(9202);
    const x = g.randn([N, D]).double(), W = g.randn([D, A]).double().mul(0.6), b = g.randn([A]).double().mul(0.3);
    const act = tensor([0, 3, 1, 2, 2, 0, 1, 3], { dtype: "int32" });
    const then = x.matmul(W).add(b).log_softmax(1).at(range(N), act);
    return {
      x,
      W,
      b,
      act,
      // Some ratios are above 1.2, some below 0.8, and some between.
      old: then.add(tensor([-0.4, 0.1, 0.35, -0.05, 0.5, -0.5, 0.07, -0.12], { dtype: "float64" })),
      adv: tensor([1.1, -0.7, 0.9, 0.6, -1.3, -0.8, 1.7, -0.5], { dtype: "float64" }),
      wv: g.randn([D]).double().mul(0.5),
      ret: g.randn([N]).double(),
    };
  },
  code: [
    ["obj", "full_like(obj, -1 / N)"],
    ["s1", "dobj.mul(s1.lt(s2)).add(dobj.mul(s1.eq(s2)).mul(0.5))"],
    ["s2", "dobj.mul(s2.lt(s1)).add(dobj.mul(s1.eq(s2)).mul(0.5))"],
    ["clipped", "ds2.mul(adv)"],
    ["ratio", "ds1.mul(adv)"],
    ["ratio+", "dratio.add_(dclipped.mul(ratio.gt(1 - eps)).mul(ratio.lt(1 + eps)))"],
    ["lpa", "dratio.mul(ratio)"],
    ["ent", "full_like(ent, -beta / N)"],
    ["p", "dent.unsqueeze(1).mul(lp).neg()"],
    ["lp", "dp.mul(p).sub(dent.unsqueeze(1).mul(p))"],
    ["lp+", "dlp.add_(one_hot(act, A).mul(dlpa.unsqueeze(1)))"],
    ["logits", "dlp.sub(p.mul(dlp.sum(1, { keepdim: true })))"],
    ["W", "x.T.matmul(dlogits)"],
    ["b", "dlogits.sum(0)"],
    ["v", "v.sub(ret).mul(2 * cv / N)"],
    ["wv", "x.T.matmul(dv)"],
    ["x", "dlogits.matmul(W.T)"],
    ["x+", "dx.add_(dv.unsqueeze(1).mul(wv))"],
  ],
  rights: [
    ["ratio", "ds1.mul(adv)"],
    ["ratio+", "dratio.add_(where(clipped.eq(ratio), dclipped, 0))"],
    ["p", "lp.mul(dent.view(N, 1)).mul(-1)"],
    ["v", "v.sub(ret).div(N)"],
  ],
  mistakes: [
    { row: "obj", code: "full_like(obj, 1 / N)", what: "the sign", words: ["sign"] },
    {
      row: "s1",
      code: "dobj.mul(s1.gt(s2)).add(dobj.mul(s1.eq(s2)).mul(0.5))",
      what: "the maximum's mask",
      words: ["s1.lt(s2)"],
      never: ["Besides"],
    },
    {
      row: "s2",
      code: "dobj.mul(s1.lt(s2)).add(dobj.mul(s1.eq(s2)).mul(0.5))",
      what: "the other one's mask",
      words: ["s1.gt(s2)|s2.lt(s1)"],
      never: ["Besides"],
    },
    { row: "clipped", code: "ds2.mul(ratio)", what: "ratio for adv", words: ["adv"] },
    { row: "clipped", code: "ds1.mul(adv)", what: "ds1 for ds2", words: ["ds2"] },
    {
      row: "ratio+",
      code: "dratio.add_(dclipped)",
      what: "clamp's mask is forgotten",
      words: ["ratio.eq(clipped)"],
    },
    {
      row: "ratio+",
      code: "dratio.add_(dclipped.mul(ratio.lt(1 + eps)))",
      what: "only the upper bound",
      words: ["ratio.eq(clipped)"],
    },
    { row: "ratio+", code: "dratio", what: "the way through the clamp is missing", words: ["clipped"] },
    { row: "lpa", code: "dratio.div(ratio)", what: "divided instead of multiplied", words: ["divide|multiply|factor"] },
    { row: "ent", code: "full_like(ent, beta / N)", what: "the sign", words: ["sign"] },
    { row: "p", code: "dent.unsqueeze(1).mul(lp)", what: "the sign", words: ["sign"] },
    { row: "lp", code: "dp.mul(p)", what: "one of two ways to the entropy is missing", words: ["term|ent"] },
    { row: "lp", code: "dp.mul(lp).sub(dent.unsqueeze(1).mul(p))", what: "lp for p", words: ["p"] },
    {
      row: "logits",
      code: "dlp.sub(p.mul(dlp.sum(0, { keepdim: true })))",
      what: "summed over the wrong dimension",
      words: ["dimension"],
    },
    {
      row: "logits",
      code: "dlp.sub(p.mul(dlp).sum(1, { keepdim: true }))",
      what: "p is inside the sum",
      words: ["p"],
    },
    { row: "v", code: "v.sub(ret).mul(2 / N)", what: "cv is forgotten", words: ["0.5|2|twice"] },
    { row: "x+", code: "dx", what: "the way through v is missing", words: ["v"] },
  ],
};
