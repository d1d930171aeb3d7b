// The list of exercises says of each what its file says, and everything else can read it: the page's modules, too.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { test } from "node:test";
import { chapters, gradients, moments } from "../../data/lecture_times.ts";
import { exercises } from "../../exercises/manifest.ts";
import { sources } from "../../exercises/sources.ts";
import { regions } from "../../lib/exercise/blank.ts";
import { choices, entryOf, nextAfter, scriptOf, sourceOf } from "../../lib/exercise/manifest.ts";
import { clock, link } from "../../lib/exercise/lecture.ts";
import { modulesOn } from "../../lib/page/modules.ts";
import { quietHost } from "../harness.ts";

for (const entry of exercises) {
  const { id, title, gradients, hints, file, at } = entry, source = await sourceOf(sources, entry);
  const regionNames = regions(source).map(({ name }) => name);

  test(`exercise ${id}'s entry has the title in its file's first line, and starts by its own name`, () => {
    assertEquals(source.split(/\r?\n/)[0], `// Exercise ${id}: ${title}.`);
    assertStringIncludes(source, `= start(exercises, ${JSON.stringify(id)}, `);
  });

  test(`exercise ${id}'s gradients are those of its regions, in their order, each with a hint`, () => {
    assertEquals(Object.keys(gradients), [...new Set(regionNames)]);
    assertEquals(Object.keys(hints).toSorted(), Object.keys(gradients).toSorted());
  });

  test(`exercise ${id}'s copy has a name of its own, and the next exercise is the next in the list`, () => {
    assertEquals(exercises.filter((other) => scriptOf(other) === scriptOf(entry)), [entry]);
    assertEquals(entryOf(exercises, String(id)), entry);
    assertEquals(nextAfter(exercises, entry), exercises[exercises.indexOf(entry) + 1]);
    assertStringIncludes(choices(exercises), String(id));
  });

  test(`exercise ${id} imports nothing that the page does not have`, () => {
    const moduleOf = modulesOn(quietHost()), base = new URL(`file:///exercises/${file}`);
    for (const [, path] of source.matchAll(/^import .* from "([^"]+)";$/gm)) {
      moduleOf(`..${new URL(path, base).pathname}`);
    }
  });

  if (at !== undefined) {
    test(`exercise ${id} says at its head when the lecture begins it`, () => {
      assertStringIncludes(source, `\n// In the lecture from ${clock(at)} on: ${link(at)}\n`);
    });

    test(`every gradient of exercise ${id} has a second of the lecture for each of its terms, or one for all`, () => {
      for (const [name, seconds] of Object.entries(gradients)) {
        const terms = regionNames.filter((other) => other === name).length;
        assert(seconds.length === terms || seconds.length === 1, name);
        for (const second of seconds) {
          assert(second >= chapters.exercise1 && second < chapters.outro, `${name} ${second}`);
        }
      }
    });
  }
}

test("the lecture works out exercise 1's gradients in its chapters, and chapters and moments are in order", () => {
  const seconds = Object.values(gradients).flat();
  assert(seconds.every((at) => at >= chapters.exercise1 && at < chapters.exercise2));
  const times = Object.values(chapters), sorted = times.toSorted((a, b) => a - b);
  assertEquals(times, sorted);
  assertEquals(moments.map(([at]) => at), moments.map(([at]) => at).toSorted((a, b) => a - b));
});

test("a second is a link to it, and a time as a clock shows it", () => {
  assertEquals(link(1146), "https://youtu.be/q8SA3rM6ckI?t=1146");
  assertEquals(
    [0, 59, 60, 1146, 3600, 3854, 6864].map(clock),
    "0:00 0:59 1:00 19:06 1:00:00 1:04:14 1:54:24".split(" "),
  );
});
