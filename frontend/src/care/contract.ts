import type { CareCard, IncidentCard } from "../contract";

export type CareMember = CareCard["people"][number];
export type CareRun = NonNullable<CareCard["run"]>;
export type CareStep = CareRun["steps"][number];
export type Said = CareMember["said"];

/** The step that a person does now. */
export const leading = (run: CareRun): CareStep | undefined =>
  run.steps.find((step) => step.status === "open" && !step.beside);

export const besides = (run: CareRun): CareStep[] =>
  run.steps.filter((step) => step.status === "open" && step.beside);

export const over = (run: CareRun): CareStep[] =>
  run.steps.filter(
    (step) => step.status === "done" || step.status === "skipped" || step.status === "stopped",
  );

export const later = (run: CareRun): CareStep[] => run.steps.filter((step) => step.status === "later");

export const looked = (people: readonly CareMember[]): number =>
  people.filter((one) => one.said !== "open").length;

export const rung = (people: readonly CareMember[]): number => people.filter((one) => one.done_at).length;

/** Who needs somebody first: a word, then who was not reached, then who was not looked at, then by name. */
const FIRST: Record<Said, number> = { word: 0, not_reached: 1, open: 2, fine: 3 };
export function ordered(people: readonly CareMember[]): CareMember[] {
  return [...people].sort(
    (a, b) =>
      Number(Boolean(a.done_at)) - Number(Boolean(b.done_at)) ||
      FIRST[a.said] - FIRST[b.said] ||
      a.name.localeCompare(b.name) ||
      a.check_id.localeCompare(b.check_id),
  );
}

/** An incident in which the others are offered somebody: people decide (R1). */
export const asksForCare = (incident: IncidentCard): boolean =>
  incident.state === "open" &&
  incident.presence.state !== "verified" &&
  (Boolean(incident.emergency_at) ||
    Boolean(incident.room) ||
    incident.tier === "high" ||
    incident.tier === "imminent");
