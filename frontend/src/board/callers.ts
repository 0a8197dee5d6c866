import type { CallerCard, Card, Tier } from "../contract";
import { initialsOf } from "../people";
import { prefs } from "../prefs.svelte";
import { callers as say } from "../words/callers";

const weight: Record<Tier, number> = { imminent: 0, high: 1, moderate: 2, low: 3, none: 4 };
/** Our phones have rung by then. A provider that never said how it ended leaves a call that may have been missed. */
const RINGS_MS = 3 * 60_000;

/** Calm as long as our phones ring; after that nobody can say that anybody answered. */
export const isRinging = (caller: CallerCard, now: number): boolean =>
  caller.state === "ringing" && now - Date.parse(caller.last_at) < RINGS_MS;

/** By tier, then who has waited longest, so that no two boards differ. A number we do not know counts as none. */
export const callersOf = (cards: readonly Card[]): CallerCard[] =>
  cards
    .filter((card): card is CallerCard => card.kind === "caller")
    .sort(
      (a, b) =>
        weight[a.tier ?? "none"] - weight[b.tier ?? "none"] ||
        Date.parse(a.first_at) - Date.parse(b.first_at) ||
        a.id.localeCompare(b.id),
    );

const shown = (name: string): string =>
  prefs.initials
    ? name
        .split(" or ")
        .map((one) => initialsOf(one))
        .join(" or ")
    : name;

export function callerName(caller: CallerCard): string {
  const name = caller.name ? shown(caller.name) : "";
  const words: Record<CallerCard["who"], string> = {
    client: name,
    contact: say.contactOf(name),
    barred: say.barredBy(name),
    staff: say.staff(caller.name ?? ""),
    unknown: caller.ends ? `${say.unknown}, ${say.ends(caller.ends)}` : say.withheld,
  };
  return words[caller.who];
}

export const callerHref = (caller: CallerCard): string | undefined =>
  caller.incident_id
    ? `/incidents/${caller.incident_id}`
    : caller.client_id
      ? `/clients/${caller.client_id}`
      : undefined;
