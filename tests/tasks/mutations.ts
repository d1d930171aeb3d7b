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

/** Changes of one file, by what has to notice them: names of tests without their ending. */
function planted(file: string, changes: Record<string, Change[]>): Mutation[] {
  return Object.entries(changes).flatMap(([names, list]) => {
    const tests = names.split(" ").map((name) => `tests/${name}_test.ts`);
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
      ["bCol ? v128.load(b + p, 48)", "bCol ? v128.load(b + p, 32)"],
      ["v128.mul<T>(v128.load(a + p), factors)", "v128.load(a + p)"],
      ["((load<T>(a + p) * factor) as T)", "load<T>(a + p)"],
      ["v128.mul<T>(v128.load(b + p, 16), fs)", "v128.load(b + p, 16)"],
      ["c += <usize>cRow * size;", "c += <usize>bRow * size;"],
    ],
  }),
  ...planted("lib/tensor/assembly/functions.ts", {
    "tensor/special_values": [
      ["rest = rounded32x4(f32x4.sub(n, f32x4.sub(half,", "rest = rounded32x4(f32x4.sub(n, f32x4.add(half,"],
      ["half = rounded64x2(f64x2.mul(n, c64(HALF64, 0)))", "half = rounded64x2(f64x2.mul(n, c64(ONE64, 0)))"],
      ["18014398509481984, 37.42994775023705", "18014398509481984, 36.7368005696771"],
      ["v128.splat<T>(<T>NaN), y, v128.lt<T>", "v128.splat<T>(<T>NaN), y, v128.le<T>"],
      ["v128.splat<T>(load<T>(a + p)));\n    store<T>", "v128.splat<T>(load<T>(a)));\n    store<T>"],
      ["v128.or(y, v128.and(x, f64x2.splat(-0.0)))", "y"],
    ],
    "tensor/kernels": [
      ["memory.data<f32>([-2.12194440e-4])", "memory.data<f32>([2.12194440e-4])"],
      ["poly64(f, LOG_Q64, 5)", "poly64(f, LOG_Q64, 4)"],
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
      ["(largest + v128.extract_lane", "(v128.extract_lane"],
    ],
    "tensor/kernels": [
      ["const e = expOfOne<T>((load<T>(a + p) - largest) as T);", "const e = expOfOne<T>(load<T>(a + p));"],
      ["v128.and(last, v128.load(LAST_BYTES + rest)));\n      }\n      const sum", "last);\n      }\n      const sum"],
      ["v128.div<T>(last, sum)", "v128.div<T>(v128.load(out + bytes - 16), sum)"],
      ["v128.and(last, v128.load(LAST_BYTES + rest)));\n    }\n    sum", "last);\n    }\n    sum"],
    ],
  }),
  ...planted("lib/tensor/assembly/reductions.ts", {
    "tensor/kernels": [
      ["s0 = v128.add<T>(v128.add<T>(s0, s1), v128.add<T>(s2, s3))", "s0 = v128.add<T>(v128.add<T>(s0, s1), s2)"],
      ["for (; p < bytes; p += size) sum = sum", "for (; p + size < bytes; p += size) sum = sum"],
      ["s3 = v128.add<T>(s3, v128.load(p, 48));", "s3 = v128.add<T>(s3, v128.load(p, 32));"],
      ["sum = (sum + ((d * d) as T)) as T;", "sum = (sum + d) as T;"],
      ["m = v128.add<T>(m, v128.splat<T>(load<T>(p)))", "m = v128.splat<T>(load<T>(p))"],
      ["s3 = fma<T>(s3, d3, d3);\n  }\n  for (; p + 16", "s3 = fma<T>(s3, d2, d3);\n  }\n  for (; p + 16"],
      ["v128.sub<T>(v128.load(p, 16), m1)", "v128.sub<T>(v128.load(p, 16), m0)"],
      [
        "v128.div<T>(s3, divisors), 48);\n  }\n  for (; c + 16 <= bytes; c += 16) {\n    let m",
        "v128.div<T>(s3, n), 48);\n  }\n  for (; c + 16 <= bytes; c += 16) {\n    let m",
      ],
      ["(s / divisor) as T", "s"],
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
      ["if (<u32>row >= <u32>tableRows) return i;", "if (<u32>row > <u32>tableRows) return i;"],
      ["(load<T>(to + p) + load<T>(values + p)) as T", "load<T>(values + p)"],
      [">= <u32>outRows) return i;", "> <u32>outRows) return i;"],
    ],
  }),
  ...planted("lib/tensor/assembly/matmul.ts", {
    "tensor/matmul": [
      ["s31 = fma<T>(s31, x, b1);", "s31 = fma<T>(s31, x, b0);"],
      ["s6 = fma<T>(s6, lane4<T>(low, high, 2), y);", "s6 = fma<T>(s6, lane4<T>(low, high, 3), y);"],
      ["v128.load(next, 16) : low", "v128.load(next, 0) : low"],
      ["<usize>min(j, n - lanes) * size, c", "<usize>j * size, c"],
      ["biasAt<T>(bias, column + 16)", "biasAt<T>(bias, column)"],
      ["v128.add<T>(s7, c)", "s7"],
      ["v128.extract_lane<T>(s, 0) + c", "v128.extract_lane<T>(s, 0)"],
      ["(transposed && k <= 128)) return 0", "k <= 128) return 0"],
      ["a + row * <usize>k * size, 4, k)", "a + row * size, 4, k)"],
      ["panel = from;\n        for", "panel = panels;\n        for"],
      ["again ? to : out", "again ? out : out"],
      ["v128.splat<T>(load<T>(a)), v128.splat<T>(load<T>(b))", "v128.splat<T>(load<T>(a)), v128.splat<T>(load<T>(a))"],
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
      ["x[to + row * cols + j] += x[from + i * cols + j];", "x[to + row * cols + j] = x[from + i * cols + j];"],
      ["transposed ? [1, m] : [k, 1]", "transposed ? [1, k] : [k, 1]"],
      ["round(sum) + x[bias / size + j]", "round(sum) + x[bias / size]"],
    ],
    "tensor/broadcast tensor/arithmetic": [
      ["x[right + i * bRow + j * bCol]", "x[right + i * aRow + j * bCol]"],
      ["sub: binary((x, y) => x - y)", "sub: binary((x, y) => y - x)"],
      ["x[to + i] += round(factor * x[from + i]);", "x[to + i] += x[from + i];"],
      ["x[r + i * cRow + j];", "x[r + i * bRow + j];"],
    ],
    "tensor/functions tensor/special_values": [
      ["1 / round(Math.sqrt(x))", "Math.sqrt(x)"],
      ["tanh: unary(Math.tanh)", "tanh: unary(Math.sinh)"],
      ["next > best || Number.isNaN(next)", "next >= best || Number.isNaN(next)"],
      ["m = Math.max(m, heap[dtype][from + j]);", "m = heap[dtype][from + j];"],
      ["if (!Number.isFinite(m)) m = 0;", ""],
    ],
    "tensor/reductions": [
      ["= sum / divisor;", "= sum;"],
      ["- sum / len) ** 2", "- sum) ** 2"],
      ["= squares / divisor;", "= squares / len;"],
      ["o * len * inner + c], at = 0", "o * inner + c], at = 0"],
      ["x[to + i] = m + Math.log(sum);", "x[to + i] = Math.log(sum);"],
    ],
  }),
  ...planted("lib/tensor/simd.ts", {
    "tensor/kernels": [
      ["call(out, a, b, rows, cols, aRow, aCol, bRow, bCol)", "call(out, a, b, rows, cols, aRow, aCol, aRow, aCol)"],
      ["Number(transposed), copied, panels", "0, copied, panels"],
      [
        "return { float32, float64: kernels(exports, 64), int32: float32 }",
        "return { float32, float64: float32, int32: float32 }",
      ],
      ["modules.find((bytes) => accepts(bytes))", "modules.findLast((bytes) => accepts(bytes))"],
    ],
    "tensor/memory": [["room(copied * k * bits / 8)", "room(0)"]],
  }),
];

