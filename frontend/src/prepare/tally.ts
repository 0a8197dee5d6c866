import type { GroupSessionView } from "../groups/contract";

/** R8: only the place today and a way to reach somebody today are asked at the door; any other gap becomes a task. */
export const AT_THE_DOOR: ReadonlySet<string> = new Set(["place", "number"]);

export interface Tally {
  ready: number;
  door: number;
  tasks: number;
  local: number;
}

export function tally(view: Pick<GroupSessionView, "roster" | "gaps">): Tally {
  const gaps = view.roster.flatMap((row) => row.gaps);
  const door = gaps.filter((gap) => AT_THE_DOOR.has(gap)).length;
  return {
    ready: view.roster.filter((row) => row.gaps.length === 0).length,
    door,
    tasks: gaps.length - door + view.gaps.length,
    local: view.roster.filter((row) => !row.gaps.includes("local line")).length,
  };
}
