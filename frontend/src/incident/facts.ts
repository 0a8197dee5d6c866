import type { TimelineEntry } from "../parts/Timeline.svelte";
import { left } from "../times";
import { incident as say, timeline as timelineWords } from "../words/incident";
import type { CallLine, IncidentPage, StepLine, TimelineLine } from "./contract";

/** What the incident page makes of what the server says. Pure. */

/** Waits for a person's word; to the other steps only a telephone can give the answer. */
export const asksPerson = (step: StepLine): boolean =>
  step.action === "incident.accept" || step.action.startsWith("person.") || step.action.startsWith("page.");

export const running = (step: StepLine): boolean => step.status === "pending" || step.status === "dialing";

/** Answered by the page itself, with what has to be known for it, and never by a bare word. */
const OWN_FORM = new Set(["accepted", "responders", "mobile_team", "dispatched", "not_needed", "could_not"]);

/** What a telephone alone can tell: left in a step that was a call before the client asked not to be rung. */
const OF_A_TELEPHONE = new Set(["answered", "busy", "failed", "voicemail"]);

/**
 * The buttons under a step: what is left once the answers with a form of their own are taken out. Having spoken with
 * them comes first, whatever the order in the protocol's file.
 */
export function answers(step: StepLine): string[] {
  if (!asksPerson(step) || !running(step)) return [];
  const decides = step.outcomes.includes("responders");
  const asked = step.action === "person.staff_decide";
  const left = step.outcomes.filter(
    (word) =>
      !OWN_FORM.has(word) &&
      word !== "skipped" &&
      !(decides && word === "wait") &&
      !(asked && OF_A_TELEPHONE.has(word)),
  );
  return left.sort((a, b) => Number(b === "reached") - Number(a === "reached"));
}

/**
 * The clock beside the step in hand: its own limit while it waits, and once it has begun the next one's. While nobody
 * has it, the first call is what people race with.
 */
export function clockStep(page: IncidentPage): StepLine | undefined {
  const step = page.in_hand ?? undefined;
  const begun = step !== undefined && !step.waits_for_person && step.started_at !== null;
  if (step && !begun && step.action !== "incident.accept") return step;
  const ahead = page.steps.filter(
    (other) =>
      other !== step &&
      other.id !== step?.id &&
      other.started_at === null &&
      (running(other) || other.status === "foretold") &&
      (begun || !other.waits_for_person),
  );
  ahead.sort((a, b) => Date.parse(a.limit_at) - Date.parse(b.limit_at));
  return ahead[0] ?? (begun ? undefined : step);
}

/** R6: a phone of the client's was answered, and nobody of us is on the line yet. */
export const somebodyAnswered = (page: IncidentPage): boolean =>
  page.reached_at === null &&
  page.calls.some(
    (call) => call.who === "client" && call.channel === "call" && call.state === "answered" && !call.joined,
  );

const OVER: ReadonlySet<CallLine["state"]> = new Set(["ended", "cancelled", "planned"]);
export const currentCalls = (page: IncidentPage): CallLine[] =>
  page.calls.filter((call) => !OVER.has(call.state)).sort((a, b) => b.since.localeCompare(a.since));

/** Open, or due a close: what a person may still do to it. */
export const open = (page: IncidentPage): boolean => page.state === "open";

export interface Known {
  staffFirst: string;
  staffName: string;
}

/** The blanks that only this screen knows how to fill. A blank nobody can fill stays visible. */
export function fill(text: string, page: IncidentPage, staff: Known, contact?: string): string {
  const known: Record<string, string | null | undefined> = {
    staff_first_name: staff.staffFirst,
    staff_full_name: staff.staffName,
    client_safe_name: page.person.safe_name,
    client_legal_name: page.person.legal_name,
    callback_number: page.callback_number,
    contact_name: contact,
    agreed_ordinary_question: page.person.ordinary_question ?? say.noQuestion,
    address: page.person.place.address,
    age: page.person.age === null ? null : String(page.person.age),
    what_helps: page.person.what_helps,
  };
  return text.replace(/\{(\w+)\}/g, (blank, name: string) => known[name] ?? blank);
}

/** 0:28 of 0:30 */
export function took(
  step: StepLine,
  dropAt: string,
): { took: string; limit: string; late: boolean } | undefined {
  const moment = step.started_at ?? step.done_at;
  if (!moment) return undefined;
  const drop = Date.parse(dropAt);
  return {
    took: since(Date.parse(moment) - drop),
    limit: since(Date.parse(step.limit_at) - drop),
    late: step.late_s > 0,
  };
}

/** How long after the drop, rounded down: an act at 28.9 s was in the 28th second. */
export const since = (ms: number): string => left(Math.max(0, Math.floor(ms / 1000) * 1000));

const BY: Record<string, TimelineEntry["by"]> = {
  person: "person",
  client: "fact",
  platform: "fact",
  provider: "fact",
};

/** Newest first: what just happened is what a person looks for. */
export function entries(lines: readonly TimelineLine[]): TimelineEntry[] {
  return [...lines].reverse().map((line) => ({
    id: line.seq,
    at: line.at,
    since: line.after_s < 0.05 ? undefined : `+${since(line.after_s * 1000)}`,
    by: BY[line.by] ?? "rule",
    text: line.text,
    meta:
      [
        line.late_s > 0 ? timelineWords.late(line.late_s) : "",
        line.note ? `“${line.note}”` : "",
        writtenLater(line),
      ]
        .filter(Boolean)
        .join(" · ") || undefined,
  }));
}

/** A note about something earlier says so: more than a minute between the two is no delay of the network. */
function writtenLater(line: TimelineLine): string {
  const between = Date.parse(line.recorded_at) - Date.parse(line.at);
  return between > 60_000 ? timelineWords.writtenLater : "";
}
