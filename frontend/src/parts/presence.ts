import type { Mark, PresenceWord } from "../contract";

export const presenceIcon: Record<PresenceWord, string> = {
  not_here_yet: "enter",
  excused: "check",
  present: "present",
  quiet: "quiet",
  left: "left",
  lost: "lost",
  not_responding: "not-responding",
  reached: "phone",
  verified: "verified",
  away: "away",
  leaving: "left",
  left_planned: "left",
  private_room: "room",
  dismissed: "left",
};

export const markIcon: Record<Mark["kind"], string | undefined> = {
  care: "shield",
  note: "text",
  device: "link",
  signal: "shield",
  language: "globe",
  pets: "paw",
  minor: "users",
  rural: "pin",
  shared: "users",
  names: undefined,
  other: "info",
};
