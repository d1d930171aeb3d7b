// When the lecture is where: seconds of the video for its chapters, for each gradient, and for what it explains on the way.
// Read off a public transcript, right to about two seconds.

/** A second of the video, and what begins there. */
export type Moment = readonly [at: number, what: string];

/** The chapters, in order. */
export const chapters = {
  intro: 0,
  starterCode: 446,
  exercise1: 781,
  bessel: 3917,
  exercise2: 5191,
  exercise3: 5797,
  exercise4: 6602,
  outro: 6864,
} as const;

/** Exercise 1's gradients in the order in which they are first worked out: a second for each term. */
export const gradients = {
  dlogprobs: [782],
  dprobs: [1146],
  dcounts_sum_inv: [1255],
  dcounts: [1582, 1739],
  dcounts_sum: [1677],
  dnorm_logits: [1947],
  dlogits: [1997, 2305],
  dlogit_maxes: [1997],
  dh: [3007],
  dw2: [3087],
  db2: [3146],
  dhpreact: [3213],
  dbngain: [3312],
  dbnbias: [3520],
  dbnraw: [3481],
  dbndiff: [3691, 4359],
  dbnvar_inv: [3691],
  dbnvar: [3854],
  dbndiff2: [4139],
  dbnmeani: [4438],
  dhprebn: [4438, 4610],
  dembcat: [4717],
  dw1: [4717],
  db1: [4717],
  demb: [4837],
  dC: [4917],
} as const;

/** What is explained on the way. */
export const moments: readonly Moment[] = [
  [1051, "cmp explained"],
  [1412, "broadcasting is a copy, then a product"],
  [2181, "why dlogit_maxes is zero"],
  [2504, "a linear layer on paper"],
  [2997, "the dimensions have to work out"],
  [3577, "batchnorm laid out"],
  [3917, "Bessel's correction"],
  [4178, "summed forward, broadcast backward"],
];
