// The names and what is made of them: the embedded list, the parser, the examples, the split, the lecture's minibatch.
import { assert, assertEquals, assertMatch, assertNotEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { block_size, buildDataset, CHARACTERS, parseNames, splitNames } from "../../data/dataset.ts";
import { batch_size, xb, yb } from "../../data/minibatch.ts";
import { LECTURE_NAMES, loadNames, whyNotLecture } from "../../data/names.ts";
import embedded from "../../data/names.txt" with { type: "text" };
import readme from "../../data/README.md" with { type: "text" };
import { Generator } from "../../lib/random/generator.ts";
import facts from "../fixtures/lecture.json" with { type: "json" };

const letter = fc.constantFrom(...CHARACTERS.slice(1));
const name = fc.string({ unit: letter, minLength: 1, maxLength: 15 });
const someNames = fc.array(name, { minLength: 1, maxLength: 40 });
const text = (numbers: ArrayLike<number>) => Array.from(numbers, (ix) => CHARACTERS[ix]).join("");

// --- The embedded list ---------------------------------------------------------------------------------------------------

test("names.txt has the sha256 that data/README.md says", async () => {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(embedded));
  const sha256 = new Uint8Array(digest).toHex();
  assertEquals(sha256, "a311634f5113663f131a60cd0c76afb8420199991dbd9045773b8a2949ada835");
  assertStringIncludes(readme, `sha256: \`${sha256}\``);
});

test("names.txt holds 32,178 names, the most frequent girls' names first", () => {
  const names = parseNames(embedded);
  assertEquals(names.length, 32_178);
  assertEquals(names.slice(0, 3), ["emma", "olivia", "ava"]);
  assertStringIncludes(readme, "32,178");
});

// --- parseNames ------------------------------------------------------------------------------------------------------------

test("names are read with CRLF, with a byte order mark and without a last line end alike", () => {
  for (const given of ["ab\nc\n", "ab\r\nc\r\n", "\ufeffab\nc\n", "ab\nc", "\ufeffab\r\nc", "ab\r\nc\n"]) {
    assertEquals(parseNames(given), ["ab", "c"], JSON.stringify(given));
  }
});

test("one name is a list of names", () => {
  assertEquals(parseNames("emma"), ["emma"]);
  assertEquals(parseNames("a\n"), ["a"]);
});

test("names put together as lines come apart again", () => {
  fc.assert(fc.property(someNames, fc.constantFrom("\n", "\r\n"), fc.boolean(), (names, end, last) => {
    assertEquals(parseNames(names.join(end) + (last ? end : "")), names);
  }));
});

const refused: [what: string, given: string, line: number, shown: string][] = [
  ["an empty text", "", 1, ""],
  ["a text of one line end", "\n", 1, ""],
  ["a text of a byte order mark", "\ufeff", 1, ""],
  ["a blank line between", "emma\n\nava\n", 2, ""],
  ["a blank line at the end", "emma\nava\n\n", 3, ""],
  ["a blank line at the start", "\nemma\n", 1, ""],
  ["a digit", "emma\nr2d\n", 2, "r2d"],
  ["an accent", "emma\nava\nzoë\n", 3, "zoë"],
  ["an upper case letter", "Emma\n", 1, "Emma"],
  ["a space", "emma\nanna maria\n", 2, "anna maria"],
  ["a space at the end", "emma \n", 1, "emma "],
  ["a dot, which ends names", "em.ma\n", 1, "em.ma"],
  ["a second byte order mark", "\ufeff\ufeffemma\n", 1, "\ufeffemma"],
];
for (const [what, given, line, shown] of refused) {
  test(`names are refused for ${what}, with the line's number`, () => {
    assertThrows(() => parseNames(given), RangeError, `Line ${line} of the names is "${shown}"`);
  });
}

test("a name of 10,000 letters is a name, and one with a digit in it is shortened in the message", () => {
  const long = "a".repeat(10_000);
  assertEquals(parseNames(long), [long]);
  const { message } = assertThrows(() => parseNames(`emma\n${long}7\n`), RangeError, `Line 2 of the names is "aaaa`);
  assert(message.length < 200, `${message.length} characters`);
  assertStringIncludes(message, "…");
});

// --- buildDataset ----------------------------------------------------------------------------------------------------------

test("no character is lost: the names can be read off y", () => {
  fc.assert(fc.property(fc.array(name, { maxLength: 40 }), (names) => {
    const { y, count } = buildDataset(names);
    assertEquals(y.length, count);
    assertEquals(text(y), names.map((n) => n + ".").join(""));
  }));
});

test("each context is the three characters before, with dots before a name's start", () => {
  fc.assert(fc.property(someNames, (names) => {
    const { x, count } = buildDataset(names);
    assertEquals(x.length, count * block_size);
    let i = 0;
    for (const n of names) {
      for (let end = 0; end <= n.length; end++, i++) {
        const context = text(x.slice(i * block_size, (i + 1) * block_size));
        assertEquals(context, ("..." + n.slice(0, end)).slice(-block_size));
      }
    }
    assertEquals(i, count);
  }));
});

