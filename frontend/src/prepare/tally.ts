import type { GapKey, GroupSessionView, RosterRow } from "../groups/contract";

/** R8: only the place today and a way to reach somebody today are asked at the door; any other gap becomes a task. */
export const AT_THE_DOOR: ReadonlySet<GapKey> = new Set<GapKey>(["place", "number"]);
/** Mended for everybody at once by the two who run the group. */
export const REHEARSE: GapKey = "word to rehearse";

export interface Tally {
  /** People with nothing open. */
  ready: number;
  door: number;
  tasks: number;
  /** Of the four places of staff: named, and within reach where they must be. */
  staff: number;
}

/** How many of the five are ready. */
export const readyOf = (row: Pick<RosterRow, "parts">): number =>
  row.parts.filter((part) => part.gaps.length === 0).length;

export function tally(view: Pick<GroupSessionView, "roster" | "gaps">): Tally {
  const gaps = view.roster.flatMap((row) => row.parts.flatMap((part) => part.gaps.map((gap) => gap.key)));
  const door = gaps.filter((gap) => AT_THE_DOOR.has(gap)).length;
  return {
    ready: view.roster.filter((row) => readyOf(row) === row.parts.length).length,
    door,
    tasks: gaps.filter((gap) => gap !== REHEARSE).length - door + view.gaps.length,
    staff: 4 - view.gaps.length,
  };
}
