import type { StaffView } from "../groups/contract";
import type { Tier } from "../contract";

export type { StaffView };
export interface Invited {
  staff: StaffView;
  enrol_link: string | null;
}
export interface Held {
  held: boolean;
  since: string | null;
  reason: string | null;
  steps: {
    id: string;
    client: string;
    step: string;
    tier: Tier;
    run_at: string;
    limit_at: string;
    void: boolean;
  }[];
}
export interface ProtocolVersion {
  id: string;
  protocol: string;
  version: string;
  title: string;
  status: "draft" | "approved" | "retired";
  current: boolean;
  approved_at: string | null;
  made_at: string;
}
export interface Protocols {
  versions: ProtocolVersion[];
  trouble: string | null;
}
