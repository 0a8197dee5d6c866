import type { Tier } from "../contract";

export interface LogRow {
  id: string;
  client_id: string;
  name: string;
  group_id: string;
  group_name: string;
  what: string;
  reason: string;
  tier: Tier;
  state: "open" | "closed";
  outcome: string | null;
  practice: string | null;
  drop_at: string;
  learned_at: string;
  first_outreach_s: number | null;
  taken_after_s: number | null;
  verified_after_s: number | null;
  closed_at: string | null;
  owner: string | null;
  outage: boolean;
}

export interface LogPage {
  rows: LogRow[];
  total: number;
  page: number;
  pages: number;
  practice_left_out: boolean;
}
