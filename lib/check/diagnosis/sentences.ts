// What is said of a wrong row: the sentences about the changes that make it right, put together, 40 words at the most.
//
// Left out: what is said of one change (phrases.ts), and which change is told (repair.ts, explainer.ts).
import { REDUCTIONS } from "./altered.ts";
import type { Change, Offers } from "./change.ts";
import { numel } from "../../tensor/shape.ts";
import {
  type Argument,
  exchanged,
  type Formula,
  hasWrites,
  isFormula,
  isLeaf,
  leaf,
  operands,
  opOf,
  parts,
  stepsIn,
} from "../formula/formula.ts";
import { allPlaces, called, enumerated, number, type Phrase, say, short, text, written } from "./notation.ts";
import { missingFactor, saidOf } from "./phrases.ts";
import { missingTerms } from "./terms.ts";
import { instead, named, times } from "./where.ts";
import { summands, topSummands } from "./places.ts";
import type { Repair } from "./repair.ts";
import { DERIVATIVES } from "./other_rule.ts";
import { isLocal, type Subject, wholeOf } from "./subject.ts";
import { isAmong } from "./target.ts";

/** Words that a remark has at the most. */
const MOST_WORDS = 40;

/** What a remark has beside the sentences about changes. */
export interface Around {
  readonly before?: string;
  /** Whether that is a first slip, beside which there are these. */
  readonly isFirst?: boolean;
  /** That the shape is wrong, too: for sentences that do not say so. */
  readonly shape?: string;
  readonly after?: string;
}

/** What is said of a row that these repairs make right. */
export function told(repairs: readonly Repair[], subject: Subject, around: Around = {}): string {
  if (isTornApart(repairs, subject)) {
    return shortened([instead(subject.row!, wholeOf(subject)!)], noteOn(repairs, subject), around);
  }
  const { sendings } = subject, several = sendings.length > 1, slips = new Map<string, Slip>();
  // The same slip in several terms is one.
  const add = ({ text, place }: Phrase, reader: string | undefined, of: Pick<Slip, "say" | "like">) => {
    const twin = of.like && reader ? [...slips.values()].find(({ like }) => like === of.like) : undefined;
    if (twin && !slips.has(text)) return void twin.also.add(reader!);
    const slip: Slip = slips.get(text) ??
      { ...of, readers: new Set(), places: new Set(), also: new Set() };
    if (reader) slip.readers.add(reader);
    slip.places.add(place ?? "");
    slips.set(text, slip);
  };
  const extra = repairs.filter(({ term }) => term === "extra").map(({ of }) => of);
  // (a + b)·(c + d) for a·c + b·d
  const all = extra.length > 1 && subject.row ? summands(subject.row).length : 0;
  const isProduct = all > 3 && extra.length < all - 1 && topSummands(subject.row!).length < all;
  if (isProduct) {
    const terms = enumerated(extra.map((one) => short(one)));
    const phrase = say`you multiply sums, which makes terms too many: ${terms}.`;
    add(phrase, undefined, { say: () => phrase });
  }
  for (const { term, of, changes, factor, reader, isTerm, isPiece } of repairs) {
    if (term === "missing" || term && isProduct) continue;
    const phrases = term ? [say`${named(of)} is one term too many.`] : changesSaid(changes, subject, reader, isTerm);
    const like = changes.length === 1 && factor === 1 ? without(changes[0]) : undefined;
    for (const phrase of phrases) add(phrase, reader, { say: () => phrase, like });
    if (factor === 1) continue;
    const isPart = reader !== undefined || changes.length > 0;
    const what = (!several || isPiece) && reader && changes.length === 0
      ? named(of)
      : isPart
      ? isPiece && !several ? say`this term` : say`it`
      : undefined;
    const said = (place?: Phrase) =>
      factorSaid(factor, isPiece ? what : place ?? what, place !== undefined && !isPiece, subject, of, isPiece);
    add(said(), reader, { say: said });
  }
  let before = "";
  const phrases = [...slips.values()].map(({ readers, places, also, say: said }) => {
    const names = [...readers], isEverywhere = !several || names.length === 0 || names.length === sendings.length;
    const phrase = placed(
      said(!isEverywhere && names.length === 1 ? say`the term through ${names[0]}` : undefined),
      places,
    );
    if (isEverywhere || phrase.placed) return phrase;
    const isSame = through(names) === before, [first, ...more] = also;
    before = through(names);
    const whole = say`in the ${isSame ? `same term${names.length > 1 ? "s" : ""}` : before}: ${phrase}`;
    return { ...phrase, ...(first ? say`${whole} The same goes for the ${through([first, ...more])}.` : whole) };
  });
  const missing = repairs.filter(({ term }) => term === "missing");
  if (missing.length > 0) {
    phrases.push(missingTerms(missing.map(({ reader, of }) => ({ reader: reader!, of })), subject));
  }
  // What the learner wrote is not known.
  if (subject.inferred && repairs.some(({ changes }) => changes.length > 0)) {
    phrases[0] = { ...phrases[0], ...say`by your numbers, ${phrases[0]}` };
  }
  return shortened(phrases, noteOn(repairs, subject), around);
}

