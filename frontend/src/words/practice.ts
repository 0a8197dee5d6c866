import type { Tier } from "../contract";
import { notAssessed, tierWord } from "../words";

/** What the pages of practice say. Scenes and the module come from their own files, with the server. */
type Standing = "never" | "valid" | "soon" | "due";
type Is = "right" | "too_low" | "too_high";

export const levelWord: Record<Tier | "not_assessed", string> = { ...tierWord, not_assessed: notAssessed };

export const practice = {
  title: "Practice",
  why: "At your own pace. Nobody is timed, and nobody is compared.",
  mark: "PRACTICE",
  loud: "Everybody here is invented. No line leaves Handrail, and no incident is made.",
  label: "This is practice",
  back: "Practice",
  review: "For clinical review",
  reviewWhy: "Nobody of this program has signed it yet. Read it with that in mind.",
  reviewed: (by: string, role: string, day: string) => `Read and signed by ${by}, ${role}, ${day}`,
  last: (day: string) => `last ${day}`,
  neverYet: "not yet",
  standing: {
    never: () => "Not practised yet",
    valid: (until: string) => `Good until ${until}`,
    soon: (until: string) => `Due again by ${until}`,
    due: (until: string) => `Due since ${until}`,
  } as Record<Standing, (until: string) => string>,
  protocolsStanding: {
    never: () => "No protocol walked yet",
    valid: (until: string) => `Next one by ${until}`,
    soon: (until: string) => `Next one by ${until}`,
    due: () => "A month since the last walk. When it fits, take one.",
  } as Record<Standing, (until: string) => string>,
  seen: "What is seen by whom",
  seenWhy:
    "Your supervisor sees what you practised and when, and the steps of a protocol you walked. How you answered a scene or a question stays with you.",

  scenes: "Which level of help?",
  scenesWhy:
    "A short scene. You mark what of the safety check it shows, choose the tier and the next step; the rules in force answer.",
  scenesDone: (n: number, of: number) => `${n} of ${of} at the right level the last time`,
  outcome: {
    right: "Right level",
    too_low: "Too low",
    too_high: "Too high",
    passed: "Passed",
    not_yet: "With the supervisor",
    finished: "To its end",
    stopped: "Stopped before its end",
  } as Record<string, string>,

  words: "Words that calm",
  wordsMinutes: (n: number) => `About ${n} minutes, in as many sittings as you like`,
  wordsGo: {
    not_begun: "Begin",
    under_way: "Go on",
    passed: "Look at it again",
    with_supervisor: "Look at it",
  } as Record<string, string>,
  wordsWith: "Three tries are done. Talk it over with your supervisor, who opens it again.",

  protocols: "Walk a protocol",
  protocolsWhy: "The protocols in use, step by step, with the rules that run in earnest.",
  walkOf: (title: string) => `Walk: ${title}`,

  record: "Your record",
  recordNone: "Nothing yet. The first scene takes two minutes.",
  points: (n: number, of: number) => `${n} of ${of} points`,
  rightOf: (n: number, of: number) => `${n} of ${of} right`,
  stepsOf: (n: number, of: number) => `${n} of ${of} steps answered`,
  version: (version: string) => `version ${version}`,
  openRun: (title: string, day: string) => `Open: ${title}, ${day}`,

  team: "Who has practised what",
  teamWhy: "In the order of names. It shows what is due, never who is better.",
  person: "Name",
  scenesOf: (n: number, of: number) => `${n} of ${of} scenes`,
  waits: "Three tries done: waits for you",
  openAgain: "We talked: open it again",
  openAgainOf: (name: string) => `We talked: open it again for ${name}`,
  openedAgain: "Opened. They can begin anew.",
  walks: (n: number) => (n === 1 ? "1 walk" : `${n} walks`),
  walksNone: "No walk yet",

  toRead: "Read and sign",
  toReadWhy:
    "What your program practises with, with every answer and source. Your name stands with it until a word of it changes.",
  sign: "I read all of it: it is right for our program",
  signSure: "Press again: you sign it with your name",
  signed: "Signed, with your name.",
  shows: "Shows",
  rightAnswer: "Right",
  sources: "Rests on",
};

