// What stands above a blank copy of an exercise: how to work in it, and in the first one what PyTorch's words are here.
// Left out: the exercise (blank.ts).

/** The lines above the blank of exercise `n`, as comments. */
export function preface(n: number): string {
  const lines = [
    `Your copy of exercise ${n}: put your own expression in place of each todo(…), save, and look at the table.`,
    "",
    "    print(dlogits)              shows a tensor; print(logits.at(0)), print(picture(dlogits)), print(h.shape) do too",
    "    hint(counts)                asks a question about dcounts; hint(counts, 2) and hint(counts, 3) say more",
    "    const dh = given(h)         is the right gradient, to go on from where a row resists",
  ];
  if (n === 1) lines.push("", "From PyTorch to here:", "", ...table());
  return [...lines, ""].map((line) => line === "" ? "//\n" : `// ${line}\n`).join("").replace(/\/\/\n$/, "\n");
}

/** PyTorch on the left, what to write here on the right. */
export const PYTORCH: readonly (readonly [pytorch: string, here: string])[] = [];

function table(): string[] {
  const width = Math.max(...PYTORCH.map(([pytorch]) => pytorch.length));
  return PYTORCH.map(([pytorch, here]) => `    ${pytorch.padEnd(width)}   ${here}`);
}
