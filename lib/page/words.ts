// What an exercise prints for a terminal, in the page's words: where it names a command, the page has a button.

const WORDS: readonly (readonly [RegExp, string])[] = [
  [
    /For the lecture's own list and numbers: deno task lecture-names/g,
    "For the lecture's own list and numbers: File, Use the lecture’s names …",
  ],
  [/, or run it with --hint (\w+)/g, ", or --hint $1 in the field of flags"],
  [/Stuck\? Add --hint (\w+) to the command\./g, "Stuck? Write --hint $1 in the field of flags."],
  [/Usage: deno run \S+ \[flags\]/g, "Usage: write flags into the field above"],
  [/More: deno run \S+ --help/g, "More: --help"],
  [/^ +--all +every row[^]*?wrong\n/gm, ""],
  [/deno task blank /g, "exercise "],
  [/the command line/g, "the field of flags"],
];

/** A text for the page. */
export function pageWords(text: string): string {
  return WORDS.reduce((text, [command, here]) => text.replaceAll(command, here), text);
}
