import type { ContactView, ReleaseView } from "../clients/contract";

type Cover = ReleaseView["covers"][number];

export const contactKinds: Record<ContactView["kind"], string> = {
  family: "Family",
  partner: "Partner",
  friend: "Friend",
  neighbour: "Neighbour",
  guardian: "Guardian",
  professional: "Professional",
  other: "Somebody else",
};

export const contact = {
  kind: "What kind of person",
  known: { yes: "Yes", no: "No", unknown: "Not asked" } as const,
  canReachHome: "Can get to the client’s home",
  knowsWords: "Knows the code words",
  knowsWordsHint: "Whether they may know them stands in a release.",
  knowsTreatment: "Knows about the treatment",
  knowsTreatmentHint: "If not, nobody names the program or why we know the client.",
  adult: "18 or over",
  adultHint: "A child is not asked to carry this.",
  reaches: "can get to their home",
  wordsWord: "knows the code words",
  unaware: "does not know about the treatment",
  confirm: "Still right",
  confirmOf: (name: string) => `Still right: ${name}`,
  confirmed: (day: string) => `confirmed ${day}`,
  neverConfirmed: "never confirmed",
  due: "ask the client whether this is still right",
  confirmDone: "Noted: still right today.",
};

export const covers: Record<Cover, string> = {
  contact_in_crisis: "Being called when we cannot reach them",
  share_plan: "A copy of the safety plan",
  caregiver_coaching: "Advice on how to help",
  code_words: "The code words",
  responders: "Local responders",
  medical: "A hospital",
  handoff: "Another clinician",
  text: "Texts to the client",
  voicemail: "Voicemail to the client",
  email: "E-mail to the client",
};

/** Who can be the recipient of what. */
export const COVERS_OF = {
  contact: ["contact_in_crisis", "share_plan", "caregiver_coaching", "code_words"],
  office: ["responders", "medical", "handoff"],
  client: ["text", "voicemail", "email"],
} as const satisfies Record<string, readonly Cover[]>;

export const release = {
  to: "Whom may we tell?",
  toOf: {
    contact: "A contact",
    office: "An office",
    client: "The client themselves",
  } as const,
  contact: "Which contact",
  office: "Name of the office",
  officeHint: "As it will be written down when they are told.",
  classHint: "For treatment, payment and operations a class is enough: those who treat me, my health plan.",
  covers: "What it allows",
  coversNeeded: "Choose at least one.",
  form: "What kind of paper",
  forms: {
    agreement: "An agreement, said and written down",
    authorization: "A HIPAA authorization",
    part2_specific: "Substance use record, one named recipient",
    part2_tpo: "Substance use record, treatment, payment and operations",
  } satisfies Record<ReleaseView["form"], string>,
  part2: "For a substance use record (42 CFR 2.31) all of these belong to it.",
  discloser: "Who may tell it",
  discloserHint: "The program’s name, or the person’s.",
  told: "They were told that they can revoke it at any time, and how.",
  notice: "Redisclosure notice they were given",
  signedBy: {
    client: "The client",
    guardian: "The guardian",
    client_and_guardian: "The young person and the guardian",
    client_by_state_law: "The young person, as state law allows",
  } satisfies Record<ReleaseView["signed_by"], string>,
  signer: "Which guardian",
  how: "How it was signed",
  hows: {
    paper: "On paper",
    electronic: "Electronically",
    voice: "By voice, with a witness",
  } satisfies Record<ReleaseView["signed_how"], string>,
  signedOn: "Signed on",
  where: "Where the paper is, or who witnessed it",
  endsEvent: "Or with an event",
  endsEventHint: "Such as: leaving this program.",
  states: {
    active: "in force",
    not_started: "not started",
    expired: "expired",
    ended: "ended",
    revoked: "revoked",
    not_valid: "does not count today",
  } satisfies Record<ReleaseView["state"], string>,
  because: (fault: string) => `It ${fault}.`,
  endsWith: (event: string) => `ends with: ${event}`,
  happened: "This has happened",
  happenedSure: "Press again: it has ended",
  revoke: "Revoke",
  revokeHow: "How did they say so?",
  revokeWhy:
    "It counts at once. Calls and texts that wait are stopped with it. What was told before stays lawful.",
  hows_revoked: {
    said: "They said so",
    written: "In writing",
    text: "By text",
    guardian: "Their guardian said so",
  } as const,
  revokeDone: "Revoked. Nothing more is told on it.",
  endedDone: "Ended. Nothing more is told on it.",
  older: (n: number) => (n === 1 ? "1 that is over" : `${n} that are over`),
  themselves: "the client themselves",
};

export const mayTell = {
  title: "Whom we may tell what, now",
  why: "Asked again at each call and each copy, whatever stands here.",
  acts: {
    call: "Call in a crisis",
    plan_copy: "Copy of the plan",
    coaching: "Advice",
    code_words: "Code words",
  } as Record<string, string>,
  yes: "Yes",
  no: "No",
  none: "Nobody is named yet, so there is nobody to ask about.",
};

export const bases: Record<string, string> = {
  release: "A release they signed",
  personal_representative: "Guardian with verified authority",
  family_involvement: "Family involved in their care",
  serious_threat: "A serious and imminent threat",
  treatment: "Treatment",
  part2_medical_emergency: "A medical emergency, substance use record (42 CFR 2.51)",
  law: "A law asks for it",
  duty_to_protect: "A duty to protect",
};

