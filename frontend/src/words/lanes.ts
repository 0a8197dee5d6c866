import type { LaneView, RoomView } from "../contract";

type Lane = LaneView["lane"];
type Why = NonNullable<LaneView["why"]>;

/** "Marcus T." ends a sentence by itself. */
const end = (text: string): string => (text.endsWith(".") ? text : `${text}.`);

/** Who has what of an incident. */
export const lanes = {
  title: "Who has what",
  label: (name: string) => `Who has what about ${name}`,
  what: (lane: Lane, name: string): string =>
    ({ eyes: `Eyes on ${name}`, group: "The group", caller: "The caller" })[lane],
  you: "You",
  nobody: "Nobody",
  notNeeded: "not needed yet",
  since: (at: string) => `since ${at}`,
  given: (at: string) => `since the alert was taken, ${at}`,
  inRoom: (age: string) => `private room ${age}`,
  here: (here: number, expected: number) => `${here} of ${expected} here`,
  pausedUntil: (at: string) => `paused until ${at}`,
  ended: (at: string) => `ended with a check ${at}`,
  ago: (age: string) => `for ${age}`,
  why: (why: Why, at: string): string =>
    ({
      nobody: "",
      board: `not heard from since ${at}`,
      video: `fell out of the video ${at}`,
      room: "does not answer in the private room",
      inside: "is in the private room",
      both: "calls as well: a second person is needed",
    })[why],
  offered: (name: string, left: string) => `offered to ${name}, ${left} left`,
  /** R25. */
  alarm: (lane: Lane, name: string): string =>
    ({
      eyes: `Nobody has eyes on ${name}`,
      group: "Nobody has the group",
      caller: "Nobody is making the calls",
    })[lane],
  take: (lane: Lane, them: string): string =>
    ({ eyes: `I see ${them}`, group: "I have the group", caller: "I’ll call" })[lane],
  takeFull: (lane: Lane, name: string): string =>
    ({ eyes: `I have eyes on ${name}`, group: "I have the group", caller: "I’ll call" })[lane],
  taken: (lane: Lane, name: string): string =>
    ({
      eyes: `You have eyes on ${name}. Everyone sees it.`,
      group: "You have the group. Everyone sees it.",
      caller: "You are the caller. Everyone sees it.",
    })[lane],
  more: (what: string) => `${what}: hand over, pause, let go`,
  offer: (name: string) => `Offer it to ${name}`,
  offeredDone: (name: string) => `Offered to ${name}. It stays yours until they accept.`,
  takeBack: "Keep it",
  kept: "It stays yours.",
  accept: "Accept",
  decline: "Not now",
  offeredToYou: (by: string, what: string) => `${by} offers you ${what}.`,
  accepted: "It is yours now. Everyone sees it.",
  declined: "Declined. It stays where it was.",
  letGo: "I cannot go on",
  letGoSure: "Press again: nobody has it then",
  letGoDone: "Nobody has it now. People outside the room are alarmed.",
  vouch: (name: string) => `I see ${name} has it`,
  vouched: (name: string) => `Noted: ${name} has it.`,
  pause: "Pause the group",
  end: "End the group, with a check",
  again: "The group goes on",
  whatOf: (lane: Lane, name: string): string =>
    ({ eyes: `eyes on ${name}`, group: "the group", caller: "the calls" })[lane],
  alone: "You are alone.",
  aloneHow: (name: string) => `Stay on speaker with ${name}, and dial from a second phone.`,
  aloneRings: "Supervisor, backup and on-call are rung together until one accepts.",
  asked: "Nobody has come to call.",
  askedHow: "You call. The group is paused, or ended with a check.",
  askedPause: "I call, and the group is paused",
  askedEnd: "I call, and the group ends",
  takeEyes: (name: string) => `Take it, eyes on ${name}`,
  takeGroup: "Take it, keep the group",
};

/** What is read to a group that is paused or ended, and what is done then (R5). */
export const closing = {
  pauseTitle: "Pause the group for ten minutes",
  endTitle: "End the group, and ask everybody how they are",
  read: "Read this:",
  pauseWords:
    "“We are going to pause for ten minutes. I mute everybody and switch the chat off. One of us is needed for something else. None of you did anything wrong. If you need somebody before that, press ‘I need a moment’ on your page, or ring the office. Please stay where you are.”",
  endWords:
    "“We end here today. Before you go, each of you says one word about how you are. Somebody from the team rings you today if it was more than you wanted. The number on your page answers all evening.”",
  pauseDo: ["Mute everybody", "Switch the chat off", "Say when you are back"],
  endDo: ["Ask everybody, by name, how they are", "Note who wants a call today", "End the meeting"],
  checked: "Everybody was asked how they are",
  words: "Who wants a call today, and why (optional)",
  paused: "It is paused",
  endedPress: "It is ended",
  pausedAnd: "It is paused, I call",
  endedAnd: "It is ended, I call",
  pausedDone: "The group is paused for ten minutes. Then it is nobody’s again.",
  endedDone: "The group is ended, with a check.",
  cancel: "Not now",
  needed: "Ask everybody first, then tick it.",
};

