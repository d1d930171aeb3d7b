// The table: one line per gradient with its shape, verdict and largest difference, and a count below. On a terminal a learner
// gets it folded: what has changed and what is wrong in full, the rest counted.
// Left out: the checking itself (lib/check), and when which table is printed (report.ts).
import type { Row, Status } from "../check/check.ts";
import { formatShape } from "../tensor/shape.ts";
import { paint, type Screen, wrapped } from "./terminal.ts";

const COLOUR: Record<Status, number> = { ok: 32, wrong: 31, shape: 31, todo: 33, follows: 2, given: 36 };

/** Columns of the gradient's name, and from how many on there is room for the shape. */
const NAME = 22, WITH_SHAPE = 64;

/** Up to so many rows that turned right are shown one by one; of more, only the names. */
const NEWS = 4;

const SCREEN: Screen = { colour: false, columns: () => 80 };

/** The table's head, two lines. */
export function tableHead(screen: Pick<Screen, "columns"> = SCREEN): string {
  const width = screen.columns() < WITH_SHAPE ? Math.min(NAME + 20, screen.columns()) : NAME + 42;
  const head = screen.columns() < WITH_SHAPE ? "verdict  difference" : "shape         verdict  largest difference";
  return `${"gradient".padEnd(NAME)} ${head}\n`.slice(0, width) + `\n${"─".repeat(width)}`;
}

/** One gradient's line. `before` is its verdict in the last run, if that was different. */
export function tableLine({ name, note = "", shape, status, maxdiff }: Row, before?: Status, screen = SCREEN): string {
  const difference = maxdiff === null ? "" : maxdiff === 0 ? "0" : maxdiff.toExponential(1);
  const width = screen.columns(), size = width < WITH_SHAPE ? "" : `${formatShape(shape).padEnd(13)} `;
  const verdict = paint(status.padEnd(8), COLOUR[status], screen), was = before ? ` was ${before}` : "";
  const line = `${`d${name} ${note}`.padEnd(NAME)} ${size}${verdict} ${difference.padEnd(9)}`;
  const plain = NAME + 1 + size.length + 8 + 1 + 9;
  return `${line}${plain + was.length <= width ? was : ""}`.trimEnd();
}

/** The count below the table: `26/26 right`, or `7/26 right, 2 given, next: dcounts, my/ex1.ts:105`. */
export function tableFoot(rows: readonly Row[], screen: Screen = SCREEN, next = nextOf(rows), where?: string): string {
  const count = (wanted: Status) => rows.filter(({ status }) => status === wanted).length, given = count("given");
  const right = paint(`${count("ok")}/${rows.length} right`, next || given ? 33 : 32, screen);
  return right + (given ? `, ${given} given` : "") + (next ? `, next: d${next.name}${where ? `, ${where}` : ""}` : "");
}

/**
 * The row to work on: the first wrong one; else, since a learner who took a given row began there, the first below the last
 * given one that is neither right nor given; else the first of all.
 */
export function nextOf<R extends { status: Status }>(rows: readonly R[]): R | undefined {
  const isOpen = ({ status }: R) => status !== "ok" && status !== "given";
  const wrong = rows.find(({ status }) => status === "wrong" || status === "shape");
  const below = rows.slice(rows.findLastIndex(({ status }) => status === "given") + 1);
  return wrong ?? below.find(isOpen) ?? rows.find(isOpen);
}

/**
 * The table folded into some `height` lines: how many rows are right; in full the wrong ones and those that turned right
 * since the last run, whose verdicts then are `before`; `follows` and `todo` in a line each. Of what does not fit, the first
 * wrong row keeps its sentences.
 */
export function foldedTable(
  rows: readonly Row[],
  before: (row: Row) => Status | undefined,
  screen: Screen,
  height: number,
): string {
  const own = rows.filter(({ note }) => !note), elsewhere = rows.filter(({ note }) => note);
  const of = (...wanted: Status[]) => own.filter(({ status }) => wanted.includes(status));
  const names = (some: readonly Row[]) => some.map(({ name }) => `d${name}`).join(", ");
  const count = (some: readonly Row[], what: string, code: number) =>
    some.length === 0 ? [] : [paint(wrapped(`${some.length} ${what}`, screen), code, screen)];
  const right = of("ok", "given"), turned = right.filter((row) => before(row) && before(row) !== "follows");
  const news = turned.length <= NEWS ? turned : [], many = turned.length > NEWS ? `, new: ${names(turned)}` : "";
  const given = of("given").length > 0 ? `, ${of("given").length} of them given` : "";
  const head = count(right, `right${given}${many}`, COLOUR.ok), full: string[] = [];
  const brief: string[] = [];
  const follows = of("follows"), todo = of("todo");
  const foot = [
    ...count(follows, `follow${follows.length === 1 ? "s" : ""} from those: ${names(follows)}`, COLOUR.follows),
    ...count(todo, `to do: ${names(todo)}`, COLOUR.todo),
    ...inOtherSettings(elsewhere, screen),
  ];
  const lines = (texts: readonly string[]) => texts.join("\n").split("\n").length;
  for (const row of own.filter((row) => news.includes(row) || row.status === "wrong" || row.status === "shape")) {
    const line = tableLine(row, before(row), screen), remark = row.remark ? [wrapped(row.remark, screen, "    ")] : [];
    const fits = full.length === 0 || lines([...head, ...full, line, ...remark, ...foot]) <= height;
    if (fits) full.push(line, ...remark);
    else brief.push(`d${row.name}`);
  }
  const partly = todo.filter(({ remark }) => remark).map(({ remark }) => wrapped(remark!, screen, "    "));
  if (brief.length > 0) full.push(wrapped(`Wrong as well, explained with --all: ${brief.join(", ")}.`, screen));
  return [...head, ...full, ...foot, ...partly].join("\n");
}

/** Rows of the same gradient in other settings, in one line: `dhprebn in 8 other settings: right`. */
function inOtherSettings(rows: readonly Row[], screen: Screen): string[] {
  return [...new Set(rows.map(({ name }) => name))].map((name) => {
    const same = rows.filter((row) => row.name === name), wrong = same.filter(({ status }) => status === "wrong");
    const right = same.filter(({ status }) => status === "ok").length, [{ status }] = same;
    const verdict = same.every((row) => row.status === status)
      ? status === "ok" ? "right" : status
      : `${right} right` + (wrong.length > 0 ? `, wrong at ${wrong.map(({ note }) => note).join(", ")}` : "");
    const text = wrapped(`d${name} in ${same.length} other settings: ${verdict}`, screen);
    return paint(text, right === same.length ? COLOUR.ok : wrong.length > 0 ? COLOUR.wrong : COLOUR[status], screen);
  });
}
