// What --json prints.
// Left out: when (frame.ts). README.md has its fields.

/**
 * What is known of a run, and what `finish` was given, as JSON, whatever that is: a bigint as a number, and what contains itself or
 * throws when it is read as a sentence.
 */
export function asJson(known: Record<string, unknown>, results: Record<string, unknown> = {}): string {
  const plain = (_: string, value: unknown) => typeof value === "bigint" ? Number(value) : value;
  try {
    return JSON.stringify({ exercise: known.exercise, ...results, ...known }, plain);
  } catch (error) {
    const why = error instanceof Error ? `: ${error}` : "";
    return JSON.stringify({ ...known, error: `finish was given what JSON cannot hold${why}` });
  }
}