const tensors: Mutation[] = [
  ...planted("lib/tensor/ndarray.ts", {
    "tensor/tensor": [
      ["size === -1).length > 1", "size === -1).length > 2"],
      ["size === -1 ? n : n * size", "size === -1 ? n : n + size"],
      ["first + length > size", "first + length > size + 1"],
      ["first * BYTES[this.dtype]", "first * 4"],
      ["return this.block === other.block && this.offset", "return this.block !== other.block && this.offset"],
      ["=== into.offset && this.numel === into.numel ? this", "=== into.offset ? this"],
      ["[strides[d0], strides[d1]] = [strides[d1], strides[d0]];", ""],
    ],
    "tensor/looks": [
      ["if (shape[i] !== 1 && strides[i] !== step) return false;", "if (strides[i] > step) return false;"],
    ],
    "tensor/broadcast": [
      ["? 0 : own[i - skipped]", "? 0 : own[i]"],
    ],
    "tensor/memory": [
      ["block: Block = currentBlock()", "_?: Block, block: Block = currentBlock()"],
      ["if (!this.block.alive) {", "if (this.block.alive === undefined) {"],
    ],
    "tensor/arithmetic tensor/tensor": [[" && strides[1] === shape[0]", ""]],
  }),
  ...planted("lib/tensor/tensor.ts", {
    "tensor/tensor": [
      ["if (a.numel !== 1) {", "if (a.numel < 1) {"],
      ["index < 0 || index >= a.numel", "index < 0 || index > a.numel"],
      ["options.correction ?? 1", "options.correction ?? 0"],
      [".sort((x, y) => y - x);", ".sort((x, y) => x - y);"],
    ],
    "tensor/names": [
      ["size !== 1 || (d !== undefined && i !== d)", "size !== 1 || i !== d"],
      ["atol + rtol * Math.abs(y[i])", "atol + rtol"],
    ],
    "tensor/looks": [
      ['typeof first === "number" ? rows.at(second) : rows.T.at(second).T', "rows.at(second)"],
    ],
    "tensor/show": [["(options?.depth ?? 0) - (depth ?? 0) : 0", "(options?.depth ?? 0) - (depth ?? 0) : 1"]],
  }),
  ...planted("lib/tensor/operations.ts", {
    "tensor/tensor": [
      ["Math.max(0, len - correction)", "len"],
      ["if (RANK[dtype] < RANK[other.dtype])", "if (RANK[dtype] > RANK[other.dtype])"],
      ["!sameShape(into.shape, shape) || into.dtype !== dtype", "!sameShape(into.shape, shape)"],
      ["if (a.strides) {\n    throw", "if (a.strides && a.numel < 0) {\n    throw"],
    ],
    "tensor/numbers tensor/arithmetic": [
      ["if (RANK[b.dtype] < RANK[dtype]) return addScaled(a, b.to(dtype), alpha);", ""],
      ['binary("add", a, b * alpha, a)', 'binary("add", a, b, a)'],
      ['binary("mul", binary("mul", y, z), value)', 'binary("mul", y, z)'],
      ['return unary("reciprocal", binary("mul", a, a));', 'return unary("reciprocal", a);'],
      ["if (swap) kernel(", "if (!swap) kernel("],
    ],
    "tensor/reductions": [['verb === "mean" ? len : 1', 'verb === "mean" ? inner : 1']],
    "tensor/names": [["Number(x[i] === (y ? y[i] : to))", "Number(x[i] === (y ? y[0] : to))"]],
    "tensor/matmul": [
      ["b: b.at, m, n, k, transposed", "b: b.at, m: n, n: m, k, transposed"],
      ["if (sameShape(bias.shape, [n]) ||", "if (bias.numel === n ||"],
    ],
  }),
  ...planted("lib/tensor/indexing.ts", {
    "tensor/indexing": [
      ["outside(index.elements[bad], bad, tableRows)", "outside(index.elements[0], bad, tableRows)"],
      ["outside(rows.elements[bad], bad, tableRows)", "outside(rows.elements[0], bad, tableRows)"],
      ["accumulate ? values[at] + value : value", "accumulate ? values[at] - value : value"],
      ["r[i] * width + c[i]", "r[i] * height + c[i]"],
      ["c[i] >= 0 && c[i] < width", "c[i] >= 0 && c[i] <= width"],
    ],
    "tensor/numbers tensor/names": [
      ['dtype === "float32" ? Math.fround(given as number)', 'dtype === "float64" ? Math.fround(given as number)'],
      ["source && source.numel > 1 ? 1 : 0", "source && source.numel > 2 ? 1 : 0"],
    ],
    "tensor/looks": [
      ["index < 0 ? index + size : index);", "index < 0 ? -index : index);"],
      ["strides.push(own[d] * step);", "strides.push(own[d]);"],
      ["Math.ceil((clamp(stop) - from) / step)", "Math.floor((clamp(stop) - from) / step)"],
      ["Math.min(size, Math.max(0,", "Math.min(size, Math.max(-size,"],
      ["index < -size || index >= size", "index < -size || index > size"],
    ],
  }),
  ...planted("lib/tensor/creation.ts", {
    "tensor/tensor": [
      ["if (numel(shape) !== numbers.length) {", "if (numel(shape) < numbers.length) {"],
      ["shape: [data.length, ...shape]", "shape: [...shape, data.length]"],
      ["heap[dtype].fill(value, from, from + n)", "heap[dtype].fill(value, from, from + n - 1)"],
    ],
    "tensor/guards tensor/names": [
      ["row.shape.join() !== shape.join()", "row.shape.length !== shape.length"],
      ["integers[i] = from + i;", "integers[i] = i;"],
    ],
  }),
  ...planted("lib/tensor/shape.ts", {
    "tensor/broadcast": [
      ["step *= shape[i];", "step += shape[i];"],
      ["x === 1 ? y : x;", "y === 1 ? y : x;"],
      ["x !== y && x !== 1 && y !== 1", "x !== y && x !== 1"],
      ["{ row: 1, col: 0, cols: after }", "{ row: 0, col: 1, cols: after }"],
      ["i < skipped + first; i++) before", "i < skipped; i++) before"],
      ['row === "cols" ? width : row', 'row === "cols" ? 0 : row'],
      ["repeat.cols !== cols)) {", "repeat.cols === cols)) {"],
      ["if (a[i] !== out[skipped + i]) return undefined;", ""],
    ],
    "tensor/tensor tensor/looks": [
      ["dim >= shape.length", "dim > shape.length"],
      ["for (let i = d + 1; i < shape.length; i++) inner", "for (let i = d; i < shape.length; i++) inner"],
      ["from -= index[d] * strides[d];", "from -= (index[d] - 1) * strides[d];"],
    ],
  }),
  ...planted("lib/tensor/memory.ts", {
    "tensor/memory": [
      ["Math.ceil((start + bytes) / 64) * 64", "Math.floor((start + bytes) / 64) * 64"],
      ["top + bytes <= size", "top + bytes <= size + PAGE"],
      ["this.alive = false;", ""],
      ["top = this.start;", ""],
      ["heap.float64 = new Float64Array(memory.buffer);", ""],
    ],
  }),
  ...planted("lib/tensor/guards.ts", {
    "tensor/guards": [
      ['return " Call it: put () behind its name.";', 'return "";'],
      ["value >= least && value <= most", "value >= least"],
      ["if (kind !== kinds[name]) return false;", ""],
      ['array.dtype !== "int32"', 'array.dtype === "float32"'],
      ['dtype !== "int32" || x === (x | 0)', 'dtype !== "int32" || x === Math.trunc(x)'],
      ["return shape.slice();", "return shape;"],
      ["!Number.isInteger(size) || size < 0", "!Number.isInteger(size)"],
      ['[/int|long/, "int32"]', '[/long/, "int32"]'],
      ["options.keepdim ?? false", "options.keepdim ?? true"],
    ],
    "exercise/workbench": [["if (value instanceof Tensor) void value.dim;", ""]],
  }),
  ...planted("lib/tensor/names.ts", {
    "tensor/names": [
      ["if (/^-?\\d+$/.test(name))", "if (/^\\d+$/.test(name))"],
      ["name in target || PROBES.test(name)", "name in target"],
      ["(meant ? ` Did you mean ${meant}?` :", "(!meant ? ` Did you mean ${meant}?` :"],
      ['if (hint === "string") return this.toString();', ""],
      ['if (hint === "default") {', 'if (hint === "number") {'],
      ['name === "dtype" ? \'to("float64")\'', 'name !== "dtype" ? \'to("float64")\''],
    ],
  }),
  ...planted("lib/tensor/show.ts", {
    "tensor/show": [
      ["array.numel > MOST", "array.numel >= MOST"],
      ["size <= 2 * EDGE", "size < 2 * EDGE"],
      ["largest / smallest > 1000", "largest / smallest > 10000"],
      ["tie && last % 2 === 1", "tie && last % 2 === 0"],
      ["(LINE - indent) / width", "LINE / width"],
      ["last + 1 + kind.length <= LINE", "last + kind.length < LINE - 3"],
      ['x < 0 || Object.is(x, -0) ? "-"', 'x < 0 ? "-"'],
      ['"\\n".repeat(shape.length - dim - 1)', '"\\n"'],
    ],
  }),
  ...planted("lib/tensor/functional.ts", {
    "tensor/indexing": [
      [".index_put_([range(rows), list], 1)", ".index_put_([range(rows), list], -1)"],
      ["zeros([rows, classes]", "zeros([classes, rows]"],
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
      ["y >>> 11", "y >>> 12"],
      ["0x9908b0df : 0", "0 : 0x9908b0df"],
      ["+ key[j] + j;", "+ key[j];"],
      ["1566083941)) - i;", "1566083941)) + i;"],
    ],
  }),
  ...planted("lib/random/generator.ts", {
    "random/random": [
      ["& 0xffffff)", "& 0x7fffff)"],
      ["x.set(this.rand(16), n - 16);", ""],
      ["start + 16 <= n", "start + 16 < n"],
      ["high * 2 ** 32 + low", "low * 2 ** 21 + high"],
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
      ["multiplier * BigInt(x) % BigInt(modulus)", "multiplier * BigInt(x + 1) % BigInt(modulus)"],
    ],
  }),
  ...planted("lib/random/box_muller.ts", {
    "random/random": [
      [">> 23) - 126", ">> 23) - 127"],
      ["x < SQRT_HALF", "x > SQRT_HALF"],
      ["f(y - z / 2)", "f(y + z / 2)"],
      ["+ 1) & ~1", "+ 0) & ~1"],
      ["f(1 - x[j])", "f(x[j])"],
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
      ["Math.min(ABSOLUTE, RELATIVE * largest)", "Math.max(ABSOLUTE, RELATIVE * largest)"],
      ["difference <= allowed ? 0", "difference >= allowed ? 0"],
      ["!Number.isFinite(allowed)) return Infinity;", "!Number.isFinite(allowed)) return 0;"],
      ["if (wrong) break;", ""],
      ["Math.max(most, Math.abs(given[i] - x))", "Math.min(most, Math.abs(given[i] - x))"],
      ["if (!sameShape(given.shape, shape)) return", "if (given.numel() !== this.values[name].numel()) return"],
    ],
    "check/judge": [
      ["const copy = given.clone();", "const copy = given;"],
      ["sum![i] += x)", "sum![i] = x)"],
      ['t.dtype === "float32" ? t.to("float64") : t.clone()', 't.dtype === "float32" ? t.to("float64") : t'],
    ],
  }),
  ...planted("lib/check/finite_differences.ts", {
    "check/check": [
      ["(up - loss()) / (high - low)", "(up - loss()) / h"],
      ["low = x - h", "low = x"],
      ["step = 2e-5 *", "step = 2e-2 *"],
      ["values, [name]: target };", "values };"],
      ["Math.max(typical, 1 / 16)", "Math.min(typical, 1 / 16)"],
      ["(fine - coarse) / 15", "(fine - coarse) / 3"],
      ["> 100 * error", "> 1e9 * error"],
    ],
  }),
  ...planted("lib/check/graph.ts", {
    "check/check": [
      ["reads.some((read)", "reads.every((read)"],
      ["changed.delete(name);", ""],
      ["uses > 1", "uses > 0"],
      ["graph[reader].includes(name)", "graph[name]?.includes(reader)"],
      ["values[name] = forward[name](values)", "values[name] = forward[name](leaves)"],
    ],
    "check/judge": [["if (sameNumbers(values[read], before[read])) continue;", "continue;"]],
  }),
  ...planted("lib/check/judge.ts", {
    "check/judge": [
      ["x) < ZERO * loss", "x) > ZERO * loss"],
      ["Math.abs(x) < 1e-6 * loss", "Math.abs(x) < 1 * loss"],
      ["note === undefined ? {} : { note }", "note === undefined ? { note } : {}"],
      ["theirs !== undefined && !sameNumbers(", "theirs !== undefined && sameNumbers("],
      ["if (empty.length === 0) return undefined;", "return undefined;"],
    ],
  }),
  ...planted("lib/check/jacobian.ts", {
    "check/jacobian": [
      ["sent[group[labels[j]]] += gradient[j] * column[j];", "sent[group[labels[j]]] = gradient[j] * column[j];"],
      ["+= Math.abs(gradient[j] * column[j])", "+= gradient[j] * column[j]"],
      ["i % columns, output: (j) => j % columns", "i % columns, output: (j) => Math.floor(j / columns)"],
      ["labels.count > 1 && holds(", "labels.count > 1 || holds("],
      ["candidates.sort((a, b) => b.count - a.count);", "candidates.sort((a, b) => a.count - b.count);"],
      ["(value - low[j]) / steps", "(value - y[j]) / steps"],
      ["value + (value - coarse![j]) / 15", "value - (value - coarse![j]) / 15"],
      ["(now[j] - before) / steps[labels[j]]", "(now[j] - before) / h / 2"],
      ["up[j] + down[j] - 2 * y[j]", "up[j] - down[j] - 2 * slope"],
      ["bit < count; bit *= 2", "bit < 1; bit *= 2"],
    ],
  }),
  ...planted("lib/check/diagnose.ts", {
    "check/sentences check/diagnose": [
      ["a.cost - b.cost);", "b.cost - a.cost);"],
      ["kind !== first.kind && cost < first.cost + 0.05", "kind === first.kind && cost < first.cost + 0.05"],
      ["given && !isFinite(given.toArray())", "given && isFinite(given.toArray())"],
      ["const blamed = follows(c);", "const blamed = undefined as typeof above | undefined;"],
      ['status === "follows" && causes ? causes', 'status !== "follows" && causes ? causes'],
      [
        "if (stage === explainPaths && found.some(({ cost }) => cost < 1)) break;",
        "if (stage === explainPaths && found.length === 0) break;",
      ],
    ],
  }),
  ...planted("lib/check/diagnosis/case.ts", {
    "check/sentences": [
      ["x, i) => rest[i] -= x", "x, i) => rest[i] += x"],
      ["sum[i] += part[i]", "sum[i] = part[i]"],
      ['row.status === "ok" || row.status === "given" ? [] : [row]', "[]"],
    ],
  }),
  ...planted("lib/check/diagnosis/numbers.ts", {
    "check/sentences": [
      ["dot(part, whole) / dot(part, part)", "dot(part, whole) / dot(whole, whole)"],
      ["row[n] / row[i] / sizes[i]", "row[n] / row[i]"],
      ["k = i; k <= n; k++", "k = i; k < n; k++"],
      ['out[over === "rows" ? j : i]', 'out[over === "rows" ? i : j]'],
      ["out[j * rows + i] = numbers", "out[i * cols + j] = numbers"],
      ["rest.reduce((a, b) => a * b, 1)", "rest.reduce((a, b) => a + b, 1)"],
    ],
  }),
  ...planted("lib/check/diagnosis/words.ts", {
    "check/sentences check/diagnose": [
      ["indices.unshift(index % shape[d])", "indices.push(index % shape[d])"],
      ["if (near(weight, -1)) return", "if (near(weight, 1)) return"],
      ["near(size, 1 / n) && n > 1", "near(size, n) && n > 1"],
      ["n > 3 && near(size, 1 / (n - 1))", "n > 3 && near(size, 1 / (n + 1))"],
      ["if (near(size, 0.5)) {", "if (near(size, 0.25)) {"],
      ["if (x !== y) return [x, y];", "return [x, y];"],
      ["near(constant.value, weight)\n      ?", "!near(constant.value, weight)\n      ?"],
      ["near(size, value))?.[1]", "near(weight, value))?.[1]"],
    ],
  }),
  ...planted("lib/check/diagnosis/paths.ts", {
    "check/sentences": [
      ["near(1 + fitted[i], 1) ? 0 : fitted[i]", "fitted[i]"],
      ["weight === 0 ? 1 : isNice(weight, sizes) ? 1 : 2.6", "weight === 0 ? 9 : isNice(weight, sizes) ? 1 : 2.6"],
      ["x.rows === 1 ? y.rows : 1", "x.rows === 1 ? 1 : y.rows"],
      ["mine.push({ path, own: true, sent, blamed: [from] })", "mine.push({ path, own: true, sent, blamed: [] })"],
      ["`Right for the path through ${list(rest.map(", "`Right for the path through ${list(missing.map("],
    ],
  }),
  ...planted("lib/check/diagnosis/shapes.ts", {
    "check/sentences": [
      ["sameShape([yours[1], yours[0]], shape)", "sameShape([yours[0], yours[1]], shape)"],
      ["yours.length < shape.length\n", "yours.length > shape.length\n"],
      ["const should = target.rows === 1 ? 0 : 1;", "const should = target.rows === 1 ? 1 : 0;"],
      ["size === 1 && yours[i] !== 1 ? [i]", "size === 1 && yours[i] === 1 ? [i]"],
      ["own.filter((x) => x !== 0)", "own.filter((x) => x === 0)"],
    ],
  }),
  ...planted("lib/check/diagnosis/cross_entropy.ts", {
    "check/sentences": [
      ["j === targets[i] ? 1 : 0)", "j !== targets[i] ? 1 : 0)"],
      ["- maxima[i]) / sums[i]", "- maxima[i])"],
      ["Math.exp(at(i, j)) / columns[j]", "Math.exp(at(i, j)) / sums[i]"],
      ["one !== 0 && near(one, usual)", "one === 0 && near(one, usual)"],
      ["near(times, -1)\n", "near(times, 1)\n"],
      ["if (near(times, 1 / n) && near(scale, n)) scale = 1;", ""],
    ],
  }),
  ...planted("lib/check/diagnosis/difference.ts", {
    "check/sentences": [
      ["const extra = mine.factors.filter((f) => !right", "const extra = mine.factors.filter((f) => right"],
      ["if (mine.over === undefined) {", "if (right.over === undefined) {"],
      ["You divide by ${y.tensor}; multiply by it.", "You multiply by ${y.tensor}; divide by it."],
      ["<= 1e-2 * Math.abs(c.own[i])", "<= 1e-9 * Math.abs(c.own[i])"],
    ],
  }),
  ...planted("lib/check/diagnosis/functions.ts", {
    "check/sentences": [
      ["1 - x * x, text: (a) => `1 − ${a}²`", "1 - x, text: (a) => `1 − ${a}²`"],
      ['name: "tanh", derivative: (_, y)', 'name: "tanh", derivative: (y)'],
      ["{ of: (x) => (x + EPS) ** -0.5, name", "{ of: (x) => x ** -0.5, name"],
    ],
  }),
  ...planted("lib/check/diagnosis/farther.ts", {
    "check/sentences": [
      ["delete without[through];", ""],
      ["reader === through || (between", "reader !== through || (between"],
    ],
  }),
  ...planted("lib/check/diagnosis/matrices.ts", {
    "check/sentences": [
      ["fill(1)", "fill(2)"],
      ["a.numbers[i * a.cols + k] * b.numbers[k * cols + j]", "a.numbers[i * a.cols + k] * b.numbers[j * a.cols + k]"],
      ["rows: cols, cols: rows, numbers, text", "rows, cols, numbers, text"],
      ["own[k * cols + j]) > size", "own[k * cols + j]) < size"],
    ],
  }),
  ...planted("lib/check/diagnosis/places.ts", {
    "check/sentences": [
      ["made((_, at) => at.slice(-1))", "made((_, at) => at.slice(0))"],
      ["k % down * across + Math.floor(k / down)", "k"],
      ["rows.size === 1 && allRows > 2", "rows.size === 1 && allRows < 2"],
      ["rows.size < allRows / 2 && allRows", "rows.size > allRows / 2 && allRows"],
      ["should, there, c.tolerance", "there, should, c.tolerance"],
    ],
  }),
  ...planted("lib/check/diagnosis/products.ts", {
    "check/sentences": [
      ["told.cost < (best?.cost", "told.cost > (best?.cost"],
      ["rows: Math.max(x.rows, y.rows)", "rows: x.rows"],
      ["if (path.blamed.includes(from)) continue;", "continue;"],
      ["[main, one], extent, to)", "[one], extent, to)"],
    ],
  }),
  ...planted("lib/check/diagnosis/scaled.ts", {
    "check/sentences": [
      ["given.numbers.map((x, i) => x - own[i])", "given.numbers.map((x, i) => x + own[i])"],
      ["fn === IDENTITY\n", "fn !== IDENTITY\n"],
      ["if (weight === undefined || near(weight, 1)) return found;", "return found;"],
    ],
  }),
  ...planted("lib/check/diagnosis/search.ts", {
    "check/sentences": [
      ["value *= f.numbers[p * f.row + q * f.col]", "value *= f.numbers[q * f.row + p * f.col]"],
      ["if (g) value *= ", "if (g) value = "],
      ["(target.cols === 1 ? 0 : j)] += value", "(target.cols === 1 ? 0 : j)] = value"],
      ["this.#sumRows = target.rows === 1 && rows > 1;", "this.#sumRows = false;"],
      ["if (!(size > 0 && size < 1e100)) return undefined;", "return undefined;"],
    ],
  }),
];

