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
      ['binary("mul", binary("mul", b.to(dtype), value), c)', 'binary("mul", binary("mul", b.to(dtype), c), value)'],
      ["if (swap) kernel(", "if (!swap) kernel("],
    ],
    "tensor/reductions": [
      ['verb === "mean" ? len : 1', 'verb === "mean" ? inner : 1'],
      ["return moved(out, a.shape.length - 1, dim).contiguous();", "return out;"],
      ["from += step) a = a.transpose(from, from + step);", "from += step) a = a.transpose(from, to);"],
    ],
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
