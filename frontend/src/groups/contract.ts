import type { PlaceView, PresenceView, Role, Tier } from "../contract";

export interface GroupView {
  id: string;
  name: string;
}
export interface StaffRef {
  id: string;
  name: string;
  /** Last two digits of the first telephone; none: cannot be rung. */
  phone_ends: string | null;
}
export type Platform = "zoom" | "livekit" | "generic" | "taps";
export interface GroupSessionRow {
  id: string;
  group_id: string;
  name: string;
  state: "scheduled" | "open" | "paused" | "closed";
  starts_at: string;
  ends_at: string;
  opened_at: string | null;
  closed_at: string | null;
  lead: StaffRef | null;
  cofacilitator: StaffRef | null;
  supervisor: StaffRef | null;
  backup: StaffRef | null;
  expected: number;
  platform: Platform;
  version: number;
}
export interface RosterRow {
  client_id: string;
  name: string;
  initials: string;
  pronouns: string;
  tier: Tier;
  assessed: boolean;
  presence: PresenceView;
  place: PlaceView;
  gaps: string[];
  link: { made: boolean; used: boolean; waiting: boolean };
  outcome: string | null;
  needs_outcome: boolean;
  incident_id: string | null;
}
export interface GroupSessionView extends GroupSessionRow {
  exception_reason: string | null;
  platform_connection_id: string | null;
  platform_ref: string | null;
  seen_all_until: string | null;
  gaps: string[];
  may_change: boolean;
  roster: RosterRow[];
}
export interface StaffView {
  id: string;
  name: string;
  first_name: string;
  title: string;
  email: string;
  roles: Role[];
  phones: { id: string; label: string; last2: string; rank: number }[];
  enrolled: boolean;
  invited_until: string | null;
  disabled: boolean;
}
export type Place = "lead" | "cofacilitator" | "supervisor" | "backup";
export const PLACES: readonly Place[] = ["lead", "cofacilitator", "supervisor", "backup"];
