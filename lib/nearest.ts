// Guesses the name that a mistyped word was meant to be.

/** The name most like `word`; undefined if none is close enough. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const [best] = names.map((name) => ({ name, distance: editDistance(plain(word), plain(name)) }))
    .sort((a, b) => a.distance - b.distance);
  // A word of one letter is as near to any other word as to the one meant, so there it has to be the first letter.
  if (!best || word.length === 1 && !best.name.startsWith(word)) return undefined;
  return best.distance <= Math.max(1, best.name.length / 3) ? best.name : undefined;
}

/** A word without capitals and underscores: zerosLike and zeros_like are the same. */
function plain(word: string): string {
  return word.toLowerCase().replaceAll("_", "");
}

/** How many characters must be inserted, deleted or changed to turn one word into the other (Levenshtein 1966). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
