/** The kept copy of a call sheet, for when the server or the network is gone. */
export const offline = {
  title: (group: string) => `Call sheet of ${group}`,
  label: "Kept for when the line is dead",
  asOf: (at: string, age: string) => `as it was at ${at}, ${age} ago`,
  old: "It may have changed since. Read back places and numbers before you rely on them.",
  byHand: "Dial by telephone. From this screen nothing is rung, sent or written until the line is back.",
  steps: "Protocols, to read aloud",
  stepsOf: (title: string, tier: string) => `${title}, ${tier}`,

  noteTitle: "Write down what happens",
  noteWhy: "It is kept here, sealed, with the time of now, and goes into the timeline when the line is back.",
  noteAbout: "About",
  noteWords: "What happened",
  noteKeep: "Keep it",
  noteNeeded: "Write a few words first.",
  noteKept: "Kept here. Not sent yet.",
  noIncident:
    "Nobody has an open alert, so there is no timeline to write into. Use paper, and write it in later.",
  controls:
    "Taking, stopping, skipping and recognising wait for a fresh press: nothing of that is sent by itself.",
  waiting: (n: number) => (n === 1 ? "1 note waits for the line." : `${n} notes wait for the line.`),
  noteAt: (about: string, at: string) => `${about}, ${at}`,
  sent: (n: number) =>
    n === 1
      ? "Your note from while the line was dead is in the timeline, with its own time."
      : `Your ${n} notes from while the line was dead are in the timeline, with their own times.`,
  refusedTitle: "Not written yet",
  refused: "The server did not take this note. Copy what is needed, then take it away.",
  again: "Send again",
  takeAway: "Take it away",

  sealed: "What is kept here for when the line is dead is sealed.",
  sealedWhy: "Your PIN opens it. Notes in it then go into the timeline with their own time.",
  open: "Open it",
  pin: "PIN",
  wrongPin: "That is another PIN. Try again.",
  doorTitle: "The server cannot be reached",
  doorWhy: "This browser has a sealed copy of your call sheet. Your PIN opens it here, without the server.",
  none: "This browser has no sealed call sheet.",
  unreadable:
    "A call sheet lay here, but nobody had given their PIN before this page was opened anew, so it cannot be read any more.",
  instead:
    "Use the printed group sheet and dial by telephone. Next time: open the menu under your name and choose to keep the call sheet over a reload.",
  memoryOnly:
    "Do not close or reload this page while the line is dead: no PIN was given for this copy, so a reload loses it.",
  olderOutlives:
    "Do not close or reload this page while the line is dead: the copy that your PIN opens is an older one.",
  outlives: "The call sheet is kept, sealed with your PIN",
};
