// Types of what the tests take from @std, which npm's deno-std has as JavaScript only. deno.json lists this file.
// A name that the package does not have fails when the tests load it; one that is not listed here, in `deno check`.

/** https://jsr.io/@std/assert */
declare module "@std/assert" {
  export class AssertionError extends Error {}
  type Thrown<E> = abstract new (...args: never[]) => E;

  export function assert(what: unknown, message?: string): asserts what;
  export function assertFalse(what: unknown, message?: string): asserts what is false;
  export function assertEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertNotEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertStrictEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertAlmostEquals(actual: number, expected: number, tolerance?: number, message?: string): void;
  export function assertLess<T>(actual: T, expected: T, message?: string): void;
  export function assertMatch(actual: string, expected: RegExp, message?: string): void;
  export function assertNotMatch(actual: string, expected: RegExp, message?: string): void;
  export function assertStringIncludes(actual: string, expected: string, message?: string): void;
  export function assertThrows<E = unknown>(of: () => unknown, error?: Thrown<E>, includes?: string): E;
  export function assertRejects<E>(of: () => PromiseLike<unknown>, error?: Thrown<E>, includes?: string): Promise<E>;
  export function equal(a: unknown, b: unknown): boolean;
}

/** https://jsr.io/@std/cli/doc/parse-args */
declare module "@std/cli/parse-args" {
  interface Options {
    boolean?: readonly string[];
    string?: readonly string[];
    /** Called with each argument that is not listed; `false` leaves it out. */
    unknown?: (argument: string) => unknown;
  }
  /** The flags by name; `_` holds the other words. */
  export function parseArgs(
    args: readonly string[],
    options?: Options,
  ): { _: (string | number)[]; [name: string]: unknown };
}
