// The modules that a learner's source may import, by their paths from the project's folder.
import * as dataset from "../../data/dataset.ts";
import * as minibatch from "../../data/minibatch.ts";
import * as names from "../../data/names.ts";
import * as atoms from "../../exercises/atoms.ts";
import * as experiments from "../../exercises/experiments.ts";
import * as hints from "../../exercises/hints.ts";
import * as network from "../../exercises/network.ts";
import * as check from "../check/check.ts";
import * as finite_differences from "../check/finite_differences.ts";
import * as graph from "../check/graph.ts";
import * as judge from "../check/judge.ts";
import { UserError } from "../errors.ts";
import * as evaluation from "../exercise/evaluation.ts";
import * as exercise from "../exercise/exercise.ts";
import * as picture from "../exercise/picture.ts";
import * as training from "../exercise/training.ts";
import * as workbench from "../exercise/workbench.ts";
import * as generator from "../random/generator.ts";
import * as multinomial from "../random/multinomial.ts";
import * as python from "../random/python.ts";
import * as functional from "../tensor/functional.ts";
import * as memory from "../tensor/memory.ts";
import * as creation from "../tensor/creation.ts";
import * as tensor from "../tensor/tensor.ts";

const modules: Record<string, object> = {
  "data/dataset.ts": dataset,
  "data/minibatch.ts": minibatch,
  "data/names.ts": names,
  "exercises/atoms.ts": atoms,
  "exercises/experiments.ts": experiments,
  "exercises/hints.ts": hints,
  "exercises/network.ts": network,
  "lib/check/check.ts": check,
  "lib/check/finite_differences.ts": finite_differences,
  "lib/check/graph.ts": graph,
  "lib/check/judge.ts": judge,
  "lib/exercise/evaluation.ts": evaluation,
  "lib/exercise/exercise.ts": exercise,
  "lib/exercise/picture.ts": picture,
  "lib/exercise/training.ts": training,
  "lib/exercise/workbench.ts": workbench,
  "lib/random/generator.ts": generator,
  "lib/random/multinomial.ts": multinomial,
  "lib/random/python.ts": python,
  "lib/tensor/functional.ts": functional,
  "lib/tensor/memory.ts": memory,
  "lib/tensor/creation.ts": creation,
  "lib/tensor/tensor.ts": tensor,
};

/**
 * The module that a source in `my/` or `exercises/` imports: `../lib/tensor/tensor.ts`.
 *
 * @throws UserError when the page has no such module.
 */
export function moduleOf(specifier: string): object {
  const path = specifier.replace(/^\.\.\//, "").replace(/^\.\//, "exercises/");
  if (Object.hasOwn(modules, path)) return modules[path];
  throw new UserError(
    `The page has no module "${specifier}". There are ${Object.keys(modules).map((path) => `../${path}`).join(", ")}.`,
  );
}
