import type { PresenceWord, TileCard } from "../contract";
import type { Pronouns } from "../words";
import { taps as say } from "../words/board";
import { absenceIsAlert } from "./order";

/** What staff may say about a client in one press. `path` is the last part of the address. */
export interface Tap {
  path: string;
  word: string;
  icon?: string;
  body?: () => object;
  /** Ringing somebody cannot be recalled: two presses. */
  sure?: string;
}

const LEAVING_MS = 10 * 60_000;
const HERE: readonly PresenceWord[] = [
  "present",
  "quiet",
  "verified",
  "reached",
  "away",
  "leaving",
  "private_room",
];
const GONE: readonly PresenceWord[] = ["lost", "not_responding", "left"];

export interface Offered {
  /** Drawn on the tile: the answer the board asks for. */
  first: Tap[];
  /** Behind the three dots. */
  more: Tap[];
}

const see = (who: Pronouns): Tap => ({ path: "seen", word: say.seen(who.them), icon: "eye" });
const EXCUSE: Tap = { path: "excuse", word: say.excuse, icon: "check" };

/** The mark that `marks_of` in app/board/people.py gives a client whom nothing may ring by itself. */
const DO_NOT_RING = "Do not ring";

/**
 * R19: ten minutes late. It starts the same chain as a lost connection, which a person can stop at each step, and which
 * rings nobody whom staff do not want rung: then the word says so.
 */
function look(tile: TileCard, who: Pronouns): Tap {
  const noRing = tile.marks.some((mark) => mark.kind === "care" && mark.text === DO_NOT_RING);
  return noRing
    ? { path: "lost", word: say.openAlert, sure: say.openAlertSure(who.them), icon: "flag" }
    : { path: "lost", word: say.ring, sure: say.ringSure(who.them), icon: "phone" };
}

/** The answers to "not here yet". */
export const absentTaps = (tile: TileCard, who: Pronouns): Tap[] => [look(tile, who), EXCUSE, see(who)];

export function tapsFor(tile: TileCard, who: Pronouns, now: number): Offered {
  const { state, ask } = tile.presence;
  const lose: Tap = { path: "lost", word: say.lost(who.them), icon: "lost" };
  const back: Tap = { path: "back", word: say.back(who.they), icon: "enter" };
  const told: Tap = { path: "told-place", word: say.told, icon: "home" };

  const first: Tap[] = [];
  if (state === "not_here_yet") {
    // From moderate on the same presses stand on the alert, where they belong.
    if (ask && !absenceIsAlert(tile)) first.push(look(tile, who), EXCUSE);
  } else if (state === "quiet" || ask) first.push(see(who), lose);
  else if (state === "left") first.push(EXCUSE, lose);
  else if (GONE.includes(state)) {
    // With an open alert the same press stands on the alert, where it belongs.
    if (!tile.incident_id) first.push(see(who));
  } else if (state === "away") first.push(back);

  const more: Tap[] = [];
  if (HERE.includes(state)) {
    more.push(see(who), lose, { path: "not-responding", word: say.notResponding, icon: "not-responding" });
    more.push(
      { path: "moment", word: say.moment, icon: "away" },
      { path: "away", word: say.away, icon: "away", body: () => ({ minutes: 5 }) },
    );
    const at = () => ({ at: new Date(now + LEAVING_MS).toISOString() });
    more.push({ path: "leaving", word: say.leaving, icon: "left", body: at });
    if (!tile.room) more.push({ path: "breakout", word: say.room, icon: "room" });
    more.push({ path: "dismissed", word: say.dismissed, icon: "left" });
  }
  if (state === "lost")
    more.push({ path: "not-responding", word: say.notResponding, icon: "not-responding" });
  const unknown = tile.place.state === "missing" || tile.place.state === "unconfirmed";
  if (unknown && state !== "excused") more.push(told);
  if (state === "not_here_yet") more.push(see(who), EXCUSE);
  const onTile = new Set(first.map((tap) => tap.path));
  return { first, more: more.filter((tap) => !onTile.has(tap.path)) };
}