type Platform = "zoom" | "livekit" | "generic" | "taps";
const steps: Record<Platform, (name: string, room: string) => string[]> = {
  zoom: (name) => [
    "The host opens Breakout Rooms and makes one room.",
    `The host moves ${name} there, and you. Not the host yourself? Ask them in the staff chat, now.`,
    `Join it, and wait until you see ${name}.`,
  ],
  livekit: (name, room) => [
    `Open the room ${room} on your video.`,
    `Send ${name} its link in a private message, and say it aloud as well.`,
    `Stay in it until you see ${name}. Handrail hears both rooms.`,
  ],
  generic: (name, room) => [
    `Open a second room and call it ${room}: then Handrail hears it as this group’s.`,
    `Send ${name} its link in a private message, and say it aloud as well.`,
    `Stay in it until you see ${name}.`,
  ],
  taps: (name) => [
    "Open a second meeting, or take a telephone.",
    `Send ${name} its link in a private message, or ring the number on the record.`,
    `Say here that you are in it as soon as you see or hear ${name}.`,
  ],
};

export const room = {
  title: (name: string, staff: string) => `Private room: ${name} with ${staff}`,
  you: "you",
  opening: (name: string, staff: string) => `${name} goes to a private room with ${staff}`,
  since: (age: string, at: string) => `${age}, since ${at}`,
  stays: (name: string) => `${name} stays with the group.`,
  nobodyStays: "Nobody else is with the group: pause it first, and read the words.",
  say: (stays: string) =>
    stays
      ? `“I’d like a few minutes just with you. ${stays} will stay with everyone. Is that okay?”`
      : "“I’d like a few minutes just with you. Is that okay?”",
  steps: (platform: Platform, name: string, ref: string): string[] => steps[platform](name, ref),
  first: "Ask first: alone there? headphones? safe to talk?",
  open: "Private room",
  opened: (name: string) => `Opened. Say when you are in it with ${name}.`,
  instead: "Somebody else goes:",
  goes: (name: string, named: boolean) => (named ? `${name}, de-escalator` : name),
  goesDone: (name: string) => `${name} goes.`,
  joined: "We are in it",
  joinedDone: (name: string) => `Noted: in the private room with ${name}.`,
  fine: "Still fine",
  fineDone: "Noted. You are asked again in five minutes.",
  lookedIn: "I looked in: fine",
  lookedInDone: "Noted: you looked in.",
  comes: "I am on it",
  back: "Back to the group",
  notNow: "Stay in the group",
  notNowDone: (name: string) => `${name} stays in the group.`,
  backDone: (name: string) => `${name} goes back to the group.`,
  stay: "Stay ten minutes more",
  stayDone: "Noted. You are asked again in ten minutes.",
  leave: "Leave with a plan",
  leavePlan: "What was agreed: who they are with, what helps, when you speak next",
  leaveSave: "They leave with this plan",
  leaveDone: (name: string) => `${name} leaves with a plan.`,
  leaveNeeded: "Say in a line what was agreed.",
  escalate: "More help",
  escalateSure: "Press again: ask for more help",
  escalateDone: "The supervisor’s board says so now.",
  decide: "Twenty minutes. Return, stay, leave with a plan, or more help?",
  panel: "What now?",
  more: "More",
  moreOf: (name: string) => `More about the private room with ${name}`,
  close: "Close",
  asks: {
    title: (n: number) => (n === 1 ? "A private room asks" : `${n} private rooms ask`),
    opening: (name: string) => `Are you in the private room with ${name}?`,
    fine: (name: string) => `Still fine in the private room with ${name}?`,
    colleague: (staff: string, name: string) =>
      `${staff} has not answered in the private room with ${name}. Look in.`,
    supervisor: (staff: string, name: string) =>
      `Nobody has answered in the private room of ${staff} and ${name}. Look in, or ring ${staff}.`,
    escalated: (staff: string, name: string) =>
      `${staff} asks for more help in the private room with ${name}.`,
  },
  tile: (staff: string) => `with ${staff}`,
  stage: (stage: RoomView["stage"]): boolean => stage === "opening",
};

export const said = {
  alarm: (tier: string, words: string, name: string) => `${tier}. ${words}: ${end(name)}`,
  offer: (by: string, what: string) => `${by} offers you ${what}. Press Y to accept.`,
  asks: (words: string) => words,
  alone: "You are alone. Stay on speaker, dial from a second phone.",
  asked: "Nobody has come to call. You call; the group is paused or ended.",
};
