// What --json prints.
// Left out: when (frame.ts). README.md has its fields.

/** An object as JSON, whatever is in it: a bigint as a number, and what contains itself as a sentence. */
export function asJson(object: Record<string, unknown>): string {
  const plain = (_: string, value: unknown) => typeof value === "bigint" ? Number(value) : value;
  try {
    return JSON.stringify(object, plain);
  } catch (error) {
    const { exercise, rows, seconds } = object;
    return JSON.stringify({ exercise, rows, seconds, error: `finish was given what JSON cannot hold: ${error}` });
  }
}
