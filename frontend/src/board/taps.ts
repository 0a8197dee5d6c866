import type { PresenceWord, TileCard } from "../contract";
import type { Pronouns } from "../words";
import { taps as say } from "../words/board";

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

export function tapsFor(tile: TileCard, who: Pronouns, now: number): Offered {
  const { state, ask } = tile.presence;
  const see: Tap = { path: "seen", word: say.seen(who.them), icon: "eye" };
  const lose: Tap = { path: "lost", word: say.lost(who.them), icon: "lost" };
  const excuse: Tap = { path: "excuse", word: say.excuse, icon: "check" };
  const back: Tap = { path: "back", word: say.back(who.they), icon: "enter" };
  const told: Tap = { path: "told-place", word: say.told, icon: "home" };

  const first: Tap[] = [];
  if (state === "not_here_yet") {
    // R19: ten minutes late. Ringing starts the same chain as a lost connection, which a person can stop at each step.
    if (ask)
      first.push({ path: "lost", word: say.ring, sure: say.ringSure(who.them), icon: "phone" }, excuse);
  } else if (state === "quiet" || ask) first.push(see, lose);
  else if (state === "left") first.push(excuse, lose);
  else if (GONE.includes(state)) {
    // With an open alert the same press stands on the alert, where it belongs.
    if (!tile.incident_id) first.push(see);
  } else if (state === "away") first.push(back);

  const more: Tap[] = [];
  if (HERE.includes(state)) {
    more.push(see, lose, { path: "not-responding", word: say.notResponding, icon: "not-responding" });
    more.push(
      { path: "moment", word: say.moment, icon: "away" },
      { path: "away", word: say.away, icon: "away", body: () => ({ minutes: 5 }) },
    );
    const at = () => ({ at: new Date(now + LEAVING_MS).toISOString() });
    more.push({ path: "leaving", word: say.leaving, icon: "left", body: at });
    more.push({ path: "private-room", word: say.room, icon: "room" });
    more.push({ path: "dismissed", word: say.dismissed, icon: "left" });
  }
  if (state === "lost")
    more.push({ path: "not-responding", word: say.notResponding, icon: "not-responding" });
  const unknown = tile.place.state === "missing" || tile.place.state === "unconfirmed";
  if (unknown && state !== "excused") more.push(told);
  if (state === "not_here_yet") more.push(see, excuse);
  const onTile = new Set(first.map((tap) => tap.path));
  return { first, more: more.filter((tap) => !onTile.has(tap.path)) };
}
