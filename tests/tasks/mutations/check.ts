// Mistakes in the check, the diagnosis, and the search for the nearest name.
import { type Mutation, planted } from "./planted.ts";

export const checking: readonly Mutation[] = [
  ...planted("lib/nearest.ts", {
    "exercise/flags": [
      ["next[j - 1] + 1", "next[j - 1] + 3"],
      ["a[i - 1] === b[j - 1] ? 0 : 1", "a[i - 1] === b[j - 1] ? 1 : 0"],
    ],
  }),
  ...planted("lib/check/check.ts", {
    "check/check": [
      ["RELATIVE = 1e-5", "RELATIVE = 2e-3"],
      ["difference <= allowed ? 0", "difference >= allowed ? 0"],
      ["if (wrong) break;", ""],
      ["given[i] >= low - beside", "given[i] >= low + beside"],
      ["&& noise > 0.1 * small", "&& noise > 1e9 * small"],
      ["if (!sameShape(given.shape, shape)) return", "if (given.numel() !== this.values[name].numel()) return"],
    ],
    "check/judge": [
      ["sum![i] += x)", "sum![i] = x)"],
      ['t.dtype === "float32" ? t.to("float64") : t.clone()', 't.dtype === "float32" ? t.to("float64") : t'],
    ],
  }),
  ...planted("lib/check/finite_differences.ts", {
    "check/check": [
      ["at(index, low)) / (high - low)", "at(index, low)) / h"],
      ["step = 2e-5 *", "step = 2e-2 *"],
      ["Math.max(typical, 1 / 16)", "Math.min(typical, 1 / 16)"],
      ["> 100 * error", "> 1e9 * error"],
    ],
  }),
  ...planted("lib/check/graph.ts", {
    "check/check": [
      ["reads.some((read)", "reads.every((read)"],
      ["uses > 1", "uses > 0"],
      ["values[name] = forward[name](values)", "values[name] = forward[name](leaves)"],
    ],
    "check/judge": [["if (sameNumbers(values[read], before[read])) continue;", "continue;"]],
  }),
  ...planted("lib/check/judge.ts", {
    "check/judge": [
      ["x) < ZERO * loss", "x) > ZERO * loss"],
      ["theirs !== undefined && !sameNumbers(", "theirs !== undefined && sameNumbers("],
      ["if (empty.length === 0) return undefined;", "return undefined;"],
    ],
  }),
  ...planted("lib/check/jacobian.ts", {
    "check/jacobian": [
      ["+= Math.abs(gradient[from[k]] * slopes[k])", "+= gradient[from[k]] * slopes[k]"],
      ["i % columns, output: (j) => j % columns", "i % columns, output: (j) => Math.floor(j / columns)"],
      ["candidates.sort((a, b) => b.count - a.count);", "candidates.sort((a, b) => a.count - b.count);"],
      ["value + (value - coarse![j]) / 15", "value - (value - coarse![j]) / 15"],
      ["(now[j] - before) / steps[labels[j]]", "(now[j] - before) / h / 2"],
      ["bit < count; bit *= 2", "bit < 1; bit *= 2"],
      ["if (!mayImprove) break;", "break;"],
    ],
  }),
  ...planted("lib/check/diagnose.ts", {
    "check/sentences_long.ts check/diagnose": [
      ["a.cost - b.cost);", "b.cost - a.cost);"],
      ["given && !isFinite(given.toArray())", "given && isFinite(given.toArray())"],
      ["!== is(array.numbers[i])", "=== is(array.numbers[i])"],
      ["const blamed = follows(c);", "const blamed = undefined as typeof above | undefined;"],
      [
        "if (stage === explainPaths && found.some(({ cost }) => cost < 1)) break;",
        "if (stage === explainPaths && found.length === 0) break;",
      ],
    ],
  }),
  ...planted("lib/check/diagnosis/case.ts", {
    "check/sentences_long.ts": [
      ["x, i) => rest[i] -= x", "x, i) => rest[i] += x"],
      ['row.status === "ok" || row.status === "given" ? [] : [row]', "[]"],
    ],
  }),
  ...planted("lib/check/diagnosis/numbers.ts", {
    "check/sentences_long.ts": [
      ["dot(part, whole) / dot(part, part)", "dot(part, whole) / dot(whole, whole)"],
      ["k = i; k <= n; k++", "k = i; k < n; k++"],
      ['out[over === "rows" ? j : i]', 'out[over === "rows" ? i : j]'],
      ["rest.reduce((a, b) => a * b, 1)", "rest.reduce((a, b) => a + b, 1)"],
    ],
  }),
  ...planted("lib/check/diagnosis/words.ts", {
    "check/sentences_long.ts check/diagnose": [
      ["indices.unshift(index % shape[d])", "indices.push(index % shape[d])"],
      ["if (x !== y) return [x, y];", "return [x, y];"],
    ],
  }),
  ...planted("lib/check/diagnosis/factor_words.ts", {
    "check/sentences_long.ts check/diagnose": [
      ["return { factor: 1 / m, amount", "return { factor: 1 / (m + 1), amount"],
      ["const m = n - 1, often", "const m = n + 1, often"],
      ["near(size, value))?.[1]", "near(weight, value))?.[1]"],
    ],
  }),
  ...planted("lib/check/diagnosis/follows.ts", {
    "check/sentences_long.ts": [
      ["if (path.blamed.includes(from) || ", "if (!path.blamed.includes(from) || "],
      ["if (left.length < 2) rounds", "if (left.length < 1) rounds"],
    ],
  }),
  ...planted("lib/check/diagnosis/sizes.ts", {
    "check/sentences_long.ts": [["x.rows === 1 ? y.rows : 1", "x.rows === 1 ? 1 : y.rows"]],
  }),
  ...planted("lib/check/diagnosis/paths.ts", {
    "check/sentences_long.ts": [
      ["weight === 0 || isNice(weight, sizes) ? 1 : odd", "weight !== 0 && isNice(weight, sizes) ? 1 : odd"],
      ["through ${list(rest.map(", "through ${list(missing.map("],
    ],
  }),
  ...planted("lib/check/diagnosis/shapes.ts", {
    "check/sentences_long.ts": [
      ["sameShape([yours[1], yours[0]], shape)", "sameShape([yours[0], yours[1]], shape)"],
      ["const should = target.rows === 1 ? 0 : 1;", "const should = target.rows === 1 ? 1 : 0;"],
      ["own.filter((x) => x !== 0)", "own.filter((x) => x === 0)"],
      ["given.numbers[i * (size + 1)]", "given.numbers[i * size]"],
    ],
  }),
  ...planted("lib/check/diagnosis/cross_entropy.ts", {
    "check/sentences_long.ts": [
      ["one !== 0 && near(one, usual)", "one === 0 && near(one, usual)"],
      ["near(scale, cols)", "near(scale, n)"],
      ['told.text.replace("x itself", c.row.name)', "told.text"],
    ],
    "check/mistakes_long.ts": [["near(target + cols * one, sign)", "near(target - cols * one, sign)"], [
      "x * numbers[i] ** by",
      "x * numbers[i]",
    ]],
  }),
  ...planted("lib/check/diagnosis/cross_entropy_parts.ts", {
    "check/sentences_long.ts": [
      ["j === targets[i] ? 1 : 0)", "j !== targets[i] ? 1 : 0)"],
      ["exp(i, j) / columns[j]", "exp(i, j) / sums[i]"],
      ["Math.min(1, counts[j])", "counts[j]"],
    ],
  }),
  ...planted("lib/check/diagnosis/other_targets.ts", {
    "check/sentences_long.ts": [["at.every((j) => j === at[0])", "at.every((j) => j !== at[0])"]],
    "check/mistakes_long.ts": [["i % width === k", "i % width !== k"], [
      "j < 0 || j === targets[i]",
      "j < 0 || j !== targets[i]",
    ]],
  }),
  ...planted("lib/check/diagnosis/gathered.ts", {
    "check/sentences_long.ts": [["? at.slice(-1) : at", "? at.slice(0) : at"], ["first(k) + p)", "k + p)"]],
    "check/mistakes_long.ts": [["some((k) => k % across !== p", "some((k) => k % across === p"], [
      "all[i * wide + q] * cols",
      "all[i * wide] * cols",
    ]],
  }),
  ...planted("lib/check/diagnosis/difference.ts", {
    "check/sentences_long.ts": [
      ["if (at >= 0) extra.splice(at, 1);", "if (at > 0) extra.splice(at, 1);"],
    ],
  }),
  ...planted("lib/check/diagnosis/factor_names.ts", {
    "check/sentences_long.ts": [
      ["You divide by ${y.tensor}; multiply by it.", "You multiply by ${y.tensor}; divide by it."],
    ],
  }),
  ...planted("lib/check/diagnosis/functions.ts", {
    "check/sentences_long.ts": [
      ['1 - x * x, "1 − #²"', '1 - x, "1 − #²"'],
    ],
    "check/mistakes_long.ts": [['(x + EPS) ** -0.5, "', 'x ** -0.5, "']],
  }),
  ...planted("lib/check/diagnosis/farther.ts", {
    "check/sentences_long.ts": [
      ["delete without[through];", ""],
      ["reader === through || (between", "reader !== through || (between"],
    ],
  }),
  ...planted("lib/check/diagnosis/upstream.ts", {
    "check/sentences_long.ts check/mistakes_long.ts": [
      ["fill(1)", "fill(2)"],
      ["(x, y) => x + y", "(x, y) => x - y"],
      ["also ? 1 : 1.1", "1.1"],
    ],
  }),
  ...planted("lib/check/diagnosis/summands.ts", {
    "check/mistakes_long.ts check/diagnose": [
      ["terms.map(Math.abs)", "terms"],
      ["terms.slice(1)", "terms.slice(2)"],
      ["off > at.length / 2", "off > 2 * at.length"],
      ["extent.rows === extent.cols", "extent.rows !== extent.cols"],
    ],
  }),
  ...planted("lib/check/diagnosis/afterwards.ts", {
    "check/mistakes_long.ts": [
      ["Math.abs(own[i]) > limit", "Math.abs(own[i]) < limit"],
      ["1 / size)", "size)"],
      ["near(weight, 1 / m)", "near(weight, m)"],
      ["fitted[0] + fitted[1], 1", "fitted[0] - fitted[1], 1"],
    ],
  }),
  ...planted("lib/check/diagnosis/offset.ts", {
    "check/mistakes_long.ts": [
      ["** (1 / p)", "** p"],
      ["near(a, (n - 1) / n)", "near(a, n)"],
      ["fits && words", "line && words"],
      ["value + EPS) ** -0.5", "value) ** -0.5"],
    ],
  }),
  ...planted("lib/check/diagnosis/matrices.ts", {
    "check/sentences_long.ts": [
      ["rows: cols, cols: rows, numbers, text", "rows, cols, numbers, text"],
      ["row(own, k)[j]) <= size", "row(own, k)[j]) >= size"],
    ],
  }),
  ...planted("lib/check/diagnosis/places.ts", {
    "check/sentences_long.ts": [
      ["rows.size === 1 && allRows > 2", "rows.size === 1 && allRows < 2"],
      ["should, there, c.tolerance", "there, should, c.tolerance"],
    ],
  }),
  ...planted("lib/check/diagnosis/products.ts", {
    "check/sentences_long.ts": [["[main, one], extent, to)", "[one], extent, to)"]],
  }),
  ...planted("lib/check/diagnosis/nearest_product.ts", {
    "check/sentences_long.ts": [
      ["told.cost < (best?.cost", "told.cost > (best?.cost"],
      ["x / count)", "x * count)"],
      ["few && !sure", "few"],
    ],
  }),
  ...planted("lib/check/diagnosis/scaled.ts", {
    "check/sentences_long.ts": [
      ["given.numbers.map((x, i) => x - own[i])", "given.numbers.map((x, i) => x + own[i])"],
      ["if (weight === undefined || near(weight, 1)) continue;", "continue;"],
    ],
  }),
  ...planted("lib/check/diagnosis/together.ts", {
    "check/sentences_long.ts": [
      ["x / front.few[k]", "x * front.few[k]"],
      ["fn.of(at(x, i) + EPS)", "fn.of(at(x, i))"],
      ["g(i) ** 2", "g(i)"],
      ["otherwise(c, path).map(slip)", "[]"],
      ["consider(none, terms.with(j, two))", "consider(none, terms)"],
      ["most < 1e-6 * sizes[i]", "most < 0"],
    ],
  }),
  ...planted("lib/check/diagnosis/search.ts", {
    "check/sentences_long.ts": [
      ["* f.numbers[p * f.row + q * f.col] *", "* f.numbers[q * f.row + p * f.col] *"],
      ["numbers[places[k][0] * row + places[k][1] * col]", "numbers[places[k][1] * row + places[k][0] * col]"],
      ["(target.cols === 1 ? 0 : j)] += value", "(target.cols === 1 ? 0 : j)] = value"],
      ["if (!(size > 0 && size < 1e100)) return undefined;", "return undefined;"],
    ],
  }),
];
