export const history = {
  title: "History",
  about: "Every change is kept: who, when, why, and what stood there before.",
  show: "Show the history",
  none: "Nothing has been changed since the record was made.",
  older: "Older changes",
  what: (what: string, part: string, fields: string) => {
    if (part === "record") return `changed ${fields}`;
    const thing =
      part === "phone" ? "a telephone" : part === "guardian" ? "a guardian" : "the family agreement";
    return what === "changed" ? `changed ${thing}: ${fields}` : `${what} ${thing}`;
  },
  because: (reason: string) => `Why: ${reason}`,
  undoes: (version: number) => `Puts back what version ${version} changed.`,
  inError: (by: string, at: string, reason: string) => `Entered in error, said ${by}, ${at}. ${reason}`,
  version: (n: number) => `Version ${n}`,
  open: "What stood there, logged",
  openOf: (n: number) => `What stood there, logged: version ${n}`,
  before: "Before",
  after: "After",
  nothing: "Nothing",
  wrong: "Entered in error",
  wrongOf: (n: number) => `Entered in error: version ${n}`,
  wrongWhy: "Why was this wrong?",
  wrongHint:
    "The change stays readable and is marked. What nobody has changed since goes back to what stood there before.",
  wrongSave: "Mark it",
  wrongDone: "Marked. The record shows what stood there before.",
};

export const looked = {
  title: "Who looked",
  about: "Each look at sealed parts of this record: who, what, when. Opening this list is one more line.",
  show: "Show who looked",
  none: "Nobody has opened a sealed part of this record yet.",
  opened: (what: string) => `opened ${what}`,
  incident: "during an incident",
  older: "Earlier looks",
};
