// The exercises as a learner has them in front of them: the forward pass and the lines of each gradient, out of the exercises'
// own sources, of which a test replaces one by another learner's.
import { sources } from "../../exercises/sources.ts";
import { define_nn, inDtype, lecture_minibatch } from "../../exercises/network.ts";
import { Check, type Row } from "../../lib/check/check.ts";
import { Explainer } from "../../lib/check/diagnosis/explainer.ts";
import { type Forward, run, type Tensors } from "../../lib/check/graph.ts";
import { explain } from "../../lib/check/judge.ts";
import { regions } from "../../lib/exercise/blank.ts";
import { Generator } from "../../lib/random/generator.ts";
import { cross_entropy, linear, one_hot, sub } from "../../lib/tensor/functional.ts";
import { listen, unheard } from "../../lib/tensor/recording.ts";
import { sameShape } from "../../lib/tensor/shape.ts";
import { full, ones, ones_like, range, tensor, zeros, zeros_like } from "../../lib/tensor/creation.ts";
import { Tensor } from "../../lib/tensor/tensor.ts";

/** The code of gradients in the order in which they are written; a `+` marks a second term. */
export type Code = readonly (readonly [name: string, code: string])[];

/** An exercise. */
export interface Lesson {
  forward: Forward;
  leaves: Tensors;
  /** The exercise's own lines, or an expression for each gradient. */
  code: Code;
  /** Sizes and numbers that the code uses by name, besides the lecture's. */
  constants?: Readonly<Record<string, number>>;
  /** Gradients that are there already, and are not checked. */
  before: Code;
}

const n = 32;

/** Drawn as the exercises draw them; exercise 4 draws bnbias for its check, which is zero in the others. */
function parameters(hidden: number, drawn = false): Tensors {
  const g = new Generator(2147483647), own = define_nn(g, hidden);
  if (drawn) own.bnbias = g.randn([1, hidden]).mul(0.1);
  return { ...inDtype("float64", own), ...lecture_minibatch() };
}

/** The forward pass and the lines of each gradient, out of an exercise. */
async function read(file: string): Promise<Pick<Lesson, "forward" | "code">> {
  const { default: source } = await sources[file]() as { default: string };
  const lines = /const forward = \{\n(.*?)\n\} satisfies Forward;/s.exec(source)![1];
  const scope = { n, range, linear, cross_entropy };
  const forward: Forward = new Function(...Object.keys(scope), `return {${lines}\n};`)(...Object.values(scope));
  const seen = new Set<string>();
  const code = regions(source).map(({ name: dname, lines }) => {
    const name = dname.slice(1) + (seen.has(dname) ? "+" : ""), text = lines.join("");
    seen.add(dname);
    return [name, text.replace(new RegExp(`const ${dname} =`), `${dname} =`)] as const;
  });
  return { forward, code };
}

const [first, second, third, fourth] = await Promise.all(["ex1.ts", "ex2.ts", "ex3.ts", "ex4.ts"].map(read));

/** Every atom of the forward pass, and its 26 gradients. */
export const exercise1 = (hidden = 64): Lesson => ({ ...first, leaves: parameters(hidden), before: [] });

/** Cross-entropy in one go. */
export const exercise2 = (hidden = 64): Lesson => ({ ...second, leaves: parameters(hidden), before: [] });

/** Batchnorm in one go; the gradients below it are given. */
export const exercise3 = (hidden = 64): Lesson => ({
  ...third,
  leaves: parameters(hidden),
  before: [["logits", "given(logits)"], ["h", "given(h)"], ["hpreact", "given(hpreact)"]],
});

/** The whole backward pass. */
export const exercise4 = (hidden = 64): Lesson => ({ ...fourth, leaves: parameters(hidden, true), before: [] });

/** An exercise with its check, to be worked through again and again. */
export class Course {
  readonly lesson: Lesson;
  readonly check: Check;
  readonly tensors: Tensors;
  readonly rows: Row[];

