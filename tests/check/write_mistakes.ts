// Writes the remark on each mistake into the list, after a change of the sentences: read the difference before it
// is committed.
// Left out: judging the sentences.
import { Course } from "./lesson.ts";
import { mistakes } from "./mistakes.ts";

for (const [file, make, list] of mistakes) {
  const course = new Course(make()), url = new URL(`mistakes/${file}.ts`, import.meta.url);
  const lines = list.map(([row, code]) => {
    const name = row.replace("+", ""),
      remark = course.play({ [row]: code }, name).find((one) => one.name === name)?.remark;
    return `  [${JSON.stringify(row)}, ${JSON.stringify(code)}, ${JSON.stringify(remark)}],\n`;
  });
  const [head] = Deno.readTextFileSync(url).split("= [\n");
  Deno.writeTextFileSync(url, `${head}= [\n${lines.join("")}];\n`);
}
