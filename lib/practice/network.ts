// Endless practice: a random network for a seed and a level, with its backward pass as a learner would write it.
//
// The forward pass is a chain: each line reads the one before it and, as it happens, a new parameter or an earlier line. So
// every line reaches the loss, and tensors that are used twice are common. What would teach nothing is thrown away and drawn
// again: numbers that run away, gradients that are zero, a network without anything of its level.
// The same seed gives the same network on every machine: all choices come from integers that the generator draws.
// Left out: the kinds of lines (functions.ts, pairs.ts, parts.ts, losses.ts), and the file to work in (source.ts).
import { type Forward, run, type Tensors } from "../check/graph.ts";
import { Generator } from "../random/generator.ts";
import * as creation from "../tensor/creation.ts";
import * as functional from "../tensor/functional.ts";
import { inScratch } from "../tensor/memory.ts";
import { numel, type Shape } from "../tensor/shape.ts";
import type { Atom, Draw, Line, Value } from "./atoms.ts";
import { functions } from "./functions.ts";
import { losses } from "./losses.ts";
import { pairs, reuses } from "./pairs.ts";
import { mixing } from "./parts.ts";

/** Levels: 1 elementwise, 2 broadcasting, 3 reuse and sums, 4 matrices, maxima and gathering, 5 all of it, and longer. */
export const LEVELS = 5;

/** How many lines a network of each level has, the loss among them: from, to. */
const LENGTHS: readonly (readonly [number, number])[] = [[3, 4], [4, 5], [5, 7], [6, 8], [8, 10]];

/** A forward line with its name, or a parameter. */
export interface NamedLine {
  /** What is left of its equals sign. */
  name: string;
  /** What is right of it. */
  code: string;
  /** Its sizes. */
  shape: Shape;
}

/** One term of a gradient. */
export interface Term {
  /** The tensor whose gradient it is a term of. */
  name: string;
  /** The forward line it comes back through. */
  through: string;
  /** The right-hand side: an expression for the first term, `dx.add_(…)` for a further one. */
  code: string;
  /** Whether something of this gradient was there before. */
  further: boolean;
  /** The rule behind it. */
  rule: string;
}

/** A network to practise on. */
export interface Practice {
  /** The seed that gives it again. */
  seed: number;
  /** Its level, from 1 to 5. */
  level: number;
  /** Parameters and inputs, as code; `random` is a generator with this seed. */
  leaves: readonly NamedLine[];
  /** The forward lines, as code. */
  lines: readonly NamedLine[];
  /** The right gradients in writing order, term by term. */
  terms: readonly Term[];
  /** The forward pass itself, of this code. */
  forward: Forward;
  /** The parameters and inputs themselves, float64 and int32: new ones each time. */
  tensors: () => Tensors;
}

/**
 * The network of a seed and a level from 1 to 5.
 *
 * @throws RangeError for another level; as Generator does for a seed that is no whole number from 0 on.
 */
export function makePractice(seed: number, level: number): Practice {
  if (!Number.isInteger(level) || level < 1 || level > LEVELS) {
    throw new RangeError(`A level of practice is a whole number from 1 to ${LEVELS}; given ${level}.`);
  }
  const random = new Generator(seed * LEVELS + level);
  for (;;) {
    const draft = new Draft(random, seed, level), network = draft.network();
    if (network && isWorthwhile(network, draft.corners)) return network;
  }
}

/** Every kind of line but the last. */
const atoms: readonly Atom[] = [...functions, ...pairs, ...mixing];

const LEAF_NAMES = ["x", "w", "v", "u", "s", "r", "q", "p"], INDEX_NAMES = ["ix", "iy", "iz"];
const LINE_NAMES = ["a", "b", "c", "e", "f", "g", "h", "k", "l", "m"];

/** A network under construction. */
class Draft implements Draw {
  readonly #random: Generator;
  readonly #seed: number;
  readonly #level: number;
  /** Parameters and inputs of the lines so far, and of the line that is being made. */
  #leaves: NamedLine[] = [];
  readonly #lines: (NamedLine & Pick<Line, "sent">)[] = [];
  readonly #values: Value[] = [];
  /** How far the lines with a corner are from it. */
  readonly corners: ((tensors: Tensors) => number)[] = [];
  readonly #used = new Set<Atom>();
  readonly #sizes: number[];

