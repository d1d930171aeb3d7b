// The one hook through which a program can learn how each tensor was computed.
//
// While somebody listens, every method of Tensor that makes a tensor is replaced by one that also says so; when nobody does,
// the methods are what they were, so a training step costs no more for it. Functions that are no methods call `made`.
// Left out: what is done with it (lib/check/formula/record.ts).

/** Hears of each operation as it happens, but not of operations inside another one. */
export interface Listener {
  /** Before an operation changes this tensor in place. */
  before(target: object): void;
  /** When numbers are read out of this tensor, which nobody can follow any further. */
  read(from: object): void;
  /** After an operation: its name, what it was called on and with, and what it made. */
  made(op: string, args: readonly unknown[], result: object): void;
}

/** Methods that read numbers out of a tensor. */
const READS = new Set(["item", "toArray", "tolist"]);
/** What is not listened to: methods that only look. */
const LOOKS = new Set(["constructor", "describe", "toString", "toJSON", "equal", "allclose"]);

let listener: Listener | undefined;
let prototype: object | undefined;
let isResult: (value: unknown) => value is object;
/** Whether an operation is running: those inside it are not reported. */
let inside = false;
const plain = new Map<string, PropertyDescriptor>();

/** Says whose methods are listened to, and what counts as a result: lib/tensor/tensor.ts does, as it comes after this file. */
export function setRecorded(of: object, is: (value: unknown) => value is object): void {
  prototype = of;
  isResult = is;
}

/** Reports every operation to this listener from now on; to nobody if it is undefined. Returns the previous listener. */
export function listen(to: Listener | undefined): Listener | undefined {
  const before = listener;
  listener = to;
  if (to && plain.size === 0) replaceMethods();
  return before;
}

/** Does some work without reporting its operations. */
export function unheard<T>(work: () => T): T {
  const before = listen(undefined);
  try {
    return work();
  } finally {
    listener = before;
  }
}

/** The methods as they were before anybody listened: what a training loop asks for. */
export function forgetListeners(): void {
  listener = undefined;
  for (const [name, descriptor] of plain) Object.defineProperty(prototype, name, descriptor);
  plain.clear();
}

/** Runs a function that is no method, and says what it made of which arguments. */
export function made<T extends object>(op: string, args: readonly unknown[], make: () => T): T {
  if (!listener || inside) return make();
  inside = true;
  try {
    const result = make();
    listener.made(op, args, result);
    return result;
  } finally {
    inside = false;
  }
}

function replaceMethods(): void {
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype!))) {
    if (LOOKS.has(name)) continue;
    if (typeof descriptor.value === "function") {
      plain.set(name, descriptor);
      Object.defineProperty(prototype, name, { ...descriptor, value: heard(name, descriptor.value) });
    } else if (name === "T" && descriptor.get) {
      plain.set(name, descriptor);
      Object.defineProperty(prototype, name, { ...descriptor, get: heard(name, descriptor.get) });
    }
  }
}

// deno-lint-ignore no-explicit-any -- a method of any kind
function heard(name: string, method: (...args: any[]) => unknown) {
  return function (this: object, ...args: unknown[]): unknown {
    if (!listener || inside) return method.apply(this, args);
    inside = true;
    try {
      if (READS.has(name)) listener.read(this);
      if (name.endsWith("_")) listener.before(this);
      const result = method.apply(this, args);
      if (isResult(result)) listener.made(name, [this, ...args], result);
      return result;
    } finally {
      inside = false;
    }
  };
}
