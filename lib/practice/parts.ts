// What mixes elements: sums and maxima along a dimension, matrix products, softmax, rows taken by index, other shapes.
import { one_hot } from "../tensor/functional.ts";
import { numel } from "../tensor/shape.ts";
import { type Atom, BROADCAST, isMatrix, type Line, type Value } from "./atoms.ts";

/** A sum, a mean, a largest or a variance along a dimension. */
function reduction(level: number, make: (a: Value, dim: number, y: string) => Omit<Line, "shape"> | undefined): Atom {
  return {
    level,
    make(a, y, draw) {
      const dims = a.shape.flatMap((size, dim) => size > 1 ? [dim] : []);
      if (dims.length === 0 || numel(a.shape) < 4) return undefined;
      const dim = draw.pick(dims), line = make(a, dim, y);
      return line && { ...line, shape: a.shape.map((size, i) => i === dim ? 1 : size) };
    },
  };
}

const reductions: readonly Atom[] = [
  reduction(3, (a, dim, y) => ({
    code: `${a.name}.sum(${dim}, { keepdim: true })`,
    size: a.size * (a.least > 0 ? a.shape[dim] : Math.sqrt(a.shape[dim])),
    least: a.least * a.shape[dim],
    repeated: a.repeated,
    sent: [{
      to: a.name,
      code: `ones_like(${a.name}).mul(d${y})`,
      rule: "What is summed forward is broadcast backward.",
    }],
  })),
  reduction(3, (a, dim, y) => ({
    code: `${a.name}.mean(${dim}, { keepdim: true })`,
    size: a.least > 0 ? a.size : a.size / Math.sqrt(a.shape[dim]),
    least: a.least,
    repeated: a.repeated,
    sent: [{
      to: a.name,
      code: `ones_like(${a.name}).mul(1 / ${a.shape[dim]}).mul(d${y})`,
      rule: "A mean is a sum over n: each of the n elements gets 1/n of the gradient.",
    }],
  })),
  reduction(4, (a, dim, y) => {
    if (a.shape.length !== 2 || (dim === 0 && a.repeated)) return undefined;
    const [rows, columns] = a.shape, hot = dim === 1 ? `${columns})` : `${rows}).T`;
    return {
      code: `${a.name}.max(${dim}, { keepdim: true }).values`,
      size: a.size + 0.5,
      least: a.least,
      corner: ({ [a.name]: t }) => {
        const [largest, at] = t.max(dim), hot = dim === 1 ? one_hot(at, columns) : one_hot(at, rows).T;
        return -t.sub(hot.double().mul(1e9)).amax(dim).sub(largest).max().item();
      },
      sent: [{
        to: a.name,
        code: `one_hot(${a.name}.argmax(${dim}), ${hot}.mul(d${y})`,
        rule: "Only the largest element feeds a maximum, with a derivative of 1.",
      }],
    };
  }),
  reduction(5, (a, dim, y) => ({
    code: `${a.name}.var(${dim}, { keepdim: true })`,
    size: a.size * a.size,
    least: a.shape[dim] > 3 && !a.repeated ? a.size * a.size / 8 : 0, // of two numbers it can come close to 0
    sent: [{
      to: a.name,
      code: `${a.name}.sub(${a.name}.mean(${dim}, { keepdim: true })).mul(2 / ${a.shape[dim] - 1}).mul(d${y})`,
      rule:
        "The variance is Σ(x − mean)²/(n − 1). Its gradient is 2·(x − mean)/(n − 1): the path through the mean adds up to 0.",
    }],
  })),
];

const MATMUL = "The gradient of a matrix product is a matrix product: for y = a @ b, da = dy @ bᵀ and db = aᵀ @ dy.";

