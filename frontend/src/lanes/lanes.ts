import type { GroupCard, IncidentCard, LaneView, PersonRef, RoomView, TileCard } from "../contract";

/** Who may do what with which lane, as the screen of one person sees it. Pure. */
export type Lane = LaneView["lane"];

export const laneOf = (incident: IncidentCard, lane: Lane): LaneView | undefined =>
  incident.lanes?.find((one) => one.lane === lane);

/** It counts as nobody's now, though somebody's name may still stand on it. */
export const unowned = (lane: LaneView): boolean =>
  (lane.needed && lane.why != null) || (lane.state === "nobody" && lane.needed);

export const alarmed = (incident: IncidentCard): LaneView[] =>
  (incident.lanes ?? []).filter((lane) => lane.alarm === true);

/** Worth a line: what is needed, what somebody has, and the calls that may come. */
export const shown = (incident: IncidentCard): LaneView[] =>
  (incident.lanes ?? []).filter((lane) => lane.needed || lane.owner || lane.lane === "caller");

const holds = (lane: LaneView | undefined, me: string): boolean =>
  lane?.state === "person" && lane.owner?.id === me;

export const isMine = (lane: LaneView, me: string): boolean => holds(lane, me);

/** R5: eyes and calls are two people's work, unless one is alone. */
const clashes = (incident: IncidentCard, lane: LaneView, me: string): boolean => {
  const other = lane.lane === "eyes" ? "caller" : lane.lane === "caller" ? "eyes" : undefined;
  return other !== undefined && !incident.alone && holds(laneOf(incident, other), me);
};

export function mayTake(incident: IncidentCard, lane: LaneView, me: string): boolean {
  if (isMine(lane, me) || clashes(incident, lane, me)) return false;
  if (lane.lane === "group" && insideNow(incident.room, me)) return false;
  if (lane.state === "person") return lane.needed && lane.why != null;
  return lane.needed || lane.lane === "caller";
}

export const insideNow = (room: RoomView | null | undefined, me: string): boolean =>
  room != null && room.joined_at !== null && room.staff.id === me;

/** Whose board and phone may go silent while they are there all the same. */
export const mayVouch = (lane: LaneView, me: string): boolean =>
  (lane.why === "board" || lane.why === "video" || lane.why === "room") && lane.owner?.id !== me;

/** The people of a group to whom a lane may be offered. */
export function colleagues(group: GroupCard | undefined, me: string): PersonRef[] {
  if (!group) return [];
  const four = [group.lead, group.cofacilitator, group.supervisor, group.backup];
  const found = new Map(four.flatMap((one) => (one && one.id !== me ? [[one.id, one] as const] : [])));
  return [...found.values()];
}

/** R14: who sits in a group hears nothing of it. */
export const inTheRoom = (group: GroupCard | undefined): boolean =>
  group !== undefined && (group.my_role === "lead" || group.my_role === "cofacilitator");

const SERIOUS: readonly string[] = ["moderate", "high", "imminent"];
const GONE: readonly string[] = ["lost", "not_responding", "left", "dismissed", "not_here_yet"];

/** From moderate up, about somebody who is there: then it matters which of the two stays with whom. */
export const choosesLane = (incident: IncidentCard, group: GroupCard | undefined): boolean =>
  inTheRoom(group) && SERIOUS.includes(incident.tier) && !GONE.includes(incident.presence.state);

/** R5: nobody came in 20 s, and this person is in the room and not with the client. */
export function stepsIn(incident: IncidentCard, group: GroupCard | undefined, me: string): boolean {
  const caller = laneOf(incident, "caller");
  return caller?.asked === true && inTheRoom(group) && !clashes(incident, caller, me);
}

export interface RoomAsk {
  tile: TileCard;
  group: GroupCard;
  room: RoomView;
  /** What this person is asked. */
  ask: "opening" | "fine" | "colleague" | "supervisor" | "escalated";
  /** Somebody has to look: people outside the room may hear it. */
  loud: boolean;
}

/** What a private room asks of this person now; of others it asks nothing. */
export function asksOf(tile: TileCard, group: GroupCard, me: string): RoomAsk | undefined {
  const { room } = tile;
  if (!room) return undefined;
  const inside = room.staff.id === me;
  const made = (ask: RoomAsk["ask"], loud = false): RoomAsk => ({ tile, group, room, ask, loud });
  if (room.escalated_at && !inside) return made("escalated", true);
  if (inside && room.stage !== "opening" && room.stage !== "inside")
    return made(room.joined_at ? "fine" : "opening");
  if (room.stage === "colleague" && inTheRoom(group)) return made("colleague");
  if (room.stage === "supervisor") return made("supervisor", true);
  return undefined;
}
