/** The shapes of app/board/cards.py and of the signed-in person, until the generated client replaces them. */

export type Tier = "none" | "low" | "moderate" | "high" | "imminent";
export type PresenceWord =
  | "not_here_yet"
  | "excused"
  | "present"
  | "quiet"
  | "left"
  | "lost"
  | "not_responding"
  | "reached"
  | "verified"
  | "away"
  | "leaving"
  | "left_planned"
  | "private_room"
  | "dismissed";

export interface PersonRef {
  id: string;
  name: string;
}

export interface PresenceView {
  state: PresenceWord;
  since: string;
  until?: string | null;
  ask?: boolean;
}

export interface PlaceView {
  state: "confirmed" | "told_privately" | "unconfirmed" | "missing";
  label?: string | null;
  at?: string | null;
  alone?: "yes" | "no" | "unknown";
}

export interface Mark {
  kind: "care" | "language" | "pets" | "minor" | "rural" | "shared" | "names" | "other";
  text: string;
}

export interface TileCard {
  kind: "tile";
  id: string;
  group_session_id: string;
  client_id: string;
  name: string;
  initials: string;
  pronouns: string;
  tier: Tier;
  assessed: boolean;
  presence: PresenceView;
  place: PlaceView;
  gaps: string[];
  marks: Mark[];
  incident_id?: string | null;
}

export interface GroupCard {
  kind: "group";
  id: string;
  group_session_id: string;
  name: string;
  state: "scheduled" | "open" | "paused" | "closed";
  starts_at: string;
  ends_at: string;
  lead: PersonRef | null;
  cofacilitator: PersonRef | null;
  supervisor: PersonRef | null;
  backup: PersonRef | null;
  my_role: "lead" | "cofacilitator" | "supervisor" | "backup" | "watching";
  here: number;
  expected: number;
  client_ids: string[];
  not_here_yet: string[];
  platform: "zoom" | "livekit" | "generic" | "taps";
  seen_all_until?: string | null;
}

export interface StepView {
  id: string;
  key: string;
  title: string;
  waits_for_person: boolean;
  status: "pending" | "claimed" | "dialing" | "done" | "cancelled" | "skipped" | "unknown";
  run_at: string;
  limit_at: string;
  started_at?: string | null;
  done_at?: string | null;
  done_by?: PersonRef | null;
  late_s?: number;
  outcome?: string | null;
}

export interface CallView {
  attempt_id: string;
  who: "client" | "staff" | "supervisor" | "backup" | "on_call" | "contact";
  channel: "call" | "text";
  label: string;
  state: "planned" | "dialing" | "ringing" | "answered" | "ended" | "failed" | "unknown" | "cancelled";
  since: string;
}

export interface ByHand {
  sentence: string;
  number?: string | null;
}

export interface IncidentCard {
  kind: "incident";
  id: string;
  incident_id: string;
  lines: "outside" | "simulated";
  practice?: "demo" | "drill" | "selftest" | null;
  what: "connection_lost";
  headline: string;
  client_id: string;
  name: string;
  initials: string;
  pronouns: string;
  similar_name?: boolean;
  group_session_id: string;
  group_name: string;
  tier: Tier;
  state: "open" | "closed";
  drop_at: string;
  learned_at: string;
  place: PlaceView;
  marks: Mark[];
  presence: PresenceView;
  owner: PersonRef | null;
  mine: boolean;
  taken_at?: string | null;
  owned_until?: string | null;
  outage_id?: string | null;
  locked?: boolean;
  private_check?: boolean;
  somebody_answered?: boolean;
  in_hand?: StepView | null;
  order: StepView[];
  calls: CallView[];
  by_hand: ByHand[];
  brief_drop_allowed: boolean;
  client_first_outreach: "ring" | "text_first" | "relay" | "do_not_ring";
  needs_seen: boolean;
}

export interface OutageCard {
  kind: "outage";
  id: string;
  outage_id: string;
  opened_at: string;
  incident_ids: string[];
  names: string[];
  locked: boolean;
  cleared_by?: PersonRef | null;
}

export type Card = TileCard | GroupCard | IncidentCard | OutageCard;

export interface Health {
  at: string;
  engine_tick: string | null;
  engine_held: boolean;
  overdue_steps: number;
  telephone: "ok" | "failing" | "simulated" | "not_set_up";
  protocols?: string | null;
}

export interface Board {
  seq: number;
  cards: Card[];
  health: Health;
}

export interface LockedAlarm {
  tile: number;
  tier: Tier;
  limit_at: string | null;
}

export type LiveMessage =
  | { after: number; seq: number; cards: Card[]; gone?: string[] }
  | { beat: Health; seq: number }
  | { reset: true }
  | { locked: true; seq: number; alarms: LockedAlarm[] };

export type Role = "clinician" | "supervisor" | "administrator";

export interface Preferences {
  sound: boolean;
  single_keys: boolean;
  theme: "system" | "light" | "dark";
}

export interface Me {
  id: string;
  name: string;
  first_name: string;
  email: string;
  roles: Role[];
  program: { id: string; name: string; kind: "live" | "demo" | "drill" | "selftest"; time_zone: string };
  locked: boolean;
  has_pin: boolean;
  preferences: Preferences;
}