const matrices: readonly Atom[] = [
  {
    level: 4,
    make(a, y, draw) {
      if (!isMatrix(a)) return undefined;
      const [n, k] = a.shape, m = draw.fresh(), w = draw.leaf([k, m], { size: 0.6 });
      const sent = [{ to: a.name, code: `d${y}.matmul(${w.name}.T)`, rule: MATMUL }, {
        to: w.name,
        code: `${a.name}.T.matmul(d${y})`,
        rule: MATMUL,
      }];
      const size = 0.6 * a.size * Math.sqrt(k);
      if (draw.pick([true, false])) return { code: `${a.name}.matmul(${w.name})`, shape: [n, m], size, sent };
      const b = draw.leaf([m]);
      sent.push({ to: b.name, code: `d${y}.sum(0)`, rule: BROADCAST });
      return { code: `${a.name}.matmul(${w.name}).add(${b.name})`, shape: [n, m], size: size + 0.5, sent };
    },
  },
  {
    level: 4,
    make(a, y) {
      const dim = a.shape.length - 1;
      if (!isMatrix(a) && dim !== 2) return undefined;
      const code = `${y}.mul(d${y}.sub(${y}.mul(d${y}).sum(${dim}, { keepdim: true })))`;
      const rule = "For p = softmax(x), dxᵢ = pᵢ·(dpᵢ − Σⱼ pⱼ·dpⱼ): every element of a row feeds the whole row.";
      const { name, shape, repeated } = a;
      return {
        code: `${name}.softmax(${dim})`,
        shape,
        repeated,
        size: 0.4,
        least: 0.03,
        sent: [{ to: name, code, rule }],
      };
    },
  },
  {
    level: 5,
    make(a, y) {
      if (!isMatrix(a)) return undefined;
      const code = `d${y}.sub(${y}.exp().mul(d${y}.sum(1, { keepdim: true })))`;
      const rule = "For y = log_softmax(x), dx = dy − softmax(x)·Σ dy along the row, and softmax(x) is eʸ.";
      const { name, shape, repeated } = a;
      return { code: `${name}.log_softmax(1)`, shape, repeated, size: 1.5, sent: [{ to: name, code, rule }] };
    },
  },
  {
    level: 5,
    make(a, y) {
      if (!isMatrix(a) || a.repeated) return undefined;
      const code = `d${y}.matmul(${a.name}).add(d${y}.T.matmul(${a.name}))`;
      const rule = `${MATMUL} Here both factors are the same tensor, so both terms go to it.`;
      const shape = [a.shape[0], a.shape[0]], size = a.size * a.size * Math.sqrt(a.shape[1]);
      return { code: `${a.name}.matmul(${a.name}.T)`, shape, size, sent: [{ to: a.name, code, rule }] };
    },
  },
  {
    level: 5,
    make(a, y, draw) {
      if (a.shape.length !== 3) return undefined;
      const [n, t, k] = a.shape, m = draw.fresh();
      const w = draw.leaf([k, m], { size: 0.6 }), { name } = a;
      const sent = [{ to: name, code: `d${y}.matmul(${w.name}.T)`, rule: MATMUL }, {
        to: w.name,
        code: `${name}.view(-1, ${k}).T.matmul(d${y}.view(-1, ${m}))`,
        rule:
          `${MATMUL} Every matrix of the stack uses w, so their parts are added up: one below the other, it is one product.`,
      }];
      return { code: `${name}.matmul(${w.name})`, shape: [n, t, m], size: 0.6 * a.size * Math.sqrt(k), sent };
    },
  },
  {
    level: 5,
    make(a, y) {
      if (a.shape.length !== 3) return undefined;
      const [n, t, k] = a.shape, { name } = a;
      const code = `d${y}.matmul(${name}).add(d${y}.transpose(1, 2).matmul(${name}))`;
      const rule = `${MATMUL} Here both factors are the same tensor, so both terms go to it.`;
      const size = a.size * a.size * Math.sqrt(k);
      return {
        code: `${name}.matmul(${name}.transpose(1, 2))`,
        shape: [n, t, t],
        size,
        sent: [{ to: name, code, rule }],
      };
    },
  },
  {
    level: 5,
    make(a, y) {
      if (!isMatrix(a) || a.shape[0] !== a.shape[1]) return undefined;
      const { name, shape, size } = a,
        rule = "What is set to 0 reaches nothing: its gradient is 0, and elsewhere it is passed on.";
      return { code: `${name}.tril()`, shape, size, repeated: true, sent: [{ to: name, code: `d${y}.tril()`, rule }] };
    },
  },
];

const parts: readonly Atom[] = [
  {
    level: 4,
    make(a, y, draw) {
      if (!isMatrix(a)) return undefined;
      const n = draw.fresh(), ix = draw.indices([n], a.shape[0]);
      const { name, size, least } = a;
      const rule = "A row that is copied forward collects the gradients of its copies: index_add_, not index_put_.";
      const code = `zeros_like(${name}).index_add_(0, ${ix}, d${y})`;
      return {
        code: `${name}.at(${ix})`,
        shape: [n, a.shape[1]],
        size,
        least,
        repeated: true,
        sent: [{ to: name, code, rule }],
      };
    },
  },
  {
    level: 5,
    make(a, y, draw) {
      if (a.shape.length !== 2 || a.shape[0] < 3 || a.shape[1] > 4) return undefined;
      const n = draw.fresh(), ix = draw.indices([n, 2], a.shape[0]);
      const { name, size, least } = a, m = a.shape[1];
      const rule =
        "A row that is copied forward collects the gradients of its copies; index_add_ takes them one below the other.";
      const code = `zeros_like(${name}).index_add_(0, ${ix}.flatten(), d${y}.view(-1, ${m}))`;
      return {
        code: `${name}.at(${ix})`,
        shape: [n, 2, m],
        size,
        least,
        repeated: true,
        sent: [{ to: name, code, rule }],
      };
    },
  },
  {
    level: 5,
    make(a, y) {
      if (a.shape.length !== 3) return undefined;
      const [n, t, m] = a.shape, { name, size, least, repeated } = a;
      const sent = [{
        to: name,
        code: `d${y}.view(${n}, ${t}, ${m})`,
        rule: "A view computes nothing; its gradient is a view, too.",
      }];
      return { code: `${name}.view(${n}, -1)`, shape: [n, t * m], size, least, repeated, sent };
    },
  },
  {
    level: 5,
    make(a, y) {
      if (!isMatrix(a) || a.repeated) return undefined;
      const { name, size, least } = a;
      const sent = [{ to: name, code: `d${y}.T`, rule: "What is transposed forward is transposed backward." }];
      return { code: `${name}.T`, shape: [a.shape[1], a.shape[0]], size, least, sent };
    },
  },
];

/** Each line that mixes elements. */
export const mixing: readonly Atom[] = [...reductions, ...matrices, ...parts];
