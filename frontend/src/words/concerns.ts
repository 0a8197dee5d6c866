import type { IncidentCard } from "../contract";
import { short } from "../times";

export type Reason =
  "distress" | "urges" | "conflict" | "medical" | "observed" | "threat" | "pause" | "danger";
export type CodeWord = Extract<Reason, "pause" | "danger">;
/** Of what is open: also an emergency that was declared. */
type Opened = Reason | "emergency" | "medical_emergency" | "private_room";
export type Triage = "crisis" | "harm" | "medical" | "intoxication" | "psychosis";

const titles: Record<Opened, (name: string) => string> = {
  distress: (name) => `${name} is in distress`,
  urges: (name) => `${name}: urges reported`,
  conflict: (name) => `${name}: conflict`,
  medical: (name) => `${name}: something medical`,
  observed: (name) => `${name}: something seen or said`,
  threat: (name) => `${name}: a threat to somebody else`,
  emergency: (name) => `${name}: emergency`,
  medical_emergency: (name) => `${name}: medical emergency`,
  private_room: (name) => `${name}: a private room`,
  pause: (name) => `${name} asks for a private moment`,
  danger: (name) => `${name} used their danger word`,
};

/** A concern that a person raised. */
export const concern = {
  /** The second of the two keys. */
  keys: {
    d: "distress",
    u: "urges",
    c: "conflict",
    m: "medical",
    s: "observed",
    t: "threat",
    p: "pause",
    x: "danger",
  } as Record<string, Reason>,
  standingDown: (one: NonNullable<IncidentCard["standing_down"]>) =>
    one.agreed
      ? "Two of you stood it down. Somebody still has to tell the dispatcher: the card says how."
      : `${one.proposed_by.name} proposed to stand it down at ${short(one.proposed_at)}. A second person agrees to that on the card, or not.`,
  short: "Concern",
  raise: (name: string) => `Raise a concern about ${name}`,
  raised: (name: string, known: boolean) =>
    `Everyone sees the concern about ${name}.${known ? "" : " Say what it is when you can."}`,
  /** Nothing on this screen may make anybody look up. */
  heard: {
    pause: (name: string) => `A private moment for ${name}. Our boards show it, and nobody else sees it.`,
    danger: (name: string) =>
      `Keep the talk ordinary. Our own boards show it for ${name}, and nobody else sees it.`,
  } as Record<CodeWord, (name: string) => string>,
  codeWord: { pause: "Code word: pause", danger: "Code word: danger" } as Record<CodeWord, string>,
  /** R2, R13, on the alert itself. */
  onDanger:
    "Do not react on screen, say nothing of it aloud. Handrail rings no number that is not marked safe. What they want done now is on the incident's page.",
  onPause: "Find a natural reason to speak alone. It is nothing more until somebody has asked.",
  joined: "Noted. Everyone sees it.",
  takenBack: "Taken back. Nothing is open about it.",
  hint: (name: string) =>
    `A concern about ${name}: D distress, U urges, C conflict, M medical, S seen or said, T threat, P pause word, X danger word. Esc: none.`,
  title: (reason: string, name: string) => titles[reason as Opened](name),
  is: (reason: string): reason is Reason => reason in titles,
  what: "What is it?",
  reasons: {
    distress: "Distress",
    urges: "Urges",
    conflict: "Conflict",
    medical: "Medical",
    threat: "Threat",
  } as Record<Exclude<Reason, "observed" | CodeWord>, string>,
  ask: "Crisis or emergency?",
  crisis: "A crisis, no emergency",
  triggers: {
    harm: "Danger to self or others",
    medical: "Body failing",
    intoxication: "Dangerous amount taken",
    psychosis: "Psychosis beyond control",
  } as Record<Exclude<Triage, "crisis">, string>,
  sure: "Press again: this is an emergency",
  said: (card: IncidentCard) =>
    `${card.triage === "crisis" ? "A crisis, no emergency now" : `Emergency: ${concern.triggers[card.triage as "harm"].toLowerCase()}`}${card.triaged_by ? `, says ${card.triaged_by.name}` : ""}.`,
  noted: "Noted.",
  also: (what: string, reason: string) =>
    what === "connection_lost"
      ? "They also lost connection"
      : `Also open: ${titles[reason as Opened]("concern")}`,
  ago: (time: string) => `raised ${time} ago`,
  raisedAt: "Raised",
  limit: (limit: string) => `limit ${limit} from the press`,
};

/** A protocol under way, as a list that is worked through. */
export const runs = {
  standsIn: "No approved version. These are the barest steps: act as you were taught.",
  version: (version: string) => `version ${version}`,
  begun: (name: string | null, at: string) => (name ? `begun by ${name} ${at}` : `begun ${at}`),
  ended: (word: string) => `ended: ${word}`,
  endWord: (word: string | null) =>
    word === "passed_on" ? "goes on in another protocol" : (word ?? "over").replaceAll("_", " "),
  beside: "Beside it, until somebody answers",
  visit: (n: number) => `time ${n} here`,
  done: "What was done",
  next: "If nobody answers",
  overdue: "over the limit by",
  left: "left",
  starts: (title: string) => `begins: ${title}`,
  more: "Begin another protocol",
  notApproved: "no approved version",
  begin: "Begin",
  begunNow: "Begun. Its first step is in the list.",
  gap: (field: string) => `[${field.replaceAll("_", " ")}: ask]`,
  open: "Open",
};
