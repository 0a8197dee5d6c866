/**
 * Words that more than one screen says. Each screen has its own file in `words/`, so that it loads with that screen.
 */
import type { PresenceWord, Tier } from "./contract";

export const tierWord: Record<Tier, string> = {
  none: "No flag",
  low: "Low",
  moderate: "Moderate",
  high: "High",
  imminent: "Imminent",
};

export const notAssessed = "Not assessed";

export const presenceWord: Record<PresenceWord, string> = {
  not_here_yet: "Not here yet",
  excused: "Excused today",
  present: "Present",
  quiet: "Quiet",
  left: "Left",
  lost: "Lost connection",
  not_responding: "Not responding",
  reached: "Reached by phone",
  verified: "Seen live",
  away: "Stepped away",
  leaving: "Leaving early",
  left_planned: "Left early, as planned",
  private_room: "Private room",
  dismissed: "Dismissed",
};

export interface Pronouns {
  they: string;
  them: string;
  their: string;
}

/** "she/her" gives her; anything else people may have written gives the name, which is never wrong. */
export function pronounsOf(written: string, firstName: string): Pronouns {
  const [they = "", them = ""] = written.toLowerCase().split(/[/,\s]+/);
  if (they === "she") return { they: "she", them: "her", their: "her" };
  if (they === "he") return { they: "he", them: "him", their: "his" };
  if (they === "they") return { they: "they", them: "them", their: "their" };
  return them && they
    ? { they, them, their: `${firstName}’s` }
    : { they: firstName, them: firstName, their: `${firstName}’s` };
}

export const firstNameOf = (name: string): string => name.trim().split(/\s+/)[0] ?? name;
