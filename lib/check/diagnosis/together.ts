// Several slips at once in a row of several terms: a factor on all of it, terms made otherwise, other weights.
import { type Case, type Explanation, linesOf, type Path } from "./case.ts";
import { centred, difference } from "./difference.ts";
import { isNice } from "./factor_words.ts";
import { EPS, FUNCTIONS, IDENTITY, RECIPROCAL, ROOTS, SQUARE } from "./functions.ts";
import { asMatrix, distinct, largest, type Matrix, same, weights } from "./numbers.ts";
import { tell } from "./paths.ts";
import { products, simplest } from "./products.ts";
import { scaledWords } from "./scaled.ts";
import { extentOf, type Name, type Product, reduced, type Start } from "./search.ts";
import { sizesOf } from "./sizes.ts";
import { inTerms, near, small } from "./words.ts";

/** A term made otherwise, or a factor on one or all. */
interface Slip {
  /** Its number at each place. */
  readonly at: (i: number) => number;
  readonly text: string;
  readonly cost: number;
  /** It hardly changes the numbers, and is told last: an ε left out. */
  readonly tiny?: boolean;
  /** A factor that is not the same in every row. */
  readonly wide?: boolean;
  /** What it is at a few places. */
  readonly few: Float64Array;
}

/** A factor on the whole and another slip, the same or different ones in two terms, and other weights besides. */
export function explainTogether(c: Case): Explanation[] {
  const { given: { numbers }, tolerance } = c, sizes = sizesOf(c);
  const paths = c.paths.filter(({ sent }) => largest(sent) > 1e-9 * largest(numbers));
  if (paths.length < 2 || distinct(numbers, 9) < 9) return [];
  const bySize = Array.from(numbers.keys()).sort((a, b) => Math.abs(numbers[b]) - Math.abs(numbers[a]));
  const step = Math.ceil(numbers.length / 9), places = bySize.filter((_, k) => k < 9 || k % step === 0);
  const slip = (one: Omit<Slip, "few">): Slip => ({ ...one, few: Float64Array.from(places, one.at) });
  const none = slip({ at: () => 1, text: "", cost: 0 });
  const right = paths.map(({ sent }) => slip({ ...none, at: (i) => sent[i] }));
  const nice = (x: number) => near(1 + x, 1) || [1, ...sizes.others].some((m) => isNice(x * m, sizes));
  const target = Float64Array.from(places, (i) => numbers[i]);
  let best: Explanation = { kind: "operand", text: "", cost: 5 };
  const consider = (front: Slip, terms: readonly Slip[]) => {
    const rows = [...terms.map(({ few }) => few), front === none ? target : target.map((x, k) => x / front.few[k])];
    if (!dependent(rows.map((few) => rows.map((_, k) => few[4 * k])))) return;
    const apart = new Map(terms.map((one) => [one.text, one]));
    const least = [front, ...apart.values()].reduce((sum, { cost }) => sum + cost, 0.3);
    if (least >= best.cost) return;
    // As they are, or with weights.
    const fit = (parts: readonly Float64Array[], whole: Float64Array, tolerance: number) =>
      same(whole, whole.map((_, i) => parts.reduce((sum, part) => sum + part[i], 0)), tolerance)
        ? parts.map(() => 1)
        : least + 1 < best.cost
        ? weights(parts, whole, tolerance)
        : undefined;
    if (!fit(rows.slice(0, -1), rows.at(-1)!, 1e-7)?.every(nice)) return;
    const found = fit(terms.map(({ at }) => numbers.map((_, i) => at(i) * front.at(i))), numbers, tolerance);
    const weighted = paths.map((path, k) => ({ path, weight: found && !near(1 + found[k], 1) ? found[k] : 0 }));
    const off = new Set(weighted.flatMap(({ weight }) => near(weight, 1) ? [] : [weight.toPrecision(5)])).size;
    if (!found || least + off >= best.cost) return;
    const said = [...apart.keys()].filter(Boolean).map((text) => {
      const those = paths.filter((_, k) => terms[k].text === text).map(({ reader }) => reader);
      const { where } = inTerms(those, c.paths.length, text);
      return where ? where + small(text) : text;
    });
    if (front.text && !front.tiny) said.unshift(front.text);
    if (off > 0) said.push(tell(c, weighted, c.paths.filter((path) => !paths.includes(path)), said.length > 0).text);
    if (front.tiny) said.push(front.text);
    const text = said.map((one, k) => k === 1 ? `Besides, ${small(one)}` : one).join(" ");
    best = { kind: "operand", cost: least + off, text, alone: true };
  };
  const fronts = factors(c, slip);
  for (const front of fronts) consider(front, right);
  const slips = paths.map((path, k) => {
    const terms = fronts.map((front) => slip({ ...front, at: (i) => front.at(i) * path.sent[i] }));
    for (const term of terms) consider(none, right.with(k, term));
    return [...otherwise(c, path).map(slip), ...terms.filter(({ cost }) => cost < 1.15)];
  });
  const narrow = [none, ...fronts.filter(({ wide }) => !wide)];
  slips.forEach((mine, k) => {
    for (const one of mine) {
      const terms = right.with(k, one);
      for (const front of narrow) consider(front, terms);
      for (let j = k + 1; j < slips.length; j++) for (const two of slips[j]) consider(none, terms.with(j, two));
    }
  });
  return best.text ? [best] : [];
}

