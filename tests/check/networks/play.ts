// Plays a learner's backward pass against the check: the right lines of a network, some of them replaced.
// Left out: what is said of a wrong row; `explain` is the caller's.
import { Check, type Row } from "../../../lib/check/check.ts";
import { run } from "../../../lib/check/graph.ts";
import * as creation from "../../../lib/tensor/creation.ts";
import * as functional from "../../../lib/tensor/functional.ts";
import type { Line, Network } from "./network.ts";

/** A row's gradient on its way to a verdict; the rows above it come with it. */
export type Judge = (check: Check, name: string, given: unknown, above: readonly Row[]) => Row;

/** The check's own verdict, without a remark. */
export const verdict: Judge = (check, name, given) => check.row(name, given);

/** The name of the tensor whose gradient a line is about. */
export const tensorOf = (row: string) => row.replace(/\++$/, "");

/** A network with its check, to be worked through again and again. */
export class Played {
  readonly network: Network;
  readonly check: Check;

  constructor(network: Network) {
    this.network = network;
    this.check = new Check(network.forward, network.leaves());
  }

  /**
   * The rows of a learner who writes `changes` for some of the lines. With `only`, the row of that tensor alone is
   * judged, and nothing below it is run; the lines above it are.
   */
  play(changes: readonly Line[], { judge = verdict, only }: { judge?: Judge; only?: string } = {}): Row[] {
    const { network, check } = this, { code } = network, replaced = new Map(changes), rows: Row[] = [];
    for (const row of replaced.keys()) {
      if (!code.some(([name]) => name === row)) throw new RangeError(`${network.name} has no row ${row}.`);
    }
    const last = new Map(code.map(([row], i) => [tensorOf(row), i]));
    const lines: string[] = [];
    for (const [i, [row, right]] of code.entries()) {
      const name = tensorOf(row), written = replaced.get(row) ?? right;
      lines.push(row === name ? `let d${name} = ${written};` : `d${name} = ${written};`);
      if (last.get(name) === i) lines.push(`if (cmp("${name}", d${name})) return;`);
    }
    const cmp = (name: string, given: unknown) => {
      if (only === undefined || name === only) rows.push(judge(check, name, given, rows));
      return name === only;
    };
    const tensors = run(network.forward, network.leaves());
    const names = { ...creation, ...functional, ...network.constants, ...tensors };
    new Function("cmp", ...Object.keys(names), lines.join("\n"))(cmp, ...Object.values(names));
    return rows;
  }
}