/**
 * Whether a factor has to go in one term of a line that it stands outside of the sum for: (a + b)·k for a + b·k. No place of the
 * learner's formula is that term's alone.
 */
function isTornApart(repairs: readonly Repair[], { row, sendings }: Subject): boolean {
  if (!row || sendings.length > 1) return false;
  const own = new Set(parts(row)), of = summands(row);
  const isOutside = ({ kind, site: { formula } }: Change) =>
    kind === "leftOut" && !own.has(formula) ||
    kind === "instead" && isLeaf(formula) && times(row, formula) === 1 &&
      of.filter((one) => times(one, formula) > 0).length > 1;
  const torn = repairs.filter(({ changes, isTerm }) => isTerm && changes.some(isOutside));
  return torn.length > 0 && torn.length < of.length;
}

/** Something that is wrong, in the terms through these lines. `say` gets the term, where it is the one that is wrong. */
interface Slip {
  readonly readers: Set<string>;
  /** The lines in whose terms the same is wrong, with other names. */
  readonly also: Set<string>;
  /** What it is without the names. */
  readonly like?: string;
  readonly places: Set<string>;
  readonly say: (place?: Phrase) => Phrase;
}

const through = (names: readonly string[]) => `${names.length > 1 ? "terms" : "term"} through ${enumerated(names)}`;

/**
 * A change without the names of tensors: those that are the same then are the same slip in several terms. Where one tensor stands
 * for another, which ones they are is the slip.
 */
function without({ kind, site: { formula, holed }, by, other }: Change): string {
  // h for dh, whichever they are
  const isOwn = isLeaf(formula) && isLeaf(by) && (formula.name === `d${by.name}` || by.name === `d${formula.name}`);
  const nameless = (but: boolean) => (one: Formula): Formula =>
    isLeaf(one) ? one.gradient ? leaf("d") : but ? one : leaf("x") : exchanged(one, nameless(but));
  const changed = [formula, by, ...isFormula(other) ? [other] : []].map(
    nameless(kind === "instead" && isLeaf(by) && !isOwn),
  );
  return [kind, ...[...changed, nameless(false)(holed)].map(written)].join();
}

/** A phrase with the places that it is about at its end. */
function placed(phrase: Phrase, places: ReadonlySet<string>): Phrase {
  const [place] = places, { size } = places;
  if (size === 1 && place === "") return phrase;
  const where = `, in ${size === 1 ? place : allPlaces(size)}.`;
  return { ...phrase, text: phrase.text.slice(0, -1) + where, atStart: phrase.atStart.slice(0, -1) + where };
}

/** As much of it as a remark has room for. */
function shortened(
  phrases: readonly Phrase[],
  note: string | undefined,
  { before, isFirst, shape, after }: Around,
): string {
  const remark = (phrases: readonly Phrase[], guesses: boolean, note?: string) =>
    [
      before,
      ...phrases.map(({ text, atStart, guess }, i) => {
        const whole = i === 0 && !isFirst ? atStart : `Besides, ${text}`;
        return guesses && guess ? whole.slice(0, -1) + guess : whole;
      }),
      note,
      phrases.some(({ shapes }) => shapes) ? undefined : shape,
      after,
    ].filter(Boolean).join(" ");
  const fits = [
    remark(phrases, true, note),
    remark(phrases, true),
    ...[phrases.length, 2].map((most) => remark(phrases.slice(0, most), false)),
  ].find((text) => text.split(" ").length <= MOST_WORDS);
  return fits ?? remark(phrases.slice(0, 1), false);
}

