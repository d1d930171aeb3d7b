// Every network of this folder.
import { attention } from "./attention.ts";
import { autoencoder } from "./autoencoder.ts";
import { batchedAttention } from "./batched_attention.ts";
import { batchnormNcl } from "./batchnorm_ncl.ts";
import { clippedPolicy } from "./clipped_policy.ts";
import { contrastive } from "./contrastive.ts";
import { convolution } from "./convolution.ts";
import { embeddingBag } from "./embedding_bag.ts";
import { gru } from "./gru.ts";
import { hinge } from "./hinge.ts";
import { labelSmoothing } from "./label_smoothing.ts";
import { layernormBlock } from "./layernorm_block.ts";
import { lstm } from "./lstm.ts";
import type { Network } from "./network.ts";
import { regression } from "./regression.ts";
import { swiglu } from "./swiglu.ts";
import { tied } from "./tied.ts";

/** The networks that the diagnosis was not written for. */
export const networks: readonly Network[] = [
  convolution,
  gru,
  batchnormNcl,
  embeddingBag,
  labelSmoothing,
  layernormBlock,
  attention,
  batchedAttention,
  clippedPolicy,
  contrastive,
  swiglu,
  regression,
  lstm,
  autoencoder,
  tied,
  hinge,
];
