import type { CallView, StepView } from "../contract";

/** "Marcus T." ends a sentence by itself. */
const end = (text: string): string => (text.endsWith(".") ? text : `${text}.`);

/** What the board says. */
export const now = {
  title: (groups: number, unowned: number, absent: number) => {
    const g = groups === 0 ? "no group" : groups === 1 ? "one group" : `${groups} groups`;
    const a =
      unowned === 0
        ? "every alert is owned"
        : unowned === 1
          ? "one alert nobody has"
          : `${unowned} alerts nobody has`;
    return `Now: ${g}, ${a}${absent === 0 ? "" : `, ${absent} not here yet`}`;
  },
  titleNotLive: (at: string) => `Now: not live since ${at}`,
  loading: "Fetching the board.",
  emptyTitle: "No group of yours is open.",
  empty:
    "When you open a group session, its people stand here with their presence, their place and their tier. If someone drops, an alert comes up above them and the first call starts within the minute.",
  toGroups: "Schedule or open a group",
  railLabel: "Alerts, unowned first",
  railLabelStale: (at: string) => `Alerts as of ${at}`,
};

export const alert = {
  nobody: "Nobody has this yet",
  lost: (name: string) => `${name} lost connection`,
  ago: (time: string) => `${time} ago`,
  lostAt: "Lost",
  alone: "alone",
  notAlone: "not alone",
  atPlace: (label: string) => `at ${label}`,
  noPlace: "no place known today",
  placeTold: "place told privately",
  similar: "Similar name on this board",
  dialIn: (words: string) => `The group by telephone: ${words}`,
  take: "Take it",
  taken: (name: string) => `You have ${end(name)} Everyone sees it.`,
  released: (name: string) => `Nobody has ${name} now.`,
  see: (them: string) => `I see ${them}`,
  seen: (name: string) => `Noted: you see ${end(name)}`,
  callNow: "Call now",
  callNowSure: "Press again: ring now",
  open: "Open",
  youHave: "You have this",
  has: (name: string) => `${name} has this`,
  askedAgain: "asked again in",
  expired: "about to be nobody’s",
  since: "since",
  asOf: (at: string) => `as of ${at}`,
  stillMine: "I still have this",
  stillYours: "do you still have this? Nobody’s in",
  renewed: "Kept. You are asked again later.",
  answered: "Somebody answered: speak now",
  privateCheck: "Back on screen. A private check is due before the group goes on.",
  back: (them: string) => `Back on screen. Nobody has recognised ${them} yet.`,
  backShort: "back on screen",
  toCheck: "Do the private check",
  locked: "Contact and responder steps are held until a person says it is not our side.",
  byHandTitle: "Handrail could not act. Do this by hand.",
  dial: (number: string) => `Ring ${number} by hand`,
  firstOutreach: {
    ring: "",
    text_first: "Text first",
    relay: "Relay",
    do_not_ring: "Do not ring",
  },
  presenceNow: (word: string) => `now: ${word}`,
  practice: { demo: "Demo", drill: "Drill", selftest: "Self-test" },
  notLiveActs: "Take it, stop and skip come back when the board is live.",
  lineIn: "in",
  more: (n: number) => (n === 1 ? "One more alert nobody has" : `${n} more alerts nobody has`),
};

const FIRST_CALL = "first-call";

export const steps = {
  orderLabel: "What happens if nobody presses",
  waits: "waits for a person",
  change: "Change what happens",
  now: "Do it now",
  nowSure: "Press again to do it now",
  skip: "Skip",
  skipSave: "Skip it",
  stop: "Stop",
  reason: "Reason, one line. It goes into the timeline.",
  reasonNeeded: "Say why in a few words, then skip.",
  cancel: "Keep it",
  askedNow: "Asked. It is done when the timeline says so.",
  stopped: "Stopped.",
  skipped: "Skipped.",
  noMore: "Nothing more happens by itself. A person decides.",
  underWay: "under way",
  since: "since",
  lateBy: (time: string) => `begun ${time} late`,
  unknown: "We cannot say if this started.",
  countdown: (step: StepView): string => {
    if (step.waits_for_person) return "Waits for a person";
    return step.key === FIRST_CALL ? "First call starts in" : "Next step in";
  },
  late: (step: StepView): string => {
    if (step.waits_for_person) return "Nobody has answered for";
    return step.key === FIRST_CALL ? "First call is late by" : "Late by";
  },
  stale: (step: StepView): string => (step.key === FIRST_CALL ? "First call was due" : "Next step was due"),
  limit: (limit: string) => `limit ${limit} from the drop`,
  cannotSay: "We cannot say if it started.",
  by: "by",
  wasDue: "was due",
};