test("no names make no examples", () => {
  assertEquals(buildDataset([]), { x: new Uint8Array(0), y: new Uint8Array(0), count: 0 });
});

test("a character outside the vocabulary is refused by name and character", () => {
  for (const [bad, character] of [["zoë", "ë"], ["Ava", "A"], ["r2", "2"], ["a😀", "😀"]]) {
    const { message } = assertThrows(() => buildDataset(["emma", bad]), RangeError);
    assertStringIncludes(message, `"${bad}"`);
    assertStringIncludes(message, `"${character}"`);
  }
});

// --- splitNames --------------------------------------------------------------------------------------------------------------

test("the split has 80, 10 and 10 percent, loses nothing and leaves its input as it is", () => {
  fc.assert(fc.property(fc.array(name, { maxLength: 60 }), (names) => {
    const before = [...names], { train, val, test: rest } = splitNames(names);
    const n = names.length;
    assertEquals(names, before);
    assertEquals(train.length, Math.trunc(0.8 * n));
    assertEquals(train.length + val.length, Math.trunc(0.9 * n));
    assertEquals([...train, ...val, ...rest].toSorted(), before.toSorted());
  }));
});

test("the split shuffles, and the same way each time", () => {
  const names = parseNames(embedded), { train, val, test: rest } = splitNames(names);
  assertEquals([train.length, val.length, rest.length], [25_742, 3_218, 3_218]);
  assertNotEquals(train.slice(0, 10), names.slice(0, 10));
  assertEquals(splitNames(names), { train, val, test: rest });
});

// --- The lecture's minibatch and list ------------------------------------------------------------------------------------------

test("the embedded minibatch is the lecture's, contexts and labels", () => {
  assertEquals(batch_size, 32);
  assertEquals([...xb], facts.minibatch.xb.flat());
  const contexts = Array.from({ length: batch_size }, (_, i) => text(xb.slice(3 * i, 3 * i + 3)));
  assertEquals(contexts, facts.minibatch.contexts);
  assertEquals([...yb], facts.minibatch.yb);
  assertEquals([...yb], facts.lecture.exercises_1_to_3.yb);
});

test("the facts known of the lecture's list are the fixture's", () => {
  const { sha256_of_names_txt, bytes } = facts.lecture.dataset;
  assertEquals([LECTURE_NAMES.sha256, LECTURE_NAMES.bytes], [sha256_of_names_txt, bytes]);
});

test("bytes of the wrong size are not the lecture's list, which the reason says with both sizes", async () => {
  for (const [size, shown] of [[0, "0"], [1, "1"], [228_144, "228,144"], [228_146, "228,146"]] as const) {
    const why = await whyNotLecture(new Uint8Array(size));
    assertEquals(why, `it has ${shown} bytes instead of 228,145.`);
  }
});

test("bytes of the right size with another content are not the lecture's list, which the reason says", async () => {
  const why = await whyNotLecture(new Uint8Array(LECTURE_NAMES.bytes).fill(97));
  assertMatch(String(why), new RegExp(`^its sha256 is [0-9a-f]{64} instead of ${LECTURE_NAMES.sha256}\\.$`));
});

const loaded = await loadNames();
if (loaded.source === "lecture") {
  const { names } = loaded, { examples, first, longest } = facts.lecture.dataset;
  const split = splitNames(names), train = buildDataset(split.train);

  test("data/lecture-names.txt is here and holds the lecture's 32,033 names", () => {
    assertEquals(names.length, facts.lecture.dataset.names);
    assertEquals(names.slice(0, first.length), first);
    assertEquals(Math.max(...names.map((n) => n.length)), longest);
  });

  test("the lecture's names make the lecture's 182,625, 22,655 and 22,866 examples", () => {
    const counts = [train.count, buildDataset(split.val).count, buildDataset(split.test).count];
    assertEquals(counts, [examples.train, examples.val, examples.test]);
    assertEquals(counts, [182_625, 22_655, 22_866]);
  });

  test("the lecture's names are shuffled as the lecture shuffles them", () => {
    assertEquals(split.train.slice(0, 8), [
      ...["yuheng", "diondre", "xavien", "jori", "juanluis", "erandi", "phia", "samatha"],
    ]);
  });

  test("the lecture's generator, after its parameters, draws the embedded minibatch", () => {
    const g = new Generator(2147483647);
    for (const shape of [[27, 10], [30, 64], [64], [64, 27], [27]]) g.randn(shape);
    const drawn = g.randint(train.count, batch_size);
    assertEquals(drawn.flatMap((i) => [...train.x.slice(3 * i, 3 * i + 3)]), [...xb]);
    assertEquals(drawn.map((i) => train.y[i]), [...yb]);
  });
} else {
  test("the lecture's list is not compared, for data/lecture-names.txt is not here; the embedded one takes its place", () => {
    console.log("data/lecture-names.txt is not here: deno task lecture-names");
    assertEquals(loaded, { source: "ssa", names: parseNames(embedded) });
  });
}
