/**
 * The answers of a form as flat text, by the server's own names ("pet_cards.0.name"): so that one draft keeps any form,
 * a refusal finds its answer, and two versions of a record can be laid side by side.
 */

export type Options = readonly (readonly [value: string, word: string])[];
interface Named {
  name: string;
  label: string;
  hint?: string;
}
export type Answer = Named &
  /** `blank`: empty is an empty text, not nothing. */
  (
    | {
        kind: "line" | "words" | "date" | "time";
        max?: number;
        needed?: boolean;
        blank?: boolean;
      }
    | { kind: "number"; most: number; wrong: string }
    | { kind: "tick" }
    /** `otherwise`: what it is while nobody chose; it says nothing by itself. */
    | { kind: "choice"; options: Options; none?: string; otherwise?: string }
    /** Any number of a few, kept as a list. */
    | { kind: "marks"; options: Options; numbers?: boolean }
    /** `joined`: read out as one line, not label by label. */
    | { kind: "parts"; answers: readonly Answer[]; joined?: boolean }
    /** As many as there are, each with the same answers. */
    | {
        kind: "rows";
        answers: readonly Answer[];
        add: string;
        one: (n: number) => string;
        /** One row in a sentence, from what each of its answers says. */
        told: (said: Texts) => string;
      }
  );
export type Texts = Record<string, string>;
type Values = Record<string, unknown>;

const COUNT = "rows";
export const countOf = (texts: Texts, place: string): number => Number(texts[`${place}.${COUNT}`] ?? 0);
export const countAt = (place: string): string => `${place}.${COUNT}`;

export function textsOf(answers: readonly Answer[], values: Values, before = ""): Texts {
  const texts: Texts = {};
  for (const answer of answers) {
    const place = before + answer.name;
    const value = values[answer.name];
    if (answer.kind === "parts") {
      Object.assign(texts, textsOf(answer.answers, (value ?? {}) as Values, `${place}.`));
    } else if (answer.kind === "rows") {
      const rows = (value ?? []) as Values[];
      texts[countAt(place)] = String(rows.length);
      rows.forEach((row, n) => Object.assign(texts, textsOf(answer.answers, row, `${place}.${n}.`)));
    } else texts[place] = textOf(answer, value);
  }
  return texts;
}

function textOf(answer: Answer, value: unknown): string {
  if (value === null || value === undefined) return answer.kind === "choice" ? (answer.otherwise ?? "") : "";
  if (answer.kind === "tick") return value ? "yes" : "";
  if (answer.kind === "marks") return (value as unknown[]).join(",");
  return answer.kind === "time" ? String(value).slice(0, 5) : String(value);
}

/** Back to what the server takes. Empty is nothing, and a row in which nothing stands is no row. */
export function valuesOf(answers: readonly Answer[], texts: Texts, before = ""): Values {
  return Object.fromEntries(
    answers.map((answer) => [answer.name, valueOf(answer, texts, before + answer.name)]),
  );
}

function valueOf(answer: Answer, texts: Texts, place: string): unknown {
  const text = (texts[place] ?? "").trim();
  switch (answer.kind) {
    case "parts": {
      const inner = valuesOf(answer.answers, texts, `${place}.`);
      return says(answer.answers, inner) ? withoutNulls(inner) : null;
    }
    case "rows":
      return Array.from({ length: countOf(texts, place) }, (_, n) =>
        valuesOf(answer.answers, texts, `${place}.${n}.`),
      )
        .filter((row) => says(answer.answers, row))
        .map(withoutNulls);
    case "tick":
      return text !== "";
    case "marks": {
      const chosen = text === "" ? [] : text.split(",");
      return answer.numbers ? chosen.map(Number) : chosen;
    }
    case "number":
      return text === "" ? null : Number(text);
    case "choice":
      return text || answer.otherwise || null;
    default:
      return text || (answer.blank ? "" : null);
  }
}

