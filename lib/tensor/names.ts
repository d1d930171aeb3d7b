// Names and operators of PyTorch and Python that do not exist here: the error says what to write instead.
//
// The last object before Object.prototype in a tensor's prototype chain is a Proxy. A tensor's own names are found before
// it, at no cost. Only unknown names reach it: a method of PyTorch's, a typing mistake, `t[0]`, or an assignment such as
// `dlogprobs[yb] = 1`. Operators reach Symbol.toPrimitive.
// Left out: what works under PyTorch's own name (lib/tensor/tensor.ts).
import { nearest } from "../nearest.ts";

/** PyTorch's names, and what to write here. */
const ANSWERS: Record<string, string> = {
  // Autograd
  grad: "the gradient is what you work out here. cmp(…) checks yours, and given(…) has the right one.",
  backward: "there is no autograd; the backward pass is what you write.",
  requires_grad: "there is no autograd, so there is nothing to switch on.",
  retain_grad: "there is no autograd, so there is nothing to keep.",
  requires_grad_: "there is no autograd, so there is nothing to switch on.",
  zero_grad: "there is no autograd; a gradient starts with zeros_like(t).",
  grad_fn: "there is no autograd; the backward pass is what you write.",
  is_leaf: "there is no autograd.",
  data: "leave it out, as there is no autograd to bypass.",
  // Writing and scattering
  scatter_: "write index_put_([rows, columns], value), or multiply by one_hot(indices, classes).",
  scatter: "write zeros_like(t).index_put_([rows, columns], value), or multiply by one_hot(indices, classes).",
  scatter_add_:
    "write index_add_(0, indices, rows) for rows, index_put_([rows, columns], value, { accumulate: true }) for elements.",
  scatter_add:
    "write index_add_(0, indices, rows) for rows, index_put_([rows, columns], value, { accumulate: true }) for elements.",
  index_add: "write t.clone().index_add_(0, indices, rows).",
  index_put: "write t.clone().index_put_([rows, columns], value).",
  index_copy_: "write index_put_([rows, columns], value).",
  masked_fill_: "multiply by a mask of zeros and ones: a.eq(b) makes one.",
  masked_fill: "multiply by a mask of zeros and ones: a.eq(b) makes one.",
  copy_: "write t.zero_().add_(other).",
  // Reading parts
  gather: "write t.at(rows, columns): t.at(range(n), yb).",
  index_select: "write t.at(indices).",
  take: "write t.flatten().at(indices).",
  select: 'write t.at(3) for a row, t.at(":", 3) for a column.',
  slice: 'write t.at("2:5").',
  unbind: "write t.at(0), t.at(1), …",
  split: 'write t.at("0:16"), t.at("16:32").',
  chunk: 'write t.at("0:16"), t.at("16:32").',
  // Comparing and choosing
  where: "multiply by a mask of zeros and ones: a.eq(b) makes one.",
  ne: "write 1 − eq: sub(1, a.eq(b).float()).",
  gt: "loop over t.toArray() and compare numbers.",
  lt: "loop over t.toArray() and compare numbers.",
  ge: "loop over t.toArray() and compare numbers.",
  le: "loop over t.toArray() and compare numbers.",
  all: "write a.equal(b), which is true or false.",
  any: "loop over t.toArray().",
  isclose: "write a.allclose(b).",
  isnan: "loop over t.toArray() with Number.isNaN.",
  // Reductions
  min: "write t.neg().max().neg(), or t.neg().amax(dim).neg() along a dimension.",
  amin: "write t.neg().amax(dim).neg().",
  argmin: "write t.neg().argmax(dim).",
  std: "write t.var(dim).sqrt().",
  norm: "write t.square().sum().sqrt().",
  prod: "write t.log().sum().exp() for positive numbers.",
  cumsum: "loop over t.toArray().",
  nansum: "loop over t.toArray().",
  sort: "write t.toArray().sort().",
  topk: "loop over t.toArray().",
  // Products
  dot: "write a.mul(b).sum().",
  bmm: "write matmul for each matrix.",
  mv: "write a.matmul(b.view(-1, 1)).",
  einsum: "write matmul, with .T where a sum runs over rows.",
  outer: "write a.view(-1, 1).mul(b).",
  // Arithmetic
  rsub: "write sub(1, t) for 1 − t.",
  rdiv: "write div(1, t) for 1 / t.",
  subtract: "write sub.",
  multiply: "write mul.",
  divide: "write div.",
  true_divide: "write div.",
  negative: "write neg.",
  power: "write pow.",
  pow_: "write pow(2), and keep its result.",
  neg_: "write mul_(-1).",
  exp_: "write exp(), and keep its result.",
  log_: "write log(), and keep its result.",
  tanh_: "write tanh(), and keep its result.",
  sqrt_: "write sqrt(), and keep its result.",
  log1p: "write t.add(1).log().",
  expm1: "write t.exp().sub(1).",
  log2: "write t.log().div(Math.log(2)).",
  log10: "write t.log().div(Math.log(10)).",
  sigmoid: "write div(1, t.neg().exp().add(1)).",
  sign: "write t.div(t.abs()), which is NaN at 0.",
  relu: "write t.add(t.abs()).mul(0.5).",
  clamp: "no exercise needs it: make a tensor of changed numbers, tensor(t.toArray().map(…), { shape: t.shape }).",
  cross_entropy: "write cross_entropy(logits, yb), a function.",
  one_hot: "write one_hot(indices, classes), a function.",
  // Shapes
  permute: "write transpose(0, 1), which exchanges two dimensions.",
  swapaxes: "write transpose(0, 1).",
  repeat: "write expand(32, 27), which repeats sizes of 1 without copying; broadcasting often does it by itself.",
  tile: "write expand(32, 27), which repeats sizes of 1 without copying.",
  broadcast_to: "write expand(32, 27).",
  contiguous: "leave it out, as operations make copies where they need them.",
  is_contiguous: "leave it out, as operations make copies where they need them.",
  ravel: "write flatten().",
  ndim: "write dim().",
  length: "write shape[0] for the rows, numel() for all elements.",
  // Dtypes, devices
  half: 'write to("float32").',
  bool: "multiply by zeros and ones instead.",
  type: 'write t.dtype, or t.to("float64").',
  astype: 'write t.to("float64").',
  cuda: "leave it out, as everything runs on the CPU.",
  cpu: "leave it out, as everything runs on the CPU.",
  device: "everything runs on the CPU.",
  numpy: "write toArray() or tolist().",
  new_zeros: "write zeros([32, 27]).",
  map: "write toArray().map(…), or an operation on the whole tensor.",
  forEach: "loop over t.toArray().",
};

