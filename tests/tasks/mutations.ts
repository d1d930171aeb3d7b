// Small mistakes for tests/tasks/mutants.ts to plant: a sign, an index, n − 1 for n, a dropped term, a comparison turned.
//
// Grouped by file, each with the tests that have to notice it, quick ones where there is a choice. The text replaced
// stands in its file exactly once.
// Left out: mistakes that change no result, such as a faster path's condition, and ones that only the lecture's names
// or all of exercise 4's training would show.

/** One mistake. */
export interface Mutation {
  /** The file it is planted in. */
  file: string;
  /** The text replaced, which stands in the file once. */
  from: string;
  /** What comes in its place. */
  to: string;
  /** What has to notice: files of tests, and exercises, which are run by themselves. */
  tests: readonly string[];
}

type Change = [from: string, to: string];

/** Changes of one file, by what has to notice them: names of tests without their ending, or of exercises. */
function planted(file: string, changes: Record<string, Change[]>): Mutation[] {
  return Object.entries(changes).flatMap(([names, list]) => {
    const tests = names.split(" ").map((name) =>
      /^ex\d$/.test(name) ? `exercises/${name}.ts` : `tests/${name}_test.ts`
    );
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

const tensors: Mutation[] = [
  ...planted("lib/tensor/tensor.ts", {
    "tensor/tensor": [
      ["size === -1).length > 1", "size === -1).length > 2"],
      ["size === -1 ? n : n * size", "size === -1 ? n : n + size"],
      ["this.numel() !== 1", "this.numel() < 1"],
      ["first * numel(row) * BYTES", "first * BYTES"],
      ["first + length > rows", "first + length > rows + 1"],
      ["return this.#block === other.#block && this.offset", "return this.#block !== other.#block && this.offset"],
      ["=== into.offset && this.#numel === into.#numel ? this", "=== into.offset ? this"],
      ["index < 0 || index >= this.numel()", "index < 0 || index > this.numel()"],
      ["[strides[d0], strides[d1]] = [strides[d1], strides[d0]];", ""],
      ["Math.max(0, len - correction)", "len"],
      ["if (RANK[dtype] < RANK[other.dtype])", "if (RANK[dtype] > RANK[other.dtype])"],
    ],
    "tensor/broadcast": [
      ["? 0 : own[i - skipped]", "? 0 : own[i]"],
    ],
    "tensor/indexing": [
      ["outside(index.peek()[bad], bad, tableRows)", "outside(index.peek()[0], bad, tableRows)"],
      ["outside(rows.peek()[bad], bad, tableRows)", "outside(rows.peek()[0], bad, tableRows)"],
      ["values[start + position] + value : value", "values[start + position] - value : value"],
      ["r[i] * width + c[i]", "r[i] * height + c[i]"],
    ],
    "tensor/memory": [["block ?? currentBlock()", "currentBlock()"]],
    "tensor/matmul": [
      ["b.#at, m, n, k,", "b.#at, n, m, k,"],
      ["sameShape(this.shape, [n]) ||", "this.numel() === n ||"],
    ],
    "tensor/kernels": [
      ['this.#floating("rsub")), true)', 'this.#floating("rsub")), false)'],
      ["this.add_(other * alpha)", "this.add_(other)"],
      ["b.mul(c).mul(value)", "b.mul(c)"],
      ['return this.mul(this).#unary("reciprocal");', 'return this.#unary("reciprocal");'],
      ['verb === "mean" ? len : 1', 'verb === "mean" ? inner : 1'],
      [" && strides[1] === shape[0]", ""],
    ],
  }),
  ...planted("lib/tensor/shape.ts", {
    "tensor/broadcast": [
      ["step *= shape[i];", "step += shape[i];"],
      ["x === 1 ? y : x;", "y === 1 ? y : x;"],
      ["x !== y && x !== 1 && y !== 1", "x !== y && x !== 1"],
      ["{ row: 1, col: 0, cols: after }", "{ row: 0, col: 1, cols: after }"],
      ["i < skipped + first; i++) before", "i < skipped; i++) before"],
      ["if (Number.isNaN(walk.row)) walk.row = cols;", "if (Number.isNaN(walk.row)) walk.row = 0;"],
      ["walk.cols !== cols)) {", "walk.cols === cols)) {"],
      ["from -= index[d] * strides[d];", "from -= (index[d] - 1) * strides[d];"],
      ["if (a[i] !== out[skipped + i]) return undefined;", ""],
    ],
    "tensor/tensor": [
      ["dim >= shape.length", "dim > shape.length"],
      ["for (let i = d + 1; i < shape.length; i++) inner", "for (let i = d; i < shape.length; i++) inner"],
    ],
  }),
  ...planted("lib/tensor/memory.ts", {
    "tensor/memory": [
      ["Math.ceil(end / 64) * 64", "Math.floor(end / 64) * 64"],
      ["if (end > size) grow", "if (end > size + PAGE) grow"],
      ["this.alive = false;", ""],
      ["top = this.start;", ""],
      ["heap.float64 = new Float64Array(memory.buffer);", ""],
    ],
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
      [">>> (32 - bits)", ">>> (31 - bits)"],
      ["this.#below(i + 1)", "this.#below(i)"],
    ],
  }),
  ...planted("lib/random/multinomial.ts", {
    "random/random": [
      ["p / q > best", "p * q > best"],
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
  ...planted("lib/check/check.ts", {
    "check/check": [
      ["RELATIVE = 1e-5", "RELATIVE = 2e-3"],
      ["Math.min(ABSOLUTE, RELATIVE * largest)", "Math.max(ABSOLUTE, RELATIVE * largest)"],
      ["difference <= allowed ? 0", "difference >= allowed ? 0"],
      ["!Number.isFinite(allowed)) return Infinity;", "!Number.isFinite(allowed)) return 0;"],
      ["if (wrong) break;", ""],
      ["Math.max(most, Math.abs(given[i] - x))", "Math.min(most, Math.abs(given[i] - x))"],
      ["|| !sameShape(given.shape, shape)", ""],
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
  }),
  ...planted("lib/check/diagnose.ts", {
    "check/diagnose": [
      ["1e-3 * Math.abs(b)", "1e-3 * b"],
      ["isNear(size, n - 1)", "isNear(size, n + 1)"],
      ["Math.abs(weight) < 1e-4", "Math.abs(weight) > 1e-4"],
      ["(up - down) / (2 * h)", "(up - down) / h"],
      ["sameShape([yours[1], yours[0]], shape)", "sameShape([yours[0], yours[1]], shape)"],
      ["yours.length < shape.length", "yours.length > shape.length"],
      ["indices.unshift(index % shape[d])", "indices.push(index % shape[d])"],
      ['row!.status === "wrong"', 'row!.status === "ok"'],
    ],
  }),
  ...planted("lib/tensor/functional.ts", {
    "tensor/indexing": [
      ["indices.flatten()], 1)", "indices.flatten()], -1)"],
      ["zeros([rows, num_classes]", "zeros([num_classes, rows]"],
    ],
    ex3: [
      [".sub_(logits.at(", ".add_(logits.at("],
      ["targets)).mean()", "targets)).sum()"],
    ],
  }),
  ...planted("lib/exercise/blank.ts", {
    "exercise/blank": [
      ["const line = i + 1;", "const line = i;"],
      ['count === 1 ? "" : "s"', 'count > 0 ? "" : "s"'],
      ["if (!declared.has(name))", "if (declared.has(name))"],
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
      ["next[j - 1] + 1", "next[j - 1] + 3"],
      [': "1";', ': "2";'],
      ["...args.slice(0, i), ...after", "...args.slice(0, i)"],
    ],
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
      ['filter(({ status }) => status === "ok")', 'filter(({ status }) => status !== "ok")'],
      ['find(({ status }) => status !== "ok")', 'find(({ status }) => status === "wrong")'],
    ],
  }),
  ...planted("lib/exercise/training.ts", {
    "exercise/training": [
      ["training.done = i + 1", "training.done = i"],
      ["training.curve.push(sum / window)", "training.curve.push(sum)"],
      ["Math.round((high - p) / step)", "Math.round((p - low) / step)"],
      ["training.interrupted = true;", ""],
    ],
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

const exercises: Mutation[] = [
  ...planted("exercises/ex1.ts", {
    ex1: [
      ["[range(n), yb], -1 / n)", "[range(n), yb], -1 / (n - 1))"],
      ["counts_sum.pow(-2).neg()", "counts_sum.pow(-2)"],
      ["const dnorm_logits = counts.mul(dcounts)", "const dnorm_logits = probs.mul(dcounts)"],
      ["dnorm_logits.neg().sum(1, { keepdim: true })", "dnorm_logits.sum(0, { keepdim: true })"],
      ["h.pow(2).rsub(1)", "h.rsub(1)"],
      ["pow(-1.5).mul(-0.5)", "pow(-1.5).mul(0.5)"],
      ["mul(1 / (n - 1)).mul(dbnvar)", "mul(1 / n).mul(dbnvar)"],
      ["bndiff.mul(2).mul(dbndiff2)", "bndiff.mul(dbndiff2)"],
      ["ones_like(hprebn).mul(1 / n)", "ones_like(hprebn).mul(n)"],
      ["embcat.T.matmul(dhprebn)", "embcat.T.matmul(dbndiff)"],
      ["zeros_like(C).index_add_", "ones_like(C).index_add_"],
    ],
  }),
  ...planted("exercises/ex2.ts", {
    ex2: [
      ["[range(n), yb], -1, { accumulate: true })", "[range(n), yb], 1, { accumulate: true })"],
      [", -1, { accumulate: true });", ", -1);"],
      ["dlogits.div_(n);", "dlogits.div_(n - 1);"],
    ],
  }),
  ...planted("exercises/ex3.ts", {
    ex3: [
      [".mul(n / (n - 1)); // (32, 64)", "; // (32, 64)"],
      ["dhpreact.mul(bnraw).sum(0)", "dhpreact.mul(bnraw).mean(0)"],
      [".sub(along)", ".add(along)"],
      ["mul(dhpreact.mul(n).sub(", "mul(dhpreact.sub("],
      [".sub(dhpreact.sum(0))", ""],
    ],
  }),
  ...planted("exercises/ex4.ts", {
    ex4: [
      ["yb], -1, { accumulate: true })", "yb], -1)"],
      ["dlogits.matmul(w2.T)", "dlogits.neg().matmul(w2.T)"],
      ["dlogits.sum(0)", "dlogits.mean(0)"],
      ["h.pow(2).rsub(1)", "h.rsub(1)"],
      ["= bnraw.mul(dhpreact).sum(0", "= dhpreact.sum(0"],
      ["value: -1 / (n - 1)", "value: -1 / n"],
      ["dhpreact.sub(dbnbias.div(n))", "dhpreact.sub(dbnbias)"],
      [".addcmul_(bnraw, dbngain", ".addcmul_(bnraw, dbnbias"],
      ["bngain.mul(bnvar_inv)", "bnvar_inv"],
      ["embcat.T.matmul(dhprebn)", "embcat.T.matmul(dhpreact)"],
    ],
    "exercises/exercise4": [["alpha: -learning_rate", "alpha: learning_rate"]],
  }),
];

/** All of them. */
export const mutations: readonly Mutation[] = [...kernels, ...tensors, ...random, ...checking, ...exercises];
