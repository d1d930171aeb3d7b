// Runs a trained network over a whole set, in pieces of 256 rows, which stay in the cache.
// Left out: what the network computes, which is an argument.
import { inScratch } from "../tensor/memory.ts";
import { zeros } from "../tensor/creation.ts";
import { type Tensor } from "../tensor/tensor.ts";

const ROWS = 256;

/** The first rows of the pieces of a set, and how many rows each has. */
function* pieces(count: number): Generator<[first: number, rows: number]> {
  for (let first = 0; first < count; first += ROWS) {
    yield [first, Math.min(ROWS, count - first)];
  }
}

/**
 * The mean and variance (over n − 1) of each column of `columnsOf(x)`: both (1, columns), float32. It makes two passes and
 * sums in float64.
 */
export function columnStatistics(
  x: Tensor,
  columnsOf: (rows: Tensor) => Tensor,
): { mean: Tensor; variance: Tensor } {
  const count = x.shape[0], columns = inScratch(() => columnsOf(x.narrow(0, 0, 1)).shape[1]);
  const mean = zeros([1, columns], { dtype: "float64" }), variance = zeros([1, columns], { dtype: "float64" });
  for (const [first, rows] of pieces(count)) {
    inScratch(() => {
      mean.add_(columnsOf(x.narrow(0, first, rows)).sum(0, { keepdim: true }).div_(count));
    });
  }
  const mean32 = mean.to("float32");
  for (const [first, rows] of pieces(count)) {
    inScratch(() => {
      const difference = columnsOf(x.narrow(0, first, rows)).sub_(mean32);
      variance.add_(difference.mul_(difference).sum(0, { keepdim: true }).div_(count - 1));
    });
  }
  return { mean: mean32, variance: variance.to("float32") };
}

/** The mean over all rows of a loss that is a mean over the rows it is given. */
export function meanLoss(x: Tensor, y: Tensor, lossOf: (x: Tensor, y: Tensor) => Tensor): number {
  const count = x.shape[0];
  let sum = 0;
  for (const [first, rows] of pieces(count)) {
    sum += inScratch(() => lossOf(x.narrow(0, first, rows), y.narrow(0, first, rows)).item()) * rows;
  }
  return sum / count;
}
