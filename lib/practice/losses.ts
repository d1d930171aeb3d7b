// The last line of a practice network, which makes one number, and the gradients it begins with.
// Left out: the lines before it (functions.ts, pairs.ts, parts.ts).
import { numel } from "../tensor/shape.ts";
import { type Atom, isMatrix, isPositive, type Line, type Value } from "./atoms.ts";

const MEAN = "A mean is a sum over n: each element gets 1/n, as the loss itself has the gradient 1.";

/** A loss that reads one tensor. */
function loss(
  level: number,
  make: (name: string, n: number) => [code: string, back: string, rule: string],
  needs = (_: Value) => true,
): Atom {
  return {
    level,
    make(a) {
      if (!needs(a)) return undefined;
      const [code, back, rule] = make(a.name, numel(a.shape));
      return scalar(code, [{ to: a.name, code: back, rule }]);
    },
  };
}

function scalar(code: string, sent: Line["sent"]): Line {
  return { code, shape: [], size: 1, sent };
}

/** Every kind of last line. */
export const losses: readonly Atom[] = [
  loss(1, (a, n) => [`${a}.mean()`, `ones_like(${a}).div(${n})`, MEAN]),
  loss(1, (a) => [`${a}.sum()`, `ones_like(${a})`, "A sum passes its gradient, 1, on to everything that is summed."]),
  loss(1, (a, n) => [`${a}.pow(2).mean()`, `${a}.mul(2 / ${n})`, `d x²/dx = 2x. ${MEAN}`]),
  loss(
    2,
    (a, n) => [`${a}.log().mean().neg()`, `${a}.pow(-1).mul(-1 / ${n})`, `d ln(x)/dx = 1/x. ${MEAN}`],
    isPositive,
  ),
  {
    level: 2,
    make(a, _, draw) {
      const { name: target } = draw.leaf(a.shape), n = numel(a.shape);
      const rule = `d (a − t)²/da = 2·(a − t), and for t the same with a minus. ${MEAN}`;
      return scalar(`${a.name}.sub(${target}).pow(2).mean()`, [
        { to: a.name, code: `${a.name}.sub(${target}).mul(2 / ${n})`, rule },
        { to: target, code: `${a.name}.sub(${target}).mul(-2 / ${n})`, rule },
      ]);
    },
  },
  {
    level: 4,
    make(a, _, draw) {
      if (!isMatrix(a)) return undefined;
      const [n, columns] = a.shape, y = draw.indices([n], columns);
      const rule = "Only the elements that are picked reach the loss, each with a weight of −1/n.";
      const code = `zeros_like(${a.name}).index_put_([range(${n}), ${y}], -1 / ${n})`;
      return scalar(`${a.name}.at(range(${n}), ${y}).mean().neg()`, [{ to: a.name, code, rule }]);
    },
  },
  {
    level: 5,
    make(a, _, draw) {
      if (!isMatrix(a)) return undefined;
      const [n, columns] = a.shape, y = draw.indices([n], columns);
      const rule = "Cross-entropy's gradient is softmax minus 1 at the targets, over n.";
      const code = `${a.name}.softmax(1).index_put_([range(${n}), ${y}], -1, { accumulate: true }).div(${n})`;
      return scalar(`cross_entropy(${a.name}, ${y})`, [{ to: a.name, code, rule }]);
    },
  },
];
