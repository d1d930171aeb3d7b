// Small mistakes for tests/tasks/mutants.ts to plant: a sign, an index, n − 1 for n, a dropped term, a comparison turned.
//
// Grouped by file, each with the tests that have to notice it, quick ones where there is a choice. The text replaced
// stands in its file exactly once.
// Left out: a learner's mistakes in the exercises, which tests/check/mistakes.ts has; mistakes that change no result, such
// as a faster path's condition; and ones that only the lecture's names or all of exercise 4's training would show.

/** One mistake. */
export interface Mutation {
  /** The file it is planted in. */
  file: string;
  /** The text replaced, which stands in the file once. */
  from: string;
  /** What comes in its place. */
  to: string;
  /** The files of tests that have to notice. */
  tests: readonly string[];
}

type Change = [from: string, to: string];

/** Changes of one file, by what has to notice them: names of tests without `_test.ts`, or as they are. */
function planted(file: string, changes: Record<string, Change[]>): Mutation[] {
  return Object.entries(changes).flatMap(([names, list]) => {
    const tests = names.split(" ").map((name) => `tests/${name}${name.endsWith(".ts") ? "" : "_test.ts"}`);
    return list.map(([from, to]) => ({ file, from, to, tests }));
  });
}

const kernels: Mutation[] = [
  ...planted("lib/tensor/assembly/arithmetic.ts", {
    "tensor/special_values": [["return x / y as T;", "return y / x as T;"]],
    "tensor/broadcast": [
      ["row<T>(op, out, a, b, bytes, 1, 0)", "row<T>(op, out, a, b, bytes, 1, 1)"],
      ["b += <usize>bRow * size;\n  }", "b += <usize>aRow * size;\n  }"],
    ],
    "tensor/kernels": [
      ["((load<T>(a + p) * factor) as T)", "load<T>(a + p)"],
      ["v128.mul<T>(v128.load(b + p, 16), fs)", "v128.load(b + p, 16)"],
      ["c += <usize>cRow * size;", "c += <usize>bRow * size;"],
    ],
  }),
  ...planted("lib/tensor/assembly/functions.ts", {
    "tensor/special_values": [
      ["rest = rounded32x4(f32x4.sub(n, f32x4.sub(half,", "rest = rounded32x4(f32x4.sub(n, f32x4.add(half,"],
      ["half = rounded64x2(f64x2.mul(n, c64(HALF64, 0)))", "half = rounded64x2(f64x2.mul(n, c64(ONE64, 0)))"],
      ["v128.splat<T>(<T>NaN), y, v128.lt<T>", "v128.splat<T>(<T>NaN), y, v128.le<T>"],
      ["v128.or(y, v128.and(x, f64x2.splat(-0.0)))", "y"],
    ],
    "tensor/kernels": [
      ["memory.data<f32>([-2.12194440e-4])", "memory.data<f32>([2.12194440e-4])"],
      ["5.12229709037114e-08", "5.12229709037114e-07"],
      ["fma<f64>(f64x2.mul(more, q), less, p)", "fma<f64>(f64x2.mul(less, q), more, p)"],
    ],
  }),
  ...planted("lib/tensor/assembly/vectors.ts", {
    "tensor/kernels": [
      ["v128.extract_lane<T>(x, 2) + v128.extract_lane<T>(x, 3)", "v128.extract_lane<T>(x, 2)"],
      ["v128.relaxed_nmadd<T>(x, y, sum)", "v128.relaxed_madd<T>(x, y, sum)"],
    ],
  }),
  ...planted("lib/tensor/assembly/softmax.ts", {
    "tensor/special_values": [
      ["largest - largest != 0", "largest - largest == 0"],
      ["(largest + logOfSum<T>(", "(logOfSum<T>("],
    ],
    "tensor/kernels": [
      ["v128.and(last, v128.load(LAST_BYTES + rest)));\n      }\n      const sum", "last);\n      }\n      const sum"],
      ["v128.div<T>(last, sum)", "v128.div<T>(v128.load(out + bytes - 16), sum)"],
      ["v128.and(last, v128.load(LAST_BYTES + rest)));\n  }\n  sum", "last);\n  }\n  sum"],
      ["v128.load(a + p), m), logs)", "v128.load(a + p), logs), logs)"],
    ],
  }),
  ...planted("lib/tensor/assembly/reductions.ts", {
    "tensor/kernels": [
      ["s0 = v128.add<T>(v128.add<T>(s0, s1), v128.add<T>(s2, s3))", "s0 = v128.add<T>(v128.add<T>(s0, s1), s2)"],
      ["for (; p < bytes; p += size) sum = sum", "for (; p + size < bytes; p += size) sum = sum"],
      ["sum = (sum + ((d * d) as T)) as T;", "sum = (sum + d) as T;"],
      ["m = v128.add<T>(m, v128.splat<T>(load<T>(p)))", "m = v128.splat<T>(load<T>(p))"],
      ["v128.sub<T>(v128.load(p, 16), m1)", "v128.sub<T>(v128.load(p, 16), m0)"],
      [
        "v128.div<T>(s3, divisors), 48);\n  }\n  for (; c + 16 <= bytes; c += 16) {\n    let m",
        "v128.div<T>(s3, n), 48);\n  }\n  for (; c + 16 <= bytes; c += 16) {\n    let m",
      ],
      ["a += <usize>len * inner * size;\n  }\n}\n\nexport function variance32", "}\n}\n\nexport function variance32"],
    ],
    "tensor/special_values": [
      ["x > best ||", "x >= best ||"],
      ["(x != x && best == best)", "x != x"],
    ],
  }),
  ...planted("lib/tensor/assembly/rows.ts", {
    "tensor/matmul": [
      ["v128.shuffle<u64>(high01, high23, 1, 3)", "v128.shuffle<u64>(high01, high23, 0, 3)"],
      ["load<T>(from + l * aStep)", "load<T>(from + l * size)"],
    ],
    "tensor/indexing": [
      ["(load<T>(to + p) + load<T>(values + p)) as T", "load<T>(values + p)"],
      [">= <u32>outRows) return i;", "> <u32>outRows) return i;"],
    ],
  }),
  ...planted("lib/tensor/assembly/matmul.ts", {
    "tensor/matmul": [
      ["s31 = fma<T>(s31, x, b1);", "s31 = fma<T>(s31, x, b0);"],
      ["s6 = fma<T>(s6, lane4<T>(low, high, 2), y);", "s6 = fma<T>(s6, lane4<T>(low, high, 3), y);"],
      ["<usize>min(j, n - lanes) * size, c", "<usize>j * size, c"],
      ["biasAt<T>(bias, column + 16)", "biasAt<T>(bias, column)"],
      ["v128.add<T>(s7, c)", "s7"],
      ["a + row * <usize>k * size, 4, k)", "a + row * size, 4, k)"],
      ["panel = from;\n        for", "panel = panels;\n        for"],
      ["again ? to : out", "again ? out : out"],
    ],
    "tensor/memory": [
      ["last = m - 4;", "last = m - 3;"],
      ["<usize>min(j, n - lanes) * size;", "<usize>j * size;"],
    ],
  }),
];

