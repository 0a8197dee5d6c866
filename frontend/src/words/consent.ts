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