/** Names that stand by themselves in Python, and what to write here. */
const BARE: Record<string, string> = {
  torch: "functions are imported by their names, zeros_like(x), sub(1, x); the others are methods, x.exp().",
  F: "write x.softmax(1), cross_entropy(logits, yb), one_hot(ix, 27).",
  nn: "write the operation itself: linear(x, w, b), x.tanh().",
  np: "write x.toArray() and JavaScript's Math.",
  plt: "write print(picture(x)).",
  True: "write true.",
  False: "write false.",
  None: "write undefined, or unsqueeze(0) for a new dimension.",
  keepdim: "options stand in braces: x.sum(0, { keepdim: true }).",
  dim: "leave the name out: x.sum(0).",
  axis: "leave the name out: x.sum(0).",
  num_classes: "leave the name out: one_hot(yb, 27).",
  accumulate: "options stand in braces: { accumulate: true }.",
  arange: "write range(n).",
  stack: "make it from numbers: tensor([a.tolist(), b.tolist()], { dtype: a.dtype }).",
  cat: "make it from numbers: tensor([...a.toArray(), ...b.toArray()], { dtype: a.dtype }).",
  len: "write x.shape[0].",
  math: "write Math, as in Math.log(2).",
  str: "write `${x}`.",
  float: "write Number(x), or x.double() for a tensor.",
  Tensor: "write tensor([1, 2, 3]).",
  int: "write Math.trunc(x).",
  where: "multiply by a mask of zeros and ones: a.eq(b) makes one.",
};

/** What to write for a name that stands by itself and is not defined; undefined where nobody knows. */
export function answerForBareName(name: string, methods: readonly string[]): string | undefined {
  if (Object.hasOwn(BARE, name)) return `There is no ${name} here: ${BARE[name]}`;
  if (methods.includes(name)) return `${name} is a method here: x.${name}(…).`;
  return Object.hasOwn(ANSWERS, name) ? `There is no ${name} here: ${ANSWERS[name]}` : undefined;
}

/** Names that runtimes, test runners and promises look up on any object. */
const PROBES =
  /^(then|catch|constructor|inspect|toStringTag|asymmetricMatch|nodeType|tagName|hasAttribute|dispatchEvent|message|stack|code|cause|name|size_hint|document|window|[_$@].*)$/;

const OPERATORS = "JavaScript's operators and Math do not work on tensors. ";

/** The message for an operator: for `+` and `==`, or for the others and for functions of numbers. */
function operatorAnswer(hint: string): string {
  if (hint === "default") {
    return OPERATORS + "Write a.add(b) for a + b, a.add_(b) for a += b, a.eq(b) for a == b; in a text, `${a}`.";
  }
  return OPERATORS +
    "Write a.sub(b) for a - b, sub(1, h) for 1 - h, a.mul(b) for a * b, a.div(b) for a / b, h.pow(2) for h ** 2, " +
    "a.neg() for -a, x.exp() for Math.exp(x); in place, a.sub_(b) for a -= b, a.mul_(b) for a *= b. One number is loss.item().";
}

/** What to write for an assignment such as `dlogprobs[[rows, yb]] = v`. */
const PUT = "Write dlogprobs.index_put_([range(n), yb], -1 / n), with { accumulate: true } for +=.";

/** Gives the tensors' prototype its answers. */
export function answerForeignNames(prototype: object): void {
  const methods = Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor");
  const unknown = (name: string): string => {
    if (/^-?\d+$/.test(name)) {
      return `A tensor has no brackets here. Write t.at(${name}) for t[${name}], t.at(0, ${name}) for t[0, ${name}].`;
    }
    if (/^[\d,-]|^tensor\(|^\[|^function|:/.test(name)) {
      return "A tensor has no brackets here. To read, write logprobs.at(range(n), yb), or C.at(xb) for rows; to write, " +
        "dlogits.index_put_([range(n), yb], -1), with { accumulate: true } for += and -=, or index_add_ for rows.";
    }
    if (Object.hasOwn(ANSWERS, name)) return `A tensor has no ${name} here: ${ANSWERS[name]}`;
    const meant = nearest(name, methods);
    return `A tensor has no ${JSON.stringify(name)}.` +
      (meant ? ` Did you mean ${meant}?` : " lib/tensor/tensor.ts has all methods.");
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
      throw new TypeError(`A tensor has no brackets to assign to. ${PUT}`);
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
