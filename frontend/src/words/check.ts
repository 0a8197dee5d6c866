import type { Input, Trigger } from "../check/contract";
import type { Tier } from "../contract";
import { notAssessed, tierWord } from "../words";

/** The safety check: what is asked, in words to say aloud, and what a person reads of the answers. */
interface Question {
  label: string;
  /** To say aloud, one at a time, in one's own voice. */
  line: string;
  values: Record<string, string>;
}

export const questions: Record<Exclude<Input, "danger" | "signal" | "screener">, Question> = {
  ideation: {
    label: "Intensity",
    line: "When it hurts this much people think of suicide. Do you?",
    values: { none: "None", passive: "Wish to be dead", active: "Of suicide", method: "Has thought how" },
  },
  intent: {
    label: "Intent",
    line: "Do you think you might act on it?",
    values: { no: "No", ambivalent: "Unsure", yes: "Yes" },
  },
  means: {
    label: "Means",
    line: "What is within reach right now?",
    values: { none: "Nothing", reachable: "Within reach", in_hand: "In hand" },
  },
  timeframe: {
    label: "Timeframe",
    line: "How close does it feel: minutes, today, some day?",
    values: { beyond_week: "Over a week", days: "Days", within_24h: "24 hours", now: "Now" },
  },
  plan: {
    label: "Plan",
    line: "Have you thought about how, when and where?",
    values: { none: "None", vague: "Vague", specific: "Specific" },
  },
  behaviour: {
    label: "What has happened",
    line: "Have you done anything, or got ready to? When was that?",
    values: {
      none: "Never",
      lifetime: "Over 3 months ago",
      past_3_months: "Past 3 months",
      today: "Today",
      in_progress: "Under way",
    },
  },
  selfharm_urge: {
    label: "Urge to self-harm",
    line: "Is there an urge to hurt yourself, without wanting to die?",
    values: { none: "None", steady: "Steady", rising: "Rising" },
  },
  distress: {
    label: "Distress",
    line: "How bad is it right now?",
    values: { none: "Bearable", acute: "Acute" },
  },
  protective: {
    label: "What holds them",
    line: "What or who has kept you going so far?",
    values: { strong: "Something holds", few: "Little" },
  },
  collaborates: {
    label: "A step together",
    line: "Can we make the next half hour safer together?",
    values: { yes: "Agrees", no: "Not to any step" },
  },
  intoxication: {
    label: "Substances",
    line: "Have you taken or drunk anything today?",
    values: { none: "None", mild: "Mild", moderate: "Under the influence", serious: "Serious" },
  },
  medical: {
    label: "Body",
    line: "How is your body: breathing, heart, are you hurt?",
    values: { stable: "Stable", unstable: "In danger" },
  },
  psychosis: {
    label: "Voices, beliefs",
    line: "Do you hear or see things that others do not? Do they tell you what to do?",
    values: { none: "None", present: "Present", uncontrolled: "Beyond control" },
  },
  others: {
    label: "Others",
    line: "Are you thinking of hurting somebody else?",
    values: {
      none: "No",
      thoughts_of_harm: "Thoughts",
      identifiable_with_intent: "Means a certain person",
    },
  },
};

export const FIRST = ["ideation", "intent", "means", "timeframe"] as const;
export const FURTHER = [
  "plan",
  "behaviour",
  "collaborates",
  "protective",
  "selfharm_urge",
  "distress",
  "intoxication",
  "medical",
  "psychosis",
  "others",
] as const;

export const triggers: Record<Trigger, string> = {
  danger_now: "Danger to a life now",
  medical: "Body in danger",
  intoxication: "Overdose, intoxicated",
  psychosis: "Psychosis beyond control",
};

