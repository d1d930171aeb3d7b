// Mistakes in exercise 3: batchnorm in one go.
import { type Mistake, SIGN, TWO } from "./mistake.ts";

const G = "bngain.mul(bnvar_inv).div(n)", ALONG = "bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))";

export const mistakes: readonly Mistake[] = [
  ["hprebn", `${G}.mul(dhpreact.mul(n).sub(${ALONG}))`, "bnmean", TWO.replace("two", "three")],
  ["hprebn", `${G}.mul(dhpreact.mul(n).add(dhpreact.sum(0)).sub(${ALONG}))`, "bnmean", SIGN],
  ["hprebn", `${G}.mul(dhpreact.mul(n).sub(dhpreact.sum(0)))`, "bnvar"],
  ["hprebn", `${G}.mul(dhpreact.mul(n).sub(dhpreact.sum(0)).add(${ALONG}))`, "bnvar", SIGN],
  [
    "hprebn",
    `${G}.mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0))))`,
    "bnvar",
    "n and n − 1",
  ],
  ["hprebn", `${G}.mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(${ALONG})).mul(n)`, "32 times too large"],
  ["hprebn", `bngain.div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(${ALONG}))`, "bnvar_inv", "left out"],
  ["hprebn", `bnvar_inv.div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(${ALONG}))`, "bngain", "0.9091"],
  ["hprebn", `bngain.mul(bnvar_inv).mul(dhpreact.sub(dhpreact.sum(0)).sub(${ALONG}))`, "bnmean", "32 times too large"],
  ["hprebn", `${G}.mul(dhpreact.mul(n).sub(dhpreact).sub(${ALONG}))`, "bnmean|sum"],
  [
    "hprebn",
    `${G}.mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(dhpreact.mul(bnraw).sum(0).mul(n / (n - 1))))`,
    "bnvar",
    "bnraw",
  ],
  [
    "hprebn",
    `${G}.mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.sum(0)).mul(n / (n - 1))))`,
    "bnvar",
    "bnraw",
  ],
  ["hprebn", `bngain.mul(bnvar_inv).mul(dhpreact)`, "bnraw", "three terms"],
  ["hprebn", `bngain.mul(bnvar).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(${ALONG}))`, "bnvar"],
  ["hprebn", `${G}.mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.pow(2).mul(dhpreact).mul(n / (n - 1))))`, "sum"],
  ["hprebn", `${G}.mul(dh.mul(n).sub(dh.sum(0)).sub(bnraw.mul(dh.mul(bnraw).sum(0)).mul(n / (n - 1))))`, "dh"],
  ["hprebn", `${G}.mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(${ALONG})).neg()`, SIGN],
  [
    "hprebn",
    `${G}.mul(dhpreact.mul(n).sub(dhpreact.mean(0)).sub(${ALONG}))`,
    "bnmean",
    "32 times too small",
  ],
  [
    "hprebn",
    `${G}.mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(hprebn.mul(dhpreact.mul(hprebn).sum(0)).mul(n / (n - 1))))`,
    "bnvar",
  ],
  ["hprebn", `${G}.mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(${ALONG})).sum(0)`, "(64)", "(32, 64)"],
  [
    "hprebn",
    `bngain.mul(bnvar_inv.pow(2)).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(${ALONG}))`,
    "bnvar_inv",
    "once too often",
  ],
  ["hprebn", `${G}.mul(dhpreact.mul(n).sub(dhpreact.sum()).sub(${ALONG}))`, "bnmean", "summed over everything"],
  [
    "hprebn",
    `${G}.mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum()).mul(n / (n - 1))))`,
    "bnvar",
    "summed over everything",
  ],
  ["hprebn", `${G}.mul(dhpreact.mul(n).sub(dhpreact.sum(0))).sub(${ALONG})`, "bnvar", "bnvar_inv is missing", "1/n"],
  [
    "hprebn",
    `${G}.mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(dhpreact.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))`,
    "bnvar",
    "dhpreact stands where bnraw",
  ],
  [
    "hprebn",
    `${G}.mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw)).sum(0).mul(n / (n - 1))))`,
    "bnvar",
    "In the sum|in the sum",
    "bnraw²",
  ],
  [
    "hprebn",
    `bngain.mul(hprebn.var(0).add(1e-3).pow(-0.5)).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(${ALONG}))`,
    "0.001 is added to bnvar",
  ],
  [
    "hprebn",
    `bngain.mul(hprebn.var(0, { correction: 0 }).add(1e-5).pow(-0.5)).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(${ALONG}))`,
    "over n = 32 instead of n − 1",
  ],
  ["hprebn", "dhpreact.clone()", "dhpreact itself"],
  [
    "hprebn",
    `${G}.mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnvar_inv.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))`,
    "bnvar_inv stands where bnraw belongs.",
  ],
  ["hprebn", "hprebn.mul(2)", "What stands there is 2·hprebn."],
  [
    "hprebn",
    `${G}.mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(2 / (n - 1))))`,
    "2/(n − 1) where n/(n − 1) belongs?",
  ],
  [
    "hprebn",
    `bngain.div(bnvar).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(${ALONG}))`,
    "1/bnvar stands where bnvar_inv belongs.",
  ],
  [
    "hprebn",
    "bnvar_inv.div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(bnraw.mul(dhpreact.mul(bnraw).sum(0))))",
    "Each of the terms through bnmean and bnraw is 0.9091 times",
    "n and n − 1 exchanged, 32 and 31 here. And bngain is left out.",
  ],
];
