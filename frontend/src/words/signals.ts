/** R13, B8: what a client may have said without anybody near them noticing. Possible, until a person has seen to it. */
export const signals = {
  title: (n: number) => (n === 1 ? "A possible quiet signal" : `${n} possible quiet signals`),
  how: "See them alone: a private room, or a line only they read. Say nothing of it aloud.",
  seen: "I saw to it privately",
  notMeant: "Not meant",
  notMeantSure: "Press again: not meant",
  act: (what: string, name: string) => `${what}: ${name}`,
  done: "Noted. Everybody's board shows that it is seen to.",
};
