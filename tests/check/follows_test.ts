// Rows that are wrong only because of rows above: they follow, whatever way the numbers took, and are not accused.
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import type { Row } from "../../lib/check/check.ts";
import type { Forward, Tensors } from "../../lib/check/graph.ts";
import { judge } from "../../lib/check/judge.ts";
import { Generator } from "../../lib/random/generator.ts";
import { full, ones, ones_like, range, tensor, zeros, zeros_like } from "../../lib/tensor/creation.ts";
import { one_hot, sub } from "../../lib/tensor/functional.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";
import { Course, exercise1, exercise4 } from "./lesson.ts";
import { rowsOf } from "./rows.ts";

/** Fewer neurons than the lecture has: the verdicts are the same, and sooner there. */
const hidden = 6;

const FOLLOWS = (causes: string) =>
  `Your line is right; its numbers are off only because of ${causes} above. Fix that first.`;

const BATCHNORM = (mean: string, value: string) =>
  `dhpreact.sub(${mean}).addcmul_(bnraw, dbngain, { value: ${value} }).mul_(bngain.mul(bnvar_inv))`;

test("a row in float32, or below one that is right to a few digits only, follows and is not accused", () => {
  const course = new Course(exercise1(hidden));
  const row = (changes: Record<string, string>, name: string) => course.play(changes).find((row) => row.name === name)!;
  const rounded = 'dlogits.matmul(w2.T).to("float32").to("float64")';
  assertEquals(
    row({ logits: "dnorm_logits.mul(n)", h: rounded }, "h").remark,
    "Your line is right; its numbers are off only because of dlogits above. Fix that first.",
  );
  const earlier: Row[] = [];
  for (const { name, given } of course.play({ probs: "dlogprobs.div(probs.add(1e-7))" })) {
    earlier.push(judge(course.check, name, given, earlier));
  }
  assertEquals(earlier.filter(({ status }) => status === "wrong"), []);
  const remarks = new Set(earlier.filter(({ status }) => status === "follows").map(({ remark }) => remark));
  assertEquals([...remarks], ["Wrong only because dprobs above is right to a few digits only."]);
});

test("a gradient of zeros in float32 is recognised by its digits", () => {
  const row = new Course(exercise1(hidden)).play({ b1: 'dhprebn.to("float32").sum(0)' }, "b1").at(-1)!;
  assertEquals(row.remark, "The formula is right. float32 has too few digits for it: compute db1 in float64.");
});

test("a row made from a wrong one, over lines without rows or in one go, is blamed on that alone", () => {
  const course = new Course(exercise4(hidden));
  const changes = { hpreact: "sub(1, h).mul(dh)", bnbias: "dh.sum(0, { keepdim: true })" };
  for (const [name, below] of [["hpreact", "bngain"], ["hpreact", "hprebn"], ["bnbias", "hprebn"]] as const) {
    const rows = course.play({ [name]: changes[name] }, below), { status, causes } = rows.at(-1)!;
    assertEquals([name, below, status, causes], [name, below, "follows", [`d${name}`]]);
  }
});

test("a formula in one go follows from sums of another shape, and from what lies below a wrong row that it goes round", () => {
  const batchnorm = BATCHNORM("dbnbias.div(n)", "-1 / (n - 1)"), sums = "bnraw.mul(dhpreact)";
  const normed = "bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(dhpreact.sum(0)).sub(" +
    "bnraw.mul(dhpreact.mul(bnraw).sum(0)).mul(n / (n - 1))))";
  const all = "one_hot(yb, 27).to('float64').neg()", turned = "dlogits.matmul(w2.view(27, -1))";
  const below = "dlogits.matmul(w2.T).mul(sub(1, h.pow(2)))";
  const one = new Course(exercise1(hidden)), four = new Course(exercise4(hidden));
  const cases: [Course, changes: Record<string, string>, row: string, causes: string[]][] = [
    [four, { bngain: sums, hprebn: batchnorm }, "hprebn", ["dbngain"]],
    [four, { bngain: `${sums}.sum(1, { keepdim: true })`, hprebn: batchnorm }, "hprebn", ["dbngain"]],
    [four, { bnbias: "dhpreact.sum()", hprebn: batchnorm }, "hprebn", ["dbnbias"]],
    [four, { bngain: sums, bnbias: "dhpreact.clone()", hprebn: batchnorm }, "hprebn", ["dbngain", "dbnbias"]],
    [one, { logprobs: all, bnraw: sums, hprebn: normed, "hprebn+": "" }, "hprebn", ["dlogprobs"]],
    [
      one,
      { counts_sum_inv: "counts.mul(dprobs)", bnraw: sums, hprebn: normed, "hprebn+": "" },
      "hprebn",
      ["dcounts_sum_inv"],
    ],
    [one, { logprobs: all, h: turned, hpreact: below }, "hpreact", [
      "dlogprobs",
    ]],
    [
      one,
      { logprobs: all, h: turned, bnraw: sums, hprebn: normed.replaceAll("dhpreact", below), "hprebn+": "" },
      "hprebn",
      ["dlogprobs"],
    ],
  ];
  for (const [course, changes, name, causes] of cases) {
    const row = course.play(changes, name).at(-1)!;
    assertEquals([row.status, row.causes], ["follows", causes], JSON.stringify(changes));
  }
});

