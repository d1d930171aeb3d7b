// Functions of one number that networks use beside exp, log and tanh: relu, gelu, and the error function that gelu is made of.

/** max(x, 0); NaN stays NaN. */
export function relu(x: number): number {
  return x <= 0 ? 0 : x;
}

/** x · Φ(x), where Φ(x) = (1 + erf(x / √2)) / 2 is the share of a normal distribution below x (arXiv:1606.08415). */
export function gelu(x: number): number {
  return x * 0.5 * (1 + erf(x * Math.SQRT1_2));
}

/** The same paper's approximation: Φ(x) ≈ (1 + tanh(√(2/π) · (x + 0.044715·x³))) / 2. */
export function geluTanh(x: number): number {
  return x * 0.5 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

/**
 * The error function, 2/√π · ∫₀ˣ e^(−t²) dt, within 1e-15 of the true value: by its series for small x, where all terms have the
 * same sign, and by the continued fraction of 1 − erf beyond (https://dlmf.nist.gov/7.6.E2, https://dlmf.nist.gov/7.9.E1).
 */
export function erf(x: number): number {
  const size = Math.abs(x), square = x * x;
  if (size > 6) return Math.sign(x);
  if (size > 2) {
    let fraction = size;
    for (let k = 60; k >= 1; k--) fraction = size + k / 2 / fraction;
    return Math.sign(x) * (1 - Math.exp(-square) / Math.sqrt(Math.PI) / fraction);
  }
  let term = x, sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= 2 * square / (2 * n + 1);
    sum += term;
  }
  return 2 / Math.sqrt(Math.PI) * Math.exp(-square) * sum;
}
