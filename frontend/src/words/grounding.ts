import type { Done, Known, Toward } from "../grounding/contract";
import { exercises as names } from "./exercises";

/** What the grounding panel says to staff. What is read out to a client is data: app/grounding/texts. */
const lists = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;

const results: Record<NonNullable<Done["result"]>, string> = {
  done: "done together",
  stopped: "they stopped, which is fine",
  declined: "they would rather not",
  changed: "changed for another",
};
const towards: Record<Toward, string> = {
  heights: "heights",
  driving: "driving",
  water: "water",
  medicines: "medicines",
};

export const grounding = {
  title: (name: string) => `Grounding with ${name}`,
  titleAll: "Grounding for the whole group",
  first: "Say this first",
  choose: "Then offer one. They choose.",
  notLive: "Not live: nothing is shown on a page or written down now. You can still read these out.",
  helps: "Helps most, from their plan:",
  withAnimals: "With their animals:",
  names,
  start: "Start now, aloud",
  show: "Show it on their page",
  showAll: "Show it on their pages",
  isShown: "On their page now. They can put it away in one tap.",
  isShownOn: (pages: number) =>
    pages === 1 ? "On one page now." : `On ${pages} pages now. Each can put it away in one tap.`,
  putAway: "They have put it away on their page.",
  noPage: "Their page shows nothing of why: a neutral title, no sound.",
  unsafe: "Home may not be safe: somebody else may see their page. Aloud may not be private either.",
  another: "Another one",
  readOut: "Read it out, slowly",
  language: "Language",
  motion: "Words and counts only",
  round: (round: number, of: number) => `Round ${round} of ${of}`,
  paceOver: "Two minutes are done. Go on, or stop here.",
  again: "Once more",
  wordsDone: "Done",
  stopped: "They stopped",
  declined: "They would rather not",
  before: "Distress now, 0 to 10, if they want to say",
  after: "And now, 0 to 10, if they want to say",
  notAsked: "not asked",
  said: "What they said of it",
  by: (who: string) => `with ${who}`,
  shown: "It is on their page with its next beat, within seconds.",
  shownAll: "It is on everybody’s page within seconds.",
  startedDone: "Started. It is written down.",
  ended: {
    done: "Written down: done together.",
    stopped: "Written down: they stopped. That is always fine.",
    declined: "Written down: they would rather not.",
  },
  earlier: "Earlier in this group session",
  line: (done: Done, name: string) =>
    `${name}${done.kind === "step" && done.words ? `: ${done.words}` : ""}${
      done.kind !== "step" && done.result ? `, ${results[done.result]}` : ""
    }${done.before !== null && done.after !== null ? `, distress ${done.before} to ${done.after}` : ""}`,
  groupToo: (name: string) => `The whole group is doing this now: ${name.toLowerCase()}.`,
  picked: "Written down: the step they picked.",
};

export const smallSteps = {
  title: "One small step they pick",
  why: "Their own first. One is enough, and none is fine.",
  own: "From their plan",
  ours: "Or one of these",
  oursAlone: "One of these, perhaps",
  pick: (words: string) => `They picked: ${words}`,
  typed: "Or in their own words",
  save: "They picked this",
  needed: "Write the step in a few words.",
  hidden: (count: number, toward: readonly Toward[]) =>
    `${count === 1 ? "One step is" : `${count} steps are`} left out that may lead towards ${lists(toward.map((one) => towards[one]))}.`,
  until: "They come back when all three are answered with no:",
  questions: {
    ideation: "thoughts of suicide",
    intoxication: "intoxication",
    self_harm: "self-harm",
  } as const,
  answers: { present: "yes", absent: "no", not_asked: "not asked yet" } as Record<Known, string>,
};