const plain: Mutation[] = [
  ...planted("lib/tensor/plain.ts", {
    "tensor/rows tensor/matmul tensor/indexing": [
      ["x[to + j * rows + i] = x[from", "x[to + i * cols + j] = x[from"],
      ["if (row < 0 || row >= rows) return i;", "if (row < 0 || row > rows) return i;"],
      ["transposed ? [1, m] : [k, 1]", "transposed ? [1, k] : [k, 1]"],
    ],
    "tensor/broadcast tensor/arithmetic": [
      ["x[right + i * bRow + j * bCol]", "x[right + i * aRow + j * bCol]"],
      ["x[to + i] += round(factor * x[from + i]);", "x[to + i] += x[from + i];"],
    ],
    "tensor/functions tensor/special_values": [
      ["1 / round(Math.sqrt(x))", "Math.sqrt(x)"],
      ["m = Math.max(m, heap[dtype][from + j]);", "m = heap[dtype][from + j];"],
    ],
    "tensor/reductions": [
      ["= sum / divisor;", "= sum;"],
      ["= squares / divisor;", "= squares / len;"],
      ["x[to + i] = m + Math.log(sum);", "x[to + i] = Math.log(sum);"],
    ],
  }),
  ...planted("lib/tensor/simd.ts", {
    "tensor/kernels": [
      ["Number(transposed), copied, panels", "0, copied, panels"],
      ["modules.find((bytes) => accepts(bytes))", "modules.findLast((bytes) => accepts(bytes))"],
    ],
    "tensor/memory": [["room(copied * k * bits / 8)", "room(0)"]],
  }),
];

