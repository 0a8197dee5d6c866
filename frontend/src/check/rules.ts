import type { Tier } from "../contract";
import type { Answers, Given, Help, Input, Match, Result, Save, Screener, TierRules } from "./contract";

/**
 * The same table as app/triage/rules.py, over the same file: what the answers suggest is on the screen with the tap, and
 * without a line to the server too. The tests hold both to the same cases.
 */

export const UNKNOWN = "unknown";
export const TIERS: readonly Tier[] = ["none", "low", "moderate", "high", "imminent"];
export const rank = (tier: Tier): number => TIERS.indexOf(tier);

export function evaluate(rules: TierRules, answers: Answers): Result {
  const known = Object.fromEntries(
    Object.entries(answers).filter(([, value]) => value !== UNKNOWN),
  ) as Answers;
  const read = withPolicy(rules, known);
  const matches: Match[] = rules.rules
    .filter((rule) =>
      Object.entries(rule.when).every(([name, values]) => values.includes(read[name as Input] ?? UNKNOWN)),
    )
    .map(({ id, tier, say }) => ({ id, tier, say }));
  const assessed = known[rules.must_ask] !== undefined;
  const tier = matches.reduce<Tier | null>(
    (highest, one) => (highest === null || rank(one.tier) > rank(highest) ? one.tier : highest),
    assessed ? "none" : null,
  );
  return { tier, assessed, matches };
}

/** The level of intervention that fits; none while it is not assessed, and never words alone on a guess. */
export function fits(rules: TierRules, result: Result): Help | undefined {
  const level = result.tier ? rules.help?.[result.tier] : undefined;
  return !result.assessed && level === "words" ? undefined : level;
}

const LEVELS: readonly Help[] = ["words", "colleague", "outside"];
/** They chose less help than the answers suggest: said beside it, and theirs to decide. */
export const lessThan = (chosen: Help | null, suggested: Help | undefined): boolean =>
  chosen !== null && suggested !== undefined && LEVELS.indexOf(chosen) < LEVELS.indexOf(suggested);

function withPolicy(rules: TierRules, known: Answers): Answers {
  const { when, reads } = rules.unknown_policy;
  const holds = Object.entries(when).every(([name, values]) => values.includes(known[name as Input] ?? ""));
  return holds ? { ...reads, ...known } : known;
}

/** What the screener comes to: the highest yes of the items that are asked. */
export function screened(screener: Screener | null, answers: Given["screener"]): string | undefined {
  const asked = new Set(screenerAsked(screener, answers));
  const items = (screener?.items ?? []).filter((one) => asked.has(one.item));
  const yes = items.filter((one) => answers[one.item] === "yes").map((one) => one.suggests);
  if (yes.length) return yes.reduce((a, b) => (rank(b) > rank(a) ? b : a));
  return items.length && items.every((one) => answers[one.item] === "no") ? "none" : undefined;
}

/** The answers with what Handrail knows itself and what the screener comes to. */
export function evaluated(given: Given, signal: string, screener: Screener | null): Answers {
  const level = Object.keys(given.screener).length ? screened(screener, given.screener) : undefined;
  return {
    ...given.answers,
    ...(signal === "none" ? {} : { signal }),
    ...(level === undefined ? {} : { screener: level }),
  };
}

export const screenerAsked = (screener: Screener | null, answers: Given["screener"]): string[] =>
  (screener?.items ?? [])
    .filter((item) => item.only_after === null || answers[item.only_after] === "yes")
    .map((item) => item.item);

/** What is kept with what was tapped since. */
export function merged(before: Given, save: Save): Given {
  const { answers, screener, ...rest } = save;
  return {
    ...before,
    ...rest,
    answers: taken(before.answers, answers ?? {}),
    screener: taken(before.screener, screener ?? {}),
  };
}

/** Two saves as one: the later tap counts. */
export const joined = (first: Save, then: Save): Save => ({
  ...first,
  ...then,
  ...(first.answers || then.answers ? { answers: { ...first.answers, ...then.answers } } : {}),
  ...(first.screener || then.screener ? { screener: { ...first.screener, ...then.screener } } : {}),
});

function taken<T extends object>(before: T, changes: object): T {
  return Object.fromEntries(
    Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null),
  ) as T;
}

export const NOTHING: Given = {
  answers: {},
  observed: [],
  factor: null,
  help: null,
  screener: {},
  words: null,
  formulation: null,
  next_contact_at: null,
};
