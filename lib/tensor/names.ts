// Names and operators of PyTorch and Python that do not exist here: the error says what to write instead.
//
// The last object before Object.prototype in a tensor's prototype chain is a Proxy. A tensor's own names are found before
// it, at no cost. Only unknown names reach it: a method of PyTorch's, a typing mistake, `t[0]`, or an assignment such as
// `dlogprobs[yb] = 1`. Operators reach Symbol.toPrimitive.
// Left out: what works under PyTorch's own name (lib/tensor/tensor.ts), and the answers themselves (answers.ts).
import { nearest } from "../nearest.ts";
import { ANSWERS, BARE, LOOKALIKES } from "./answers.ts";

/** What to write for a name without a tensor that is not defined; undefined where there is no answer. */
export function answerForBareName(name: string, methods: readonly string[]): string | undefined {
  if (Object.hasOwn(BARE, name)) return `There is no ${name} here: ${BARE[name]}`;
  if (methods.includes(name)) return `${name} is a method here: x.${name}(…).`;
  return Object.hasOwn(ANSWERS, name) ? `There is no ${name} here: ${ANSWERS[name]}` : undefined;
}

/** What to write for a name of PyTorch's or a list's: one that is in the table, a method in place, a list's method. */
function answerFor(name: string, methods: readonly string[]): string | undefined {
  if (Object.hasOwn(ANSWERS, name)) return ANSWERS[name];
  const plain = name.replace(/_$/, "");
  if (plain !== name && methods.includes(plain)) return `write ${plain}, and keep its result.`;
  if (plain !== name && Object.hasOwn(ANSWERS, plain)) return ANSWERS[plain];
  return Object.hasOwn(Array.prototype, name) ? `write t.toArray().${name}, for its numbers in a list.` : undefined;
}

/** Names that runtimes, test runners and promises look up on any object. */
const PROBES =
  /^(then|catch|constructor|inspect|toStringTag|asymmetricMatch|nodeType|tagName|hasAttribute|dispatchEvent|message|stack|code|cause|name|size_hint|document|window|[_$@].*)$/;

/** How messages about operators begin. Where the source is known, lib/exercise/operators.ts says more. */
export const OPERATORS = "Operators and Math do not work on tensors. ";

/** The message for an operator: for `+` and `==`, or for the others and for functions of numbers. */
function operatorAnswer(hint: string): string {
  if (hint === "default") {
    return OPERATORS + "Write a.add(b) for a + b, a.add_(b) for a += b, a.eq(b) for a == b; in a text, `${a}`.";
  }
  return OPERATORS + "Write sub(1, h) for 1 - h, a.sub(b), a.mul(b), a.div(b), h.pow(2), a.neg(), x.exp(); " +
    "a.sub_(b) for a -= b. One number is loss.item().";
}

/** What to write for an assignment such as `dlogprobs[[rows, yb]] = v`. */
const PUT = "Write dlogprobs.index_put_([range(n), yb], -1 / n), with { accumulate: true } for +=.";

/** How a row or an element is written. */
function placed(index: string): string {
  return `t.at(${index}).add_(x) for t[${index}] += x, t.at(${index}).copy_(row) for t[${index}] = row, ` +
    `t.at(0, ${index}).fill_(x) for t[0, ${index}] = x; for many at once, index_put_ and index_add_`;
}

/** The way out for any other name. */
const UNKNOWN = " lib/tensor/tensor.ts has all methods. Make anything else from plain numbers: " +
  "tensor(Array.from(t.toArray(), (x) => …), { shape: t.shape, dtype: t.dtype }).";

/** Gives the tensors' prototype its answers. */
export function answerForeignNames(prototype: object): void {
  const methods = Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor");
  const unknown = (name: string): string => {
    if (/^-?\d+$/.test(name)) {
      return `A tensor has no brackets here. Write t.at(${name}) for t[${name}], t.at(0, ${name}) for t[0, ${name}]. ` +
        `To write there: ${placed(name)}.`;
    }
    if (/^[\d,-]|^tensor\(|^\[|^function|:|=>/.test(name)) {
      return "A tensor has no brackets here. To read, write logprobs.at(range(n), yb), or C.at(xb) for rows; to write, " +
        "dlogits.index_put_([range(n), yb], -1), with { accumulate: true } for += and -=; for rows, dC.at(ix).add_(row) " +
        "with one index, dC.index_add_(0, xb.flatten(), rows) with many.";
    }
    const answer = answerFor(name, methods);
    if (answer) return `A tensor has no ${name} here: ${answer}`;
    const meant = LOOKALIKES.has(name.replace(/_$/, "")) ? undefined : nearest(name, methods);
    return `A tensor has no ${JSON.stringify(name)}.` +
      (meant ? ` Did you mean ${meant}?` : UNKNOWN);
  };
  const answers = new Proxy(Object.create(Object.prototype), {
    get(target, name, receiver) {
      if (typeof name === "symbol" || name in target || PROBES.test(name)) return Reflect.get(target, name, receiver);
      throw new TypeError(unknown(name));
    },
    set(_target, name) {
      const text = String(name);
      if (Object.hasOwn(ANSWERS, text)) throw new TypeError(`A tensor has no ${text} here: ${ANSWERS[text]}`);
      if (/^[A-Za-z_]\w*$/.test(text)) {
        throw new TypeError(`A tensor's ${text} cannot be set. Make a const of your own.`);
      }
      const instead = /^-?\d+$/.test(text) ? `Write ${placed(text)}.` : PUT;
      throw new TypeError(`A tensor has no brackets to assign to. ${instead}`);
    },
  });
  Object.setPrototypeOf(prototype, answers);
  Object.defineProperty(prototype, Symbol.toPrimitive, {
    value(this: object, hint: string) {
      if (hint === "string") return this.toString();
      throw new TypeError(operatorAnswer(hint));
    },
  });
  // A clearer message than the engine's for assigning to a property that can only be read.
  for (const name of ["shape", "dtype", "T"]) {
    const { get } = Object.getOwnPropertyDescriptor(prototype, name)!;
    Object.defineProperty(prototype, name, {
      get,
      set() {
        const instead = name === "dtype" ? 'to("float64")' : name === "T" ? "transpose(0, 1)" : "view(32, 27)";
        throw new TypeError(`A tensor's ${name} cannot be set. Write t.${instead}, and keep its result.`);
      },
    });
  }
}

/** Gives what `max(dim)` returns an answer for a tensor's methods: it is two tensors. */
export function answerForMax(prototype: object, methods: object): void {
  const answers = new Proxy(Object.create(Object.prototype), {
    get(target, name, receiver) {
      if (typeof name === "string" && !(name in target) && Object.hasOwn(methods, name)) {
        throw new TypeError(`max(dim) gives two tensors, values and indices. Write max(1).values.${name}.`);
      }
      return Reflect.get(target, name, receiver);
    },
  });
  Object.setPrototypeOf(prototype, answers);
}
