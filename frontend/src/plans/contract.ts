import type * as Api from "../api";
import type { Sent } from "../sent";

export type PlanHead = Sent<Api.PlanHead>;
export type PlanOpened = Sent<Api.PlanOpened>;
export type VersionOpened = Sent<Api.PlanVersionOpened>;
export type VersionHead = PlanHead["versions"][number];
export type MeansLine = PlanOpened["means"][number];
export type ContactName = PlanOpened["contacts"][number];
export type Change = VersionOpened["changes"][number];
export type Piece = "signs" | "tools" | "people" | "means" | "interventions" | "place" | "numbers" | "mobile";
export type Part = PlanHead["missing_core"][number];
export type MeansClass = MeansLine["of"];
export type MeansStatus = MeansLine["status"];
export type MeansStep = NonNullable<MeansLine["step"]>;
export type How = "in_person" | "video" | "phone";

export interface Line {
  id: string;
  words: string;
  hidden_from_guardian: boolean;
  contact_id: string | null;
}
export type Parts = Partial<Record<Part, Line[]>>;

/** The order in which a plan is read in a crisis: what helps most comes first. */
export const PARTS: readonly Part[] = [
  "helps_first",
  "signs",
  "alone",
  "around",
  "people",
  "professionals",
  "safer",
  "soothes",
  "animals",
  "reasons",
  "place",
  "numbers",
  "mobile",
];
export const CORE: readonly Part[] = ["helps_first", "signs", "alone", "people", "professionals", "safer"];