export const ticks: Record<string, string> = {
  not_part_of_the_danger: "I have reason to believe that this person is not part of the danger.",
  able_to_lessen_it: "This person is able to lessen the danger.",
  young_person_told_first: "The young person has been told, or cannot be reached to be told.",
  state_card_read: "I have read the state card, and it calls for this.",
  police_first: "Police were told first, or the state card says why not.",
};

export const told = {
  title: "Whom we told",
  link: "Whom we told",
  back: "Back to the record",
  why: "Everything told outside about this client. Reading it is written down.",
  none: "Nothing has been told outside about this client.",
  accounting: (n: number) =>
    n === 0
      ? "Nothing belongs to the accounting that a client may ask for."
      : n === 1
        ? "1 line belongs to the accounting that a client may ask for."
        : `${n} lines belong to the accounting that a client may ask for.`,
  csv: "Accounting as a file",
  csvFile: "accounting-of-disclosures.csv",
  csvSaved: "Saved. It names people: give it to nobody but the client who asked.",
  table: "Table of what was told",
  when: "When",
  whom: "To whom",
  what: "What was told, and why",
  basis: "Basis",
  by: "By",
  counted: { six_years: "in the accounting, 6 years", three_years: "in the accounting, 3 years" } as const,
  verified: (how: string) => `Known by: ${how}`,
  grounds: (words: string) => `Grounds: ${words}`,
  nature: (words: string) => `Emergency: ${words}`,
  notice: (words: string) => `With the notice: ${words}`,
  waits: "waits for a supervisor’s second look",
  looked: (by: string, note: string) => `Looked at by ${by}: ${note}`,
  add: "Write down something told",
  acts: {
    medical: "A hospital or other medical personnel",
    responders: "Local responders or police",
    handoff: "Another clinician or program",
    warning: "A person in danger: a warning",
  } as const,
  act: "Who was told, or is to be told?",
  name: { office: "Office, and the person’s name", warning: "Name of the person in danger" } as const,
  ask: "May I?",
  may: "Yes. You may tell this much:",
  mayNot: "No.",
  instead: "What is lawful now:",
  anyway: "It was told already: write it down",
  anywayWhy: "What was said is written down in any case. A supervisor looks at it again within a day.",
  basisLabel: "On which basis?",
  content: "What was told",
  purpose: "What for",
  groundsLabel: "What makes you believe this is needed?",
  affiliation: "Where they work",
  natureLabel: "What the emergency is",
  verifiedHow: "How did you know who they are?",
  verifiedHint: "Such as: rang back through the switchboard.",
  save: "Write it down",
  done: "Written down.",
  ticksNeeded: "Confirm this first.",
};

export const access = {
  title: "Emergency access",
  entry: "Emergency access",
  entryWhy: "Somebody not on your list needs you now?",
  why: "It opens one client for one hour. Supervisors see it at once and look at it within a day; so does everybody in the client’s incident.",
  name: "Name used with us, whole",
  nameHint: "As it stands on boards, such as Marcus T.",
  number: "Or a telephone number of theirs",
  who: "Who is it about?",
  reasonCode: "Why now?",
  reasons: {
    client_called: "They reached me, or somebody about them did",
    covering: "I am covering for a colleague",
    colleague_away: "The colleague who has them cannot be reached",
    welfare: "I saw or heard something that worries me",
    other: "Something else",
  } as const,
  reason: "What happened, in a sentence",
  reasonNeeded: "Write at least a sentence: a supervisor reads it.",
  whoNeeded: "Write their name, or a number.",
  open: "Open this client for an hour",
  openSure: "Press again: open it, and tell the supervisors",
  nobody:
    "Nobody by this name or number. Check the spelling, or ring the supervisor: they reach every client.",
  several: "More than one by this name. Which one?",
  many: "Many answer to this name. Give a telephone number too, or ring the supervisor.",
  already: "You work with this client already. Nothing was opened.",
  mine: (client: string, until: string) => `You have emergency access to ${client} until ${until}.`,
  giveBack: "Give it back",
  givenBack: "Given back.",
  toRecord: "Open the record",
  inIncident: (name: string, until: string) => `${name} has emergency access to this client until ${until}.`,
  lookBanner: (n: number) =>
    n === 1
      ? "1 thing waits for a supervisor’s second look."
      : `${n} things wait for a supervisor’s second look.`,
  look: "Look at it",
  region: "Emergency access",
};

export const looks = {
  title: "Second looks",
  why: "Emergency access, and what was told outside the ordinary rules. Nobody looks at their own.",
  none: "Nothing waits. New ones appear here at once.",
  accesses: "Emergency access",
  told: "Told outside",
  openNow: (until: string) => `open now, until ${until}`,
  ended: (at: string) => `ended ${at}`,
  due: (at: string) => `look by ${at}`,
  late: "late",
  own: "Your own: a colleague looks at it.",
  verdict: "Was it fitting?",
  verdicts: { fitting: "Yes, it was fitting", not_fitting: "No, it was not" } as const,
  note: "What you found",
  noteHint: "With whom you spoke, and what follows from it.",
  noteNeeded: "Write what you found.",
  save: "Looked at",
  done: "Written down.",
  to: (client: string) => `to ${client}`,
  about: (client: string) => `about ${client}`,
};
