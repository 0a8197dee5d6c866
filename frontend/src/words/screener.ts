/** The program's own screener (R23): the words are its owner's, and are shown as the file has them. */
export const screener = {
  title: "Your program's screener",
  why: "The safety check asks in plain words. If your program uses a screener, its own words can stand in it, from a file, with the line that says whose they are. Handrail has the codes and the order, never the words.",
  none: "No file is in use. The check says so, and asks in plain words.",
  shape:
    "A YAML or JSON file: schema handrail.screener/1, instrument c-ssrs-screener, title, version, language, copyright, and the words of each item.",
  choose: "Choose a file",
  read: "Nothing is changed yet. Read it as staff will read it:",
  replaces: (version: string) =>
    `It takes the place of version ${version}. Checks asked with that one keep it.`,
  same: "This very file is in use already.",
  use: (version: string) => `Use version ${version}`,
  used: "In use from the next safety check on.",
  cancel: "Leave it as it is",
  by: (name: string, day: string, version: string) => `Version ${version}, loaded by ${name}, ${day}`,
  items: (n: number) => `${n} items`,
  item: (name: string, after: string | null) =>
    after ? `Item ${name}, asked after a yes to ${after}` : `Item ${name}`,
  retire: "Take it out of use",
  retireSure: "Press again: take it out of use",
  retired: "Out of use. What was asked with it stays readable.",
};
