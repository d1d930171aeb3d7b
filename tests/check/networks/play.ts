// Plays a learner's backward pass against the check: the right lines of a network, some of them replaced.
// Left out: the lines (network.ts).
import { Check, type Row } from "../../../lib/check/check.ts";
import { Explainer } from "../../../lib/check/diagnosis/explainer.ts";
import { judge } from "../../../lib/check/judge.ts";
import { unheard } from "../../../lib/tensor/recording.ts";
import { run } from "../../../lib/check/graph.ts";
import * as creation from "../../../lib/tensor/creation.ts";
import * as functional from "../../../lib/tensor/functional.ts";
import type { Line, Network } from "./network.ts";

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
   * The rows of a learner who writes `changes` for some of the lines: the verdicts, and what is `told` of them. With `only`,
   * the row of that tensor alone, and nothing below it is run.
   */
  play(changes: readonly Line[], { told = false, only }: { told?: boolean; only?: string } = {}): Row[] {
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
    const tensors = run(network.forward, network.leaves()), explainer = new Explainer(check, tensors);
    const cmp = (name: string, given: unknown) =>
      unheard(() => {
        const isTold = told && (only === undefined || name === only);
        rows.push(isTold ? judge(check, name, given, rows, { explainer }) : check.row(name, given));
        explainer.name(name, given);
        return name === only;
      });
    const names = { ...creation, ...functional, ...network.constants, ...tensors };
    const learner = new Function("cmp", ...Object.keys(names), lines.join("\n"));
    const work = () => learner(cmp, ...Object.values(names));
    if (told) explainer.listening(work);
    else work();
    return only === undefined ? rows : rows.slice(-1);
  }
}

/** Whether a remark mentions one of the words separated by |, as whole words. */
export function mentions(remark: string, words: string): boolean {
  return words.split("|").some((word) => {
    const plain = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const [before, after] = [/^\w/.test(word) ? "(?<!\\w)" : "", /\w$/.test(word) ? "(?!\\w)" : ""];
    return new RegExp(before + plain + after, "i").test(remark);
  });
}
