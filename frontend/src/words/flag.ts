import type { Tier } from "../contract";
import { tierWord } from "../words";

/** A tier that waits to be looked at again, and one that waits for a second person. On boards as on pages. */
export const flag = {
  until: (when: string) => `Look again by ${when}`,
  overdue: (when: string) => `Look again: overdue since ${when}`,
  overdueShort: "Re-assess",
  why: "The tier stands until somebody has done the check.",
};

export const board = {
  checking: (name: string) => `${name} is doing the safety check, since`,
};

export const lowering = {
  title: (before: Tier, after: Tier) =>
    `From ${tierWord[before].toLowerCase()} to ${tierWord[after].toLowerCase()}?`,
  asks: (name: string, before: Tier, after: Tier) =>
    `${name} asks to lower the tier from ${tierWord[before].toLowerCase()} to ${tierWord[after].toLowerCase()}.`,
  mine: (after: Tier) =>
    `You asked for ${tierWord[after].toLowerCase()}. A colleague decides; until then the tier stays.`,
  checked: "A safety check stands behind it.",
  unchecked: "No safety check stands behind it.",
  left: "to decide",
  over: "Nobody decided in time",
  accept: (after: Tier) => `Yes, ${tierWord[after].toLowerCase()}`,
  acceptSure: (after: Tier) => `Press again: the tier becomes ${tierWord[after].toLowerCase()}`,
  decline: (before: Tier) => `No, keep ${tierWord[before].toLowerCase()}`,
  declineWhy: "Why? One line helps whoever asked.",
  withdraw: "Take it back",
  accepted: "Confirmed by two. The tier is lower.",
  declined: "The tier stays.",
  withdrawn: "Taken back. The tier stays.",
  ifNobody: "If nobody decides, the tier stays and the supervisor is rung.",
  look: "Look and decide",
  boards: (name: string, before: Tier, after: Tier) =>
    `${name} asks: from ${tierWord[before].toLowerCase()} to ${tierWord[after].toLowerCase()}. A second clinician decides.`,
  boardMine: (after: Tier) => `You asked for ${tierWord[after].toLowerCase()}. A second clinician decides.`,
};