const tensors: Mutation[] = [
  ...planted("lib/tensor/ndarray.ts", {
    "tensor/tensor": [
      ["size === -1 ? n : n * size", "size === -1 ? n : n + size"],
      ["[strides[d0], strides[d1]] = [strides[d1], strides[d0]];", ""],
    ],
    "tensor/looks": [["first * BYTES[this.dtype]", "first * 4"]],
    "tensor/broadcast tensor/tensor": [
      ["if (shape[i] !== 1 && strides[i] !== step) return false;", "if (strides[i] > step) return false;"],
    ],
    "tensor/memory": [
      ["this.block = block;", "this.block = currentBlock();"],
    ],
    "tensor/arithmetic tensor/tensor": [[" && strides[1] === shape[0]", ""]],
  }),
  ...planted("lib/tensor/tensor.ts", {
    "tensor/tensor": [
      ["index < 0 || index >= a.numel", "index < 0 || index > a.numel"],
      [".sort((x, y) => y - x);", ".sort((x, y) => x - y);"],
    ],
    "tensor/numbers": [["atol + rtol * Math.abs(y[i])", "atol + rtol"]],
    "tensor/names": [
      ["size !== 1 || (d !== undefined && i !== d)", "size !== 1 || i !== d"],
    ],
  }),
  ...planted("lib/tensor/operations.ts", {
    "tensor/tensor": [
      ["Math.max(0, len - correction)", "len"],
      ["!sameShape(into.shape, shape) || into.dtype !== dtype", "!sameShape(into.shape, shape)"],
    ],
    "tensor/numbers tensor/arithmetic": [
      ['binary("mul", binary("mul", y, z), value)', 'binary("mul", y, z)'],
      ["if (swap) kernel(", "if (!swap) kernel("],
    ],
    "tensor/reductions": [['verb === "mean" ? len : 1', 'verb === "mean" ? inner : 1']],
    "tensor/names": [["Number(x[i] === (y ? y[i] : to))", "Number(x[i] === (y ? y[0] : to))"]],
    "tensor/matmul": [
      ["if (sameShape(bias.shape, [n]) ||", "if (bias.numel === n ||"],
    ],
  }),
  ...planted("lib/tensor/indexing.ts", {
    "tensor/indexing": [
      ["outside(rows.elements[bad], bad, tableRows)", "outside(rows.elements[0], bad, tableRows)"],
    ],
    "tensor/numbers tensor/names": [
      ['dtype === "float32" ? Math.fround(given as number)', 'dtype === "float64" ? Math.fround(given as number)'],
    ],
    "tensor/looks": [
      ["index < 0 ? index + size : index);", "index < 0 ? -index : index);"],
      ["strides.push(own[d] * step);", "strides.push(own[d]);"],
      ["Math.ceil((clamp(stop) - from) / step)", "Math.floor((clamp(stop) - from) / step)"],
      ["index < -size || index >= size", "index < -size || index > size"],
    ],
  }),
  ...planted("lib/tensor/creation.ts", {
    "tensor/tensor": [
      ["integers[i] = from + i;", "integers[i] = i;"],
      ["shape: [data.length, ...shape]", "shape: [...shape, data.length]"],
      ["heap[dtype].fill(value, from, from + n)", "heap[dtype].fill(value, from, from + n - 1)"],
    ],
  }),
  ...planted("lib/tensor/shape.ts", {
    "tensor/broadcast": [
      ["step *= shape[i];", "step += shape[i];"],
      ["x !== y && x !== 1 && y !== 1", "x !== y && x !== 1"],
      ["{ row: 1, col: 0, cols: after }", "{ row: 0, col: 1, cols: after }"],
      ["if (a[i] !== out[skipped + i]) return undefined;", ""],
    ],
    "tensor/tensor tensor/looks": [
      ["dim >= shape.length", "dim > shape.length"],
      ["from -= index[d] * strides[d];", "from -= (index[d] - 1) * strides[d];"],
    ],
  }),
  ...planted("lib/tensor/memory.ts", {
    "tensor/memory": [
      ["Math.ceil((start + bytes) / 64) * 64", "Math.floor((start + bytes) / 64) * 64"],
      ["this.alive = false;", ""],
      ["heap.float64 = new Float64Array(memory.buffer);", ""],
    ],
  }),
  ...planted("lib/tensor/guards.ts", {
    "tensor/guards": [
      ['return " Call it: put () behind its name.";', 'return "";'],
      ['array.dtype !== "int32"', 'array.dtype === "float32"'],
      ['dtype !== "int32" || x === (x | 0)', 'dtype !== "int32" || x === Math.trunc(x)'],
    ],
    "tensor/tensor": [
      ["!Number.isInteger(size) || size < 0", "!Number.isInteger(size)"],
      ["options.keepdim ?? false", "options.keepdim ?? true"],
    ],
    "exercise/workbench": [['value.constructor === Object ? "an object" : ', '!Array.isArray(value) ? "an object" : ']],
  }),
  ...planted("lib/tensor/names.ts", {
    "tensor/names": [
      ["if (/^-?\\d+$/.test(name))", "if (/^\\d+$/.test(name))"],
      ["(meant ? ` Did you mean ${meant}?` :", "(!meant ? ` Did you mean ${meant}?` :"],
      ['if (hint === "string") return this.toString();', ""],
      ['name === "dtype" ? \'to("float64")\'', 'name !== "dtype" ? \'to("float64")\''],
    ],
  }),
  ...planted("lib/tensor/show.ts", {
    "tensor/show": [
      ["size <= 2 * EDGE", "size < 2 * EDGE"],
      ["largest / smallest > 1000", "largest / smallest > 10000"],
      ["(LINE - indent) / width", "LINE / width"],
      ["last + 1 + kind.length <= LINE", "last + kind.length < LINE - 3"],
      ['"\\n".repeat(shape.length - dim - 1)', '"\\n"'],
    ],
  }),
  ...planted("lib/tensor/functional.ts", {
    "tensor/indexing": [
      [".index_put_([range(rows), list], 1)", ".index_put_([range(rows), list], -1)"],
      ["1 + list.reduce(", "list.reduce("],
    ],
    "tensor/names tensor/arithmetic": [[
      "operations.binary(name, y, x, undefined, true)",
      "operations.binary(name, y, x)",
    ]],
  }),
];