export const calls: Record<CallView["state"], string> = {
  planned: "is next",
  dialing: "is being dialled",
  ringing: "is ringing",
  answered: "answered",
  ended: "ended",
  failed: "could not be reached",
  unknown: "we cannot say if it rang",
  cancelled: "stopped",
};
export const texts: Record<CallView["state"], string> = {
  ...calls,
  dialing: "is being sent",
  ringing: "sent",
  answered: "delivered",
  ended: "sent",
};

export const outage = {
  title: (n: number) => `${n} people lost at once. Is it our side?`,
  opened: "dropped within 10 seconds",
  locked:
    "Calls to clients go on. Contact and responder steps are held until a person says it is not our side.",
  notOurs: "It is not our side",
  notOursSure: "Press again: let contact steps go on",
  cleared: (name: string) => `${name} said it is not our side. Contact steps go on.`,
  clearing: "Said. Contact and responder steps go on for a person’s press.",
};

export const absent = {
  title: (n: number) =>
    n === 1 ? "One person is expected and not here" : `${n} people are expected and not here`,
  late: (minutes: number) => `Not here yet, ${minutes} min after the start`,
  since: (at: string) => `Not here yet, expected ${at}`,
  /** Several people stand under each other with the same words on their buttons. */
  act: (word: string, name: string) => `${word}, ${name}`,
};

export const group = {
  leads: (lead: string, other: string | undefined) =>
    other ? `${lead} leads, ${other}` : `${lead} leads alone`,
  noLead: "Nobody leads yet",
  supervisor: (name: string) => `Supervisor ${name}`,
  here: (here: number, expected: number) => `${here} of ${expected} here`,
  notHere: (n: number) => `${n} not here yet`,
  everyone: "I see everyone",
  seenAll: (n: number) => (n === 1 ? "Noted: you see one person." : "Noted: you see everyone who is here."),
  seenUntil: (at: string) => `seen until ${at}`,
  paused: "Paused",
  scheduled: (at: string) => `opens ${at}`,
  openIt: "Prepare and open",
  manage: "Group",
  to: "to",
  empty: "Nobody is on the roster yet.",
};

export const tile = {
  ago: (time: string) => `${time} ago`,
  lost: "Lost connection",
  quiet: "Quiet",
  doYouSee: (them: string) => `Do you see ${them}?`,
  camera: (left: string) => `No answer, camera off. Asking for ${left} more`,
  cameraOver: "No answer for a minute",
  left: "Left.",
  expected: "Expected?",
  away: "Stepped away",
  backBy: (at: string) => `back by ${at}`,
  leavingAt: (at: string) => `leaves at ${at}`,
  leftAt: (at: string) => `left ${at}`,
  toRoom: "On the way to a private room",
  with: (staff: string) => `with ${staff}`,
  since: "since",
  plus: (minutes: number) => `+${minutes} min`,
  expectedAt: (at: string) => `(expected ${at})`,
  confirmed: (age: string) => `confirmed ${age} ago`,
  confirmedAt: (at: string) => `confirmed ${at}`,
  told: "told us privately",
  unconfirmed: "not confirmed today",
  noPlace: "No place today",
  alone: "alone",
  gaps: (gaps: readonly string[]) => (gaps.length === 1 ? `1 gap: ${gaps[0]}` : `${gaps.length} gaps`),
  allGaps: (gaps: readonly string[]) => gaps.join(", "),
  noGaps: "No gaps",
  more: (name: string) => `What happened with ${name}`,
  readNote: "Read the private note",
  notesOf: (name: string) => `Private notes of ${name}`,
  notesWhy: "Only the two staff of this group can read them.",
  noNotes: "Nothing has been written yet.",
  admit: "Let the other device in",
  admitted: (name: string) => `The other device of ${name} is in. The one before shows: ring us.`,
  similar: "Similar name",
};

