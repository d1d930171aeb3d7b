// A variational autoencoder: mean and log-variance, a sample of noise in between, squared error and the KL term.
import { Generator } from "../../../lib/random/generator.ts";
import { sub } from "../../../lib/tensor/functional.ts";
import type { Network } from "./network.ts";

const n = 4, D = 5, Z = 2, weight = 0.3;

export const autoencoder: Network = {
  name: "variational autoencoder",
  constants: { n, D, Z, weight },
  forward: {
    hidden: ({ x, We }) => x.matmul(We).tanh(), // (4, 3)
    mu: ({ hidden, Wm }) => hidden.matmul(Wm), // (4, 2)
    logvar: ({ hidden, Ws, bs }) => hidden.matmul(Ws).add(bs),
    sigma: ({ logvar }) => logvar.mul(0.5).exp(),
    z: ({ mu, sigma, noise }) => mu.add(sigma.mul(noise)),
    decoded: ({ z, Wd }) => z.matmul(Wd), // (4, 5)
    squares: ({ decoded, x }) => decoded.sub(x).pow(2),
    reconstruction: ({ squares }) => squares.sum().div(n),
    inside: ({ mu, logvar }) => sub(1, mu.pow(2)).add(logvar).sub(logvar.exp()), // (4, 2)
    kl: ({ inside }) => inside.sum(1).mean().mul(-0.5),
    loss: ({ reconstruction, kl }) => reconstruction.add(kl.mul(weight)),
  },
  leaves: () => {
    const g = new Generator(22);
    return {
      x: g.randn([n, D]).double(),
      We: g.randn([D, 3]).double().mul(0.6),
      Wm: g.randn([3, Z]).double(),
      Ws: g.randn([3, Z]).double(),
      bs: g.randn([1, Z]).double().mul(0.5),
      Wd: g.randn([Z, D]).double(),
      noise: g.randn([n, Z]).double(),
    };
  },
  code: [
    ["kl", "full([], weight, { dtype: 'float64' })"],
    ["inside", "ones_like(inside).mul(-0.5 / n).mul(dkl)"],
    ["squares", "ones_like(squares).div(n)"],
    ["decoded", "decoded.sub(x).mul(2).mul(dsquares)"],
    ["Wd", "z.T.matmul(ddecoded)"],
    ["z", "ddecoded.matmul(Wd.T)"],
    ["sigma", "dz.mul(noise)"],
    ["mu", "dz.sub(dinside.mul(mu).mul(2))"],
    ["logvar", "dsigma.mul(sigma).mul(0.5)"],
    ["logvar+", "dlogvar.add_(dinside.mul(sub(1, logvar.exp())))"],
    ["bs", "dlogvar.sum(0, { keepdim: true })"],
    ["Wm", "hidden.T.matmul(dmu)"],
    ["Ws", "hidden.T.matmul(dlogvar)"],
    ["hidden", "dmu.matmul(Wm.T).add(dlogvar.matmul(Ws.T))"],
    ["We", "x.T.matmul(dhidden.mul(sub(1, hidden.pow(2))))"],
    ["x", "dhidden.mul(sub(1, hidden.pow(2))).matmul(We.T).sub(ddecoded)"],
  ],
  rights: [
    ["logvar+", "dlogvar.add_(sigma.pow(2).sub(1).mul(weight / (2 * n)))"],
    ["logvar", "dz.mul(z.sub(mu)).div(2)"],
    ["x", "ddecoded.neg().add_(hidden.mul(hidden).neg().add(1).mul(dhidden).matmul(We.T))"],
  ],
  mistakes: [
    { row: "inside", code: "ones_like(inside).mul(0.5 / n).mul(dkl)", what: "the sign", words: ["sign|neg|minus|−"] },
    { row: "inside", code: "ones_like(inside).mul(-0.5).mul(dkl)", what: "1/n is forgotten", words: ["n|4"] },
    { row: "inside", code: "ones_like(inside).mul(-0.5 / n)", what: "dkl is forgotten", words: ["dkl|0.3|weight"] },
    {
      row: "inside",
      code: "ones_like(inside).mul(-0.5 / (n * Z)).mul(dkl)",
      what: "mean over the latent columns, too",
      words: ["2|Z|n"],
    },
    {
      row: "squares",
      code: "ones_like(squares).div(n * D)",
      what: "D does not belong: only divided by n",
      words: ["5|D"],
    },
    { row: "decoded", code: "decoded.sub(x).mul(dsquares)", what: "the 2 is forgotten", words: ["2|half"] },
    { row: "decoded", code: "decoded.mul(2).mul(dsquares)", what: "x is forgotten", words: ["x"] },
    { row: "Wd", code: "mu.T.matmul(ddecoded)", what: "mu in place of z: the noise is forgotten", words: ["z"] },
    { row: "sigma", code: "dz.clone()", what: "noise is forgotten", words: ["noise"] },
    {
      row: "sigma",
      code: "dz.mul(noise).sum(0, { keepdim: true }).expand(n, Z)",
      what: "a sum over the examples that does not belong",
      words: ["sum"],
    },
    { row: "mu", code: "dz.clone()", what: "the path through the KL term is forgotten", words: ["inside|dinside"] },
    {
      row: "mu",
      code: "dz.add(dinside.mul(mu).mul(2))",
      what: "the sign of the KL term's part",
      words: ["sign|sub|−|subtract"],
    },
    { row: "mu", code: "dz.sub(dinside.mul(mu))", what: "the 2 of mu² is forgotten", words: ["2|half"] },
    { row: "mu", code: "dz.sub(dinside.mul(2))", what: "mu is forgotten in the second part", words: ["mu"] },
    { row: "mu", code: "dz.sub(dinside.mul(z).mul(2))", what: "z in place of mu", words: ["mu"] },
    {
      row: "logvar",
      code: "dsigma.mul(sigma)",
      what: "the half is forgotten, in the first term",
      words: ["0.5|half|½|twice"],
      never: ["through sigma is missing"],
    },
    { row: "logvar", code: "dsigma.mul(0.5)", what: "sigma is forgotten, in the first term", words: ["sigma"] },
    {
      row: "logvar",
      code: "dsigma.mul(logvar.exp()).mul(0.5)",
      what: "sigma² in place of sigma, in the first term",
      words: ["sigma"],
    },
    {
      row: "logvar+",
      code: "dlogvar.add_(dinside.mul(logvar.exp().neg()))",
      what: "the 1 is forgotten",
      words: ["1"],
      never: ["through inside is missing"],
    },
    {
      row: "logvar+",
      code: "dlogvar.add_(dinside.mul(sub(1, logvar)))",
      what: "logvar in place of its exp",
      words: ["exp|e^|e to"],
    },
    {
      row: "logvar+",
      code: "dlogvar.add_(dinside.mul(sub(1, sigma)))",
      what: "sigma in place of sigma²",
      words: ["sigma²|sigma.pow(2)|exp|square|sigma"],
    },
    { row: "logvar+", code: "dlogvar", what: "the path through the KL term is forgotten", words: ["inside"] },
    {
      row: "logvar+",
      code: "dlogvar.sub_(dinside.mul(sub(1, logvar.exp())))",
      what: "the sign of the second term",
      words: ["sign|add|sub|subtract|−"],
    },
    {
      row: "bs",
      code: "dlogvar.sum(1, { keepdim: true })",
      what: "the wrong dimension",
      words: ["dim|0|(1, 2)|shape"],
    },
    { row: "bs", code: "dlogvar.at(0).view(1, Z)", what: "the first example only", words: ["sum|first|row"] },
    { row: "Wm", code: "hidden.T.matmul(dz)", what: "dz in place of dmu: the KL term is left out", words: ["dmu"] },
    { row: "hidden", code: "dmu.matmul(Wm.T)", what: "the path through logvar is forgotten", words: ["logvar"] },
    {
      row: "hidden",
      code: "dmu.add(dlogvar).matmul(Wm.T)",
      what: "Wm in place of Ws for the second part",
      words: ["Ws"],
    },
    {
      row: "hidden",
      code: "dmu.matmul(Wm.T).sub(dlogvar.matmul(Wm.T))",
      what: "two slips: the sign and Wm in place of Ws",
      words: ["sign|add|sub|−", "Ws"],
    },
    {
      row: "We",
      code: "x.T.matmul(dhidden.mul(sub(1, hidden)))",
      what: "1 − hidden where 1 − hidden² belongs",
      words: ["hidden²|hidden.pow(2)|square|tanh"],
    },
    {
      row: "We",
      code: "decoded.T.matmul(dhidden.mul(sub(1, hidden.pow(2))))",
      what: "decoded in place of x",
      words: ["x"],
    },
    {
      row: "x",
      code: "dhidden.mul(sub(1, hidden.pow(2))).matmul(We.T)",
      what: "x is used twice: the squares' part is forgotten",
      words: ["squares|ddecoded|decoded"],
    },
    {
      row: "x",
      code: "dhidden.mul(sub(1, hidden.pow(2))).matmul(We.T).add(ddecoded)",
      what: "the sign of the squares' part",
      words: ["sign|sub|−|subtract"],
    },
    {
      row: "x",
      code: "dhidden.matmul(We.T).sub(ddecoded)",
      what: "tanh's derivative is forgotten",
      words: ["hidden.pow(2)|hidden²|tanh|derivative"],
    },
  ],
};