const random: Mutation[] = [
  ...planted("lib/random/mt19937.ts", {
    "random/random": [
      ["M = 397", "M = 396"],
      ["0x9908b0df : 0", "0 : 0x9908b0df"],
      ["1566083941)) - i;", "1566083941)) + i;"],
    ],
  }),
  ...planted("lib/random/generator.ts", {
    "random/random": [
      ["& 0xffffff)", "& 0x7fffff)"],
      ["start + 16 <= n", "start + 16 < n"],
      ["this.#spareNormal = r * Math.sin(theta);", "this.#spareNormal = r * Math.cos(theta);"],
    ],
  }),
  ...planted("lib/random/python.ts", {
    "random/random": [
      ["this.#mt.next() >>> (32 -", "this.#mt.next() >>> (31 -"],
      ["this.#below(i + 1)", "this.#below(i)"],
    ],
  }),
  ...planted("lib/random/multinomial.ts", {
    "random/random": [
      ["round(p / q)", "round(p * q)"],
      ["if (ratio > best) {", "if (ratio < best) {"],
    ],
  }),
  ...planted("lib/random/box_muller.ts", {
    "random/random": [
      [">> 23) - 126", ">> 23) - 127"],
      ["f(y - z / 2)", "f(y + z / 2)"],
      ["+ 1) & ~1", "+ 0) & ~1"],
      ["-3.77489497744594108e-8", "-3.77489497744594108e-7"],
    ],
  }),
];

