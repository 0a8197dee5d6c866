import type { Place, Platform } from "../groups/contract";

export const groups = {
  title: "Groups",
  why: "Each meeting of a group: who comes, who runs it, and who stands behind it with a telephone.",
  schedule: "Schedule a group session",
  newGroup: "New group",
  groupName: "Name of the group",
  groupNameHint: "It appears in invitations. Nothing that names a diagnosis or a reason.",
  addGroup: "Add the group",
  group: "Group",
  choose: "Choose",
  day: "Day",
  from: "Begins",
  until: "Ends",
  timesIn: (zone: string) => `Times in ${zone.replaceAll("_", " ")}`,
  place: {
    lead: "Lead",
    cofacilitator: "Co-facilitator",
    supervisor: "Supervisor",
    backup: "Backup",
  } satisfies Record<Place, string>,
  nobody: "Nobody yet",
  phoneEnds: (name: string, last2: string | undefined) =>
    last2 ? `${name}, phone ends ${last2}` : `${name}, no telephone`,
  outside:
    "Supervisor and backup stand outside the room, and their telephones ring when nobody else answers.",
  exception: "Why with one person",
  exceptionHint: "Two staff run a group. When only one can, write why; it stays on record.",
  save: "Schedule it",
  saveChange: "Save",
  cancel: "Cancel",
  dayNeeded: "Choose the day and the time.",
  groupNeeded: "Choose the group.",
  open: "Open now",
  next: "Next",
  past: "Past",
  none: "Nothing is scheduled. Schedule a group session, and its people are asked at the door where they are.",
  noneMine:
    "Nothing is scheduled with you in it. A supervisor schedules group sessions and names who runs them.",
  when: "When",
  staff: "Staff",
  people: (n: number) => (n === 1 ? "1 client" : `${n} clients`),
  state: { scheduled: "Scheduled", open: "Open", paused: "Paused", closed: "Over" },
  platform: {
    taps: "By taps alone",
    zoom: "Zoom",
    livekit: "LiveKit",
    generic: "Another platform",
  } satisfies Record<Platform, string>,
  video: "Video platform",
  room: "Room, as the platform writes it",
  roomHint: "The id of its meeting or room.",
  scheduled: "Scheduled.",
};

export const session = {
  roster: "Who is expected",
  emptyRoster: "Nobody is on the roster yet. Add the clients who are expected.",
  setUpOnly: "You set groups up; who comes is seen by those who run and supervise them.",
  addClient: "Add a client",
  noMore: "Every client you work with is on this roster.",
  add: "Add",
  takeOff: "Take off",
  takeOffOf: (name: string) => `Take off: ${name}`,
  takenOff: (name: string) => `${name} is off this roster.`,
  client: "Client",
  place: "Place today",
  link: "Link",
  gaps: "Gaps",
  noGaps: "None",
  notSaid: "Not said yet",
  told: "Told us privately",
  confirmed: (label: string, at: string) => `${label}, ${at}`,
  makeLink: "Make a link",
  makeLinkAgain: "New link",
  /** What is seen comes first in what is heard. */
  makeLinkOf: (word: string, name: string) => `${word}: ${name}`,
  linkNone: "None yet",
  linkMade: "Made, not used yet",
  linkUsed: "In use",
  linkWaiting: "Another device asks to come in",
  admit: "Let it in",
  admitOf: (name: string) => `Let the other device in: ${name}`,
  admitted: (name: string) => `The other device of ${name} is in.`,
  linkShown: (name: string) => `Link for ${name}`,
  linkOnce:
    "It is shown once. Send it to this person alone. It works until an hour after the group, on the first device that opens it.",
  copy: "Copy",
  copied: "Copied.",
  toldPlace: "Told us privately",
  toldPlaceOf: (name: string) => `Told us privately, the usual place: ${name}`,
  toldDone: (name: string) => `Noted: ${name} told us, the usual place.`,
  sheet: "Group sheet",
  change: "Change time or staff",
  whoIsOn: "Who is on",
  leadsAlone: "leads alone",
  noPhone: "no telephone",
  phoneEnds: (last2: string) => `phone ends ${last2}`,
  you: "you",
  openPlain: "Open the group",
  openGaps: (n: number) => (n === 1 ? "Open with 1 gap" : `Open with ${n} gaps`),
  opens: "The group opens on time: nothing here has to be filled in first.",
  atDoor: (names: string) => `Asked at the door: ${names}.`,
  othersTasks: (n: number) =>
    n === 1
      ? "One other gap becomes a task, yours until you hand it on."
      : `The other ${n} become tasks, yours until you hand them on.`,
  exceptionWhy: "Two staff run a group. Write why it opens with one, or name a second person.",
  opened: "The group is open. Its people stand on Now.",
  close: "Close the group",
  closeWhy: "Everybody at moderate or above who is not here needs a word about what came of it.",
  closed: "The group is closed. Open incidents go on.",
  outcomeOf: (name: string) => `What came of it for ${name}?`,
  outcomes: {
    attended: "Attended after all",
    excused: "Excused",
    rung: "Rung, and reached",
    left_as_planned: "Left as planned",
    handed_over: "Handed over",
  } as Record<string, string>,
  note: (name: string) => `Note about ${name}`,
  outcomeNeeded: "Choose what came of it.",
  closeIt: "Close it",
  notYet: "Not yet",
  exceptionWas: (why: string) => `With one person: ${why}`,
  opensIn: (time: string) => `opens in ${time}`,
  wasDue: (time: string) => `was due ${time} ago`,
  incident: "Incident",
  removeSure: "Press again to take off",
};