  constructor(lesson: Lesson) {
    this.lesson = lesson;
    this.check = new Check(lesson.forward, lesson.leaves);
    this.tensors = run(lesson.forward, lesson.leaves);
    this.rows = [];
    this.rows = this.play({});
  }

  /**
   * The rows of a learner who writes `changes` for some of the pieces; up to the row `until`. Verdicts are taken from the
   * right gradients that the check works out, which is faster than a difference for each element, and rows above the
   * first change are those of `{}`.
   */
  play(changes: Record<string, string>, until?: string): Row[] {
    const { lesson, tensors, check } = this, own: Tensors = {};
    for (const [name, t] of Object.entries(tensors)) own[name] = t.clone();
    const written = lesson.code.map(([name, code]) => [name, changes[name] ?? code] as const);
    const last = new Map(written.map(([name], i) => [name.replace("+", ""), i]));
    const first = written.findIndex(([name]) => name in changes);
    const known = this.rows.slice(0, [...last.values()].filter((i) => i < first).length);
    const body = [...lesson.before, ...written].map(([name, code], k) => {
      const plain = name.replace("+", ""), i = k - lesson.before.length;
      // The exercise has lines; a test writes an expression, except for a second term.
      const isLines = name.endsWith("+") || (!(name in changes) && /^\s*(\/\/|const |d\w+ =)/.test(code));
      const line = isLines ? `${code};` : `d${plain} = (${code});`;
      const row = i >= 0 && last.get(plain) === i ? ` if (cmp("${plain}", d${plain})) return;` : "";
      return line + (i < 0 ? ` named("${plain}", d${plain});` : row);
    });
    const gradients = [...new Set([...lesson.before, ...written].map(([name]) => `d${name.replace("+", "")}`))];
    const given = (t: Tensor) => check.right(Object.keys(own).find((name) => own[name] === t)!);
    const library = { full, ones, ones_like, range, tensor, zeros, zeros_like, one_hot, sub, Tensor, given };
    const names = { ...library, n, batch_size: n, vocab_size: 27, n_embd: 10, ...lesson.constants, ...own };
    const rows: Row[] = [], explainer = new Explainer(check, own);
    const cmp = (name: string, given: unknown) =>
      unheard(() => {
        rows.push(known[rows.length] ?? explain(check, this.verdict(name, given), rows, given, explainer));
        explainer.name(name, given);
        return name === until;
      });
    const before = listen(explainer.listener);
    try {
      const named = (name: string, given: unknown) => explainer.name(name, given);
      new Function(...Object.keys(names), "cmp", "named", [`let ${gradients};`, ...body].join("\n"))(
        ...Object.values(names),
        cmp,
        named,
      );
    } catch (error) {
      if (until !== undefined && !rows.some(({ name }) => name === until)) throw error;
    } finally {
      listen(before);
    }
    return rows;
  }

  /** The verdict on a row, from the right numbers. */
  verdict(name: string, given: unknown): Row {
    const { shape } = this.check.values[name];
    if (!(given instanceof Tensor) || !sameShape(given.shape, shape)) return this.check.row(name, given);
    const numbers = given.toArray(), right = this.check.rightNumbers(name);
    const maxdiff = numbers.reduce((most, x, i) => Math.max(most, Math.abs(x - right[i])), 0);
    const largest = right.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const wrong = numbers.some((x, i) =>
      !(Math.abs(x - right[i]) <= 1e-12 + 1e-5 * (Math.abs(right[i]) + 1e-3 * largest))
    );
    return { name, shape, status: wrong ? "wrong" : "ok", maxdiff, given: given.clone() };
  }
}

/** Numbers without rhyme or reason, the same for the same seed. */
export function noise(n: number, seed: number): number[] {
  return Array.from({ length: n }, (_, i) => {
    const x = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return x - Math.floor(x) - 0.5;
  });
}
