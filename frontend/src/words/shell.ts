/** What the frame of the app says. */
export const shell = {
  product: "Handrail",
  skip: "Skip to the page",
  nav: {
    label: "Main",
    now: "Now",
    prepare: "Prepare",
    incidents: "Incidents",
    clients: "Clients",
    groups: "Groups",
    places: "Places",
    program: "Program",
    desk: "Demo desk",
  },
  alertsNobodyHas: "alerts nobody has",
  initials: "Initials",
  initialsTitle: "Show initials, for screen sharing",
  initialsOn: "Names are initials now. Press I for names.",
  initialsOff: "Names are shown again.",
  theme: "Light or dark",
  keyboard: "Keyboard",
  menu: "Your menu",
  lockNow: "Cover this screen",
  signOut: "Sign out",
  signOutEverywhere: "Sign out everywhere",
  singleKeys: "Single keys",
  sound: "Alarm sound",
  notDone: "That did not reach Handrail, so it was not done. Try again, or call by phone.",
  noAnswer: "Handrail did not answer. We cannot say if it was done: look at the board, or call by phone.",
  couldNotLoad:
    "This page could not be loaded. Your board is still on Now. Check the connection, then load it again.",
  loadAgain: "Load again",
  notFound: "There is no page here.",
  toNow: "Go to Now",
  titleOf: (path: string): string => {
    const first = path.split("/")[1] ?? "";
    const titles: Record<string, string> = {
      "": "Now",
      incidents: "Incidents",
      prepare: "Prepare",
      clients: "Clients",
      groups: "Groups",
      "group-sessions": "Group session",
      places: "Places",
      program: "Program",
      desk: "Demo desk",
    };
    return titles[first] ?? "Handrail";
  },
  undo: "Undo",
  close: "Close",
  practice: {
    demo: "Practice: everybody is invented, and nothing leaves this machine.",
    drill: "Drill. No call or text leaves Handrail.",
    selftest: "Self-test. No call or text leaves Handrail.",
  },
  practiceLabel: "Practice",
  toDesk: "Demo desk",
};

export const keys = {
  title: "Keys on this screen",
  rows: [
    ["T", "Take the first alert nobody has"],
    ["O", "Open the first alert"],
    ["J, K", "Next alert, alert before"],
    ["I", "Names or initials"],
    ["M", "Mute the alarm for 5 minutes"],
    ["E E", "Emergency, where the button is shown"],
    ["N", "Now"],
    ["L", "Incidents"],
    ["?", "These keys"],
    ["Esc", "Close what is open"],
  ] as const,
  inFields: "Single keys never work while you type.",
  off: "Switch single keys off",
  on: "Switch single keys on",
};

export const lock = {
  title: "Covered",
  why: "The names are covered: nobody used this screen for 15 minutes, or somebody covered it. The alarm, the clock and Emergency stay.",
  pin: "Your PIN",
  unlock: "Show the board",
  forgot: "I have no PIN, or I forgot it",
  newPinWhy: "Your passphrase shows that it is you. The new PIN uncovers this screen from now on.",
  passphrase: "Your passphrase",
  newPin: "New PIN, 4 to 8 digits",
  setPin: "Set the PIN and show the board",
  back: "I know my PIN",
  signIn: "Sign in again",
  nothing: "No open alert.",
  tile: (n: number) => `Tile ${n}`,
  limit: "next step in",
  wasDue: "was due",
  noClock: "no clock running",
  emergency: "Emergency",
  emergencyHold: "hold one second, or E twice",
  emergencyHelp:
    "In an emergency dial 911 from your own phone now, and ring the supervisor on the printed group sheet. Give your PIN to see who is at which tile.",
  alerts: (n: number) => (n === 1 ? "One open alert" : `${n} open alerts`),
};

export const confirm = {
  title: "Your PIN, please",
  why: "Exports and changes of telephone numbers ask for it again.",
  pin: "Your PIN",
  go: "Go on",
  cancel: "Not now",
};
