// Mistakes in the tensors: memory, shapes, operations, guards.
import { type Mutation, planted } from "./planted.ts";

export const tensors: readonly Mutation[] = [
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
    "tensor/arithmetic tensor/tensor": [[" || strides[n - 1] !== shape[n - 2]", ""]],
  }),
  ...planted("lib/tensor/tensor.ts", {
    "tensor/tensor": [["index < 0 || index >= a.numel", "index < 0 || index > a.numel"]],
    "tensor/numbers": [["atol + rtol * Math.abs(y[i])", "atol + rtol"]],
    "tensor/names": [
      ["size !== 1 || (d !== undefined && i !== d)", "size !== 1 || i !== d"],
    ],
  }),
  ...planted("lib/tensor/elementwise.ts", {
    "tensor/numbers tensor/arithmetic": [["if (swap) kernel(", "if (!swap) kernel("]],
    "tensor/arithmetic": [['binary("mul", first, value), c)', "first, c)"]],
    "tensor/integers": [["swap ? [b, a] : [a, b]", "[a, b]"], ["x === (x | 0)) return x;", "true) return x;"]],
    "tensor/pytorch": [["(holds, value, x) => holds ? value : x", "(holds, value, x) => holds ? x : value"]],
  }),
  ...planted("lib/tensor/reductions.ts", {
    "tensor/reductions": [
      ["inner, divisor: len }", "inner, divisor: inner }"],
      ["return moved(out, a.shape.length - 1, dim).contiguous();", "return out;"],
    ],
    "tensor/tensor": [["Math.max(0, len - correction)", "len"]],
    "tensor/pytorch": [["[...others, ...dims]", "[...dims, ...others]"]],
  }),
  ...planted("lib/tensor/products.ts", {
    "tensor/matmul": [["sameShape(bias.shape, [n]) ||", "bias.numel === n ||"]],
    "tensor/pytorch": [["b.at + rights[i] * k * n * size", "b.at + i * k * n * size"]],
  }),
  ...planted("lib/tensor/indexing.ts", {
    "tensor/indexing": [
      ["outside(places.elements[bad], bad, rows)", "outside(places.elements[0], bad, rows)"],
      ["order.toSpliced(before, 0, ...named)", "[...named, ...order]"],
    ],
    "tensor/numbers tensor/names": [["heap[dtype][one.start] = value;", "heap[dtype][one.start] = -value;"]],
    "tensor/looks": [
      ["index < 0 ? index + size : index);", "index < 0 ? -index : index);"],
      ["strides.push(own[d] * step);", "strides.push(own[d]);"],
      ["Math.ceil((clamp(stop) - from) / step)", "Math.floor((clamp(stop) - from) / step)"],
      ["index < -size || index >= size", "index < -size || index > size"],
    ],
  }),
  ...planted("lib/tensor/creation.ts", {
    "tensor/tensor": [
      ["integers[i] = from + by * i;", "integers[i] = by * i;"],
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
      ["at -= index[d] * strides[d];", "at -= (index[d] - 1) * strides[d];"],
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
      ['array.dtype !== "int32" && !(', 'array.dtype === "float32" && !('],
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
