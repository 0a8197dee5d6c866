import type { CallerCard } from "../contract";

/** People who rang the office, and whom nobody has handled. */
export const callers = {
  title: (n: number) =>
    n === 1
      ? "Somebody rang us, and nobody has handled it"
      : `${n} people rang us, and nobody has handled it`,
  unknown: "A number we do not know",
  withheld: "A withheld number",
  ends: (last2: string) => `ends ${last2}`,
  contactOf: (name: string) => `A contact of ${name}`,
  barredBy: (name: string) => `A number on the do-not-contact list of ${name}`,
  staff: (name: string) => `${name}, of our staff`,
  ringing: (at: string) => `Is ringing us now, since ${at}. Our phones ring one after the other.`,
  cannotSay: (at: string) => `Rang ${at}. We cannot say that anybody answered.`,
  missed: (at: string) => `Rang ${at}, and nobody answered.`,
  times: (n: number, first: string) => `Rang ${n === 2 ? "twice" : `${n} times`} since ${first}.`,
  rungBack: (who: string, at: string) => `${who} rang back ${at}: nobody answered.`,
  ring: (number: string) => `Ring back ${number}`,
  nobody: "Rang back, nobody answered",
  spoke: "I spoke with them",
  nothing: "Nothing is needed",
  nothingSure: "Press again: take it off every board",
  notOurs: "Nobody of ours",
  /** Several people stand under each other with the same words on their buttons. */
  act: (word: string, name: string) => `${word}, ${name}`,
  doneNobody: "Noted. It stays on the board.",
  done: "Noted. It is off every board.",
  said: (name: string) => `${name} rang us, and nobody answered.`,
  cautions: {
    not_safe:
      "Do not ring this number: the home may not be safe, and it is not marked safe to ring. Decide together with the supervisor.",
    asked_not: "Asked us not to ring. They rang us: decide together how to answer.",
    relay: "Ring through their relay service.",
    shared: "A shared line: somebody else may pick up. Say nothing that tells what this is about.",
    contact: "What may be said depends on the release. Ring from the record or the incident.",
    barred: "On the do-not-contact list. Do not ring back; tell the supervisor.",
    unknown:
      "It may be one of our clients on another telephone. Say only “the office” until you know who speaks.",
    withheld: "There is no number to ring back.",
  } satisfies Record<CallerCard["cautions"][number], string>,
};
