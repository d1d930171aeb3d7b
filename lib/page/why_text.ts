// Why a number of a gradient is what it is, in a line: its terms, largest first, with what they are made of.
import type { Why } from "../check/why.ts";

/** So many terms are written out. */
const MOST = 6;

/** The terms as text: `0.031 = 0.0124 counts_sum_inv[3, 0]·dprobs[3, 7] + 0.019 dcounts_sum[3, 0]`. */
export function whyText({ right, given, terms }: Why): string {
  const reaching = terms.filter(({ value }) => value !== 0), rest = reaching.slice(MOST);
  if (reaching.length === 0) return `${short(right)}: nothing of it reaches the loss.`;
  const shown = reaching.slice(0, MOST).map(({ line, place, slope, slopeName, value, mistake }) => {
    const factor = slopeName
      ? `${slopeName}·`
      : Math.abs(slope - 1) < 1e-9
      ? ""
      : Math.abs(slope + 1) < 1e-9
      ? "−"
      : `${short(slope)}·`;
    const note = mistake
      ? ` (${{ missing: "missing in yours", twice: "twice in yours", sign: "with the other sign in yours" }[mistake]})`
      : "";
    return `${short(value)}  ${factor}d${line}${place.length > 0 ? `[${place.join(", ")}]` : ""}${note}`;
  });
  const sum = rest.reduce((sum, { value }) => sum + value, 0);
  if (rest.length > 0) shown.push(`${short(sum)}  ${rest.length} more`);
  const wrong = given !== undefined && Math.abs(given - right) > 1e-8 + 1e-5 * Math.abs(right);
  return `${short(right)}${wrong ? `, and not ${short(given)},` : ""} is the sum of\n${
    shown.map((term) => `  ${term}`).join("\n")
  }`;
}

function short(x: number): string {
  return x === 0 ? "0" : String(Number(x.toPrecision(4))).replace("-", "−");
}
