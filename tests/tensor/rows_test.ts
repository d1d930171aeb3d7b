// What only moves or adds rows: transposed and expanded copies, rows looked up, added back and picked.
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { range, tensor } from "../../lib/tensor/creation.ts";
import {
  anyNumber,
  assertSame,
  build,
  dtypes,
  expanded,
  forAll,
  get,
  onBothSets,
  operands,
  round,
  size,
  toTensor,
  transposed,
  type Values,
  values,
} from "./arbitraries.ts";

const few = fc.integer({ min: 0, max: 5 });

onBothSets("transposed copies are exact, of matrices and of three dimensions", () => {
  forAll(operands([few, size, size], (k, m, n) => [[m, n], [k, m, n]], anyNumber), ([matrix, box]) => {
    assertSame(toTensor(matrix).T.clone(), transposed(matrix, 0, 1));
    for (const [d0, d1] of [[0, 1], [0, 2], [1, 2]]) {
      assertSame(toTensor(box).transpose(d0, d1).clone(), transposed(box, d0, d1), `${d0}, ${d1}`);
    }
  }, 50);
});

onBothSets("expanded copies are exact", () => {
  forAll(operands([few, few, size], (k, m, n) => [[n], [m, 1], [k, 1, n], [k, m, n]], anyNumber), (all) => {
    const { shape } = all[3], matrix = shape.slice(1);
    for (const a of all) assertSame(toTensor(a).expand(...shape).clone(), expanded(a, shape));
    for (const a of all.slice(0, 2)) assertSame(toTensor(a).expand(...matrix).clone(), expanded(a, matrix));
  });
});

onBothSets("a transposed copy of an expanded view has the right bits", () => {
  forAll(operands([size, size], (m, n) => [[n], [1, n], [m, 1], [m, n]], anyNumber), (all) => {
    const { shape } = all[3];
    for (const a of all) {
      const expected = transposed(expanded(a, shape), 0, 1);
      assertSame(toTensor(a).expand(...shape).T.clone(), expected);
    }
  });
});

onBothSets("a transposed copy of int32 keeps every bit, those that would be a NaN included", () => {
  const bits = [-1, 0x7fc00001, 0x7f800001, -0x7fffff, 2 ** 31 - 1, -(2 ** 31)];
  const across = tensor(bits, { shape: [2, 3], dtype: "int32" }).T.clone();
  assertEquals([...across.toArray()], [0, 3, 1, 4, 2, 5].map((i) => bits[i]));
});

const tables = fc.record({
  dtype: fc.constantFrom(...dtypes),
  rows: fc.integer({ min: 1, max: 6 }),
  row: fc.oneof(fc.tuple(), fc.tuple(size), fc.tuple(few, few)),
}).chain(({ dtype, rows, row }) =>
  fc.array(fc.nat({ max: rows - 1 }), { maxLength: 12 }).chain((indices) =>
    fc.record({
      table: values(dtype, [rows, ...row], anyNumber),
      indices: fc.constant(indices),
      source: values(dtype, [indices.length, ...row], anyNumber),
    })
  )
);

/** The rows of a table that the indices name, in the indices' shape. */
function lookup(table: Values, rows: readonly number[], shape: readonly number[] = [rows.length]): Values {
  const { data } = build(table.dtype, [rows.length, ...table.shape.slice(1)], ([i, ...rest]) => {
    return get(table, [rows[i], ...rest]);
  });
  return { dtype: table.dtype, shape: [...shape, ...table.shape.slice(1)], data };
}

/** Each row of `source` added to the row of the table that its index names, one after the other. */
function added(table: Values, rows: readonly number[], source: Values): Values {
  return build(table.dtype, table.shape, ([row, ...rest]) => {
    const terms = rows.flatMap((named, i) => named === row ? [get(source, [i, ...rest])] : []);
    return terms.reduce((sum, x) => round[table.dtype](sum + x), get(table, [row, ...rest]));
  });
}

onBothSets("rows looked up have the table's bits, by an array of indices or a tensor of any shape", () => {
  forAll(tables, ({ table, indices }) => {
    const n = indices.length;
    assertSame(toTensor(table).at(indices), lookup(table, indices));
    for (const shape of [[n], [1, n], [n, 1]]) {
      assertSame(toTensor(table).at(tensor(indices, { shape, dtype: "int32" })), lookup(table, indices, shape));
    }
  });
});

onBothSets("rows added back are exact, rows that are named more than once included", () => {
  forAll(tables, ({ table, indices, source }) => {
    const target = toTensor(table);
    assertSame(target.index_add_(0, indices, toTensor(source)), added(table, indices, source));
    assertSame(target, added(table, indices, source));
  });
});

onBothSets("picking elements by row and column gives those elements", () => {
  forAll(operands([fc.integer({ min: 1, max: 9 }), size], (m, n) => [[m, n]], anyNumber), ([a]) => {
    const [m, n] = a.shape, all = range(m * n);
    const picked = toTensor(a).at(all.map((i) => Math.floor(i / n)), all.map((i) => i % n));
    assertSame(picked, { ...a, shape: [m * n] });
  });
});
