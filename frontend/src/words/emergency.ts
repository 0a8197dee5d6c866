// The screen of an emergency: what is read aloud, who is dialled, what is done at home, and how it is stood down.
export const emergency = {
  back: "Back to the incident",
  label: "Client and caller",
  declaredBy: (name: string, at: string) => `Declared by ${name} ${at}.`,
  youDeclared: (at: string) => `You declared this ${at}.`,
  decided: "Responders were decided on.",
  wrong: "Wrong client",
  unreadable:
    "Take the printed group sheet: the ten-digit line for each person’s place stands on it. Dial that by hand; your own emergency number reaches the dispatch centre of your own place.",
  filling: "The words to read are on their way.",
  quiet: "They may not be free to talk",
  quietWhy: "Do not ring the client, do not say who called, no siren if possible. Keep the talk ordinary.",
};

export const aloud = {
  title: "Read this aloud, then have the place read back",
  seconds: (n: number) => `about ${n} seconds`,
  readBack: "read back",
  said: "said",
  by: (name: string, at: string) => `${name}, ${at}`,
  notConfirmed: "Not confirmed today: say so.",
  age: (label: string, by: string, at: string, ago: string) => `${label}, ${by} ${at}, ${ago} ago.`,
  from: {
    client: "said by the client at",
    told_privately: "told privately at",
    staff: "noted by staff at",
    carried_over: "carried over from",
    usual: "",
  } as const,
  more: "If they ask, or once help is on its way",
  withheld: "Not for them",
};

export const clocks = {
  label: "Clock",
  limit: "until responders are called, at the latest",
  late: "responders should have been called",
  ringing: (agency: string) => `ringing ${agency}`,
  dialed: (at: string) => `dialled ${at}`,
  talking: (agency: string) => `on the phone with ${agency}`,
  answered: (at: string, after: string) => `answered ${at}, after ${after} of 2:00`,
  answeredPlain: (at: string) => `answered ${at}`,
  held: (agency: string) => `on hold with ${agency}`,
  expected: (agency: string) => `until help is expected, said ${agency}`,
  over: "help was expected",
  sent: "since help was sent",
  lost: "since they were lost",
  placeAge: (age: string) => `place said ${age} ago`,
};

export const dial = {
  title: "Dial this yourself, by hand",
  gentle: "Without police, dial this first",
  again: "You were cut off. Dial the same number again",
  next: "Dial the next number",
  dialing: "I am dialling it",
  dialThis: "I am dialling this one",
  by: (name: string) => `${name} dialled, by hand`,
  you: "You dialled, by hand",
  answered: "They answered",
  sent: "Help is on its way",
  cutOff: "Cut off",
  wrongPlace: "Wrong county",
  onHold: "On hold",
  offHold: "Back on the line",
  noAnswer: "No answer",
  couldNot: "They cannot send",
  notNeeded: "No longer needed",
  secondPhone: (agency: string) =>
    `On hold for a minute. On a second phone, a colleague can dial ${agency} now.`,
  minutes: "Minutes until they are there",
  minutesHint: "As the dispatcher said. Leave empty when they did not.",
  reference: "Their number for it",
  grounds: "Why it was needed",
  groundsHint: "One sentence. It stays with the record of whom we told.",
  groundsNeeded: "Write why it was needed, then press again.",
  minutesWrong: "Write whole minutes, such as 12.",
  wrongLine: "Somebody rang this and it did not answer as said.",
  likelyLine: "Likely the right one, not certain:",
  checked: (day: string, days: number) =>
    `Checked ${day}${days > 0 ? `, ${days} ${days === 1 ? "day" : "days"} ago` : ""}`,
  never: "Never checked",
  staleLine: "Not checked for 90 days. Ask who they are before you read.",
  none: "No local line is known for this place. Ask the supervisor, look the ten-digit number up, and dial that.",
  other: "Another number",
  otherNumber: "Number that you dial",
  otherAgency: "Whom it belongs to",
  own: (number: string) => `No local line is left. Dial ${number}, and ask to be transferred`,
  ownSay: (place: string) =>
    `Say first: “The emergency is not where I am. The place is ${place}. Please transfer me to the dispatch centre there, and stay on the line.”`,
  ownPlace: "the address on this card",
  doneTitle: (agency: string) => `${agency}: help is on its way`,
  doneAt: (at: string) => `said at ${at}`,
  ref: (words: string) => `Their number for it: ${words}.`,
  ringAgain: "Call them again",
  notNeededTitle: "Written down: no longer needed",
  others: "Other lines for this place",
  noPolice: "Without police, where it fits",
  police: "Police are sent",
  made: "Calls so far",
  kinds: {
    dispatch: "dispatch",
    mobile_crisis: "mobile crisis team",
    hotline: "hotline",
    hospital: "hospital",
    cit: "CIT contact",
  } as Record<string, string>,
  outcome: {
    dispatched: "help is on its way",
    not_needed: "no longer needed",
    could_not: "could not send help",
    wrong_place: "answers for another place",
    cut_off: "cut off",
    no_answer: "nobody answered",
  } as const,
};

