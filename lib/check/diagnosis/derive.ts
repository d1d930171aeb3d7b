// The backward formula of each line of a forward pass, derived from its forward formula by the rules, and the right gradients
// at a point.
//
// Left out: the verdict. Whether a row is right is measured (lib/check/check.ts) and never taken from here.
import { jacobian } from "../jacobian.ts";
import type { Forward, Graph, Tensors } from "../graph.ts";
import { zeros_like } from "../../tensor/creation.ts";
import { tensor } from "../../tensor/creation.ts";
import { isFloat } from "../../tensor/dtypes.ts";
import { listen } from "../../tensor/recording.ts";
import { sameShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Argument, evaluate, type Formula, isFormula, leaf, parts, type Point, step } from "./formula.ts";
import { Recorder, UNKNOWN } from "./record.ts";
import { rules, type Sent } from "./rules.ts";

/** The backward formulas of a forward pass. */
export class Derivation {
  readonly #forward: Forward;
  readonly #graph: Graph;
  /** How each line computes its tensor; undefined where that cannot be seen. */
  readonly lines = new Map<string, Formula | undefined>();
  readonly #sent = new Map<string, Formula[]>();

  /** Records every line once, at these numbers. */
  constructor(forward: Forward, graph: Graph, values: Tensors) {
    this.#forward = forward;
    this.#graph = graph;
    for (const name in forward) this.lines.set(name, recorded(forward[name], values));
  }

  /** The lines that read a tensor. */
  readers(name: string): string[] {
    return Object.keys(this.#graph).filter((reader) => this.#graph[reader].includes(name));
  }

  /** What a line sends back to a tensor that it reads: terms, to be added up. */
  sent(reader: string, name: string): readonly Formula[] {
    return this.#sent.get(`${reader} ${name}`) ?? [];
  }

  /**
   * The right gradients at these values of the forward pass's tensors, as a point. The first point decides the formulas.
   *
   * @throws whatever an operation throws that cannot be run at these values.
   */
  pointAt(values: Tensors): Point {
    const leaves = new Map<string, Tensor>(Object.entries(values)), point: Point = { leaves, values: new Map() };
    const names = Object.keys(values).reverse(), loss = Object.keys(this.#forward).at(-1)!;
    for (const name of names) {
      if (!isFloat(values[name].dtype)) continue;
      let sum: Tensor = name === loss ? zeros_like(values[name]).add(1) : zeros_like(values[name]);
      // A tensor's readers come after it, so their gradients are known.
      for (const reader of this.readers(name)) {
        for (const term of this.#terms(reader, name, point, values)) sum = sum.add(evaluate(term, point));
      }
      leaves.set(`d${name}`, sum);
    }
    return point;
  }

  /** What lines without rules send back, where the gradients from above are other ones. */
  measureAgain(leaves: Map<string, Tensor>, values: Tensors): void {
    for (const key of [...leaves.keys()].filter((key) => key.includes(" "))) {
      const [reader, name] = key.split(" "), slopes = jacobian(this.#forward[reader], values, name, values[reader]);
      const above = leaves.get(`d${reader}`)!;
      if (above.numel() !== values[reader].numel()) continue;
      leaves.set(key, tensor(slopes.vjp(above.toArray()), { shape: values[name].shape, dtype: "float64" }));
    }
  }

  #terms(reader: string, name: string, point: Point, values: Tensors): readonly Formula[] {
    const key = `${reader} ${name}`, known = this.#sent.get(key);
    if (known && known[0]?.kind !== "leaf") return known;
    let terms = known;
    if (!terms) {
      try {
        const line = this.lines.get(reader);
        terms = line && backward(line, reader, name, point);
      } catch {
        // An operation without a rule: its slopes are measured instead.
      }
    }
    if (!terms || terms[0]?.kind === "leaf" && terms[0].name === key) {
      const slopes = jacobian(this.#forward[reader], values, name, values[reader]);
      const sent = slopes.vjp(point.leaves.get(`d${reader}`)!.toArray());
      (point.leaves as Map<string, Tensor>).set(key, tensor(sent, { shape: values[name].shape, dtype: "float64" }));
      terms = [leaf(key, true)];
    }
    this.#sent.set(key, [...terms]);
    return terms;
  }
}

/** A forward line's formula. */
function recorded(line: Forward[string], values: Tensors): Formula | undefined {
  const recorder = new Recorder(), before = listen(undefined);
  for (const [name, t] of Object.entries(values)) recorder.name(t, name);
  try {
    listen(recorder);
    const formula = recorder.formulaOf(line(values));
    return parts(formula).includes(UNKNOWN) ? undefined : formula;
  } finally {
    listen(before);
  }
}

/** The terms that a line sends back to one of the tensors it reads: one for each way from the line's result to it. */
function backward(line: Formula, reader: string, name: string, point: Point): Formula[] {
  const found: Formula[] = [], shapeOf = (formula: Formula) => evaluate(formula, point).shape;
  const visit = (formula: Formula, g: Formula) => {
    if (formula.kind === "leaf" && formula.name === name) found.push(g);
    if (formula.kind !== "step" || !mentions(formula, name)) return;
    const rule = rules[formula.op] ?? rules[formula.op.replace(/_$/, "")];
    if (!rule) throw new RangeError(`no rule for ${formula.op}`);
    // The line's result has a name already.
    const y = formula === line ? leaf(reader) : formula;
    rule(g, y, formula.args, shapeOf).forEach((sent, i) => pass(formula.args[i], sent));
  };
  const pass = (argument: Argument, sent: Sent) => {
    if (Array.isArray(argument)) return argument.forEach((one, i) => pass(one, (sent as Formula[])[i]));
    if (!isFormula(argument) || !sent || !mentions(argument, name)) return;
    const shape = shapeOf(argument);
    for (const term of Array.isArray(sent) ? sent as Formula[] : [sent as Formula]) {
      visit(argument, sameShape(shapeOf(term), shape) ? term : step("unbroadcast", term, argument));
    }
  };
  visit(line, leaf(`d${reader}`, true));
  return found;
}

function mentions(formula: Formula, name: string): boolean {
  if (formula.kind === "leaf") return formula.name === name;
  if (formula.kind === "constant") return false;
  const within = (argument: Argument): boolean =>
    isFormula(argument) ? mentions(argument, name) : Array.isArray(argument) && argument.some(within);
  return formula.args.some(within);
}