  constructor(random: Generator, seed: number, level: number) {
    this.#random = random;
    this.#seed = seed;
    this.#level = level;
    this.#sizes = this.#shuffled([2, 3, 4, 5, 6, 7]);
  }

  /** The network; nothing if it cannot go on somewhere. */
  network(): Practice | undefined {
    const [least, most] = LENGTHS[this.#level - 1], length = least + this.#below(most - least + 1);
    let current = this.leaf([this.fresh(), this.fresh()]), newest = 0;
    this.#values.push(current);
    while (this.#lines.length < length) {
      const last = this.#lines.length === length - 1;
      const made = this.#line(last ? losses : atoms, current, last ? "loss" : LINE_NAMES[this.#lines.length]);
      if (!made) return undefined;
      newest = Math.max(newest, made.level);
      current = made.value;
    }
    return newest === this.#level ? this.#finished() : undefined;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.#below(list.length)];
  }

  leaf(shape: Shape, { positive = false, size = 1 }: { positive?: boolean; size?: number } = {}): Value {
    const scale = size === 1 ? "" : `.mul(${size})`, shift = positive ? ".pow(2).add(0.5)" : "";
    const name = this.#free(LEAF_NAMES), code = `random.randn([${shape.join(", ")}]).double()${scale}${shift}`;
    const value = { name, shape, size: positive ? 1.5 : size, least: positive ? 0.5 : 0, repeated: false };
    this.#leaves.push({ name, code, shape });
    return value;
  }

  indices(shape: Shape, high: number): string {
    const rows = numel(shape.slice(0, -1)), width = shape.at(-1)!;
    const name = this.#free(INDEX_NAMES);
    const all = Array.from({ length: high }, (_, i) => i);
    const list = shape.length > 1
      ? Array.from({ length: rows }, () => this.#shuffled(all).slice(0, width))
      : [this.#someOf(all, width)];
    const text = shape.length > 1 ? list.map((row) => `[${row.join(", ")}]`).join(", ") : list[0].join(", ");
    this.#leaves.push({ name, code: `tensor([${text}], { dtype: "int32" })`, shape });
    return name;
  }

  earlier(fits: (value: Value) => boolean): Value | undefined {
    const fitting = this.#values.filter(fits);
    return fitting.length > 0 ? this.pick(fitting) : undefined;
  }

  fresh(): number {
    return this.#sizes.shift() ?? 2 + this.#below(5);
  }

  /** One more line, which reads `current`; nothing if none of many tries is sensible. */
  #line(kinds: readonly Atom[], current: Value, name: string): { value: Value; level: number } | undefined {
    const allowed = kinds.filter(({ level }) => level <= this.#level);
    // What is new at the level comes up as often as all the rest. A sum or a mean is mostly brought back to what was summed.
    const own = allowed.filter(({ level }) => level === this.#level);
    const wasReduced = kinds === atoms && this.#values.some(({ shape }) => numel(shape) > numel(current.shape));
    for (let tries = 0; tries < 20; tries++) {
      const preferred = wasReduced && this.#level >= 3 ? reuses : own;
      const atom = this.pick(preferred.length > 0 && this.pick([true, false]) ? preferred : allowed),
        before = this.#leaves;
      this.#leaves = [...before];
      const line = atom.make(current, name, this);
      const isSensible = line && line.size >= 0.1 && line.size <= 5 && numel(line.shape) <= 80;
      // A function comes once; a line of two operands may come again with others.
      const isNew = line && (line.sent.length > 1 || !this.#used.has(atom)) &&
        !this.#lines.some(({ code }) => code === line.code);
      if (isSensible && isNew) {
        const { code, shape, size, sent, least = 0, repeated = false } = line;
        this.#lines.push({ name, code, shape, sent });
        const value = { name, shape, size, least, repeated };
        for (const leaf of this.#leaves.slice(before.length)) {
          if (leaf.code.startsWith("random")) this.#values.push({ ...leaf, size: 1, least: 0, repeated: false });
        }
        this.#values.push(value);
        this.#used.add(atom);
        if (line.corner) this.corners.push(line.corner);
        return { value, level: atom.level };
      }
      this.#leaves = before;
    }
    return undefined;
  }

  #finished(): Practice {
    const lines = this.#lines.map(({ name, code, shape }) => ({ name, code, shape })), leaves = this.#leaves;
    const names = { ...creation, ...functional };
    const evaluate = <T>(text: string, more: Record<string, unknown> = {}): T =>
      new Function(...Object.keys(names), ...Object.keys(more), `return ${text};`)(
        ...Object.values(names),
        ...Object.values(more),
      );
    return {
      seed: this.#seed,
      level: this.#level,
      leaves,
      lines,
      terms: this.#terms(),
      forward: evaluate(
        `{ ${lines.map((line) => `${line.name}: ${asFunction(line, [...leaves, ...lines])}`).join(", ")} }`,
      ),
      tensors: () => {
        const random = new Generator(this.#seed);
        return evaluate(`{ ${leaves.map(({ name, code }) => `${name}: ${code}`).join(", ")} }`, { random });
      },
    };
  }

  /** The gradients from the last line to the first; where a line reads several tensors, in the order in which it does. */
  #terms(): Term[] {
    const all = this.#lines.toReversed().flatMap(({ name: through, sent }) =>
      sent.map(({ to, code, rule }) => ({ through, to, code, rule }))
    );
    // A copy where the line passes the gradient on as it is, or only seen differently: a further term is added in place.
    const whole = (code: string, last: boolean) =>
      /^d\w+$/.test(code) || (!last && /^d\w+\.(T|view\([^()]*\))$/.test(code)) ? `${code}.clone()` : code;
    return all.map(({ through, to: name, code, rule }, i) => {
      const further = all.slice(0, i).some(({ to }) => to === name),
        last = !all.slice(i + 1).some(({ to }) => to === name);
      return { name, through, code: further ? `d${name}.add_(${code})` : whole(code, last), further, rule };
    });
  }

  #free(names: readonly string[]): string {
    return names.find((name) => !this.#leaves.some((leaf) => leaf.name === name))!;
  }

  /** A whole number from 0 to n − 1. */
  #below(n: number): number {
    return this.#random.random() % n;
  }

  /** `count` of these, some perhaps more than once, but not all the same where there is a choice. */
  #someOf(list: readonly number[], count: number): number[] {
    for (;;) {
      const some = Array.from({ length: count }, () => this.pick(list));
      if (new Set(some).size > 1 || count === 1 || list.length === 1) return some;
    }
  }

  #shuffled<T>(list: readonly T[]): T[] {
    const left = [...list];
    return list.map(() => left.splice(this.#below(left.length), 1)[0]);
  }
}

/** A line as an entry of the forward pass: `({ a, w }) => a.mul(w)`. */
export function asFunction({ code }: NamedLine, known: readonly { name: string }[]): string {
  const reads = [...new Set(code.match(/(?<![.\w])[a-z]\w*(?![\w(:])/g))].filter((word) =>
    known.some(({ name }) => name === word)
  );
  return `({ ${reads.join(", ")} }) => ${code}`;
}

/**
 * Whether all numbers are finite and away from corners, and each tensor moves the loss: a gradient of zeros is no practice.
 */
function isWorthwhile({ forward, tensors }: Practice, corners: readonly ((tensors: Tensors) => number)[]): boolean {
  return inScratch(() => {
    const leaves = tensors(), values: Tensors = run(forward, leaves);
    const lines = Object.keys(forward);
    if (!Object.values(values).every((t) => t.toArray().every((x) => Number.isFinite(x) && Math.abs(x) < 1e3))) {
      return false;
    }
    if (corners.some((distance) => distance(values) < 1e-3)) return false;
    return Object.keys(values).every((name, i) => {
      const t = values[name], last = lines.at(-1)!;
      if (t.dtype === "int32" || name === last) return true;
      // Along one direction, so that the lines below are run twice and not twice for each element.
      const direction = new Generator(i).randn(t.shape).double(), step = 1e-5;
      const at = (by: number) => {
        const moved: Tensors = { ...values, [name]: t.add(direction.mul(by)) };
        for (const line of lines.slice(lines.indexOf(name) + 1)) moved[line] = forward[line](moved);
        return moved[last].item();
      };
      return Math.abs(at(step) - at(-step)) / (2 * step) > 1e-6;
    });
  });
}