export const check = {
  title: (name: string) => `Safety check with ${name}`,
  open: "Safety check",
  emergency: "Emergency now",
  emergencyWhy: "One press: imminent, and the dispatch card opens.",
  notAsked: "Not asked",
  noAnswer: "No answer",
  noAnswerOf: (label: string) => `${label}: asked, no answer`,
  asking: (name: string) => `${name} is asking now. You can ask on together.`,
  kept: "Kept",
  keeping: "Being kept",
  waits: "Not kept yet: no line. Your taps wait here and go by themselves.",
  noRules: "The questions could not be loaded.",
  ask: "Ask permission and say why. One question at a time, in your own words. Nothing has to be answered.",
  suggests: "The answers suggest",
  notAssessed,
  notAssessedWhy: "Thoughts of suicide have not been asked. Not assessed is not “none”.",
  atLeast: (tier: Tier) => `At least ${tierWord[tier].toLowerCase()}`,
  atLeastWhy: "Thoughts of suicide have not been asked: this is the least the other answers say.",
  noRule: "Nothing in the answers points to a risk.",
  rulesOf: (n: number) => (n === 1 ? "1 rule matches" : `${n} rules match`),
  version: (version: string) => `Tier rules ${version}`,
  ruleAtTier: (tier: Tier) => tierWord[tier].toLowerCase(),
  more: "More questions",
  moreMeta: (n: number) => (n === 0 ? "none asked yet" : n === 1 ? "1 asked" : `${n} asked`),
  seen: "What you see and hear",
  seenWhy: "Noted, not weighed: a look is no proof. If signs and words disagree, keep the tier and consult.",
  seenOf: {
    body: "Body",
    voice: "Voice",
    stance: "Stance",
  },
  seenWords: {
    tearful: "Tearful",
    shaking: "Shaking",
    very_still: "Very still",
    restless: "Restless",
    injury_visible: "An injury to be seen",
    something_in_hands: "Something in their hands",
    flat: "Flat",
    fast: "Fast",
    slurred: "Slurred",
    whispering: "Whispering",
    long_silences: "Long silences",
    turned_away: "Turned away",
    guarded: "Guarded",
    leaving_the_picture: "Leaving the picture",
    signs_disagree: "Says fine, looks otherwise",
  } as Record<string, string>,
  factor: "Is mental health a factor here?",
  factorHint: "Or is it pain, a quarrel, a fright, money, sleep?",
  factorOf: { yes: "Yes", no: "No", unknown: "Cannot tell" },
  help: "Are words enough, or is more help needed?",
  helpOf: {
    words: "Words are enough for now",
    colleague: "A colleague joins",
    outside: "Help must come to them",
  },
  helpWhy: {
    words: "Ground, and make a small step together.",
    colleague: "A private room; the supervisor knows.",
    outside: "Somebody stays with them while somebody calls.",
  },
  helpSuggested: (level: string) => `The answers suggest: ${level.toLowerCase()}. You decide.`,
  helpLess:
    "That is less help than the answers suggest. What did you see or hear? Write it below, and consult.",
  wordsHelp: "Words that help",
  wordsThatHelp: [
    "Slow and low. One thing at a time, then a silence that is theirs.",
    "Say what you notice: “Your voice got quiet when you said that.”",
    "Say that it makes sense: “After a day like that, of course.”",
    "Give a choice of two: “Stay here with us, or talk with me on the side?”",
    "Ask directly, without a story around it. Say back what you heard.",
    "Tell them what happens next before it does.",
  ],
  wordsNot: "Better not:",
  wordsBetterNot:
    "argue about facts, ask two things at once, order them to be calm, ask why, promise what you cannot keep, take a look for a proof.",
  helpDecide: "Decide about responders",
  words: "In their own words",
  wordsHint: "What they said, as they said it.",
  formulation: "How you understand it",
  formulationHint: "Why the risk is as it is, now. Never how somebody would do it.",
  screener: "The program’s screener",
  screenerNone: "No screener of the program's own is loaded.",
  screenerSays: (tier: string) => `It comes to ${tier}. A screen is one of the answers, not an assessment.`,
  item: (item: string) => `Item ${item}`,
  yes: "Yes",
  no: "No",
  choose: "Your tier",
  chooseHint: "The table suggests. You choose.",
  stands: (tier: Tier) => `${tierWord[tier]} stands now.`,
  why: "Why?",
  whyDiffers: "It is not what the answers suggest: say why.",
  whyLess:
    "Less than the answers suggest, or less than stands: what did you see or hear? At least 20 characters.",
  two: (tier: Tier) =>
    `From ${tierWord[tier].toLowerCase()} it takes a second clinician, within 10 minutes. Until then ${tierWord[tier].toLowerCase()} stands.`,
  stays: "Thoughts of suicide were not asked, so the tier cannot fall.",
  next: "Next contact",
  nextDay: "Day",
  nextTime: "Time",
  done: "Done: this is the tier",
  doneToast: (tier: Tier) => `Noted: ${tierWord[tier].toLowerCase()}.`,
  askedToast: "Asked. The tier stays until a colleague confirms it.",
  putAway: "Put it away",
  putAwayWhy:
    "They want to stop, or something else comes first. What was answered stays, and the tier stays.",
  putAwayToast: "Put away. The tier stays.",
  chooseNeeded: "Choose the tier.",
  last: (by: string, at: string, tier: Tier) => `${by} did the check ${at}: ${tierWord[tier].toLowerCase()}.`,
  lastStopped: (at: string) => `A check was put away ${at}. What was answered is kept.`,
  again: "Ask again",
  nothingOpen: "Nothing is open about this client.",
};

