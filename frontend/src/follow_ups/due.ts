import { dayTime, lasting } from "../times";
import { followUps as say } from "../words/follow_ups";
import type { FollowUp } from "./contract";

/** When it is due, in words; late is told by how much. */
export function dueWords(one: FollowUp, now: number): string {
  if (one.when === "late") return say.when.late(lasting(now - Date.parse(one.due_at)));
  if (one.kind === "check_in") return say.when.at(dayTime(one.due_at));
  return one.when === "early"
    ? say.when.early(dayTime(one.opens_at), dayTime(one.due_at))
    : say.when.open(dayTime(one.due_at));
}
