import { cards as say } from "../words/places";
import type { CardAnswer, StateCard } from "./contract";

type Kind = StateCard["kind"];

/** Questions with one of four answers, and numbers, by what the card is about. */
export const QUESTIONS: Record<Kind, readonly (readonly [keyof StateCard["body"], string])[]> = {
  duty_to_protect: [
    ["must_warn", say.mustWarn],
    ["may_warn", say.mayWarn],
    ["police_first", say.policeFirst],
  ],
  minors_consent: [
    ["guardian_is_told", say.guardianTold],
    ["part2_own_consent", say.part2],
  ],
  mandated_report: [],
};

export const NUMBERS: Record<Kind, readonly (readonly [keyof StateCard["body"], string])[]> = {
  duty_to_protect: [],
  minors_consent: [
    ["consents_from_age", say.fromAge],
    ["of_age_at", say.ofAge],
  ],
  mandated_report: [
    ["report_within_hours", say.within],
    ["written_within_hours", say.written],
  ],
};

/** What a card answers, in words. "Not known" is an answer and is shown. */
export function factsOf(card: StateCard): [string, string][] {
  const asked = QUESTIONS[card.kind].map(([key, label]): [string, string] => [
    label,
    say.answers[card.body[key] as CardAnswer],
  ]);
  const numbers = NUMBERS[card.kind]
    .filter(([key]) => card.body[key] !== null)
    .map(([key, label]): [string, string] => [label, String(card.body[key])]);
  const reports: [string, string][] =
    card.kind === "mandated_report"
      ? [
          [say.agency, card.body.agency ?? ""],
          [say.reportNumber, card.body.report_number ?? ""],
        ]
      : [];
  return [...asked, ...reports.filter(([, value]) => value), ...numbers];
}
