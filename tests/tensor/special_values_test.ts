// NaN, infinities, zeros, denormals and the ends of the number line, at every place of a vector and of what is left over
// after the vectors: a length of 7 is one vector of float32 and three more, or three of float64 and one more.
import { assert, assertEquals } from "@std/assert";
import { scratch } from "../../lib/tensor/memory.ts";
import { tensor } from "../../lib/tensor/creation.ts";
import {
  assertSame,
  broadcast,
  build,
  dtypes,
  type FloatType,
  limits,
  onBothSets,
  operatorNames,
  operators,
  round,
  specials,
  toTensor,
  type Values,
} from "./arbitraries.ts";

const LENGTH = 7;

/** Runs `check` with `special` at every place among sevens of `other`. */
function everywhere(dtype: FloatType, special: number, other: number, check: (a: Values, i: number) => void): void {
  for (let i = 0; i < LENGTH; i++) {
    using _ = scratch();
    const data = new Array<number>(LENGTH).fill(other).with(i, special);
    check({ dtype, shape: [LENGTH], data }, i);
  }
}

type Facts = [x: number, y: number][];

function exactly(dtype: FloatType): Record<"exp" | "log" | "tanh" | "sqrt" | "neg", Facts> {
  const { largest, normal, denormal } = limits[dtype];
  const single = dtype === "float32";
  return {
    exp: [
      [NaN, NaN],
      [0, 1],
      [-0, 1],
      [denormal, 1],
      [-denormal, 1],
      [normal, 1],
      [Infinity, Infinity],
      [-Infinity, 0],
      [largest, Infinity],
      [-largest, 0],
      // The first number whose power is beyond the largest, and on either side of half the smallest denormal.
      [single ? 88.72283935546875 : 709.7827128933841, Infinity],
      [single ? -103.97207641601562 : -745.1332191019411, denormal],
      [single ? -103.97208404541016 : -745.1332191019412, 0],
    ],
    log: [
      [NaN, NaN],
      [1, 0],
      [0, -Infinity],
      [-0, -Infinity],
      [Infinity, Infinity],
      [-denormal, NaN],
      [-normal, NaN],
      [-1, NaN],
      [-largest, NaN],
      [-Infinity, NaN],
    ],
    tanh: [
      [NaN, NaN],
      [0, 0],
      [-0, -0],
      [denormal, denormal],
      [-denormal, -denormal],
      [20, 1],
      [-20, -1],
      [largest, 1],
      [-largest, -1],
      [Infinity, 1],
      [-Infinity, -1],
    ],
    sqrt: [
      [NaN, NaN],
      [0, 0],
      [-0, -0],
      [normal, Math.sqrt(normal)],
      [4, 2],
      [Infinity, Infinity],
      [-denormal, NaN],
      [-1, NaN],
      [-Infinity, NaN],
    ],
    neg: [[NaN, NaN], [0, -0], [-0, 0], [denormal, -denormal], [Infinity, -Infinity], [-Infinity, Infinity]],
  };
}