const checking: Mutation[] = [
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
    "check/sentences check/diagnose": [
      ["a.cost - b.cost);", "b.cost - a.cost);"],
      ["given && !isFinite(given.toArray())", "given && isFinite(given.toArray())"],
      ["const blamed = follows(c);", "const blamed = undefined as typeof above | undefined;"],
      [
        "if (stage === explainPaths && found.some(({ cost }) => cost < 1)) break;",
        "if (stage === explainPaths && found.length === 0) break;",
      ],
    ],
  }),
  ...planted("lib/check/diagnosis/case.ts", {
    "check/sentences": [
      ["x, i) => rest[i] -= x", "x, i) => rest[i] += x"],
      ['row.status === "ok" || row.status === "given" ? [] : [row]', "[]"],
    ],
  }),
  ...planted("lib/check/diagnosis/numbers.ts", {
    "check/sentences": [
      ["dot(part, whole) / dot(part, part)", "dot(part, whole) / dot(whole, whole)"],
      ["k = i; k <= n; k++", "k = i; k < n; k++"],
      ['out[over === "rows" ? j : i]', 'out[over === "rows" ? i : j]'],
      ["rest.reduce((a, b) => a * b, 1)", "rest.reduce((a, b) => a + b, 1)"],
    ],
  }),
  ...planted("lib/check/diagnosis/words.ts", {
    "check/sentences check/diagnose": [
      ["indices.unshift(index % shape[d])", "indices.push(index % shape[d])"],
      ["n > 1 && near(size, 1 / n)", "n > 1 && near(size, 1 / (n + 1))"],
      ["n > 3 && near(size, 1 / (n - 1))", "n > 3 && near(size, 1 / (n + 1))"],
      ["if (x !== y) return [x, y];", "return [x, y];"],
      ["near(size, value))?.[1]", "near(weight, value))?.[1]"],
    ],
  }),
  ...planted("lib/check/diagnosis/paths.ts", {
    "check/sentences": [
      ["if (path.blamed.includes(from)) continue;", "continue;"],
      ["weight === 0 || isNice(weight, sizes) ? 1 : odd", "weight !== 0 && isNice(weight, sizes) ? 1 : odd"],
      ["x.rows === 1 ? y.rows : 1", "x.rows === 1 ? 1 : y.rows"],
      ["through ${list(rest.map(", "through ${list(missing.map("],
    ],
  }),
  ...planted("lib/check/diagnosis/shapes.ts", {
    "check/sentences": [
      ["sameShape([yours[1], yours[0]], shape)", "sameShape([yours[0], yours[1]], shape)"],
      ["const should = target.rows === 1 ? 0 : 1;", "const should = target.rows === 1 ? 1 : 0;"],
      ["own.filter((x) => x !== 0)", "own.filter((x) => x === 0)"],
    ],
  }),
  ...planted("lib/check/diagnosis/cross_entropy.ts", {
    "check/sentences": [
      ["one !== 0 && near(one, usual)", "one === 0 && near(one, usual)"],
    ],
    "check/all_mistakes.ts": [["near(target + cols * one, sign)", "near(target - cols * one, sign)"]],
  }),
  ...planted("lib/check/diagnosis/cross_entropy_parts.ts", {
    "check/sentences": [
      ["j === targets[i] ? 1 : 0)", "j !== targets[i] ? 1 : 0)"],
      ["Math.exp(at(i, j)) / columns[j]", "Math.exp(at(i, j)) / sums[i]"],
    ],
  }),
  ...planted("lib/check/diagnosis/other_targets.ts", {
    "check/all_mistakes.ts": [["i % width === k", "i % width !== k"], [
      "j < 0 || j === targets[i]",
      "j < 0 || j !== targets[i]",
    ]],
  }),
  ...planted("lib/check/diagnosis/gathered.ts", {
    "check/sentences": [["made((_, at) => at.slice(-1))", "made((_, at) => at.slice(0))"]],
    "check/all_mistakes.ts": [["k % width !== p", "k % width === p"], [
      "all[i * wide + q] * cols",
      "all[i * wide] * cols",
    ]],
  }),
  ...planted("lib/check/diagnosis/difference.ts", {
    "check/sentences": [
      ["extra: mine.factors.filter((f) => !right", "extra: mine.factors.filter((f) => right"],
      ["You divide by ${y.tensor}; multiply by it.", "You multiply by ${y.tensor}; divide by it."],
    ],
  }),
  ...planted("lib/check/diagnosis/functions.ts", {
    "check/sentences": [
      ["1 - x * x, text: (a) => `1 − ${a}²`", "1 - x, text: (a) => `1 − ${a}²`"],
    ],
    "check/all_mistakes.ts": [["{ of: (x) => (x + EPS) ** -0.5, name", "{ of: (x) => x ** -0.5, name"]],
  }),
  ...planted("lib/check/diagnosis/farther.ts", {
    "check/sentences": [
      ["delete without[through];", ""],
      ["reader === through || (between", "reader !== through || (between"],
    ],
  }),
  ...planted("lib/check/diagnosis/upstream.ts", {
    "check/sentences check/all_mistakes.ts": [
      ["fill(1)", "fill(2)"],
      ["(x, y) => x + y", "(x, y) => x - y"],
    ],
  }),
  ...planted("lib/check/diagnosis/summands.ts", {
    "check/all_mistakes.ts check/diagnose": [
      ["sum + Math.abs(x)", "sum + x"],
      ["terms.slice(1)", "terms.slice(2)"],
      ["off > at.length / 2", "off > 2 * at.length"],
      ["extent.rows === extent.cols", "extent.rows !== extent.cols"],
    ],
  }),
  ...planted("lib/check/diagnosis/afterwards.ts", {
    "check/all_mistakes.ts": [
      ["Math.abs(own[i]) > limit", "Math.abs(own[i]) < limit"],
      ["1 / size)", "size)"],
      ["near(weight, 1 / m)", "near(weight, m)"],
      ["fitted[0] + fitted[1], 1", "fitted[0] - fitted[1], 1"],
    ],
  }),
  ...planted("lib/check/diagnosis/offset.ts", {
    "check/all_mistakes.ts": [
      ["** (1 / p)", "** p"],
      ["near(a, (n - 1) / n)", "near(a, n)"],
      ["value + EPS) ** -0.5", "value) ** -0.5"],
    ],
  }),
  ...planted("lib/check/diagnosis/matrices.ts", {
    "check/sentences": [
      ["rows: cols, cols: rows, numbers, text", "rows, cols, numbers, text"],
      ["own[k * cols + j]) > size", "own[k * cols + j]) < size"],
    ],
  }),
  ...planted("lib/check/diagnosis/places.ts", {
    "check/sentences": [
      ["rows.size === 1 && allRows > 2", "rows.size === 1 && allRows < 2"],
      ["should, there, c.tolerance", "there, should, c.tolerance"],
    ],
  }),
  ...planted("lib/check/diagnosis/products.ts", {
    "check/sentences": [
      ["told.cost < (best?.cost", "told.cost > (best?.cost"],
      ["[main, one], extent, to)", "[one], extent, to)"],
    ],
  }),
  ...planted("lib/check/diagnosis/scaled.ts", {
    "check/sentences": [
      ["given.numbers.map((x, i) => x - own[i])", "given.numbers.map((x, i) => x + own[i])"],
      ["if (weight === undefined || near(weight, 1)) return found;", "return found;"],
    ],
  }),
  ...planted("lib/check/diagnosis/search.ts", {
    "check/sentences": [
      ["* f.numbers[p * f.row + q * f.col] *", "* f.numbers[q * f.row + p * f.col] *"],
      ["numbers[places[k][0] * row + places[k][1] * col]", "numbers[places[k][1] * row + places[k][0] * col]"],
      ["(target.cols === 1 ? 0 : j)] += value", "(target.cols === 1 ? 0 : j)] = value"],
      ["if (!(size > 0 && size < 1e100)) return undefined;", "return undefined;"],
    ],
  }),
];

