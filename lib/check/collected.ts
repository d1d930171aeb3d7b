// The slopes of a line that are not zero, collected as one group of elements after the other is measured (moved.ts). They may
// be more than all other numbers of a check, so they lie in one list, and in no second one.
import type { Slopes } from "./ladder.ts";
import type { Moved } from "./moved.ts";

/**
 * The slopes of a line with respect to one of the tensors it reads, those that are not zero: element i's are from starts[i] up
 * to ends[i], in the order in which they were measured.
 */
export interface Jacobian {
  /** Where the slopes of each element of the tensor begin. */
  readonly starts: Int32Array;
  /** Where they end. */
  readonly ends: Int32Array;
  /** How fast the places in the line's result change. */
  readonly slopes: Float64Array;
  /** Where in `places` the places of each element's slopes begin; elements may share them. */
  readonly from: Int32Array;
  /** The places in the line's result. */
  readonly places: Int32Array;
  /** How many slopes there are. */
  readonly size: number;
  /** Whether the line is linear in the tensor, plus a constant: then it need not be run to know what it makes. */
  readonly isLinear: boolean;
}

/** The slopes from one element: the places in the line's result that change with it, and how fast. */
export function slopesFrom(found: Jacobian, element: number): { place: number; slope: number }[] {
  const start = found.starts[element], slopes = found.slopes.subarray(start, found.ends[element]);
  return Array.from(slopes, (slope, k) => ({ place: found.places[found.from[element] + k], slope }));
}

/** The slopes that are not zero, as one group after the other is measured. */
export class Collected {
  readonly #moved: Moved;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #from: Int32Array;
  #slopes: Float64Array;
  #places: Int32Array;
  #used = 0;
  #placed: number;
  #taken = 0;

  /** None yet of the slopes of this line. */
  constructor(moved: Moved) {
    const { order, size } = moved;
    this.#moved = moved;
    [this.#starts, this.#ends, this.#from] = [1, 2, 3].map(() => new Int32Array(size));
    this.#slopes = new Float64Array(order.length);
    // An element mostly changes all places of its part. Their list comes first, and is shared.
    this.#places = order;
    this.#placed = order.length;
  }

  /** Takes those of a group. */
  take({ slopes }: Slopes, g: number): void {
    const { order, starts, groups } = this.#moved, isFull = slopes.every((slope) => slope !== 0);
    // One group mostly has as many slopes as another.
    const expected = Math.ceil(this.#used / Math.max(1, this.#taken++)) * groups.length;
    const kept = this.#slopes = withRoom(this.#slopes, this.#used + order.length, expected);
    if (!isFull) this.#places = withRoom(this.#places, this.#placed + order.length);
    groups.at(g).forEach((i, p) => {
      this.#starts[i] = this.#used;
      this.#from[i] = isFull ? starts[p] : this.#placed;
      for (let o = starts[p]; o < starts[p + 1]; o++) {
        const slope = slopes[order[o]];
        if (slope === 0) continue;
        kept[this.#used++] = slope;
        if (!isFull) this.#places[this.#placed++] = order[o];
      }
      this.#ends[i] = this.#used;
    });
  }

  /** All that were taken. */
  slopes(): Omit<Jacobian, "isLinear"> {
    const slopes = trimmed(this.#slopes, this.#used), places = trimmed(this.#places, this.#placed);
    return { starts: this.#starts, ends: this.#ends, slopes, from: this.#from, places, size: this.#used };
  }
}

/** An array with at least this length, or the expected one, and with the same numbers in the beginning. */
function withRoom<T extends Float64Array | Int32Array>(numbers: T, length: number, expected = 2 * length): T {
  if (length <= numbers.length) return numbers;
  const longer = new (numbers.constructor as new (length: number) => T)(Math.max(Math.ceil(1.5 * length), expected));
  longer.set(numbers);
  return longer;
}

/** The first numbers of an array, without the rest of it where that is much. */
function trimmed<T extends Float64Array | Int32Array>(numbers: T, length: number): T {
  return 2 * length < numbers.length ? numbers.slice(0, length) as T : numbers;
}
