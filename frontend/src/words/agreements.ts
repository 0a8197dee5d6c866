import type { Answer, StepKind } from "../agreements/contract";

/** Agreements with a clock. Without blame, and never a promise. */
const kinds: Record<StepKind, string> = {
  means: "Distance to what could do harm",
  connection: "Not alone with it",
  body: "Something for the body",
};

export const agreement = {
  open: "Agreement",
  title: (name: string) => `Agree on the next while with ${name}`,
  why: "Small steps for a stated time, then you look at it again together. Never a promise: what they do, not what they will not do.",
  script: "The urge may not go away today. Can we make the next while safer together?",
  kinds,
  hints: {
    means: "Lock it away, give it to somebody, leave that room.",
    connection: "Stay on video, text one person, sit where somebody is.",
    body: "Water, food, something cold, the dog.",
  } as Record<StepKind, string>,
  use: (words: string) => `Use: ${words}`,
  suggested: "From their plan and ours:",
  oneNeeded: "Write at least one step.",
  minutes: "For how long?",
  min: (minutes: number) => `${minutes} min`,
  minutesNeeded: "Choose for how long.",
  holds: "Does anybody hold something meanwhile?",
  nobody: "Nobody",
  holders: { client: "They hold it themselves", other: "Somebody else" } as const,
  holderName: "Who? A first name or a word is enough",
  what: "What do they hold?",
  aloud: "This becomes a task: a person tells them aloud. Handrail texts nobody.",
  unsafe: "Home may not be safe. Ask first whether this person is part of the danger.",
  owner: "Who looks at it again?",
  me: "I do",
  witness: "Witness",
  noWitness: "No witness",
  save: "Agreed",
  replaces: "It takes the place of the one that stands.",
  done: (at: string) => `Agreed until ${at}. Both of you see the time.`,
  cancel: "Not now",
};

export const standing = {
  title: "Agreement",
  label: "until you look at it again",
  over: "the re-check is late by",
  stale: "was to be looked at again",
  missedLabel: "until it counts as missed",
  until: (at: string) => `until ${at}`,
  owner: (name: string, mine: boolean, gone: boolean) =>
    mine
      ? "You look at it again."
      : gone
        ? `${name} has no access any more: nobody looks at it again yet.`
        : `${name} looks at it again.`,
  witness: (name: string) => `Witness: ${name}.`,
  holds: (name: string, what: string) => `${name} holds ${what}.`,
  clientHolds: (what: string) => `They hold ${what}.`,
  madeBy: (name: string, at: string) => `${name}, ${at}`,
  again: "Look at it again",
  another: "Agree on something else",
  take: "I look at it again",
  taken: "Everybody sees that you do.",
  check: "A new safety check is asked for",
  checkWhy:
    "Look anew at how safe it is, with them. Nothing rings anybody outside, and the tier stays as you set it.",
  missed: "Nobody has looked at it again.",
  since: (age: string) => `since ${age}`,
  checkDone: "The new check is done",
  checkSure: "Press again: it was done with them",
  checked: "Written down: the new check is done.",
  earlier: "Earlier agreements",
  outcome: {
    kept: "kept",
    partly: "kept in part",
    not_kept: "not kept",
    changed: "something changed",
    replaced: "replaced by a newer one",
  } as const,
};

export const recheck = {
  title: (name: string) => `Look at it again with ${name}`,
  why: "Ask how it went. Whatever the answer is, thank them for it.",
  script: "How has it been since? It’s all right if it did not go as we said.",
  ask: "How did it go?",
  answers: {
    kept: "Kept",
    partly: "Kept in part",
    not_kept: "Not kept",
    changed: "Something changed",
  } as Record<Answer, string>,
  after: "After “in part” and “not kept” a new safety check is asked for. No tier changes by itself.",
  note: "In their words, if you like",
  needed: "Choose one.",
  save: "Write it down",
  done: "Written down.",
  doneCheck: "Written down. A new safety check is asked for.",
  cancel: "Not yet",
};

/** One line on an alert or a tile. */
export const mark = {
  standing: (left: string) => `Agreement, look again in ${left}`,
  standingStale: (at: string) => `Agreement until ${at}`,
  asked: "Look at the agreement again now",
  left: (left: string) => `missed in ${left}`,
  missed: "Nobody has looked at the agreement again. A new safety check is asked for",
  check: "A new safety check is asked for",
  by: (name: string) => name,
  you: "you",
  nobody: "nobody looks at it again yet",
  go: "Open it",
  saidAsked: (name: string) => `${name}: look at the agreement again now.`,
  saidMissed: (name: string) =>
    `${name}: nobody has looked at the agreement again. A new safety check is asked for.`,
};