export const taps = {
  seen: (them: string) => `I see ${them}`,
  lost: (them: string) => `I lost ${them}`,
  notResponding: "Not responding",
  camera: "Camera off, no answer",
  ring: "Ring",
  ringSure: (them: string) => `Press again: start ringing ${them}`,
  openAlert: "Open an alert",
  openAlertSure: (them: string) => `Press again: open an alert for ${them}`,
  excuse: "Excuse",
  told: "Told me privately: same place",
  moment: "Needs a moment",
  away: "Back in 5",
  back: (they: string) => `${they[0]?.toUpperCase() ?? ""}${they.slice(1)} is back`,
  leaving: "Leaving in 10 min",
  room: "Private room",
  dismissed: "Sent home",
  check: "Safety check",
  openIncident: "Open the alert",
  notes: "Private notes",
  record: "Open the record",
  done: (name: string, what: string) => `${name}: ${what}.`,
};

export const health = {
  label: "Health of Handrail",
  onTime: "Steps on time",
  looked: (age: string) => `last looked ${age} ago`,
  overdue: (n: number) => (n === 1 ? "1 step is late" : `${n} steps are late`),
  held: "Steps are held",
  heldWhy: "after a restore. An administrator reads the waiting steps, then lets them go.",
  stopped: "Steps are not moving",
  stoppedWhy: "Act by hand when a clock runs out.",
  telephone: {
    ok: "Telephone ready",
    failing: "Telephone is failing",
    simulated: "Simulated lines",
    not_set_up: "No telephone set up",
  },
  telephoneWhy: {
    ok: "",
    failing: "dial by hand",
    simulated: "nothing leaves Handrail",
    not_set_up: "dial by hand",
  },
  live: "Live",
  liveWhy: (age: string) => `heard ${age} ago`,
  notLive: "Not live",
  waiting: "No word yet",
};

export const notLive = {
  before: "Not live since",
  after: "Call by phone.",
  never: "Not live. Call by phone.",
  what: "This board shows what was true then. Calls may still be going out: ask before you dial twice.",
  retry: "Try again now",
};

export const sound = {
  inGroup: "Sound: none while you are in a group",
  off: "Sound: off for you",
  on: "Sound: on for you, repeats until owned",
  muted: (left: string) => `Sound: muted for ${left}`,
  blocked: "Sound waits for a press in this window",
  mute: "Mute 5 min",
  unmute: "Unmute",
  turnOn: "Turn on",
  turnOff: "Turn off",
  test: "Test",
};

export const strip = {
  label: "Alert nobody has",
  /** The most urgent by its title: "Take it" beside it takes that one. */
  first: (title: string, more: number) =>
    `${title}. Nobody has this yet.${more > 0 ? ` ${more} more alert${more > 1 ? "s" : ""} nobody has.` : ""}`,
  toNow: "Go to Now",
  second: "Second alert of this group",
  secondAlarm: "Nobody has taken it: people outside the room are rung",
  mineLabel: "What you have",
  mine: (name: string) => `You have ${end(name)} Do you still? Nobody’s in`,
};

export const said = {
  arrived: (tier: string, title: string) => `${tier}. ${title}. Nobody has this yet.`,
  near: (name: string) => `${name}: 10 seconds to the limit.`,
  late: (name: string) => `${name}: the limit has passed.`,
  taken: (owner: string, name: string) => `${owner} has ${end(name)}`,
  answered: (name: string) => `Somebody answered for ${end(name)} Speak now.`,
  back: (name: string) => `${name} is back. A private check is due.`,
  nobody: (name: string) => `Nobody has ${name} any more.`,
  absent: (tier: string, name: string, minutes: number) =>
    `${tier}. ${name} is not here yet, ${minutes} minutes after the start.`,
  stillYours: (name: string) => `You have ${end(name)} Do you still? One minute left.`,
};