export const notes = {
  title: "Private notes to you",
  count: (all: number, unread: number) =>
    unread === 0
      ? all === 1
        ? "One note, read."
        : `${all} notes, read.`
      : unread === 1
        ? "One note nobody has read yet."
        : `${unread} notes nobody has read yet.`,
  show: "Read, logged",
  somebody: "Somebody",
};

export const unmatched = {
  title: "In the video room, not named yet",
  why: "Say who they are, so that their coming and going counts.",
  inRoom: "in the room",
  gone: "gone again",
  who: (shownAs: string) => `Who is “${shownAs}”?`,
  choose: "Choose",
  ofStaff: (name: string) => `${name}, staff`,
  done: (name: string) => `Noted: that is ${name}.`,
  doneStaff: (name: string) => `Noted: that is ${name}. Staff are nobody’s presence.`,
};

export const sheet = {
  print: "Print",
  back: "Back to the group",
  title: (name: string) => `Group sheet: ${name}`,
  secret: "Holds telephone numbers and addresses. Keep it in your hand, and shred it after the group.",
  printed: (at: string) => `Printed ${at}`,
  staff: "Staff",
  client: "Client",
  place: "Place",
  phones: "Telephones",
  contacts: "Whom we may call",
  dispatch: "Local line",
  never: "Never call",
  none: "none",
  unsafe: "May not be free to talk",
  verified: (day: string) => `checked ${day}`,
  notVerified: "never checked",
  likelyLine: (why: string) => `Likely, not certain: ${why}.`,
  safe: "safe to ring",
  notSafe: "not marked safe",
  noVoicemail: "no voicemail",
  readIt: "Reading this sheet is logged.",
  callback: "Call-back number",
  minor: "Under 18",
  legal: (legal: string, safe: string) => `For responders: ${legal}. At home and on voicemail: ${safe}.`,
};

/** R24: what clients read on their page when the line is lost. */
export const dialIn = {
  title: "Join by telephone",
  none: "No dial-in yet. With one, clients can come back by telephone when their line is lost.",
  why: "Printed on clients’ pages, as written here.",
  label: "Number, and the code after it",
  hint: "Such as 503-555-0150, then 2468#. Leave empty to take it away.",
  saved: "Saved. Clients’ pages show it now.",
};
