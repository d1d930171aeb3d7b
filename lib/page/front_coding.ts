// A list of words made shorter for the way to the browser: of each word only what differs from the one before it (front coding).
// A capital says how many letters are the same: "Aanna", "Cb" for anna, anb. Names in an order of their own still have much in
// common with their neighbours; gzip makes a sixth less of it.

const NONE = "A".charCodeAt(0), MOST = 25;

/** The words of a text, one a line, without what each has in common with the one before. No word may have a capital. */
export function coded(text: string): string {
  let before = "";
  return text.split("\n").map((word) => {
    let same = 0;
    while (same < MOST && same < word.length && word[same] === before[same]) same++;
    before = word;
    return String.fromCharCode(NONE + same) + word.slice(same);
  }).join("");
}

/** The text again. */
export function decoded(code: string): string {
  let word = "";
  const words = code.split(/(?=[A-Z])/).map((one) => word = word.slice(0, one.charCodeAt(0) - NONE) + one.slice(1));
  return words.join("\n");
}