test("a formula in one go with a mistake of its own has it named, beside the wrong rows above", () => {
  const course = new Course(exercise4(hidden)), right = BATCHNORM("dbnbias.div(n)", "-1 / (n - 1)");
  const mean = "dhpreact.mean(0, { keepdim: true })", all = "logits.softmax(1).sub(one_hot(yb, 27))";
  const cases: [changes: Record<string, string>, status: string, remark: string][] = [
    [{ logits: all, hprebn: right }, "follows", FOLLOWS("dlogits")],
    [{ logits: `${all}.div(n).neg()`, bnbias: mean }, "follows", FOLLOWS("dlogits and dbnbias")],
    [
      { logits: all, hprebn: BATCHNORM("dbnbias", "-1 / (n - 1)") },
      "wrong",
      "A division by 32 is missing: divide dbnbias by it. Besides, dlogits above is wrong.",
    ],
    [
      { bnbias: mean, hprebn: BATCHNORM("dbnbias.div(n)", "1 / (n - 1)") },
      "wrong",
      "bnraw.mul(dbngain).mul(1/31) has the wrong sign. Besides, dbnbias above is wrong.",
    ],
  ];
  for (const [changes, status, remark] of cases) {
    const row = course.play(changes).find(({ name }) => name === "hprebn")!;
    assertEquals([row.status, row.remark], [status, remark], JSON.stringify(changes));
  }
});

test("a right row that fills float32 tensors in place follows a wrong row above it", () => {
  const [x, w] = [3, 4].map((seed) => new Generator(seed).randn([5, 5]).double());
  const forward: Forward = {
    h: ({ x, w }) => x.matmul(w),
    y: ({ h }) => h.tanh(),
    loss: ({ y }) => y.pow(2).mean(),
  };
  const rows: [name: string, right: (t: Tensors, dy: Tensor) => Tensor][] = [
    ["h", ({ y }, dy) => zeros([5, 5]).add_(dy.mul(sub(1, y.pow(2))))],
    ["h", ({ y }, dy) => ones([5, 5]).mul_(dy).mul_(sub(1, y.pow(2)))],
    ["h", ({ y }, dy) => full([5, 5], 2).mul_(dy).mul_(sub(1, y.pow(2))).div_(2)],
    ["h", ({ y }, dy) => tensor([[0, 0, 0, 0, 0]]).expand(5, 5).clone().add_(dy.mul(sub(1, y.pow(2))))],
    ["h", ({ y }, dy) => {
      const dh = zeros([5, 5]);
      for (let i = 0; i < 5; i++) dh.at(i).copy_(dy.at(i).mul(sub(1, y.at(i).pow(2))));
      return dh;
    }],
    ["h", ({ y }, dy) => {
      const dh = zeros([5, 5]);
      for (let i = 0; i < 5; i++) {
        for (let j = 0; j < 5; j++) dh.at(i, j).add_(dy.at(i, j).item() * (1 - y.at(i, j).item() ** 2));
      }
      return dh;
    }],
    ["h", ({ y }, dy) => {
      const [g, v] = [dy, y].map((t) => t.tolist() as number[][]);
      return tensor(g.map((row, i) => row.map((x, j) => x * (1 - v[i][j] ** 2))));
    }],
    ["h", ({ y }, dy) => tensor([1, 2, 4, 8, 16]).mul(dy).mul(sub(1, y.pow(2))).div(tensor([1, 2, 4, 8, 16]))],
    ["h", ({ y }, dy) => zeros([5, 5]).index_add_(0, range(5), dy.mul(sub(1, y.pow(2))).float())],
  ];
  for (const [i, [name, right]] of rows.entries()) {
    for (const by of [1, 1.5]) {
      const played = rowsOf(forward, { x, w }, (t, cmp) => {
        const dy = cmp("y", t.y.mul(2 / 25 * by));
        cmp(name, right(t, dy));
      });
      assertEquals([i, by, played.at(-1)!.status], [i, by, by === 1 ? "ok" : "follows"], played.at(-1)!.remark);
    }
  }
});

