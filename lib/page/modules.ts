// The modules that a learner's source may import, by their paths from the project's folder.
import * as dataset from "../../data/dataset.ts";
import * as minibatch from "../../data/minibatch.ts";
import * as names from "../../data/names.ts";
import * as atoms from "../../exercises/atoms.ts";
import * as beyond from "../../exercises/beyond/experiments.ts";
import * as experiments from "../../exercises/experiments.ts";
import { exercises } from "../../exercises/manifest.ts";
import * as network from "../../exercises/network.ts";
import * as check from "../check/check.ts";
import * as finite_differences from "../check/finite_differences.ts";
import * as graph from "../check/graph.ts";
import * as judge from "../check/judge.ts";
import { UserError } from "../errors.ts";
import * as evaluation from "../exercise/evaluation.ts";
import type { Host } from "../exercise/host.ts";
import { drawnFlag, hiddenFlag, seedFlag, startOn } from "../exercise/start.ts";
import * as terminal from "../exercise/terminal.ts";
import * as training from "../exercise/training.ts";
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
  "exercises/beyond/experiments.ts": beyond,
  "exercises/experiments.ts": experiments,
  "exercises/manifest.ts": { exercises },
  "exercises/network.ts": network,
  "lib/check/check.ts": check,
  "lib/check/finite_differences.ts": finite_differences,
  "lib/check/graph.ts": graph,
  "lib/check/judge.ts": judge,
  "lib/exercise/evaluation.ts": evaluation,
  "lib/exercise/terminal.ts": terminal,
  "lib/exercise/training.ts": training,
  "lib/random/generator.ts": generator,
  "lib/random/multinomial.ts": multinomial,
  "lib/random/python.ts": python,
  "lib/tensor/functional.ts": functional,
  "lib/tensor/memory.ts": memory,
  "lib/tensor/creation.ts": creation,
  "lib/tensor/tensor.ts": tensor,
};

/**
 * How a source in `my/` or `exercises/`, which runs on this host, gets the module that it imports: by
 * `../lib/tensor/tensor.ts`. The function throws a UserError where the page has no such module.
 */
export function modulesOn(host: Host): (specifier: string) => object {
  const all: typeof modules = {
    ...modules,
    "lib/exercise/exercise.ts": { drawnFlag, hiddenFlag, seedFlag, start: startOn(host) },
  };
  return (specifier) => {
    const path = specifier.replace(/^\.\.\//, "").replace(/^\.\//, "exercises/");
    if (Object.hasOwn(all, path)) return all[path];
    throw new UserError(
      `The page has no module "${specifier}". There are ${Object.keys(all).map((path) => `../${path}`).join(", ")}.`,
    );
  };
}
