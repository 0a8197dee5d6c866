/** R13, B8: what a client may have said without anybody near them noticing. Possible, until a person says what it is. */
export const signals = {
  title: (n: number) => (n === 1 ? "A possible quiet signal" : `${n} possible quiet signals`),
  how: "Say what it is. Do not react on screen, and say nothing of it aloud.",
  possible: {
    quiet: "Pressed quietly on their page",
    danger: "May be their danger word",
    pause: "May be their word for a pause",
  },
  from: { page: "", note: "in a private note", text: "in a text from their own number" },
  since: (time: string) => `${time} ago`,
  outside: "Nobody answered in time: people outside the room were told to look.",
  danger: "It is danger",
  pause: "It is a pause",
  notMeant: "Not a signal",
  notMeantSure: "Press again: not a signal",
  act: (what: string, name: string) => `${what}: ${name}`,
  done: "Noted. Everybody's board shows that it is answered.",
};