/** Whether one row of a small square is made of the others, so that weights may be looked for. */
function dependent(square: number[][]): boolean {
  const sizes = square.map(largest);
  for (let i = 0; i < square.length; i++) {
    const row = square[i], most = largest(row), at = row.findIndex((x) => Math.abs(x) === most);
    if (most < 1e-6 * sizes[i]) return true;
    for (const other of square.slice(i + 1)) {
      const times = other[at] / row[at];
      row.forEach((x, k) => other[k] -= times * x);
    }
  }
  return false;
}

/** Factors that are left out, too many, or one in place of another. */
function factors(c: Case, slip: (one: Omit<Slip, "few">) => Slip): Slip[] {
  const { rows, cols } = c.given, found = new Map<string, Slip>(), lines = c.paths.flatMap((path) => linesOf(c, path));
  const close = lines.flatMap((line) => [line, ...c.check.graph[line]]);
  const arrays = c.values.filter((array) =>
    [1, rows].includes(array.rows) && [1, cols].includes(array.cols) && distinct(array.numbers, 4) > 3 &&
    close.includes(array.name)
  );
  const names = c.paths.flatMap((path) => simplest(c, path)).flatMap(({ start, factors }) => [
    ...factors.flatMap(({ names }) => names),
    ...start.inner ?? [],
  ]);
  const used = arrays.filter(({ name }) => names.some(({ fn, tensor }) => fn === IDENTITY && tensor === name));
  const at = (a: Matrix, i: number) =>
    a.numbers[(a.rows === 1 ? 0 : Math.floor(i / cols)) * a.cols + (a.cols === 1 ? 0 : i % cols)];
  const add = (one: Omit<Slip, "few">) => {
    const made = slip(one), key = Array.from(made.few, (x) => (x / made.few[0]).toPrecision(9)).join();
    const known = found.get(key)?.cost ?? Infinity;
    if (made.few.every(Number.isFinite) && one.cost < known) found.set(key, made);
  };
  for (const x of arrays) {
    const wide = x.rows > 1 && x.cols > 1;
    for (const fn of [IDENTITY, RECIPROCAL, SQUARE, FUNCTIONS[3], ...wide ? [FUNCTIONS[7]] : ROOTS]) {
      const f = (i: number) => fn.of(at(x, i));
      const text = scaledWords(fn, x.name, used.includes(x)).replace(/: .*/, ".");
      add({ at: f, text, cost: 1 + 0.1 * fn.rank + (fn.rank > 2 ? 0.2 : 0), wide });
      for (const y of used) {
        for (const [power, sign] of [[1, ""], [3, "³"]] as const) {
          if ((x === y && fn === IDENTITY) || (power > 1 && wide)) continue;
          const g = (i: number) => at(y, i) ** power,
            all = (is: (i: number) => number, size: number) =>
              slip({ at: (i) => is(i) / g(i), text: "", cost: 0 }).few.every((x) => Math.abs(x - 1) < size);
          const tiny = all((i) => fn.of(at(x, i) + EPS), 1e-9);
          const divide = all((i) => f(i) * g(i) ** 2, 1e-3) ? ": divide by it" : "";
          const text = tiny
            ? `The ε is left out: ${x.name} + 1e-5 belongs there.`
            : `${fn.text(x.name)} stands where ${y.name}${sign} belongs${divide}.`;
          const cost = tiny ? 1.1 : 1.2 + 0.05 * fn.rank + 0.02 * power;
          add({ at: (i) => f(i) / g(i), text, cost, tiny, wide: wide || y.rows > 1 });
        }
      }
    }
  }
  return [...found.values()];
}

