import type { DueLine, Form, Kind, WordLine } from "../code_words/contract";

type Why = DueLine["why"];

export const codeWords = {
  title: "Code words",
  why: "Agreed with the client, sealed, and not shown here. The two who run a group look at them in Prepare.",
  kind: { danger: "Danger", pause: "Pause", all_clear: "All clear" } satisfies Record<Kind, string>,
  kindOf: {
    danger: "danger word",
    pause: "pause",
    all_clear: "all-clear word",
  } satisfies Record<Kind, string>,
  means: {
    danger: "“I am not safe, or not free to talk.”",
    pause: "“I need a private moment.”",
    all_clear:
      "“It is me, and I can talk.” It helps the person who recognises them, and ends nothing by itself.",
  } satisfies Record<Kind, string>,
  form: { words: "Words", hand_sign: "A hand sign" } satisfies Record<Form, string>,
  isSign: "hand sign",
  notSet: "Not chosen yet",
  optional: "Not chosen. It is optional.",
  setBy: (day: string, by: string) => `Chosen ${day} with ${by}`,
  lasts: (day: string) => `to renew by ${day}`,
  due: {
    used: "It was used: choose a new one",
    exposed: "Somebody else may know it: choose a new one",
    age: "Older than 90 days: choose a new one",
    missing: "No danger word yet",
  } satisfies Record<Why, string>,
  knownBy: (people: string) => `Known by ${people}`,
  known: (person: WordLine["known_by"][number], rehearsed: string | undefined) =>
    rehearsed ? `${person.name} (rehearsed ${rehearsed})` : person.name,
  groupPause: (group: string) => `${group} has one for the whole group.`,

  choose: "Choose",
  chooseAnew: "Choose anew",
  chooseOf: (word: string, kind: string) => `${word}: ${kind}`,
  phrase: "Two to five everyday words",
  phraseHint: "Chosen together. Nothing about danger, health or help, and nothing that is said every day.",
  sign: "The sign, described",
  signHint: "Such as: touches the left ear twice.",
  how: "Words or a sign",
  save: "We chose it together",
  saved: (kind: string) => `Kept: the ${kind}. Say it to each other once more. It is not shown again here.`,
  sealedNow: "It is sealed as soon as you save it.",
  more: "It was used or overheard",
  moreOf: (kind: string) => `Used, overheard or not wanted: ${kind}`,
  used: "It was used",
  exposed: "Somebody else may know it",
  withdraw: "The client does not want it any more",
  withdrawSure: "Press again: take it away",
  spent: "Noted. It works until a new one is chosen.",
  withdrawn: "Taken away and forgotten.",

  question: "Agreed ordinary question",
  questionWhy: "Staff ask it first on every call, and go on only after the expected answer.",
  questionSet: "Agreed. It stands beside every call.",
  questionAsk: "What staff ask",
  questionHint: "Something ordinary, such as: what is on the shelf?",
  answer: "What the client answers",
  questionSave: "Save",
  questionSaved: "Kept.",
  questionNeeded: "Write the question.",
  phraseNeeded: "Write what you chose.",

  contacts: "Who may know them",
  contactsWhy:
    "Only under a release of their own that covers code words. The client tells them, with you there.",
  toldAt: (day: string) => `knows the words in force, told ${day}`,
  notTold: "not told the words in force",
  told: "They were told",
  toldOf: (name: string) => `They were told: ${name}`,
  toldDone: (name: string) => `Kept: ${name} knows the words.`,
  looks: (n: number) => (n === 1 ? "Looked at once" : `Looked at ${n} times`),
  noLooks: "Nobody has looked at them.",
  lookLine: (name: string, at: string, incident: boolean) =>
    `${name}, ${at}${incident ? ", in an incident" : ", to rehearse"}`,
  allDue: "All that are due",
};

export const rehearse = {
  title: "Code words",
  danger: (n: number, of: number) => `${n} of ${of} have a danger word`,
  groupPause: "Pause for the whole group",
  pauseNone: "None. One phrase or hand sign may serve everybody.",
  pauseSet: (day: string) => `Chosen ${day}`,
  withdraw: "The group does not want it any more",
  alike: (name: string) => `${name}: too like another word in this group. Choose a new one.`,
  due: (name: string, kinds: string) => `${name}: ${kinds} to choose anew`,
  rehearsed: (at: string) => `rehearsed ${at}`,
  partly: (n: number) => (n === 1 ? "1 word not rehearsed yet" : `${n} words not rehearsed yet`),
  show: "Show for a minute, logged",
  showWhy: "Read them to each other. Who looks is written down for each client.",
  others: "Only the two who run this group are shown them.",
  sharing: "Names are initials: somebody may see this screen. Switch Initials off to look at the words.",
  shown: "Covered again in",
  cover: "Cover now",
  done: "I have them",
  ticked: "Noted: you have rehearsed them.",
  question: "Ask:",
  none: "no word yet",
  record: "Open the record",
};

export const incidentWords = {
  label: "Code words",
  show: "Show code words, logged",
  none: "None chosen with this client yet.",
  wish: "When the danger word is used",
  heard: "If you hear the danger word: ordinary talk, no surprise in your voice, and yes or no questions.",
};

export const renew = {
  title: "Code words to choose anew",
  why: "With the client, on their record: after a danger word was used, after somebody else may know a word, and after 90 days.",
  none: "Every client you work with has a danger word, and none is due.",
  client: "Client",
  kind: "Which",
  reason: "Why",
  since: "Since",
  neverChosen: "No word yet",
  go: "Open the record",
  goOf: (name: string) => `Open the record: ${name}`,
  table: "Code words to choose anew",
};
