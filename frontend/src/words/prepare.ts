/** Prepare: what is missing before a group, and the press that mends it. */
import type { GapKey, Part } from "../groups/contract";

export const prepare = {
  title: (name: string, when: string) => `${name}, ${when}`,
  plain: "Prepare",
  none: "No group session of yours is coming up. When one is scheduled, each gap stands here with the press that mends it.",
  which: "Group session",
  open: (n: number, of: number) => `${n} of ${of}`,
  nothingOpen: "have nothing open",
  gaps: (n: number) => (n === 1 ? "1 gap" : `${n} gaps`),
  doorWord: "asked at the door",
  tasks: "become tasks with an owner",
  staff: (n: number, of: number) => `${n} of ${of}`,
  staffWord: "staff named and within reach",
  table: "Readiness of each client",
  /** Of the five, never a score of a person. */
  ready: (n: number) => `${n} of 5 ready`,
  part: {
    place: "Place today",
    local: "Local numbers",
    contact: "Contact and consent",
    drop: "If the connection drops",
    support: "Support at hand",
  } satisfies Record<Part, string>,
  ok: "Ready",
  answered: {
    declined: "Declined, complete",
    none_exists: "No safe contact exists, complete",
  },
  gap: {
    place: "Not said yet",
    address: "No street address",
    "local line": "No local line",
    "line check": "Line not checked in 90 days",
    contact: "Nobody named",
    release: "Nobody may be called yet",
    number: "No number",
    "safe number": "No number safe to ring",
    "backup number": "One number only",
    "test ring": "Not rung yet, or long ago",
    "danger word": "No danger word",
    "word due": "Danger word to change",
    "ordinary question": "No ordinary question",
  } satisfies Record<GapKey, string>,
  /** The press that opens the record where the gap is. */
  mend: {
    address: "Write the address",
    "local line": "Choose a line",
    contact: "Add a contact",
    release: "Add a release",
    number: "Add a number",
    "safe number": "Mark a safe number",
    "backup number": "Add a number",
    "danger word": "Choose one",
    "word due": "Choose a new one",
    "ordinary question": "Agree one",
  } as Partial<Record<GapKey, string>>,
  mendOf: (word: string, name: string) => `${word}: ${name}`,
  link: "Send the link",
  checkLine: "Check the line",
  ring: "Ring to test",
  hand: "Hand on",
  handOf: (gap: string, name: string) => `Hand on “${gap}”: ${name}`,
  has: (name: string) => `${name} has it`,
  mine: "On your list",
  nobody: "On the list, nobody has it",
};

export const checkLine = {
  title: "Check the local line",
  why: "Ring it from your own phone and ask whether they answer for this address. Handrail never dials it.",
  last: (day: string) => `Last checked ${day}.`,
  never: "Never checked.",
  call: (number: string) => `Call ${number}`,
  done: "They answer for this area",
  checked: (agency: string) => `${agency}: checked today.`,
  gone: "This line is not in the directory any more. Choose another one on the client’s record.",
};

export const ring = {
  title: (name: string) => `Ring ${name} once`,
  why: "Ring from your own phone, and say only who you are and that you are trying their number. Showing it is logged.",
  show: "Show the number",
  call: (number: string) => `Call ${number}`,
  answered: "They answered",
  noAnswer: "No answer",
  wrong: "Not their number",
  noted: {
    answered: "Noted: this number reaches them.",
    no_answer: "Noted: no answer. It stays open, so that somebody tries again.",
    wrong_number: "Noted: not their number. Correct it on the record.",
  },
};