/** A term with its sum taken otherwise, or with another tensor in it. */
function otherwise(c: Case, path: Path): Omit<Slip, "few">[] {
  const target = asMatrix(c.row.shape), extent = extentOf(target, asMatrix(c.check.values[path.reader].shape));
  const found: Omit<Slip, "few">[] = [], right = products(c, path);
  for (const { start, factors, weight } of simplest(c, path)) {
    const { gradient, over, inner = [] } = start;
    const main = [path.upstream, ...c.gradients].find(({ name }) => name === gradient);
    if (!main || !over) continue;
    const named = (name: Name) => {
      const array = c.values.find((one) => one.name === name.tensor)!;
      return { ...array, numbers: array.numbers.map(name.fn.of), names: [name] };
    };
    const begun = (over: Start["over"], inside: readonly Matrix[]): Matrix => {
      const to = { rows: over === "cols" ? extent.rows : 1, cols: over === "rows" ? extent.cols : 1 };
      return over ? { ...to, numbers: reduced([main, ...inside], extent, to) } : main;
    };
    const add = (parts: readonly Matrix[], text: string, cost: number) => {
      const numbers = reduced(parts, extent, target);
      found.push({ at: (i) => numbers[i] * weight, text, cost });
    };
    const tell = (over: Start["over"], inner: readonly Name[], outer: Product["factors"] = factors) => {
      const inside = inner.map(named), start = begun(over, inside), all = over ? outer : [...outer, ...inside];
      const mine = { start: { ...start, gradient, over, inner: over && inner }, factors: all, weight };
      const told = right.flatMap((one) => difference(c, path, mine, one) ?? []).toSorted((a, b) => a.cost - b.cost)[0];
      if (told) add([start, ...all], told.text, told.cost);
    };
    for (const other of ["rows", "cols", "all", undefined] as const) if (other !== over) tell(other, inner);
    if (inner.length > 0) tell(over, []);
    const own = inner[0]?.tensor;
    const instead = (other: Matrix & { names: readonly Name[] }) =>
      factors.map((factor) => factor.names.some(({ tensor }) => tensor === own) ? other : factor);
    for (const { name: tensor, rows, cols } of c.values) {
      if (rows !== main.rows || cols !== main.cols || tensor === own) continue;
      const other = { fn: IDENTITY, tensor };
      tell(over, [other]);
      if (own) tell(over, [other], instead(named(other)));
    }
    for (const { name, a, of, by } of centred(c)) {
      if (own !== of) continue;
      const [other, scale] = [a, by].map((tensor) => named({ fn: IDENTITY, tensor }));
      const parts = [begun(over, [other]), ...instead(other), scale, scale];
      add(parts, `${a} stands where ${name} belongs, in the sum and outside it.`, 1.5);
    }
    const sum = [gradient, ...inner.map(({ tensor }) => tensor)].join("·");
    add([start, ...factors, start], `The sum Σ ${sum} is squared.`, 1.1);
  }
  return found;
}
