import type { PersonRef, PresenceWord, Tier } from "../contract";

export interface PlaceToday {
  label: string | null;
  address: string | null;
  entry_notes: string | null;
  source: "client" | "told_privately" | "staff" | "carried_over" | "usual";
  confirmed_at: string | null;
  confirmed_by: string | null;
  alone: string;
}
export interface PhoneLine {
  id: string;
  number: string;
  label: string;
  rank: number;
  safe_to_ring: boolean;
  voicemail_ok: boolean;
  text_ok: boolean;
  text_stopped: boolean;
  shared: boolean;
  today_only: boolean;
  may_ring: boolean;
  tried: number;
}
export interface ContactLine {
  id: string;
  name: string;
  relation: string;
  number: string | null;
  minutes_away: number | null;
  lives_with_client: boolean;
  guardian: boolean;
  may: boolean;
  bases: string[];
  /** By basis: what a person confirms before the call. */
  ticks: Record<string, string[]>;
  what_may_be_said: string | null;
  script: string | null;
  block: string | null;
  lawful_instead: string | null;
}
export interface ScriptLine {
  id: string;
  channel: string;
  audience: string;
  language: string;
  text: string;
}
export interface StepLine {
  id: string | null;
  key: string;
  title: string;
  action: string;
  role: string;
  waits_for_person: boolean;
  status: "foretold" | "pending" | "dialing" | "done" | "cancelled" | "skipped" | "unknown";
  run_at: string;
  limit_at: string;
  started_at: string | null;
  done_at: string | null;
  done_by: string | null;
  outcome: string | null;
  late_s: number;
  outcomes: string[];
  scripts: ScriptLine[];
  guards: string[];
}
export interface CallLine {
  attempt_id: string;
  who: "client" | "staff" | "supervisor" | "backup" | "on_call" | "contact";
  channel: "call" | "text";
  label: string;
  state: "planned" | "dialing" | "ringing" | "answered" | "ended" | "failed" | "unknown" | "cancelled";
  since: string;
  result: string | null;
  answered_by: string | null;
  joined: boolean;
}
export interface ByHandLine {
  sentence: string;
  number: string | null;
}
export interface Person {
  client_id: string;
  name: string;
  initials: string;
  pronouns: string;
  safe_name: string;
  legal_name: string;
  age: number | null;
  minor: boolean;
  language: string;
  interpreter_needed: boolean;
  unsafe_home: boolean;
  danger_word_used: boolean;
  danger_wish: string | null;
  part2: boolean;
  first_outreach: "ring" | "text_first" | "relay" | "do_not_ring";
  household: string | null;
  pets: string | null;
  what_helps: string | null;
  ordinary_question: string | null;
  travel_minutes: number | null;
  place: PlaceToday;
  phones: PhoneLine[];
  contacts: ContactLine[];
}
export interface Meeting {
  id: string;
  group_name: string;
  lead: PersonRef | null;
  cofacilitator: PersonRef | null;
  supervisor: PersonRef | null;
  backup: PersonRef | null;
}
export interface TimelineLine {
  seq: number;
  at: string;
  recorded_at: string;
  after_s: number;
  by: string;
  who: string | null;
  text: string;
  note: string | null;
  late_s: number;
  kind: string;
}
export interface IncidentPage {
  id: string;
  seq: number;
  headline: string;
  practice: "demo" | "drill" | "selftest" | null;
  lines: "outside" | "simulated";
  tier: Tier;
  state: "open" | "closed";
  reason: string;
  presence: PresenceWord;
  drop_at: string;
  learned_at: string;
  first_outreach_at: string | null;
  back_at: string | null;
  answered_at: string | null;
  reached_at: string | null;
  verified_at: string | null;
  verified_by: PersonRef | null;
  closed_at: string | null;
  outcome: string | null;
  owner: PersonRef | null;
  mine: boolean;
  taken_at: string | null;
  owned_until: string | null;
  outage_id: string | null;
  locked: boolean;
  brief_drop_allowed: boolean;
  callback_number: string;
  protocol: string;
  protocol_version: string;
  reminders: string[];
  person: Person;
  meeting: Meeting;
  in_hand: StepLine | null;
  steps: StepLine[];
  calls: CallLine[];
  by_hand: ByHandLine[];
  timeline: TimelineLine[];
  documentation: string[];
}

export interface LineToDial {
  agency: string;
  kind: string;
  area: string;
  number: string;
  tel: string;
  hours: string;
  police_involved: boolean;
  verified_on: string | null;
  stale: boolean;
}
export interface DispatchCard {
  place: PlaceToday;
  place_age_s: number | null;
  lines: LineToDial[];
  warning: string;
  script: string[];
  may_not_be_free_to_talk: boolean;
  callback_number: string;
  lost_at: string;
  legal_name: string;
  name_used: string;
  pronouns: string;
}