const exercise: Mutation[] = [
  ...planted("lib/exercise/exercise.ts", {
    "exercise/exercise": [
      ["interrupted ? 130 : this.allRight() ? 0 : 1", "this.allRight() ? 0 : interrupted ? 130 : 1"],
      ['every(({ status }) => status === "ok")', 'every(({ status }) => status !== "wrong")'],
      ["if (before >= 0) this.rows.splice(before, 1);", ""],
      ["if (!this.#headPrinted) this.print(tableHead());", "this.print(tableHead());"],
      ["if (of !== undefined && of !== tensors[known]) {", "if (of !== undefined && of === tensors[known]) {"],
      ["filter((other) => !changed.has(other))", "filter((other) => changed.has(other))"],
      ["/ ATTEMPTS_PER_HINT", "/ (ATTEMPTS_PER_HINT + 1)"],
      ["return { name: note ? `${name} ${note}` : name,", "return { name: note,"],
      ["!reached.has(`${name} ${note}`)", "reached.has(`${name} ${note}`)"],
      ["(most, x) => Math.max(most, Math.abs(x))", "(most, x) => Math.max(most, x)"],
      ["throw error;\n    host.complain", "throw error;\n    host.write"],
      ['"EPIPE") this.host.exit', '"EPIPE2") this.host.exit'],
    ],
  }),
  ...planted("lib/exercise/history.ts", {
    "exercise/exercise": [
      ["(again ? 0 : 1)", "1"],
      ['status === "wrong" || status === "shape"', 'status === "ok" || status === "shape"'],
      ["before.status !== status ? before.status : undefined", "before.status === status ? before.status : undefined"],
      ["{ ...this.#before, ...this.#now }", "{ ...this.#now, ...this.#before }"],
    ],
  }),
  ...planted("lib/exercise/place.ts", {
    "exercise/place": [
      ["if (!found) continue;", "if (!found) return;"],
      ["url.startsWith(library) ||", "url.endsWith(library) ||"],
      ['!place.startsWith("my/")', 'place.startsWith("my/")'],
      ["line ${found[2]}`", "line ${found[2] + 1}`"],
      ['early[1] ?? "A name"', '"A name"'],
    ],
  }),
  ...planted("lib/exercise/workbench.ts", {
    "exercise/workbench": [
      ["unfinished.set(soFar, dname);", ""],
      ["if (soFar && placeholders.has(soFar)) return soFar;", ""],
      ['placeholders.has(gradient)) return "all"', 'placeholders.has(gradient)) return "more"'],
      ["rightOnes.add(gradient);", ""],
      ["hint(of: Tensor, level = 1)", "hint(of: Tensor, level = 2)"],
      ["![1, 2, 3].includes(level)", "![0, 1, 2, 3].includes(level)"],
    ],
  }),
  ...planted("lib/exercise/evaluation.ts", {
    "exercise/evaluation": [
      ["first += ROWS", "first += ROWS + 1"],
      ["Math.min(ROWS, count - first)", "ROWS"],
      [".sub_(mean32)", ""],
      [".div_(count - 1)", ".div_(count)"],
      [".item()) * rows;", ".item());"],
      ["return sum / count;", "return sum;"],
    ],
  }),
  ...planted("lib/exercise/preface.ts", {
    "exercise/blank": [
      ["if (n === 1) lines.push", "if (n !== 1) lines.push"],
      ['return [...lines, ""].map', "return lines.map"],
    ],
  }),
  ...planted("lib/exercise/blank.ts", {
    "exercise/blank": [
      ["const line = i + 1;", "const line = i;"],
      ['count === 1 ? "" : "s"', 'count > 0 ? "" : "s"'],
      ["const first = !declared.has(name);", "const first = declared.has(name);"],
      ["replace(piece, index++)", "replace(piece, ++index)"],
      ["?.at(-1)", "?.at(0)"],
    ],
  }),
  ...planted("lib/exercise/flags.ts", {
    "exercise/flags": [
      ["value >= flag.min", "value > flag.min"],
      ["value <= flag.max", "value < flag.max"],
      ["(!flag.fraction && !Number", "(flag.fraction && !Number"],
      ["given.length > 1", "given.length > 2"],
      [': "1";', ': "2";'],
      ["...args.slice(0, i), ...after", "...args.slice(0, i)"],
    ],
  }),
  ...planted("lib/exercise/hints.ts", {
    "exercises/hints": [["hints[dname][level - 1]", "hints[dname][0]"]],
  }),
  ...planted("lib/exercise/picture.ts", {
    "exercise/picture": [
      ["i + 1 < rows", "i + 1 <= rows"],
      ["values[i * cols + j]", "values[i * rows + j]"],
      ["Number.isFinite(high - low) ? 1 : 0.25", "Number.isFinite(high - low) ? 1 : 1"],
    ],
  }),
  ...planted("lib/exercise/table.ts", {
    "exercise/table": [
      ["filter(({ status }) => status === wanted)", "filter(({ status }) => status !== wanted)"],
      ['status !== "ok" && status !== "given")', 'status === "wrong")'],
      ['before ? `was ${before}` : ""', '!before ? `was ${before}` : ""'],
    ],
  }),
  ...planted("lib/exercise/terminal.ts", {
    "exercise/terminal": [["line.length + 1 + word.length > width", "line.length + word.length > width"]],
  }),
  ...planted("lib/exercise/training.ts", {
    "exercise/training": [
      ["training.done = i + 1", "training.done = i"],
      ["training.curve.push(sum / window)", "training.curve.push(sum)"],
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
      ["context.shift();", "context.pop();"],
      ["Math.trunc(0.8 *", "Math.trunc(0.7 *"],
      ["shuffled.slice(n1, n2)", "shuffled.slice(n1)"],
      ["Line ${i + 1} of", "Line ${i} of"],
    ],
  }),
  ...planted("data/names.ts", {
    "data/data": [
      ["bytes.length !== LECTURE_NAMES.bytes", "bytes.length < LECTURE_NAMES.bytes"],
      ["sha256 === LECTURE_NAMES.sha256 ?", "sha256 !== LECTURE_NAMES.sha256 ?"],
    ],
  }),
];

/** All of them. */
export const mutations: readonly Mutation[] = [...kernels, ...plain, ...tensors, ...random, ...checking, ...exercise];
