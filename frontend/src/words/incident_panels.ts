// What the panels of an incident ask a person, and what a person presses there. What the page shows is in incident.ts.
export const recognised = {
  title: (name: string) => `You recognised ${name}, live`,
  why: "Live voice or video, by somebody who knows them. A text or a key never counts.",
  ask: "Ask about company and safety only after a clear yes and the expected answer:",
  checked: "How did you recognise them?",
  by: { voice: "Voice, live", video: "Video, live", question: "The agreed ordinary question" } as const,
  place: "Where are they now?",
  placeHint: "Their own words are enough.",
  still: (label: string) => `Still at ${label}`,
  alone: "Are they alone?",
  aloneOf: { yes: "Alone", no: "Not alone", unknown: "Not asked" } as const,
  tier: "Tier now",
  tierHint: (tier: string) =>
    `It is ${tier} now. Lowering it needs a second person: what you choose is noted, and the tier stays.`,
  next: "Next contact",
  nextDay: "Day",
  nextTime: "Time",
  note: "Note",
  save: "Recognised",
  done: (name: string) => `Noted: you recognised ${name}. Nothing rings any more.`,
  cancel: "Not yet",
  checkedNeeded: "Say how you recognised them.",
  liveNeeded: "The question alone is not enough: it takes a live voice or video.",
  placeNeeded: "Say where they are, or that they did not say.",
  aloneNeeded: "Choose one.",
  tierNeeded: "Choose the tier as you judge it now.",
};

export const contactCall = {
  title: (name: string) => `Call ${name}`,
  why: "You press, you speak. Your own phone rings first.",
  basis: "On which basis?",
  bases: {
    release: "The release they signed",
    personal_representative: "Guardian with verified authority",
    family_involvement: "Family involved in their care",
    serious_threat: "A serious and imminent threat",
  } as Record<string, string>,
  say: "You may tell them this much:",
  keptBack: "Not for them:",
  basisIs: (basis: string) => `Basis: ${basis[0]?.toLowerCase() ?? ""}${basis.slice(1)}.`,
  grounds: "What makes you believe the threat is serious and imminent?",
  groundsHint: "One sentence is enough. It stays with the record.",
  groundsNeeded: "Write the grounds first.",
  ticks: {
    not_part_of_the_danger: "I have reason to believe that this person is not part of the danger.",
    able_to_lessen_it: "This person is able to lessen the danger.",
    young_person_told_first: "The young person has been told, or cannot be reached to be told.",
  } as Record<string, string>,
  ticksNeeded: "Confirm this first.",
  content: "What you will tell and ask",
  contentHint: "As much as the basis allows. It is written down as told.",
  contentDefault:
    "That we lost touch, and whether they have seen or heard from them; asked to check and ring back.",
  call: (name: string) => `Call ${name}`,
  sure: (name: string) => `Press again: ring ${name} now`,
  done: (name: string) => `Your phone rings, then ${name}’s.`,
  cancel: "Not now",
};

export const decide = {
  title: "Decide about responders",
  why: "Nothing is sent unless you choose it. A person dials and speaks.",
  what: "What do you decide?",
  options: {
    responders: "Local responders",
    mobile_team: "Mobile crisis team",
    wait: "Wait as agreed",
  } as const,
  reason: "Why?",
  reasonHint: "One or two sentences. It goes into the timeline.",
  save: "Decide",
  chooseNeeded: "Choose one.",
  reasonNeeded: "Write why, in a few words.",
  done: "Decided.",
  cancel: "Not yet",
};

export const tier = {
  title: "Change the tier",
  label: "Tier",
  why: "Raising is one press. Lowering from high or imminent takes a second person.",
  reason: "Why?",
  save: "Set the tier",
  chooseNeeded: "Choose the tier.",
  reasonNeeded: "Write why, in a few words.",
  done: "The tier is changed.",
  cancel: "Keep it",
};

export const wrong = {
  title: "Was this about somebody else?",
  why: (name: string) => `Press who it is. The clock moves with them, and you say that you see ${name}.`,
  who: "It is about",
  nobodyElse: "Nobody else is on the list of this group without something open.",
  moved: "Moved. Read the name and the place before anybody dials.",
  byMistake: "I pressed by mistake",
  mistakeWhy: "Nothing has gone out yet. Only the person who pressed can take it back.",
  takenBack: "Taken back.",
  cancel: "It is right",
};

export const close = {
  title: "How did it end?",
  why: "Nothing closes itself. This ends it on every board.",
  unverified: "Nobody has recognised them live. Only the supervisor may close it so, with a reason.",
  onlySupervisor:
    "Nobody has recognised them live yet. Recognise them, or ask the supervisor to close it with a reason.",
  outcome: "Outcome",
  note: "Note for the record",
  noteUnverified: "Why may this close without a live check?",
  next: "Next contact",
  save: "Close it",
  outcomeNeeded: "Choose how it ended.",
  noteNeeded: "Write at least a sentence.",
  done: "Closed. The summary can be copied into the clinical record.",
  cancel: "Not yet",
  record: "The record will hold",
};
