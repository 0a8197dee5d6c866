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

export interface SheetView {
  id: string;
  name: string;
  starts_at: string;
  made_at: string;
  callback_number: string;
  staff: { place: string; name: string; numbers: string[] }[];
  people: SheetPerson[];
}
export interface SheetPerson {
  client_id: string;
  name: string;
  pronouns: string;
  legal_name: string;
  safe_name: string;
  tier: Tier;
  minor: boolean;
  language: string;
  first_outreach: "ring" | "text_first" | "relay" | "do_not_ring";
  may_not_be_free: boolean;
  place: PlaceView;
  address: string | null;
  entry_notes: string | null;
  pets: string | null;
  phones: {
    number: string;
    label: string;
    safe_to_ring: boolean;
    voicemail_ok: boolean;
    text_ok: boolean;
    shared: boolean;
  }[];
  contacts: {
    name: string;
    relation: string;
    number: string;
    basis: string;
    say: string;
    first: string[];
  }[];
  never: string[];
  line: { agency: string; area: string; number: string; verified_on: string | null; stale: boolean } | null;
}
