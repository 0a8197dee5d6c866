import type { Tier } from "../contract";

export type FirstOutreach = "ring" | "text_first" | "relay" | "do_not_ring";
export type NoSafeContact = "declined" | "none_exists";

export interface ClientRow {
  id: string;
  name: string;
  pronouns: string;
  tier: Tier;
  assessed: boolean;
  language: string;
  minor: boolean;
  first_outreach: FirstOutreach;
  unsafe_home: boolean;
  part2: boolean;
  phone_ends: string[];
  gaps: string[];
  ended: boolean;
}
export interface PhoneView {
  id: string;
  label: string;
  rank: number;
  last2: string;
  voicemail_ok: boolean;
  text_ok: boolean;
  text_stopped: boolean;
  safe_to_ring: boolean;
  shared: boolean;
  today_only: boolean;
}
export interface ContactView {
  id: string;
  name: string;
  relation: string;
  rank: number;
  last2: string;
  language: string;
  lives_with_client: boolean;
  minutes_away: number | null;
  guardian: boolean;
  authority_verified: boolean;
  known_objection: boolean;
}
export interface ReleaseView {
  id: string;
  contact_id: string;
  scope: string;
  purpose: string;
  part2: boolean;
  starts_on: string;
  ends_on: string | null;
  signed_by: string;
  method: string;
  state: "active" | "not_started" | "expired" | "revoked";
}
export interface DoNotContactView {
  id: string;
  name: string;
  contact_id: string | null;
  number_known: boolean;
}
export interface ClientRecordView {
  id: string;
  version: number;
  name_used: string;
  pronouns: string;
  safe_name: string;
  legal_name: string;
  birth_date: string | null;
  age: number | null;
  minor: boolean;
  language: string;
  interpreter_needed: boolean;
  tier: Tier;
  tier_since: string | null;
  assessed: boolean;
  first_outreach: FirstOutreach;
  unsafe_home: boolean;
  part2: boolean;
  home_label: string | null;
  home_dispatch_line_id: string | null;
  travel_minutes: number | null;
  pet_mark: string | null;
  no_safe_contact: NoSafeContact | null;
  ended: boolean;
  sealed: string[];
  phones: PhoneView[];
  contacts: ContactView[];
  releases: ReleaseView[];
  do_not_contact: DoNotContactView[];
  gaps: string[];
}
export interface Address {
  street: string;
  unit: string;
  town: string;
  state: string;
  code: string;
  country: string;
}
export interface Revealed {
  home_address: Address | null;
  entry_notes: string | null;
  household: string | null;
  pets: string | null;
  what_helps: string | null;
  danger_wish: string | null;
  ordinary_question: string | null;
  numbers: Record<string, string>;
  reasons: Record<string, string>;
}
