import { short, shortFull, weekday } from "../times";
import type { GroupSessionRow } from "./contract";

/** "Sunday, Nov 22, 7:30 to 9:30 PM" */
export const whenOf = (meeting: Pick<GroupSessionRow, "starts_at" | "ends_at">): string =>
  `${weekday(meeting.starts_at)}, ${short(meeting.starts_at)} to ${shortFull(meeting.ends_at)}`;

export const isOpen = (meeting: Pick<GroupSessionRow, "state">): boolean =>
  meeting.state === "open" || meeting.state === "paused";

export interface Sorted {
  open: GroupSessionRow[];
  next: GroupSessionRow[];
  past: GroupSessionRow[];
}

/** Open now; then what comes, soonest first; then what is over, latest first. */
export function sorted(rows: readonly GroupSessionRow[]): Sorted {
  const by = (a: GroupSessionRow, b: GroupSessionRow) => a.starts_at.localeCompare(b.starts_at);
  return {
    open: rows.filter(isOpen).sort(by),
    next: rows.filter((row) => row.state === "scheduled").sort(by),
    past: rows.filter((row) => row.state === "closed").sort((a, b) => by(b, a)),
  };
}
