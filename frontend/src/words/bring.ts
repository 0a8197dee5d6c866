/** Bring your data: files of clients, contacts, staff and groups. */
import type { Of } from "../bring/contract";

export const bring = {
  title: "Bring your data",
  why: "Give a CSV file. Handrail first says what it would do with each line; nothing is changed until you press. What is here already stays as it is.",
  of: {
    clients: "Clients",
    contacts: "Contacts",
    staff: "Staff",
    groups: "Groups",
  } satisfies Record<Of, string>,
  which: "What is in the file",
  hint: {
    clients:
      "Three names, birth date, address and telephones. Nothing is taken to be allowed that the file does not say.",
    contacts:
      "Whom clients named. A contact is not allowed to hear anything by standing here: that takes a release.",
    staff:
      "Names, e-mail addresses and roles. Each person is invited from Program, where the link is shown once.",
    groups: "Names of groups. They appear in invitations, so they say nothing about a diagnosis.",
  } satisfies Record<Of, string>,
  empty: "A file with the headings",
  file: "The file",
  fileHint: "CSV, from any spreadsheet, up to 10 MB and 2,000 lines.",
  reading: "Reading the file …",
  unreadable: "This file could not be read as a table.",
  would: (found: { new: number; same: number; wrong: number }) =>
    `${lines(found.new)} would be added, ${found.same} ${found.same === 1 ? "is" : "are"} here already, ${found.wrong} cannot be taken as they stand.`,
  did: (found: { new: number; same: number; wrong: number }) =>
    `${lines(found.new)} added. ${found.same} ${found.same === 1 ? "was" : "were"} here already, ${found.wrong} not taken.`,
  take: (n: number) => (n === 1 ? "Take the 1 good line" : `Take the ${n} good lines`),
  rest: (n: number) => (n === 1 ? "Download the 1 line to mend" : `Download the ${n} lines to mend`),
  restWhy: "They come back as they stood, each with what is wrong. Mend them there and give that file.",
  other: "Another file",
  table: "What each line would do",
  line: "Line",
  who: "Who or what",
  what: "What happens",
  words: { new: "Added", same: "Here already", wrong: "Not taken" },
  wouldWords: { new: "Would be added", same: "Here already", wrong: "Cannot be taken" },
  shown: (n: number, of: number) => `The first ${n} of ${of} lines are shown.`,
};

function lines(n: number): string {
  return n === 1 ? "1 line" : `${n} lines`;
}

export const wholeRecord = {
  open: "Whole record, a copy",
  title: (name: string) => `A copy of the whole record: ${name}`,
  why: "Everything that is known, for the person it is about. Code words and the agreed question are in no copy. Each copy is written down.",
  whom: "For whom",
  client: "For the client",
  guardian: (name: string, relation: string) => `For ${name}, ${relation}`,
  hidden:
    "What is hidden from guardians stays out, and so does what others said of them. It is kept as a disclosure.",
  large: "In large print",
  pdf: "As a PDF",
  json: "As a file for another program",
  done: "The copy is on its way to your downloads.",
};