/** The sentences about changes; two missing factors are one. */
function changesSaid(changes: readonly Change[], subject: Subject, reader?: string, isTerm = false): Phrase[] {
  const factors = changes.map((change) => missingFactor(change, subject));
  return factors.length === 2 && factors[0] && factors[1] && short(factors[0]) !== short(factors[1])
    ? [say`the factors ${short(factors[0])} and ${short(factors[1])} are missing.`]
    : changes.map((change) => saidOf(change, subject, reader, isTerm));
}

/** By how much the whole is off, or `what`: a term, which may be the one through a line, or the rest after a change. */
function factorSaid(
  factor: number,
  what: Phrase | undefined,
  placed: boolean,
  subject: Subject,
  formula: Formula,
  isPiece = false,
): Phrase {
  const { offers } = subject, size = Math.abs(factor), more = size > 1, times = more ? size : 1 / size;
  if (size === 1) return what ? { ...say`${what} has the wrong sign.`, placed } : say`the sign is wrong.`;
  const isSize = offers.numbers.some((x) => Number.isInteger(x) && x > 2 && isAmong(times, x));
  const origin = originOf(size, isSize, formula, subject);
  if (origin) {
    const phrase = say`${origin}.${factor < 0 ? " Besides, the sign is wrong." : ""}`;
    return { ...phrase, place: isPiece && !hasWrites(formula, 1) ? short(formula, true) : undefined };
  }
  const by = times === 2 && !more
    ? "half as large as it should be"
    : isAmong(times, Math.round(times), Number(times.toPrecision(2)))
    ? `${number(times)} times too ${more ? "large" : "small"}`
    : `${number(size)} times what it should be`;
  const sign = factor < 0 ? ", and has the wrong sign" : "";
  // Nothing but a number: then it is another.
  const isNumber = formula.kind === "constant" && !formula.tensor && Math.abs(formula.value) !== 1;
  const whole = isNumber
    ? say`${number(formula.value)} stands where ${number(formula.value / factor)} belongs.`
    : say`${what ?? (numel(offers.shape) === 1 ? say`it` : say`every element`)} is ${by}${sign}.`;
  return { ...whole, placed, guess: guessOf(size, offers) };
}

/** Where a factor may come from: a size, the product of two, n − 1 for n, a number of the lines. */
function guessOf(size: number, { numbers, sizes, lineNumbers }: Offers): string | undefined {
  const more = size > 1, times = more ? size : 1 / size;
  const whole = [...numbers.filter((x) => Number.isInteger(x) && x > 2), ...sizes];
  const products = sizes.flatMap((n) => sizes.map((m) => n * m)),
    of = [...whole, ...products].find((x) => isAmong(times, x));
  if (of !== undefined) {
    return more
      ? `: is a division by ${of} left out, or a sum taken for a mean?`
      : `: is there a division by ${of} too many, or a mean taken for a sum?`;
  }
  const other = [...sizes, ...products].flatMap((n) => n > 3 ? [[n - 1, n], [n, n - 1]] : []).find(([n, m]) =>
    isAmong(size, n / m)
  );
  if (other) return `: is there a division by ${other[1]} where ${other[0]} belongs?`;
  const isOfLine = isAmong(times, ...lineNumbers) && !isAmong(times, 2);
  return isOfLine ? `: is ${more ? "a division by" : "the factor"} ${number(times)} missing?` : undefined;
}

