import type * as Api from "../api";
import type { Sent } from "../sent";

/** Generated shapes: app/handoffs/views.py. */
export type Handoffs = Sent<Api.Handoffs>;
export type Handoff = Sent<Api.HandoffView>;
export type Kind = Api.HandoffBegin["receiver_kind"];
export const KINDS: readonly Kind[] = ["ambulance", "hospital", "mobile_team", "clinician"];
export const PARTS = ["situation", "background", "assessment", "recommendation"] as const;