/** Whether anybody wrote anything there. */
const says = (answers: readonly Answer[], values: Values): boolean =>
  answers.some((answer) => {
    const value = values[answer.name];
    if (answer.kind === "choice" && value === answer.otherwise) return false;
    return Array.isArray(value) ? value.length > 0 : Boolean(value);
  });
const withoutNulls = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));

/** What is wrong before anything is sent, by place. */
export function faults(answers: readonly Answer[], texts: Texts, needed: string, before = ""): Texts {
  const found: Texts = {};
  for (const answer of answers) {
    const place = before + answer.name;
    const text = (texts[place] ?? "").trim();
    if (answer.kind === "number" && text !== "" && !(/^\d+$/.test(text) && Number(text) <= answer.most)) {
      found[place] = answer.wrong;
    } else if ("needed" in answer && answer.needed && text === "") found[place] = needed;
    else if (answer.kind === "parts" && says(answer.answers, valuesOf(answer.answers, texts, `${place}.`))) {
      Object.assign(found, faults(answer.answers, texts, needed, `${place}.`));
    } else if (answer.kind === "rows") {
      for (let n = 0; n < countOf(texts, place); n++) {
        const row = `${place}.${n}.`;
        if (says(answer.answers, valuesOf(answer.answers, texts, row)))
          Object.assign(found, faults(answer.answers, texts, needed, row));
      }
    }
  }
  return found;
}

/** The names of the fields that differ: only these are sent. */
export function changed(answers: readonly Answer[], texts: Texts, was: Texts): string[] {
  const [now, then] = [valuesOf(answers, texts), valuesOf(answers, was)];
  return answers
    .map((answer) => answer.name)
    .filter((name) => JSON.stringify(now[name]) !== JSON.stringify(then[name]));
}

/** Takes one field over from other texts. */
export function take(texts: Texts, from: Texts, name: string): Texts {
  const of = (place: string): boolean => place === name || place.startsWith(`${name}.`);
  return Object.fromEntries([
    ...Object.entries(texts).filter(([place]) => !of(place)),
    ...Object.entries(from).filter(([place]) => of(place)),
  ]);
}

export function withoutRow(texts: Texts, place: string, n: number): Texts {
  const rows = valuesRaw(texts, place).filter((_, at) => at !== n);
  const rest = Object.entries(texts).filter(([at]) => !at.startsWith(`${place}.`));
  return Object.fromEntries([
    ...rest,
    [countAt(place), String(rows.length)],
    ...rows.flatMap((row, at) => Object.entries(row).map(([key, text]) => [`${place}.${at}.${key}`, text])),
  ]) as Texts;
}

function valuesRaw(texts: Texts, place: string): Texts[] {
  return Array.from({ length: countOf(texts, place) }, (_, n) => {
    const start = `${place}.${n}.`;
    return Object.fromEntries(
      Object.entries(texts)
        .filter(([at]) => at.startsWith(start))
        .map(([at, text]) => [at.slice(start.length), text]),
    );
  });
}

/** For reading: one line, or one line for each row. */
export function shown(answer: Answer, value: unknown): string {
  if (value === null || value === undefined || value === "") return "";
  switch (answer.kind) {
    case "choice":
      return answer.options.find(([key]) => key === value)?.[1] ?? String(value);
    case "marks":
      return (value as unknown[])
        .map((one) => answer.options.find(([key]) => key === String(one))?.[1] ?? String(one))
        .join(", ");
    case "parts":
      return inner(answer.answers, value as Values, answer.joined ?? false);
    case "rows":
      return (value as Values[])
        .map((row) =>
          answer.told(Object.fromEntries(answer.answers.map((one) => [one.name, shown(one, row[one.name])]))),
        )
        .join("\n");
    case "time":
      return String(value).slice(0, 5);
    default:
      return String(value);
  }
}

function inner(answers: readonly Answer[], values: Values, joined: boolean): string {
  return answers
    .map((answer) => [answer.label, shown(answer, values[answer.name])] as const)
    .filter(([, text]) => text)
    .map(([label, text]) => (joined || !label ? text : `${label}: ${text}`))
    .join(joined ? ", " : "\n");
}