export const care = {
  title: "This tier asks for",
  none: "Nothing more is asked for at this tier.",
  allDone: "Everything that this tier asks for is written down.",
  missing: (n: number) => (n === 1 ? "1 thing still to do" : `${n} things still to do`),
  leftAtClose: (n: number) =>
    n === 0
      ? ""
      : n === 1
        ? "One thing this tier asks for is not written down yet. It stays with you as a task."
        : `${n} things this tier asks for are not written down yet. They stay with you as tasks.`,
  items: {
    private_room: "A private room, or a private line",
    assessment: "The safety check",
    means_talked: "Means talked about: what is within reach, and the smallest step",
    plan_opened: "The safety plan opened together",
    supervisor_told: "The supervisor told",
    next_contact: "The next contact agreed",
    two_people: "A second clinician for the lower tier",
  },
  press: {
    private_room: "They are in private",
    assessment: "Open the check",
    means_talked: "Talked about",
    plan_opened: "Open the plan",
    supervisor_told: "Supervisor knows",
    next_contact: "Agree it",
    two_people: "Look at it",
  },
  by: (name: string) => `by ${name}`,
  left: (time: string) => `${time} left`,
  late: (time: string) => `${time} over`,
  until: (when: string) => `until ${when}`,
  noted: "Noted.",
};

export const checks = {
  title: "Safety checks",
  none: "No safety check yet.",
  ask: "Safety check",
  open: "Show what was answered",
  hide: "Hide it",
  openOf: (when: string) => `Show what was answered ${when}`,
  suggested: (tier: Tier | null) =>
    `the answers: ${tier ? tierWord[tier].toLowerCase() : notAssessed.toLowerCase()}`,
  asking: "being asked now",
  stopped: "put away",
  by: (name: string) => `by ${name}`,
  logged: "Each look is written down.",
};

export const screener = {
  title: "Screener",
  why: "Handrail has the codes and the logic of the C-SSRS screener, and none of its words: they belong to their owner, need registration, and may not be changed. Load the text that your program may use, with the owner’s copyright line.",
  none: "No text is loaded. The safety check works without it.",
  loaded: (by: string, at: string) => `loaded by ${by} ${at}`,
  version: (version: string, language: string) => `version ${version}, ${language}`,
  choose: "Choose the file",
  chooseHint: "YAML or JSON: instrument, title, version, language, copyright, items 1 to 6 and 6b.",
  load: "Load it",
  done: "Loaded. New checks use it.",
  retire: "Offer it no more",
  retireSure: "Press again: new checks go without it",
  retired: "It is offered no more. Checks that were asked with it keep it.",
};