for (const dtype of dtypes) {
  const { largest, normal, denormal } = limits[dtype];

  for (const [f, facts] of Object.entries(exactly(dtype)) as ["exp", Facts][]) {
    onBothSets(
      `${f} of ${dtype} special values is exactly what it has to be, and leaves the numbers beside them alone`,
      () => {
        const beside = tensor([0.75], { dtype })[f]().item();
        for (const [x, y] of facts) {
          everywhere(dtype, x, 0.75, (a, i) => {
            const data = a.data.map((_, j) => j === i ? y : beside);
            assertSame(toTensor(a)[f](), { ...a, data }, `${f}(${x}) at ${i}:`);
          });
        }
      },
    );
  }

  onBothSets(`tanh of the smallest normal ${dtype} numbers is the number itself, within the bound`, () => {
    for (const x of [normal - denormal, normal, -normal]) {
      everywhere(dtype, x, 1, (a, i) => {
        const y = toTensor(a).tanh().toArray()[i];
        assert(Math.abs(y / x - 1) < (dtype === "float32" ? 4e-7 : 8e-16), `tanh(${x}) is ${y}`);
      });
    }
  });

  onBothSets(
    `exp of ${dtype} just short of overflow is finite, and below the normal numbers right to the last place`,
    () => {
      const last = dtype === "float32" ? 88.72283172607422 : 709.782712893384;
      everywhere(dtype, last, 1, (a, i) => {
        const y = toTensor(a).exp().toArray()[i];
        assert(y <= largest && Math.abs(y / Math.exp(last) - 1) < 8 * limits[dtype].eps, `${y}`);
      });
      const [from, to] = dtype === "float32" ? [-103, -88] : [-745, -709];
      for (let x = from; x <= to; x++) {
        everywhere(dtype, x, 1, (a, i) => {
          const y = toTensor(a).exp().toArray()[i];
          assert(y > 0 && Math.abs(y - Math.exp(x)) <= denormal, `exp(${x}) is ${y}`);
        });
      }
    },
  );

  onBothSets(`log of the ${dtype} numbers that are denormal, smallest normal or largest is right`, () => {
    for (const x of [denormal, 5 * denormal, normal - denormal, normal, largest]) {
      everywhere(dtype, x, 1, (a, i) => {
        const y = toTensor(a).log().toArray()[i];
        assert(Math.abs(y / Math.log(x) - 1) <= 4 * limits[dtype].eps, `log(${x}) is ${y}`);
      });
    }
  });

  onBothSets(`tanh of ${dtype} rises to 1 and never beyond`, () => {
    const x = Array.from({ length: 4001 }, (_, i) => i / 200), y = tensor(x, { dtype }).tanh().toArray();
    assertEquals(Math.max(...y), 1);
    assertEquals(y[x.length - 1], 1);
    assertSame(tensor(x, { dtype }).neg().tanh(), { dtype, shape: [x.length], data: [...y].map((y) => -y) });
  });

  onBothSets(`sum, difference, product and quotient of all pairs of ${dtype} special values are exact`, () => {
    const all = specials(dtype), shape = [all.length];
    for (const x of all) {
      const same = { dtype, shape, data: all.map(() => x) }, scalar = build(dtype, [], () => x);
      for (let by = 0; by < all.length; by++) { // so that each pair is at every place once
        using _ = scratch();
        const other = { dtype, shape, data: [...all.slice(by), ...all.slice(0, by)] };
        for (const operator of operatorNames) {
          const what = `${operator} of ${x} and others, from number ${by} on:`;
          assertSame(toTensor(same)[operator](toTensor(other)), broadcast(operators[operator], same, other), what);
          assertSame(toTensor(other)[operator](x), broadcast(operators[operator], other, scalar), what);
        }
      }
    }
  });

  onBothSets(`${dtype} divided by zero is an infinity of the right sign, and 0 / 0 is NaN`, () => {
    for (const [x, by, y] of [[1, 0, Infinity], [-1, 0, -Infinity], [1, -0, -Infinity], [0, 0, NaN], [-0, 0, NaN]]) {
      everywhere(dtype, x, 1, (a, i) => {
        assert(Object.is(toTensor(a).div(by).toArray()[i], y), `${x} / ${by}`);
        assert(Object.is(toTensor(a).div(tensor([by], { dtype })).toArray()[i], y), `${x} / ${by}`);
      });
    }
  });

  onBothSets(`one NaN makes a ${dtype} sum NaN, one infinity infinite, and two opposite ones NaN`, () => {
    for (const special of [NaN, Infinity, -Infinity]) {
      everywhere(dtype, special, 1, (a, i) => {
        const x = toTensor(a);
        for (const sum of [x.sum(), x.sum(0), x.view(1, -1).sum(1), x.view(-1, 1).sum(0), x.mean()]) {
          assertEquals(sum.item(), special);
        }
        const opposite = a.data.with((i + 3) % LENGTH, -special);
        assertEquals(tensor(opposite, { dtype }).sum().item(), NaN);
        // Along the rows of a matrix, only its own column.
        const square = tensor(a.data.flatMap((x) => [1, x, 1, 1, 1]), { shape: [LENGTH, 5], dtype });
        assertEquals([...square.sum(0).toArray()], [LENGTH, special, LENGTH, LENGTH, LENGTH]);
        assertEquals([...square.sum(1).toArray()], new Array(LENGTH).fill(5).with(i, special));
      });
    }
  });

  onBothSets(`a ${dtype} sum beyond the largest number is infinite, and denormals add up exactly`, () => {
    everywhere(dtype, largest, largest, (a) => assertEquals(toTensor(a).sum().item(), Infinity));
    everywhere(dtype, 2 * denormal, denormal, (a) => assertEquals(toTensor(a).sum().item(), 8 * denormal));
  });

  onBothSets(
    `a NaN makes its row's ${dtype} softmax, its logarithm and log-sum-exp NaN, and −Infinity has no share`,
    () => {
      everywhere(dtype, NaN, 1, (a, i) => {
        const rows = tensor([...a.data, ...a.data.with(i, 1)], { shape: [2, LENGTH], dtype });
        assertEquals(Array.from(rows.logsumexp(1).toArray(), Number.isNaN), [true, false]);
        for (const shares of [rows.softmax(1).toArray(), rows.log_softmax(1).toArray()]) {
          assert(shares.slice(0, LENGTH).every(Number.isNaN) && !shares.slice(LENGTH).some(Number.isNaN));
        }
      });
      for (const infinity of [Infinity, -Infinity]) {
        everywhere(dtype, NaN, infinity, (a) => assertEquals(toTensor(a).logsumexp(0).item(), NaN));
      }
      everywhere(dtype, -Infinity, 1, (a, i) => {
        const shares = toTensor(a).softmax(0), sum = toTensor(a).logsumexp(0).item();
        assertSame(shares, { ...a, data: a.data.map((_, j) => j === i ? 0 : round[dtype](1 / 6)) });
        assert(Math.abs(sum - 1 - Math.log(6)) <= 8 * limits[dtype].eps, `${sum}`);
        assertEquals(toTensor(a).log_softmax(0).toArray()[i], -Infinity);
      });
    },
  );

  onBothSets(`${dtype} softmax and log-sum-exp of the largest numbers do not overflow`, () => {
    everywhere(dtype, largest, -largest, (a, i) => {
      assertSame(toTensor(a).softmax(0), { ...a, data: a.data.map((_, j) => j === i ? 1 : 0) });
      assertSame(toTensor(a).log_softmax(0), { ...a, data: a.data.map((_, j) => j === i ? 0 : -Infinity) });
      assertEquals(toTensor(a).logsumexp(0).item(), largest);
    });
  });

  onBothSets(`the ${dtype} log-sum-exp of an infinity is that infinity`, () => {
    everywhere(dtype, Infinity, 1, (a) => assertEquals(toTensor(a).logsumexp(0).item(), Infinity));
    everywhere(dtype, -Infinity, -Infinity, (a) => assertEquals(toTensor(a).logsumexp(0).item(), -Infinity));
  });

  onBothSets(`the ${dtype} log-sum-exp of nothing is −Infinity, and its softmax is nothing`, () => {
    const nothing = tensor([], { shape: [2, 0], dtype });
    assertEquals([...nothing.logsumexp(1).toArray()], [-Infinity, -Infinity]);
    assertEquals([nothing.softmax(1).shape, nothing.log_softmax(1).shape], [[2, 0], [2, 0]]);
  });

  onBothSets(`the largest ${dtype} is a NaN if there is one, the first of several`, () => {
    everywhere(dtype, NaN, Infinity, (a, i) => {
      const { values, indices } = toTensor(a).max(0);
      assertEquals([values.item(), indices.item()], [NaN, i]);
      const both = tensor(a.data.with(LENGTH - 1, NaN), { dtype }).max(0);
      assertEquals([both.values.item(), both.indices.item()], [NaN, i]);
    });
  });

  onBothSets(`the largest ${dtype} is found at every place, and the first of equals, 0 and −0 among them`, () => {
    for (const [x, other] of [[Infinity, largest], [-largest, -Infinity], [denormal, 0], [-denormal, -normal]]) {
      everywhere(dtype, x, other, (a, i) => {
        const { values, indices } = toTensor(a).max(0);
        assertEquals([values.item(), indices.item()], [x, i]);
      });
    }
    for (const equal of [-Infinity, 0, Infinity, NaN]) {
      everywhere(dtype, equal, equal, (a) => assertEquals(toTensor(a).argmax(0).item(), 0));
    }
    assertEquals(tensor([-0, 0], { dtype }).argmax(0).item(), 0);
  });
}
