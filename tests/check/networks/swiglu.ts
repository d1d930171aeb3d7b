// RMSNorm, then a gated unit as in SwiGLU: silu(gate) · up, and down again.
import { Generator } from "../../../lib/random/generator.ts";
import type { Network } from "./network.ts";

const n = 4, D = 5, F = 4;

export const swiglu: Network = {
  name: "RMSNorm and a gated unit",
  constants: { n, D, F },
  forward: {
    ms: ({ x }) => x.pow(2).mean(1, { keepdim: true }), // (4, 1)
    inv: ({ ms }) => ms.add(1e-2).pow(-0.5),
    xn: ({ x, inv }) => x.mul(inv), // (4, 5)
    scaled: ({ xn, gain }) => xn.mul(gain),
    gate: ({ scaled, Wg }) => scaled.matmul(Wg), // (4, 4)
    up: ({ scaled, Wu }) => scaled.matmul(Wu),
    s: ({ gate }) => gate.neg().exp().add(1).reciprocal(), // sigmoid(gate)
    silu: ({ gate, s }) => gate.mul(s),
    unit: ({ silu, up }) => silu.mul(up),
    out: ({ unit, Wd }) => unit.matmul(Wd), // (4, 5)
    res: ({ out, x }) => out.add(x),
    loss: ({ res, target }) => res.sub(target).pow(2).sum(1).mean(),
  },
  leaves: () => {
    const g = new Generator(19);
    return {
      x: g.randn([n, D]).double().mul(1.7),
      gain: g.randn([1, D]).double().mul(0.3).add(1),
      Wg: g.randn([D, F]).double(),
      Wu: g.randn([D, F]).double(),
      Wd: g.randn([F, D]).double().mul(0.5),
      target: g.randn([n, D]).double(),
    };
  },
  code: [
    ["res", "res.sub(target).mul(2).div(n)"],
    ["out", "dres.clone()"],
    ["unit", "dout.matmul(Wd.T)"],
    ["Wd", "unit.T.matmul(dout)"],
    ["silu", "dunit.mul(up)"],
    ["up", "dunit.mul(silu)"],
    ["s", "dsilu.mul(gate)"],
    ["gate", "dsilu.mul(s)"],
    ["gate+", "dgate.add_(ds.mul(s).mul(sub(1, s)))"],
    ["scaled", "dgate.matmul(Wg.T).add(dup.matmul(Wu.T))"],
    ["Wg", "scaled.T.matmul(dgate)"],
    ["Wu", "scaled.T.matmul(dup)"],
    ["xn", "dscaled.mul(gain)"],
    ["gain", "dscaled.mul(xn).sum(0, { keepdim: true })"],
    ["x", "dxn.mul(inv).add(dres)"],
    ["inv", "dxn.mul(x).sum(1, { keepdim: true })"],
    ["ms", "dinv.mul(inv.pow(3)).div(-2)"],
    ["x+", "dx.add_(x.mul(dms).mul(2 / D))"],
  ],
  rights: [
    ["gate+", "dgate.mul_(gate.mul(sub(1, s)).add(1))"],
    ["x+", "dxn.sub(xn.mul(dxn.mul(xn).mean(1, { keepdim: true }))).mul(inv).add(dres)"],
    ["ms", "ms.add(0.01).pow(-1.5).mul(dinv.mul(-0.5))"],
  ],
  mistakes: [
    {
      row: "res",
      code: "res.sub(target).mul(2).div(n * D)",
      what: "the mean is over the examples only; D does not belong",
      words: ["5|D"],
    },
    { row: "res", code: "res.sub(target).div(n)", what: "the 2 is forgotten", words: ["2|half"] },
    { row: "unit", code: "dout.matmul(Wd.T).mul(unit)", what: "a factor unit that does not belong", words: ["unit"] },
    { row: "silu", code: "dunit.mul(unit)", what: "unit in place of up", words: ["up"] },
    { row: "up", code: "dunit.mul(gate)", what: "gate in place of silu", words: ["silu|s"] },
    { row: "up", code: "dunit.clone()", what: "silu is forgotten", words: ["silu"] },
    { row: "s", code: "dsilu.mul(s)", what: "s in place of gate", words: ["gate"] },
    { row: "gate", code: "dsilu.clone()", what: "s is forgotten in the first term", words: ["s"] },
    {
      row: "gate+",
      code: "dgate.add_(ds.mul(sub(1, s)))",
      what: "the factor s of the sigmoid's derivative is forgotten",
      words: ["s"],
    },
    {
      row: "gate+",
      code: "dgate.add_(ds.mul(gate).mul(sub(1, gate)))",
      what: "gate in place of s, its sigmoid",
      words: ["s"],
    },
    { row: "gate+", code: "dgate.add_(s.mul(sub(1, s)))", what: "ds is forgotten", words: ["ds"] },
    { row: "gate+", code: "dgate", what: "the path through the sigmoid is forgotten", words: ["s"] },
    {
      row: "gate+",
      code: "dgate.add_(ds.mul(s).mul(s.sub(1)))",
      what: "s − 1 where 1 − s belongs: the sign",
      words: ["sign|1 − s|1 - s|sub(1, s)|exchanged"],
    },
    { row: "gate+", code: "dgate.add_(dsilu.mul(s).mul(sub(1, s)))", what: "dsilu in place of ds", words: ["ds|gate"] },
    { row: "scaled", code: "dgate.matmul(Wg.T)", what: "the path through up is forgotten", words: ["up|dup|Wu"] },
    { row: "scaled", code: "dgate.matmul(Wg.T).add(dup.matmul(Wg.T))", what: "Wg in place of Wu", words: ["Wu"] },
    {
      row: "scaled",
      code: "dgate.matmul(Wg.T).mul(dup.matmul(Wu.T))",
      what: "multiplied instead of added",
      words: ["add|+|sum|mul|times"],
    },
    { row: "Wg", code: "xn.T.matmul(dgate)", what: "xn in place of scaled: gain is forgotten", words: ["scaled|gain"] },
    {
      row: "Wu",
      code: "scaled.T.matmul(dup.T)",
      what: "dup transposed, which fits as n equals F",
      words: ["dup|transpose|.T"],
    },
    {
      row: "Wu",
      code: "scaled.T.matmul(dup).mean(0, { keepdim: true }).mul(ones_like(Wu))",
      what: "every row the mean of all",
      words: ["mean|row|same"],
    },
    {
      row: "gain",
      code: "dscaled.mul(scaled).sum(0, { keepdim: true })",
      what: "scaled in place of xn",
      words: ["xn"],
    },
    {
      row: "gain",
      code: "dscaled.mul(xn).sum(1, { keepdim: true })",
      what: "the wrong dimension",
      words: ["dim|(1, 5)|shape|0"],
    },
    { row: "gain", code: "dscaled.mul(x).sum(0, { keepdim: true })", what: "x in place of xn", words: ["xn"] },
    { row: "inv", code: "dxn.mul(x).mean(1, { keepdim: true })", what: "mean instead of sum", words: ["sum|mean|5"] },
    { row: "ms", code: "dinv.mul(inv.pow(3)).div(2)", what: "the sign", words: ["sign|neg|minus|−"] },
    {
      row: "ms",
      code: "dinv.mul(ms.add(1e-2).pow(-0.5)).div(-2)",
      what: "the exponent −0.5 where −1.5 belongs",
      words: ["1.5|exponent|inv³|pow|inv"],
    },
    { row: "ms", code: "dinv.mul(ms.pow(-1.5)).div(-2)", what: "ε is forgotten", words: ["0.01|ε|epsilon"] },
    { row: "x+", code: "dx.add_(x.mul(dms).mul(2))", what: "1/D of the mean is forgotten", words: ["5|D|mean|0.4"] },
    { row: "x+", code: "dx.add_(xn.mul(dms).mul(2 / D))", what: "xn in place of x", words: ["x"] },
    {
      row: "x+",
      code: "dx.sub_(x.mul(dms).mul(2 / n))",
      what: "two slips: taken off instead of added, n for D",
      words: ["sign|add|sub|subtract|−", "5|D|n"],
    },
    {
      row: "x+",
      code: "dxn.sub(xn.mul(dxn.mul(xn).sum(1, { keepdim: true }))).mul(inv).add(dres)",
      what: "sum instead of mean in the one-go formula",
      words: ["mean|sum|5"],
    },
    { row: "x", code: "dxn.mul(inv)", what: "the residual's part is forgotten", words: ["res|dres"] },
  ],
};
