// A practice network as an exercise: its source with the answers in it, of which the blank is made, and its hints.
// Left out: writing the file (lib/scripts/new_practice.ts).
import type { Hints } from "../exercise/hints.ts";
import { blankOf, type Entry } from "../exercise/manifest.ts";
import { practiceCommand } from "../exercise/runtime.ts";
import { formatShape } from "../tensor/shape.ts";
import { asFunction, makePractice, type NamedLine, type Practice } from "./network.ts";

/** The exercise of a seed and a level, as `start` takes it. */
export function practiceEntry(seed: number, level: number): Entry {
  return entryFor(makePractice(seed, level));
}

/** The learner's copy as it is at first, for a folder next to lib/. */
export function practiceBlank(seed: number, level: number): string {
  const practice = makePractice(seed, level);
  return blankOf(entryFor(practice), practiceSource(practice));
}

function entryFor(practice: Practice): Entry {
  const { seed, level, terms } = practice;
  return {
    id: `practice-${seed}`,
    title: `a random network of level ${level}`,
    file: `practice-${seed}.ts`,
    gradients: Object.fromEntries(terms.map(({ name }) => [`d${name}`, []])),
    hints: hintsFor(practice),
    another: `${practiceCommand} --seed ${seed + 1} --level ${level}`,
  };
}

/** The source with every gradient worked out, between region markers. */
export function practiceSource(practice: Practice): string {
  const { seed, level, leaves, lines, terms } = practice, known = [...leaves, ...lines];
  const shapes = new Map(known.map(({ name, shape }) => [name, formatShape(shape)]));
  const blocks = lines.toReversed().map((line) =>
    [`// ${line.name} = ${line.code}`, ...terms.filter(({ through }) => through === line.name).map(block)].join("\n")
  );
  function block(term: Practice["terms"][number]): string {
    const { name, code, further, rule } = term, shape = shapes.get(name);
    const last = terms.findLast((other) => other.name === name) === term;
    const text = [
      `// #region d${name}`,
      `// ${rule}`,
      further ? `${code};` : `const d${name} = ${code}; // ${shape}`,
      "// #endregion",
    ];
    return [...text, ...last ? [`cmp("${name}", d${name}, ${name});`] : []].join("\n");
  }
  return `// Practice: seed ${seed}, level ${level}.
//
// A random network, and below it the gradient of its loss for each of its tensors, to be worked out backwards by hand.
// The same again, on any machine: deno task practice --seed ${seed} --level ${level}
import { start } from "../lib/exercise/exercise.ts";
import type { Forward } from "../lib/check/graph.ts";
import { practiceEntry } from "../lib/practice/source.ts";
import { Generator } from "../lib/random/generator.ts";
import { cross_entropy, one_hot, sub } from "../lib/tensor/functional.ts";
import { ones_like, range, tensor, zeros_like } from "../lib/tensor/creation.ts";

const practice = practiceEntry(${seed}, ${level});
const { check, finish } = start([practice], practice.id, {});

// --- Parameters and inputs, in float64 -----------------------------------------------------------------------------------

const random = new Generator(${seed});
const leaves = {
${leaves.map(({ name, code, shape }) => `  ${name}: ${code}, // ${formatShape(shape)}`).join("\n")}
};

// --- Forward: each line makes one tensor from those before it ------------------------------------------------------------

const forward = {
${lines.map((line) => `  ${line.name}: ${asFunction(line, known)}, // ${formatShape(line.shape)}`).join("\n")}
} satisfies Forward;

const { tensors, cmp } = check(forward, leaves);
const { ${known.map(({ name }) => name).join(", ")} } = tensors;

// --- Backward: under each forward line, read from the last to the first, the gradients of what it reads -------------------

${blocks.join("\n\n")}

finish({ loss: loss.item() });
`;
}

/** Three hints for each gradient: a question, the rule and, since exercises/ has no solution, the line itself. */
function hintsFor({ lines, terms }: Practice): Hints {
  const names = [...new Set(terms.map(({ name }) => name))];
  return Object.fromEntries(names.map((name) => {
    const own = terms.filter((term) => term.name === name),
      lineOf = ({ through }: typeof own[number]) => lines.find((line) => line.name === through)!;
    const shown = (line: NamedLine) => `${line.name} = ${line.code}`, many = own.length > 1;
    const read = own.map((term) => shown(lineOf(term))).join(", and ");
    const question = many
      ? `${name} is read by ${own.length} lines: ${read}. What does each of them send back?`
      : `${name} is read by one line: ${read}. If one element of ${name} grows a little, what of ${
        own[0].through
      } grows, and how much?`;
    const rules = own.map((term) => many ? `Through ${term.through}: ${term.rule}` : term.rule).join(" ");
    const code = own.map(({ code, further }) => further ? code : `d${name} = ${code}`).join(", then ");
    return [`d${name}`, [question, many ? `${rules} The parts are added up.` : rules, `${code}.`]];
  }));
}