/** A number that a plain factor comes from: one of a line's, of the learner's or of an exponent. Undefined if it may be any, as a size. */
function originOf(size: number, isSize: boolean, formula: Formula, subject: Subject): Phrase | undefined {
  const { offers, name, points: { derivation } } = subject,
    times = (one: Formula | undefined) =>
      (one ? stepsIn(one) : []).filter((part) => /^(mul|div)$/.test(part.op) && typeof part.args[1] === "number");
  const missing = (op: string, by: number, of: string) =>
    say`the ${op === "mul" ? "factor" : "division by"} ${number(by)}${of}`;
  // Of the forward line: it is missing, or there twice.
  const own = offers.factors.find(({ by, isWritten }) =>
    by > 0 && (isWritten || by !== 2 && by !== 0.5) && isAmong(size, by, 1 / by)
  );
  const power = derivation.readers(name).flatMap((line) => stepsIn(derivation.lines.get(line) ?? formula)).find((
    { op, args: [, p] },
  ) => op === "pow" && isAmong(size, 1 / (p as number)) || op === "square" && isAmong(size, 0.5));
  const ofPower = power && say`${missing("mul", 1 / size, ` of ${called(power)}`)} is missing`;
  if (own && (!isSize || own.isWritten)) {
    const { op, by, isWritten } = own, is = isAmong(size, op === "mul" ? 1 / by : by) ? "missing" : "there twice";
    // A power's own factor is rather forgotten than another one taken twice.
    if (is === "missing" || !ofPower) return say`${missing(op, by, isWritten ? " of the forward line" : "")} is ${is}`;
  }
  // A number that divides where it has to multiply, or the other way round
  const turned = times(formula).find(({ op, args: [, k] }) =>
    isAmong(size, op === "mul" ? (k as number) ** 2 : (k as number) ** -2)
  );
  if (turned) {
    const [was, is] = turned.op === "mul" ? ["multiply", "divide"] : ["divide", "multiply"];
    return say`you ${was} by ${text(turned.args[1])}; ${is} by it`;
  }
  if (isSize || ofPower) return isSize ? undefined : ofPower;
  // Of a line further on, which a formula in one go takes along
  for (const line of derivation.downstream(name)) {
    const far = times(derivation.lines.get(line)).find(({ op, args: [, by] }) =>
      by !== 2 && by !== 0.5 && isAmong(size, op === "mul" ? 1 / (by as number) : by as number)
    );
    if (far) return say`${missing(far.op, far.args[1] as number, ` of the line for ${line}`)} is missing`;
  }
}

/** The rule that the line's derivative is, where the slip is in it. */
function noteOn(repairs: readonly Repair[], subject: Subject): string | undefined {
  const { sendings, points } = subject;
  const [{ changes, factor, reader }] = repairs;
  const line = points.derivation.lines.get(reader ?? (sendings.length === 1 ? sendings[0].reader : ""));
  // That of a reduction is long.
  if (line?.kind !== "step" || !Object.hasOwn(DERIVATIVES, line.op) || REDUCTIONS.has(line.op)) return undefined;
  // The rule is about the line's last operation.
  if (operands(line).flatMap(parts).some((part) => part.kind === "step" && !/^(add|sub|mul|div)$/.test(part.op))) {
    return undefined;
  }
  const concerns = ({ kind, by, site, other }: Change) => {
    // In a formula in one go a number, a product, or a factor too many may be another line's.
    const isOthers = /^(argument|leftOut)$/.test(kind) || /^(matmul|mm|bmm)$/.test(opOf(site.formula));
    if (isOthers && !isLocal(site.all, subject)) return false;
    if (/^(term|order|early|late|turns)$/.test(kind) || kind === "leftOut" && typeof other === "number") return false;
    if (kind === "putIn" && !isFormula(other)) return /^(positive|sign|pow)$/.test(opOf(by));
    if (kind === "argument" && REDUCTIONS.has(opOf(site.formula))) return false;
    if (kind === "instead" && opOf(by) === "add") return false; // an ε
    // One tensor for another that is neither the function's argument nor its value
    const isOther = (one: Argument) =>
      isLeaf(one) && one.name !== line.args.find(isLeaf)?.name && one.name !== (reader ?? sendings[0].reader);
    if (kind === "instead" && isOther(by)) return false;
    const isGradient = (one: Argument) => isLeaf(one) && one.gradient;
    return kind === "operation" || kind === "factor" || kind === "putIn" && opOf(by) === "div" ||
      kind === "leftOut" && !isGradient(other) ||
      ![by, site.formula, other].some(isGradient);
  };
  const isPower = changes.length === 0 && [2, 0.5, 3, 1 / 3].includes(Math.abs(factor));
  return isPower && /^(pow|square|r?sqrt)$/.test(line.op) || changes.some(concerns) ? DERIVATIVES[line.op] : undefined;
}