const exercise: Mutation[] = [
  ...planted("lib/exercise/exercise.ts", {
    "exercise/exercise": [
      ["interrupted ? 130 : this.allRight() ? 0 : 1", "this.allRight() ? 0 : interrupted ? 130 : 1"],
      ["if (before >= 0) this.rows.splice(before, 1);", ""],
      ["if (of !== undefined && of !== tensors[known]) {", "if (of !== undefined && of === tensors[known]) {"],
      ["return { name: note ? `${name} ${note}` : name,", "return { name: note,"],
      ["(most, x) => Math.max(most, Math.abs(x))", "(most, x) => Math.max(most, x)"],
      ['"EPIPE") this.host.exit', '"EPIPE2") this.host.exit'],
    ],
  }),
  ...planted("lib/exercise/history.ts", {
    "exercise/exercise": [
      ["(again ? 0 : 1)", "1"],
      ["before.status !== status ? before.status : undefined", "before.status === status ? before.status : undefined"],
      ["{ ...this.#before, ...this.#now }", "{ ...this.#now, ...this.#before }"],
    ],
  }),
  ...planted("lib/exercise/place.ts", {
    "exercise/place": [
      ["url.startsWith(library) ||", "url.endsWith(library) ||"],
      ['!place.startsWith("my/")', 'place.startsWith("my/")'],
      ['early[1] ?? "A name"', '"A name"'],
    ],
  }),
  ...planted("lib/exercise/workbench.ts", {
    "exercise/workbench": [
      ["unfinished.set(soFar, dname);", ""],
      ["rightOnes.add(gradient);", ""],
      ["[1, 2, 3].includes(level)", "[0, 1, 2, 3].includes(level)"],
    ],
  }),
  ...planted("lib/exercise/evaluation.ts", {
    "exercise/evaluation": [
      ["first += ROWS", "first += ROWS + 1"],
      [".sub_(mean32)", ""],
      [".div_(count - 1)", ".div_(count)"],
      ["return sum / count;", "return sum;"],
    ],
  }),
  ...planted("lib/exercise/preface.ts", {
    "exercise/blank": [
      ["if (n === 1) lines.push", "if (n !== 1) lines.push"],
    ],
  }),
  ...planted("lib/exercise/blank.ts", {
    "exercise/blank": [
      ["const line = i + 1;", "const line = i;"],
      ["const first = !declared.has(name);", "const first = declared.has(name);"],
      ["?.at(-1)", "?.at(0)"],
    ],
  }),
  ...planted("lib/exercise/flags.ts", {
    "exercise/flags": [
      ["value >= flag.min", "value > flag.min"],
      ["(!flag.fraction && !Number", "(flag.fraction && !Number"],
      ["given.length > 1", "given.length > 2"],
      ["...args.slice(0, i), ...after", "...args.slice(0, i)"],
    ],
  }),
  ...planted("lib/exercise/hints.ts", {
    "exercises/hints": [["hints[dname][level - 1]", "hints[dname][0]"]],
  }),
  ...planted("lib/exercise/picture.ts", {
    "exercise/picture": [
      ["i + 1 < rows", "i + 1 <= rows"],
      ["Number.isFinite(high - low) ? 1 : 0.25", "Number.isFinite(high - low) ? 1 : 1"],
    ],
  }),
  ...planted("lib/exercise/table.ts", {
    "exercise/table": [
      ["filter(({ status }) => status === wanted)", "filter(({ status }) => status !== wanted)"],
      ['before ? `was ${before}` : ""', '!before ? `was ${before}` : ""'],
    ],
  }),
  ...planted("lib/exercise/terminal.ts", {
    "exercise/terminal": [["line.length + 1 + word.length > width", "line.length + word.length > width"]],
  }),
  ...planted("lib/exercise/training.ts", {
    "exercise/training": [
      ["training.done = i + 1", "training.done = i"],
      ["Math.round((high - p) / step)", "Math.round((p - low) / step)"],
      ["training.interrupted = true;", ""],
    ],
  }),
  ...planted("exercises/ex4.ts", {
    "exercises/exercise4": [["alpha: -learning_rate", "alpha: learning_rate"]],
  }),
  ...planted("data/dataset.ts", {
    "data/data": [
      ["n + name.length + 1", "n + name.length"],
      ["Math.trunc(0.8 *", "Math.trunc(0.7 *"],
      ["Line ${i + 1} of", "Line ${i} of"],
    ],
  }),
  ...planted("data/lecture_names.ts", {
    "data/data": [
      ["bytes.length !== LECTURE_NAMES.bytes", "bytes.length < LECTURE_NAMES.bytes"],
      ["sha256 === LECTURE_NAMES.sha256 ?", "sha256 !== LECTURE_NAMES.sha256 ?"],
    ],
  }),
];

/** All of them. */
export const mutations: readonly Mutation[] = [...kernels, ...plain, ...tensors, ...random, ...checking, ...exercise];
