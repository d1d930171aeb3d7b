// Exercise 4's training step as anyone would write it first: plain loops over Float32Array, no library.
// The oracle of the real step in the tests, and what the benchmark compares it with.

/** The parameters, row by row. */
export type PlainParameters = Record<"C" | "w1" | "b1" | "w2" | "b2" | "bngain" | "bnbias", Float32Array>;

const V = 27, D = 10, E = 30;

/** out (m, n) = a (m, k) · b (k, n). */
function matmul(a: Float32Array, b: Float32Array, m: number, n: number, k: number): Float32Array {
  const out = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[i * k + p] * b[p * n + j];
      out[i * n + j] = sum;
    }
  }
  return out;
}

function transpose(a: Float32Array, rows: number, cols: number): Float32Array {
  const out = new Float32Array(a.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = a[i * cols + j];
  return out;
}

/** Sums of each column of a (rows, cols) matrix. */
function columnSums(a: Float32Array, cols: number): Float32Array {
  const out = new Float32Array(cols);
  a.forEach((x, i) => out[i % cols] += x);
  return out;
}

/**
 * One step of gradient descent in place; returns the loss. `xb` holds three characters per example, `yb` one.
 */
export function plainStep(p: PlainParameters, xb: ArrayLike<number>, yb: ArrayLike<number>, lr: number): number {
  const n = yb.length, H = p.b1.length;
  const embcat = new Float32Array(n * E);
  for (let i = 0; i < n * 3; i++) for (let d = 0; d < D; d++) embcat[i * D + d] = p.C[xb[i] * D + d];
  const hprebn = matmul(embcat, p.w1, n, H, E).map((x, i) => x + p.b1[i % H]);
  const mean = columnSums(hprebn, H).map((x) => x / n);
  const variance = columnSums(hprebn.map((x, i) => (x - mean[i % H]) ** 2), H).map((x) => x / (n - 1));
  const inv = variance.map((x) => 1 / Math.sqrt(x + 1e-5));
  const bnraw = hprebn.map((x, i) => (x - mean[i % H]) * inv[i % H]);
  const h = bnraw.map((x, i) => Math.tanh(p.bngain[i % H] * x + p.bnbias[i % H]));
  const logits = matmul(h, p.w2, n, V, H).map((x, i) => x + p.b2[i % V]);

  let loss = 0;
  const dlogits = new Float32Array(n * V);
  for (let i = 0; i < n; i++) {
    const row = logits.subarray(i * V, (i + 1) * V), largest = Math.max(...row);
    const sum = row.reduce((s, x) => s + Math.exp(x - largest), 0);
    loss += (Math.log(sum) + largest - row[yb[i]]) / n;
    row.forEach((x, j) => dlogits[i * V + j] = (Math.exp(x - largest) / sum - (j === yb[i] ? 1 : 0)) / n);
  }

  const dh = matmul(dlogits, transpose(p.w2, H, V), n, H, V);
  const dhpreact = dh.map((x, i) => x * (1 - h[i] ** 2));
  const dbngain = columnSums(dhpreact.map((x, i) => x * bnraw[i]), H), dbnbias = columnSums(dhpreact, H);
  const dhprebn = dhpreact.map((x, i) => {
    const j = i % H;
    return p.bngain[j] * inv[j] / n * (n * x - dbnbias[j] - n / (n - 1) * bnraw[i] * dbngain[j]);
  });
  const demb = matmul(dhprebn, transpose(p.w1, E, H), n, E, H), dC = new Float32Array(V * D);
  for (let i = 0; i < n * 3; i++) for (let d = 0; d < D; d++) dC[xb[i] * D + d] += demb[i * D + d];

  const gradients: PlainParameters = {
    C: dC,
    w1: matmul(transpose(embcat, n, E), dhprebn, E, H, n),
    b1: columnSums(dhprebn, H),
    w2: matmul(transpose(h, n, H), dlogits, H, V, n),
    b2: columnSums(dlogits, V),
    bngain: dbngain,
    bnbias: dbnbias,
  };
  for (const name of Object.keys(gradients) as (keyof PlainParameters)[]) {
    gradients[name].forEach((x, i) => p[name][i] -= lr * x);
  }
  return loss;
}
