import type { AnswerAs, CastMember, DeskPhone } from "../desk/contract";

const firstOf = (who: string): string => who.split(/[\s,]+/)[0] ?? who;

export const desk = {
  title: "Demo desk",
  why: "Make somebody drop, then be their telephone.",
  banner: "Invented people, simulated phones. Nothing here can reach an outside line.",
  label: "Demo",
  board: "Board",
  again: "Start again",
  againSure: "Press again: a new evening",
  againDone: "A new evening has begun. Everybody is back in the call.",
  castTitle: (people: number, groups: number) =>
    `${people} clients, ${groups === 1 ? "one group" : groups === 2 ? "two groups" : `${groups} groups`}`,
  act: { drop: "Drop", "come-back": "Come back", "come-in": "Come in" } satisfies Record<
    CastMember["next"],
    string
  >,
  actOf: (word: string, name: string) => `${word}: ${name}`,
  more: (name: string) => `More of ${name}`,
  hide: "Hide their page",
  ringUs: "Ring the office, nobody answers",
  textsWord: "Text us their danger word",
  textsOther: "Text us something else",
  theirPage: "Be on their page",
  theirPageWhy: "Opens their page here. Press the button on it to take it over. Their PIN is 2580.",
  dropThree: "Drop three at once",
  breakLine: "Break the phone line",
  mendLine: "Mend the phone line",
  brokenNow: "The provider refuses every call and text until it is mended.",
  liveTitle: "Ringing, talking, texting now",
  nothing: "No telephone rings. Drop somebody, and watch: staff first, then the client, within the minute.",
  waitTitle: "Waiting",
  happenedTitle: "What just happened",
  nothingHappened: "Nothing yet tonight.",
  ringing: "Ringing",
  shows: (number: string) => `shows ${number}`,
  state: {
    ringing: "Ringing",
    on_the_line: "On the line",
    menu: "Listening to the keys",
    speaking: "Listening",
    ended: "Over",
  } satisfies Record<DeskPhone["state"], string>,
  together: "with somebody on the other end",
  alone: "nobody on the other end yet",
  /** A menu says itself three times; once is enough to read. */
  hears: (words: string) => `Hears: “${words.replace(/^(.+?)(?: \1)+$/s, "$1")}”`,
  answer: (as: AnswerAs, who: string): string =>
    ({
      themselves: `Answer as ${firstOf(who)}`,
      voicemail: "Voicemail",
      room_mate: "Room-mate answers",
      silent: "Answer and stay silent",
    })[as],
  decline: "Decline",
  hangUp: "Hang up",
  press: (digit: string) => `Press ${digit}`,
  answeredAs: {
    themselves: "answered by themselves",
    voicemail: "answered by voicemail",
    room_mate: "answered by a room-mate",
    silent: "answered, silent",
  } as Record<string, string>,
  texts: (to: string) => `${to}, texts`,
  text: "Text",
  onItsWay: "On its way",
  reply: (words: string) => `Reply ${words}`,
  nextAt: "Next at",
  kind: { call: "call", text: "text" } as Record<string, string>,
  notHere: "The demo desk exists only in the demo.",
  noWord: "Handrail does not answer. The desk tries again each second.",
};
