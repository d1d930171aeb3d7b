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
  data: "leave it out, as there is no autograd to bypass: p.add_(grad, { alpha: -lr }) for p.data += -lr * p.grad.",
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
  // Reading parts
  gather: "write t.at(rows, columns): t.at(range(n), yb).",
  index_select: "write t.at(indices).",
  take: "write t.flatten().at(indices).",
  select: 'write t.at(3) for a row, t.at(":", 3) for a column.',
  slice: 'write t.at("2:5").',
  unbind: "write t.at(0), t.at(1), …",
  split: 'write t.at("0:16"), t.at("16:32"), or along another dimension t.narrow(2, 0, 16), t.narrow(2, 16, 16).',
  chunk: 'write t.at("0:16"), t.at("16:32"), or along another dimension t.narrow(2, 0, 16), t.narrow(2, 16, 16).',
  // Comparing
  all: "write a.equal(b), which is true or false, or mask.sum().item() === mask.numel().",
  any: "write mask.sum().item() > 0.",
  isclose: "write a.allclose(b).",
  isnan: "write t.ne(t), which is true for NaN only.",
  nonzero: "write t.at(mask) for the elements, or loop over mask.toArray().",
  masked_select: "write t.at(mask).",
  unique: "write new Set(t.toArray()).",
  logical_not: "write mask.eq(0).",
  logical_and: "write a.mul(b), which is true where both masks are.",
  logical_or: "write a.add(b), which is true where one of the masks is.",
  // Reductions
  min: "write t.neg().max().neg(), or t.neg().amax(dim).neg() along a dimension.",
  amin: "write t.neg().amax(dim).neg().",
  argmin: "write t.neg().argmax(dim).",
  std: "write t.var(dim).sqrt().",
  norm: "write t.square().sum().sqrt().",
  prod: "write t.log().sum().exp() for positive numbers.",
  cumsum: "loop over t.toArray().",
  nansum: "loop over t.toArray().",
  sort: "write t.toArray().sort(), numbers in a list.",
  topk: "loop over t.toArray().",
  // Products
  dot: "write a.mul(b).sum() for two vectors, a.matmul(b) for matrices.",
  mv: "write a.matmul(b).",
  einsum: "write matmul, with .T where a sum runs over rows.",
  outer: "write a.view(-1, 1).mul(b).",
  tensordot: "write a.matmul(b), after view and permute where several dimensions are summed over.",
  baddbmm: "write a.matmul(b).add(t).",
  inner: "write a.matmul(b.T).",
  diag: "write t.at(range(n), range(n)) for the diagonal of a matrix.",
  diagonal: "write t.at(range(n), range(n)) for the diagonal of a matrix.",
  trace: "write t.at(range(n), range(n)).sum().",
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
  sinh: "write x.exp().sub(x.neg().exp()).div(2).",
  cosh: "write x.exp().add(x.neg().exp()).div(2).",
  tan: "write x.sin().div(x.cos()).",
  silu: "write x.mul(x.sigmoid()).",
  leaky_relu: "write where(x.gt(0), x, x.mul(0.01)).",
  elu: "write where(x.gt(0), x, x.exp().sub(1)).",
  softplus: "write x.exp().add(1).log().",
  relu_: "write relu(), and keep its result.",
  sigmoid_: "write sigmoid(), and keep its result.",
  clamp_: "write clamp(0, 1), and keep its result.",
  clip: "write clamp(0, 1).",
  dropout: "write x.mul(mask).div(1 - p), with a mask of zeros and ones that is drawn once.",
  layer_norm: "write it out: x.sub(x.mean(-1, { keepdim: true })), and so on.",
  expm1: "write t.exp().sub(1).",
  exp2: "write t.mul(Math.log(2)).exp().",
  floor: "write t.int() for positive numbers.",
  round: "write t.add(0.5).int() for positive numbers.",
  log1p: "write t.add(1).log().",
  log2: "write t.log().div(Math.log(2)).",
  log10: "write t.log().div(Math.log(10)).",
  sign: "write t.gt(0).int().sub(t.lt(0)).",
  cross_entropy: "write cross_entropy(logits, yb), a function.",
  one_hot: "write one_hot(indices, classes), a function.",
  // Shapes
  mT: "write transpose(-2, -1).",
  adjoint: "write transpose(-2, -1).",
  movedim: "write permute(0, 2, 1), with all dimensions in their new order.",
  flip: "write t.at([2, 1, 0]), with the indices in their new order.",
  roll: 'write cat([t.at("1:"), t.at("0:1")]).',
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
  type: 'write t.dtype, or t.to("float64").',
  astype: 'write t.to("float64").',
  cuda: "leave it out, as everything runs on the CPU.",
  cpu: "leave it out, as everything runs on the CPU.",
  device: "everything runs on the CPU.",
  numpy: "write toArray() or tolist().",
  new_zeros: "write zeros([32, 27], { dtype: t.dtype }).",
  new_ones: "write ones([32, 27], { dtype: t.dtype }).",
  set: "write t.index_put_([rows, columns], value), or t.at(i, j).fill_(x) for one element.",
  copy: "write t.clone().",
  map: "write toArray().map(…), or an operation on the whole tensor.",
  forEach: "loop over t.toArray().",
};

/** Names that stand by themselves in Python, and what to write here. */
const BARE: Record<string, string> = {
  torch: "functions are imported by their names, zeros_like(x), sub(1, x); the others are methods, x.exp().",
  F: "write x.softmax(1), cross_entropy(logits, yb), one_hot(ix, 27), x.relu().",
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
  concat: "write cat([a, b], 1).",
  concatenate: "write cat([a, b], 1).",
  len: "write x.shape[0].",
  math: "write Math, as in Math.log(2).",
  str: "write `${x}`.",
  float: "write Number(x), or x.double() for a tensor.",
  Tensor: "write tensor([1, 2, 3]).",
  int: "write Math.trunc(x).",
  inf: "write Infinity.",
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

/** How a row or an element is written. */
function placed(index: string): string {
  return `t.at(${index}).add_(x) for t[${index}] += x, t.at(${index}).copy_(row) for t[${index}] = row, ` +
    `t.at(0, ${index}).fill_(x) for t[0, ${index}] = x; for many at once, index_put_ and index_add_`;
}

/** The way out where nobody has thought of the name. */
const UNKNOWN = " lib/tensor/tensor.ts has all methods. What is not there can be made of plain numbers: " +
  "tensor(Array.from(t.toArray(), (x) => …), { shape: t.shape, dtype: t.dtype }).";

/** Gives the tensors' prototype its answers. */
export function answerForeignNames(prototype: object): void {
  const methods = Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor");
  const unknown = (name: string): string => {
    if (/^-?\d+$/.test(name)) {
      return `A tensor has no brackets here. Write t.at(${name}) for t[${name}], t.at(0, ${name}) for t[0, ${name}]. ` +
        `To write there: ${placed(name)}.`;
    }
    if (/^[\d,-]|^tensor\(|^\[|^function|:/.test(name)) {
      return "A tensor has no brackets here. To read, write logprobs.at(range(n), yb), or C.at(xb) for rows; to write, " +
        "dlogits.index_put_([range(n), yb], -1), with { accumulate: true } for += and -=; for rows, dC.at(ix).add_(row) " +
        "with one index, dC.index_add_(0, xb.flatten(), rows) with many.";
    }
    if (Object.hasOwn(ANSWERS, name)) return `A tensor has no ${name} here: ${ANSWERS[name]}`;
    const meant = nearest(name, methods);
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