export const scene = {
  seen: "What you see and hear",
  signal: {
    lost_after_moderate: "Handrail shows: lost contact at moderate tier.",
    lost_after_low: "Handrail shows: lost contact at low tier.",
    lost_plain: "Handrail shows: lost contact, nothing disclosed.",
    lost_high_unverified: "Handrail shows: lost at high tier, not recognised in time.",
    pause_word: "Handrail shows: the pause word was signalled.",
    danger_word: "Handrail shows: the danger word was signalled.",
    danger_word_unverified: "Handrail shows: danger word, no safe contact in time.",
  } as Record<string, string>,
  mark: "What of the safety check does it show?",
  markWhy: "Only what was said or seen. What nobody asked stays open.",
  more: "More of the check",
  level: "Which tier?",
  levelWhy: "“Not assessed” where the one question was never asked.",
  next: "What comes next?",
  nextOf: {
    words: "Words are enough for now",
    ask: "First ask about suicide, directly",
    colleague: "A private room, and a colleague joins",
    outside: "Somebody stays, somebody calls for help",
  } as Record<string, string>,
  answer: "See what the rules say",
  chooseTier: "Choose a tier, or “Not assessed”.",
  chooseNext: "Choose what comes next.",
  what: "What the rules say",
  is: {
    right: "Right level:",
    too_low: "Too low. The rules give",
    too_high: "Higher than needed. The rules give",
  } as Record<Is, string>,
  isWhy: {
    right: "",
    too_low:
      "This weighs more than the other way round: too low can leave somebody alone with it. What would have lifted it stands below.",
    too_high: "Careful, and kindly meant. It costs somebody calm or privacy, so it is worth a second look.",
  } as Record<Is, string>,
  nextIs: {
    right: (is: string) => `The next step fits: ${is.toLowerCase()}`,
    too_low: (is: string) => `More is needed next: ${is.toLowerCase()}`,
    too_high: (is: string) => `Less would do next: ${is.toLowerCase()}`,
  } as Record<Is, (is: string) => string>,
  saw: "You saw",
  sawNothing: "You stayed with it and chose. Below is what the scene shows.",
  sawOpen: "You left open what nobody asked.",
  missed: "Also there",
  otherwise: "Marked in another way",
  otherwiseOf: (marked: string, shown: string) => `you: ${marked}; the scene: ${shown}`,
  readIn: "Not in the scene",
  readInWhy: "Perhaps so. Ask, rather than take it as given.",
  own: (is: string) => `For what you marked, the rules would give ${is}.`,
  matches: "The rules that match",
  noMatch: "No rule matches: nothing in the answers points to a risk.",
  noMatchOpen: "No rule matches, and the one question was not asked. That is not “none”.",
  notice: "Worth noticing",
  say: "Words that would fit",
  by: (version: string) => `Tier rules ${version}. In earnest the table suggests, and you choose.`,
  again: "Take it once more",
  another: "Another scene",
};

export const words = {
  objectives: "Afterwards you can",
  progress: (n: number, of: number) => `${n} of ${of} done`,
  parts: "Parts",
  part: "To read",
  talk: "Conversation",
  check: "Short check",
  checkAfter: "Comes after the parts and both conversations.",
  done: "done",
  sayThis: "Sentences to make your own",
  notSo: "Better not",
  readOn: "Read. Go on",
  talkOn: "Go on",
  talkAgain: "Try other replies",
  whatNow: "What do you say?",
  youSaid: "You",
  fits: { helps: "Opens a door", partly: "In part", hurts: "Closes a door" } as Record<string, string>,
  end: "Where this leads",
  checkWhy: (percent: number, of: number) =>
    `${percent} in a hundred pass it. Answers are explained afterwards. ${of} tries, then a talk with your supervisor.`,
  tryOf: (n: number, of: number) => `Try ${n} of ${of}`,
  question: (n: number) => `Question ${n}`,
  choose: "Choose an answer.",
  send: "Give these answers",
  passed: (right: number, of: number, until: string) =>
    `Passed: ${right} of ${of} right. Good until ${until}.`,
  notYet: (right: number, of: number) =>
    `${right} of ${of} right. You are on the way: read the explanations, and try again when you like.`,
  tryAgain: "Try again",
  right: "Right",
  notRight: "Better",
  anew: "Begin anew",
};

export const walk = {
  tier: "Tier",
  stop: "Keep it as it is",
  keep: "Keep this walk",
  keepWhy: "It is kept as yours: protocol, version, day, each step in its order.",
  leaveOut: "Leave it out",
  leaveOutOf: (title: string) => `Leave it out: ${title}`,
  reason: "Why do you leave it out?",
  reasonNeeded: "Say why, in a few words.",
  cancel: "Not so",
  nothing: "Answer at least one step before you keep it.",
  kept: "Kept, as yours.",
  steps: "Steps, in their order",
  leftOut: "left out",
  at: (clock: string) => `at ${clock}`,
  late: (by: string) => `${by} after its limit`,
  again: "Walk it again",
  by: (name: string) => `walked by ${name}`,
};
