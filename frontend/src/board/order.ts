import type { GroupCard, IncidentCard, StepView, Tier, TileCard } from "../contract";

const weight: Record<Tier, number> = { imminent: 0, high: 1, moderate: 2, low: 3, none: 4 };

/**
 * Its clock still runs. A call that is ringing has done its part of the limit; a step that waits for a person has not,
 * however long it has been open.
 */
const notStarted = (step: StepView): boolean =>
  step.waits_for_person
    ? ["pending", "claimed", "dialing"].includes(step.status)
    : (step.status === "pending" || step.status === "claimed") && !step.started_at;

/** A step that is only foretold has no row yet and carries the incident's id: nobody can stop, skip or hurry it. */
export const pressable = (incident: IncidentCard, step: StepView): boolean =>
  step.id !== incident.incident_id;

/** Tells steps apart, foretold ones too. */
export const stepKey = (incident: IncidentCard, step: StepView): string =>
  pressable(incident, step) ? step.id : `${step.key} ${step.limit_at}`;

/** Answered by "Take it": what happens if nobody presses is the first call, and its clock is the one to show. */
const OWN_BUTTON = new Set(["alert", "assign"]);

/** The steps whose clock runs, soonest limit first: the one in hand and the order, each once. */
export function waiting(incident: IncidentCard): StepView[] {
  const steps = new Map(incident.order.map((step) => [stepKey(incident, step), step]));
  if (incident.in_hand) steps.set(stepKey(incident, incident.in_hand), incident.in_hand);
  return [...steps.values()]
    .filter((step) => notStarted(step) && !OWN_BUTTON.has(step.key))
    .sort((a, b) => compare(Date.parse(a.limit_at), Date.parse(b.limit_at)));
}

const ALIVE = new Set(["pending", "claimed", "dialing"]);

/** What the engine is doing right now: begun and not over. */
export function underWay(incident: IncidentCard): StepView | undefined {
  const step = incident.in_hand;
  return step && !step.waits_for_person && step.started_at && ALIVE.has(step.status) ? step : undefined;
}

/** The steps that a press can stop, skip or hurry: those with a row, whether their clock runs or their phone rings. */
export function changeable(incident: IncidentCard): StepView[] {
  const steps = waiting(incident).filter((step) => pressable(incident, step));
  const hand = incident.in_hand;
  if (
    !hand ||
    !pressable(incident, hand) ||
    !ALIVE.has(hand.status) ||
    steps.some((step) => step.id === hand.id)
  )
    return steps;
  return [hand, ...steps];
}

/** "Call now": the call itself when it has a row; before that, the wait for somebody to take it is cut short. */
export function callNow(incident: IncidentCard): StepView | undefined {
  const hand = incident.in_hand;
  if (hand?.status === "pending" && OWN_BUTTON.has(hand.key) && pressable(incident, hand)) return hand;
  const next = nextStep(incident);
  return next && !next.waits_for_person && pressable(incident, next) ? next : undefined;
}

/** Machines say that they are in the call again. "Lost connection" stays over the alert until a person recognises them. */
export const isBack = (incident: IncidentCard): boolean =>
  incident.what === "connection_lost" && incident.presence.state === "present";

/** The step every screen counts down to. */
export const nextStep = (incident: IncidentCard): StepView | undefined => waiting(incident)[0];

export function nextLimit(incident: IncidentCard): number {
  const step = nextStep(incident);
  return step ? Date.parse(step.limit_at) : Number.POSITIVE_INFINITY;
}

/** Unowned first, then by tier, then by time left, then the older drop, so that no two boards differ. */
export function byUrgency(incidents: readonly IncidentCard[]): IncidentCard[] {
  const before = (a: IncidentCard, b: IncidentCard): number =>
    Number(a.owner !== null) - Number(b.owner !== null) ||
    weight[a.tier] - weight[b.tier] ||
    compare(nextLimit(a), nextLimit(b)) ||
    compare(Date.parse(a.drop_at), Date.parse(b.drop_at)) ||
    a.id.localeCompare(b.id);
  return [...incidents].sort(before);
}

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

export interface Rail {
  /** Drawn whole. */
  open: IncidentCard[];
  /** One line each: name, tier, clock, Take it. */
  lines: IncidentCard[];
}

/** From the third unowned alert on, only the most urgent stays open. Owned alerts follow, whole. */
export function rail(ordered: readonly IncidentCard[]): Rail {
  const unowned = ordered.filter((incident) => incident.owner === null);
  const owned = ordered.filter((incident) => incident.owner !== null);
  if (unowned.length < 3) return { open: [...unowned, ...owned], lines: [] };
  return { open: [...unowned.slice(0, 1), ...owned], lines: unowned.slice(1) };
}

/** Somebody who is expected and ten minutes late, with the group that waits. */
export interface Absent {
  tile: TileCard;
  group: GroupCard;
}

/** R19: below moderate the list of the group is enough; from moderate on it is an alert until somebody has answered it. */
export const absenceIsAlert = ({ presence, tier, incident_id }: TileCard): boolean =>
  presence.state === "not_here_yet" &&
  presence.ask === true &&
  weight[tier] <= weight.moderate &&
  !incident_id;

/** By tier, then who has been missed longest, then by name, so that no two boards differ. */
export function absent(tiles: readonly TileCard[], groups: readonly GroupCard[]): Absent[] {
  const open = new Map(
    groups
      .filter((group) => group.state === "open" || group.state === "paused")
      .map((group) => [group.group_session_id, group]),
  );
  return tiles
    .flatMap((tile) => {
      const group = absenceIsAlert(tile) ? open.get(tile.group_session_id) : undefined;
      return group ? [{ tile, group }] : [];
    })
    .sort(
      (a, b) =>
        weight[a.tile.tier] - weight[b.tile.tier] ||
        compare(Date.parse(a.group.starts_at), Date.parse(b.group.starts_at)) ||
        a.tile.name.localeCompare(b.tile.name) ||
        a.tile.id.localeCompare(b.tile.id),
    );
}

/** Quiet signals by tier, then the one that has waited longest, then by name, so that no two boards differ. */
export const bySignal = <T extends { tile: TileCard }>(signals: readonly T[]): T[] =>
  [...signals].sort(
    ({ tile: a }, { tile: b }) =>
      weight[a.tier] - weight[b.tier] ||
      (a.signal?.since ?? "").localeCompare(b.signal?.since ?? "") ||
      a.name.localeCompare(b.name) ||
      a.id.localeCompare(b.id),
  );

/** Whole minutes that somebody is late. */
export const minutesLate = (group: GroupCard, now: number): number =>
  Math.floor((now - Date.parse(group.starts_at)) / 60_000);

/** R15: 60 s before an acknowledgement ends only its owner is asked, silently. */
export const ASK_MS = 60_000;

/** How long an acknowledgement still stands. Once somebody was recognised live it no longer ends by itself. */
export const standsFor = (incident: IncidentCard, now: number): number | undefined =>
  incident.owned_until && incident.presence.state !== "verified"
    ? Date.parse(incident.owned_until) - now
    : undefined;

export function stillYours(incident: IncidentCard, now: number): boolean {
  const stands = standsFor(incident, now);
  return incident.mine && stands !== undefined && stands < ASK_MS;
}