export const brief = {
  title: "What they are told",
  why: "Change what is read aloud. What you type here is read to responders: no program, no diagnosis.",
  grounds: "Why is it an emergency?",
  groundsHint: "Can be added afterwards. Nobody waits for it.",
  groundsOf: {
    danger_self: "Danger to themselves",
    danger_others: "Danger to somebody else",
    medical: "Medical instability",
    intoxication: "Overdose or serious intoxication",
    psychosis: "Psychosis out of control",
  } as const,
  urgency: "What is it?",
  urgencyOf: {
    life: "Risk to their own life",
    medical: "Medical emergency",
    others: "Threat to somebody else",
    check: "Check on a person",
  } as const,
  asks: "Ask for",
  asksOf: {
    medical: "Medical help",
    mobile_crisis: "Mobile crisis team",
    cit: "Crisis-trained (CIT) officer",
  } as const,
  weapons: "Weapons in the home",
  weaponsOf: { yes: "Yes", no: "None that we know of", unknown: "Not known" } as const,
  happened: "What happened, in a few words",
  means: "Within reach, in a few words",
  others: "Who else is there",
  save: "Read it so",
  saved: "The words are changed.",
};

export const medical = {
  title: "Medical: ask while help is called",
  why: "Call for the place first. Never wait for symptoms, never suggest vomiting, never say that it is fine.",
  say: "“I’m getting medical help to you now. Keep the camera on me. What did you take, and when?”",
  of: {
    what: "What",
    how_much: "How much",
    when: "When",
    awake: "Awake?",
    breathing: "Breathing?",
    bleeding: "Bleeding?",
    advice: "Advice given, and by whom",
  } as const,
  poison: (number: string) =>
    `Poison line, for staff, only while they are awake and stable: ${number}. It reaches the centre near your own phone.`,
  steps: [
    "Anybody with them does as the dispatcher says.",
    "An opioid is suspected and naloxone is there: give it, and say so to the dispatcher.",
    "Drowsy: on their side, with the dispatcher on the line.",
    "Keep the packets and the list of medicines for the crew.",
  ],
  save: "Keep the answers",
  saved: "Kept. The crew can be told.",
};

export const involve = {
  title: "Who else should be in on this?",
  medical: "Medical staff",
  medicalWhen: "Something was taken, an injury, hard to wake, confused, withdrawal: always.",
  counsellor: "A counsellor, or the mobile team",
  counsellorWhen:
    "They are talking and no weapon is in a hand: somebody trained goes along, or stays on the line.",
  yes: "Involved",
  no: "Not needed",
};

export const home = {
  title: (name: string) => `At home, with ${name}`,
  why: "One small thing at a time, by whoever is with them.",
  say: "“Can you move into the room by the door and leave that where it is? Unlock the door when you can, then sit where I can see you.”",
  animalsSay: (names: string) =>
    `“Let’s put ${names} on a leash or in another room, so everyone coming in is calm. Who could look after them tonight?”`,
  animals: "the animals",
  quiet: "Ordinary talk only. Nothing is said about help that is coming, and nobody is asked to open a door.",
  steps: {
    means: "Away from what could harm",
    door: "The door is open, they sit by it",
    animals: "Animals leashed or shut away",
    medicines: "List of medicines ready",
    charger: "Phone charges, camera stays on",
  } as const,
  done: "Done",
  refused: "Not agreed",
  by: (name: string, at: string) => `${name}, ${at}`,
  arrived: "Responders are with them",
  arrivedWho: "Who came?",
  arrivedNow: "They are there",
};

export const standDown = {
  title: "Nobody has to come after all?",
  propose: "Stand responders down",
  why: "Two people agree, each with their own sign-in, and tell the dispatcher. Until then nothing changes: help keeps coming.",
  reason: "Why is it safe now?",
  reasonNeeded: "Write in a sentence why it is safe.",
  save: "Propose it",
  proposed: (name: string, at: string) => `${name} proposed it ${at}.`,
  agreed: (name: string, at: string) => `${name} agreed ${at}.`,
  second: "A second person agrees on their own screen. Nothing has changed yet.",
  agree: "I agree: stand down",
  tell: "Tell the dispatcher now. Responders come until they know.",
  told: "The dispatcher has been told",
  withdraw: "Withdraw it: let them come",
  done: (at: string) => `Stood down by two people, ${at}. A safety check comes next.`,
};

export const family = {
  title: "Somebody the client named",
  why: "Be at the door for responders, or help to clear the room. You press, you speak, on the basis that holds.",
  open: "Whom may we call?",
  askWhy: "Spoken with them? Keep what you asked of them. It is a task for you, and nothing is texted.",
  who: "Who",
  asked: "Asked to",
  asks: {
    meet: "Meet responders at the door",
    secure: "Make the place safer",
    animals: "Take care of the animals",
  } as const,
  words: "In their words",
  keep: "Keep what was asked",
  kept: "Kept, and on your list: find out whether it is done.",
  chooseNeeded: "Choose one.",
};

export const also = {
  title: "Also",
  duty: "Duty to protect",
  dutyWhy: "Somebody else is threatened.",
  report: "Mandated report",
  reportWhy: "A child, or somebody who cannot protect themselves, may be at risk.",
};
