// Practice networks as networks whose right backward pass is known, to be played like the others.
import { makePractice } from "../../lib/practice/network.ts";
import type { Network } from "./networks/network.ts";

/** The practice network of a seed and a level, with its right gradients. */
export function practiceNetwork(seed: number, level: number): Network {
  const { forward, tensors, terms } = makePractice(seed, level);
  const code = terms.map(({ name, code }, i) => {
    const before = terms.slice(0, i).filter((term) => term.name === name).length;
    return [name + "+".repeat(before), code] as const;
  });
  return { name: `practice ${seed}, level ${level}`, forward, leaves: tensors, code, rights: [], mistakes: [] };
}
