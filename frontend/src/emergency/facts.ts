import type { CallMade, DispatchCard, EmergencyNow, LineToDial } from "./contract";

/** What the card and its clock show, worked out from what the server says; nothing here knows a name or a place. */

export const lineOf = (card: Pick<DispatchCard, "lines">, id: string | null): LineToDial | undefined =>
  card.lines.find((line) => line.id === id);

/** The call that somebody is on; the newest, when two phones are in use. */
export const standing = (now: Pick<EmergencyNow, "calls">): CallMade | undefined =>
  now.calls.findLast((call) => call.outcome === null);

export const sent = (now: Pick<EmergencyNow, "calls">): CallMade | undefined =>
  now.calls.findLast((call) => call.outcome === "dispatched");

export const marked = (now: Pick<EmergencyNow, "marks">, key: string) =>
  now.marks.find((mark) => mark.key === key);

/** When they said that help would be there. */
export const expectedAt = (call: CallMade): string | undefined =>
  call.eta_minutes === null || call.ended_at === null
    ? undefined
    : new Date(Date.parse(call.ended_at) + call.eta_minutes * 60_000).toISOString();

export type Clock =
  | { is: "limit"; limitAt: string; from: string }
  | { is: "ringing" | "talking" | "held"; since: string; call: CallMade }
  | { is: "expected"; limitAt: string; from: string; call: CallMade }
  | { is: "sent"; since: string; call: CallMade }
  | { is: "lost"; since: string };

/** One clock, for whatever is waited for now. */
export function clockOf(card: Pick<DispatchCard, "lost_at">, now: EmergencyNow): Clock {
  const call = standing(now);
  if (call?.held_since) return { is: "held", since: call.held_since, call };
  if (call?.answered_at) return { is: "talking", since: call.answered_at, call };
  if (call) return { is: "ringing", since: call.dialed_at, call };
  const done = sent(now);
  if (done?.ended_at) {
    const at = expectedAt(done);
    return at
      ? { is: "expected", limitAt: at, from: done.ended_at, call: done }
      : { is: "sent", since: done.ended_at, call: done };
  }
  if (now.limit_at && now.declared_at) return { is: "limit", limitAt: now.limit_at, from: now.declared_at };
  return { is: "lost", since: card.lost_at };
}

/** Of the moment somebody answered: how long after the emergency was declared, in ms; undefined when nobody declared it. */
export const answeredAfter = (call: CallMade, now: EmergencyNow): number | undefined =>
  call.answered_at && now.declared_at
    ? Date.parse(call.answered_at) - Date.parse(now.declared_at)
    : undefined;
