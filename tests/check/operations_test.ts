// A right backward line follows below a wrong row, whatever operation the forward line is made of, and however it is written.
import { assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import { full_like, ones_like, tensor, zeros_like } from "../../lib/tensor/creation.ts";
import { cat, div, one_hot, sub, where } from "../../lib/tensor/functional.ts";
import { inScratch } from "../../lib/tensor/memory.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";
import { Generator } from "../../lib/random/generator.ts";
import type { Forward } from "../../lib/check/graph.ts";
import { rowsOf } from "./rows.ts";

const keepdim = { keepdim: true }, picks = tensor([[0, 1], [1, 2]], { dtype: "int32" });
const randn = (...shape: number[]) => new Generator(3).randn(shape).double();

type Lines = [
  what: string,
  line: (z: Tensor) => Tensor,
  back: (z: Tensor, dh: Tensor, h: Tensor) => Tensor,
  shape?: number[],
];

/** A forward line of z, and the gradient of z from that of the line. */
const lines: Lines[] = [
  ["where, both branches", (z) => where(z.gt(0), z, z.mul(0.1)), (z, d) => where(z.gt(0), d, d.mul(0.1))],
  ["where, as a method", (z) => z.where(z.gt(0), z.mul(0.1)), (z, d) => d.where(z.gt(0), d.mul(0.1))],
  ["where, one branch", (z) => where(z.gt(0), z, 0), (z, d) => where(z.gt(0), d, 0)],
  ["elu", (z) => where(z.gt(0), z, z.exp().sub(1)), (z, d) => where(z.gt(0), d, d.mul(z.exp()))],
  ["clamp", (z) => z.clamp(-1, 1), (z, d) => d.mul(z.abs().lt(1))],
  ["maximum", (z) => z.maximum(z.mul(0.1)), (z, d) => d.mul(z.gt(0).double().mul(0.9).add(0.1))],
  ["amax", (z) => z.amax(1), (z, d, h) => z.eq(h.unsqueeze(1)).double().mul(d.unsqueeze(1))],
  ["amax, by argmax", (z) => z.amax(1), (z, d) => one_hot(z.argmax(1), 3).mul(d.unsqueeze(1))],
  ["permute", (z) => z.permute(1, 2, 0), (_, d) => d.permute(2, 0, 1), [2, 3, 4]],
  ["permute, as two transposes", (z) => z.permute(1, 2, 0), (_, d) => d.transpose(1, 2).transpose(0, 1), [2, 3, 4]],
  ["columns by index", (z) => z.at(":", picks), (z, d) => zeros_like(z).index_add_(1, picks.view(-1), d.view(4, 4))],
  ["rows by index", (z) => z.at(picks), (z, d) => zeros_like(z).index_add_(0, picks.view(-1), d.view(4, 3))],
  ["columns by index, in a loop", (z) => z.at(":", picks), (z, d) => {
    const dz = zeros_like(z);
    for (let i = 0; i < 2; i++) for (let j = 0; j < 2; j++) dz.at(":", i + j).add_(d.at(":", i, j));
    return dz;
  }],
  ["a slice", (z) => z.at(":", "0:2"), (z, d) => {
    const dz = zeros_like(z);
    dz.at(":", "0:2").add_(d);
    return dz;
  }],
  ["gelu by tanh", (z) => z.gelu({ approximate: "tanh" }), (z, d) => {
    const c = Math.sqrt(2 / Math.PI), t = z.add(z.pow(3).mul(0.044715)).mul(c).tanh();
    const slope = sub(1, t.pow(2)).mul(z.pow(2).mul(3 * 0.044715).add(1)).mul(c);
    return d.mul(t.add(1).mul(0.5).add(z.mul(0.5).mul(slope)));
  }],
  ["softmax by hand", (z) => z.exp().div(z.exp().sum(1, keepdim)), (_, d, h) => h.mul(d.sub(h.mul(d).sum(1, keepdim)))],
  ["sigmoid by hand", (z) => div(1, z.neg().exp().add(1)), (_, d, h) => d.mul(h).mul(sub(1, h))],
  [
    "halves exchanged",
    (z) => cat([z.narrow(1, 2, 2), z.narrow(1, 0, 2)], 1),
    (_, d) => cat([d.narrow(1, 2, 2), d.narrow(1, 0, 2)], 1),
    [3, 4],
  ],
];

test("below a wrong row the right line follows, whatever the forward line does", () => {
  for (const [what, line, back, shape = [4, 3]] of lines) {
    const forward: Forward = { z: ({ x }) => x.mul(1.1), h: ({ z }) => line(z), loss: ({ h }) => h.pow(2).sum() };
    for (const [factor, ...expected] of [[2, "ok", "ok"], [3, "wrong", "follows"]] as const) {
      const rows = inScratch(() =>
        rowsOf(forward, { x: randn(...shape) }, ({ z, h }, cmp) => {
          cmp("z", back(z, cmp("h", h.mul(factor)), h));
        })
      );
      assertEquals(rows.map(({ status }) => status), expected, `${what}: ${rows[1].remark}`);
      if (factor === 2) assertEquals(rows.map(({ remark }) => remark), [undefined, undefined], what);
    }
  }
});

test("a gradient from above that is 1 need not be written: a penalty's term follows", () => {
  const forward: Forward = {
    z: ({ x, w }) => x.matmul(w),
    fit: ({ z }) => z.pow(2).mean(),
    penalty: ({ w }) => w.pow(2).sum().mul(0.01),
    loss: ({ fit, penalty }) => fit.add(penalty),
  };
  const rows = rowsOf(forward, { x: randn(4, 3), w: randn(3, 2) }, ({ x, w, z }, cmp) => {
    const dz = cmp("z", z.div(8));
    cmp("w", x.T.matmul(dz).add(w.mul(0.02)));
  });
  assertEquals(rows.map(({ status }) => status), ["wrong", "follows"]);
});

test("several lines in one go follow, also where the rows between them are compared and wrong", () => {
  const forward: Forward = {
    n: ({ x }) => x.pow(2).sum(1, keepdim).sqrt(),
    u: ({ x, n }) => x.div(n),
    loss: ({ u, y }) => u.mul(y).sum(),
  };
  const rows = rowsOf(
    forward,
    { x: randn(4, 3), y: new Generator(5).randn([4, 3]).double() },
    ({ x, u, n, y }, cmp) => {
      const du = cmp("u", y.mul(1.5));
      cmp("n", du.mul(x).sum(1, keepdim).div(n.pow(2)).neg());
      cmp("x", du.sub(u.mul(du.mul(u).sum(1, keepdim))).div(n));
    },
  );
  assertEquals(rows.map(({ status }) => status), ["wrong", "follows", "follows"]);
});

test("a line may take one term through another, and follows when either is wrong", () => {
  const forward: Forward = {
    k: ({ z }) => z.tanh(),
    y: ({ z, k }) => z.add(k.sub(z.mul(0.3)).mul(0.25)),
    loss: ({ y }) => y.pow(2).sum(),
  };
  for (const [dyFactor, dkFactor] of [[3, 0.25], [2, 0.5]]) {
    const rows = rowsOf(forward, { z: randn(4, 3) }, ({ k, y }, cmp) => {
      const dy = cmp("y", y.mul(dyFactor)), dk = cmp("k", dy.mul(dkFactor));
      cmp("z", dy.sub(dk.mul(0.3)).add(dk.mul(sub(1, k.pow(2)))));
    });
    assertEquals(rows.at(-1)!.status, "follows", rows.at(-1)!.remark);
  }
});

test("a line that is right with these numbers only does not follow, it is wrong", () => {
  const g = tensor([1.1, 1.1, 1.1], { dtype: "float64" });
  const forward: Forward = { y: ({ x, g }) => x.mul(g), loss: ({ y }) => y.pow(2).sum() };
  for (const [factor, expected] of [[2, "ok"], [3, "wrong"]] as const) {
    const rows = rowsOf(forward, { x: randn(4, 3), g }, ({ y }, cmp) => {
      cmp("x", cmp("y", y.mul(factor)).mul(1.1));
    });
    assertEquals(rows[1].status, expected);
    assertStringIncludes(rows[1].remark!, "1.1 stands where g belongs, in dy.mul(1.1).");
  }
});

test("what a table or a distribution has by its nature is no luck", () => {
  const angles = tensor([0.1, 0.7, 0.1, 0.7], { dtype: "float64" }),
    half = (t: Tensor) => cat([t.narrow(1, 2, 2).neg(), t.narrow(1, 0, 2)], 1);
  const turned = rowsOf(
    { r: ({ q, cos, sin }) => q.mul(cos).add(half(q).mul(sin)), loss: ({ r }) => r.pow(2).sum() },
    { q: randn(3, 4), cos: angles.cos(), sin: angles.sin() },
    ({ r, cos, sin }, cmp) => {
      const dr = cmp("r", r.mul(2));
      cmp("q", dr.mul(cos).sub(half(dr).mul(sin)));
    },
  );
  const targets = rowsOf(
    { lp: ({ z }) => z.log_softmax(1), loss: ({ lp, q }) => lp.mul(q).sum().div(-4) },
    { z: randn(4, 3), q: new Generator(5).randn([4, 3]).double().softmax(1) },
    ({ lp, q }, cmp) => {
      cmp("z", lp.exp().sub(q).div(4));
    },
  );
  const smoothed = rowsOf(
    { lp: ({ z }) => z.log_softmax(1), loss: ({ lp, q }) => lp.mul(q).sum().div(-3) },
    { z: randn(3, 3), q: one_hot([0, 1, 2], 3).mul(0.9).add(1 / 30) },
    ({ lp }, cmp) => {
      const dlp = cmp("lp", full_like(lp, -1 / 90).index_put_([[0, 1, 2], [0, 1, 2]], -0.3, { accumulate: true }));
      cmp("z", dlp.add(lp.exp().div(3)));
    },
  );
  // Each distance has a weight, and is read from a table.
  const distances = rowsOf(
    { r: ({ R, d }) => R.at(d), loss: ({ r }) => r.pow(2).sum() },
    { R: randn(4), d: tensor([[0, 0, 0], [1, 0, 0], [3, 1, 0]], { dtype: "int32" }) },
    ({ r, R }, cmp) => {
      const dr = cmp("r", r.mul(2)), dR = zeros_like(R);
      for (const [i, row] of [[0, 0, 0], [1, 0, 0], [3, 1, 0]].entries()) {
        for (const [j, k] of row.entries()) dR.at(k).add_(dr.at(i, j));
      }
      cmp("R", dR);
    },
  );
  for (const { status, remark } of [...turned, ...targets, ...smoothed, ...distances]) {
    assertEquals([status, remark], ["ok", undefined]);
  }
});

test("numbers that an if has asked for are not taken for a formula", () => {
  const forward: Forward = { h: ({ z }) => z.relu(), loss: ({ h }) => h.pow(2).sum() };
  const rows = rowsOf(forward, { z: randn(4, 3) }, ({ z, h }, cmp) => {
    const dh = cmp("h", h.mul(2)), dz = dh.add(ones_like(dh));
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 3; j++) {
        if (z.at(i, j).item() < 0) dz.at(i, j).fill_(0);
        else dz.at(i, j).sub_(1);
      }
    }
    cmp("z", dz);
  });
  assertEquals(rows.map(({ status, remark }) => [status, remark]), [["ok", undefined], ["ok", undefined]]);
});