test("a right row below one that is zero everywhere follows, whatever way its numbers took", () => {
  const [a, b] = [3, 4].map((seed) => new Generator(seed).randn([5, 3]).double());
  const forward: Forward = {
    u: ({ a }) => a.tanh(),
    y: ({ u, b }) => u.mul(b),
    loss: ({ y }) => y.pow(2).mean(),
  };
  const rows: ((t: Tensors, du: Tensor) => Tensor)[] = [
    ({ u }, du) => du.mul(sub(1, u.pow(2))),
    ({ u }, du) => {
      const [g, v] = [du, u].map((t) => t.toArray());
      return tensor(g.map((x, k) => x * (1 - v[k] ** 2)), { shape: u.shape, dtype: "float64" });
    },
    ({ a, u }, du) => {
      const da = zeros_like(a);
      for (let i = 0; i < 5; i++) {
        for (let j = 0; j < 3; j++) da.put_(3 * i + j, du.at(i, j).item() * (1 - u.at(i, j).item() ** 2));
      }
      return da;
    },
  ];
  for (const [k, right] of rows.entries()) {
    const [, u, row] = rowsOf(forward, { a, b }, (t, cmp) => {
      const dy = cmp("y", t.y.mul(2 / 15)), du = zeros_like(t.u);
      du.add(dy.mul(t.b)); // thrown away
      cmp("a", right(t, cmp("u", du)));
    });
    assertEquals([u.status, row.status, row.remark], ["wrong", "follows", FOLLOWS("du")], String(k));
  }
});

test("where everything is zero, a right row that goes another way follows, and a slip is told", () => {
  const leaves = Object.fromEntries(["a", "b", "c"].map((name, k) => [name, new Generator(k).randn([5, 3]).double()]));
  const forward: Forward = {
    pos: ({ a, b }) => a.mul(b).sum(1),
    neg: ({ a, c }) => a.mul(c).sum(1),
    off: ({ pos, neg }) => neg.sub(pos).sub(50).relu(),
    loss: ({ off, a }) => off.sum().add(a.pow(2).sum()),
  };
  const rows = rowsOf(forward, leaves, ({ a, b, off }, cmp) => {
    const dneg = cmp("neg", cmp("off", ones_like(off)).clone());
    cmp("b", cmp("pos", dneg.neg()).view(5, 1).mul(a));
    cmp("c", dneg.view(5, 1).mul(b));
  });
  assertEquals(rows.map(({ name, status }) => `${name} ${status}`), [
    "off ok",
    "neg wrong",
    "pos follows",
    "b follows",
    "c wrong",
  ]);
});

test("a right row below a wrong one follows, whether indices were read before, and where a mask goes with them", () => {
  const indices = [2, 0, 3, 1, 2], i = tensor(indices, { dtype: "int32" });
  const mask = tensor(indices.map((k) => [0, 1, 2, 3].map((j) => Number(j === k)))).eq(1);
  const a = new Generator(3).randn([5, 4]).double();
  const forward: Forward = {
    lp: ({ a }) => a.log_softmax(1),
    nll: ({ lp, i }) => lp.at(range(5), i).mean().neg(),
    loss: ({ nll }) => nll.mul(0.7),
  };
  const rows: ((t: Tensors, dnll: Tensor) => Tensor)[] = [
    ({ i }, dnll) => one_hot(i, 4).mul(dnll).div(-5),
    ({ lp, i }, dnll) => zeros_like(lp).index_put_([range(5), i], dnll.div(-5)),
    ({ mask }, dnll) => mask.double().mul(dnll).div(-5),
  ];
  for (const [k, right] of rows.entries()) {
    for (const wrong of [tensor(1), tensor(1, { dtype: "float64" })]) {
      if (k === 1 && wrong.dtype === "float32") continue; // index_put_ refuses it
      const [, row] = rowsOf(forward, { a, i, mask }, (t, cmp) => {
        t.i.tolist();
        cmp("lp", right(t, cmp("nll", wrong)));
      });
      assertEquals([row.status, row.remark], ["follows", FOLLOWS("dnll")], `${k} ${wrong.dtype}`);
    }
  }
});

test("where 0/0 makes a right line NaN, the lines below it follow", () => {
  const x = tensor([-1000, 0.5, 1], { dtype: "float64" });
  const forward: Forward = {
    e: ({ x }) => x.exp(), // the first is 0
    s: ({ e }) => e.sum(),
    p: ({ e, s }) => e.div(s),
    lp: ({ p }) => p.log(),
    loss: ({ lp }) => lp.at([1]).neg().sum(),
  };
  const rows = rowsOf(forward, { x }, ({ e, s, p, lp, x }, cmp) => {
    const dlp = cmp("lp", zeros_like(lp).index_add_(0, [1], tensor([-1], { dtype: "float64" })));
    const dp = cmp("p", dlp.div(p)), ds = cmp("s", dp.mul(e).sum().neg().div(s.pow(2)));
    const de = cmp("e", dp.div(s).add(ds));
    cmp("x", de.mul(e));
    void x;
  });
  assertEquals(rows.map(({ status }) => status), ["ok", "wrong", "follows", "follows", "follows"]);
  assertEquals(rows[1].remark, "1 of 3 elements are NaN or infinite, the first at [0]: p is zero there.");
});
