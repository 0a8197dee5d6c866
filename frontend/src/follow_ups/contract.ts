import type * as Api from "../api";
import type { Sent } from "../sent";

/** Generated shapes: app/follow_ups/views.py. */
export type FollowUps = Sent<Api.FollowUps>;
export type FollowUp = Sent<Api.FollowUpView>;
export type Plan = Sent<Api.PlanView>;
export type CallOption = Sent<Api.CallOption>;
export type Said = Sent<Api.Said>;
export type Number = Sent<Api.NumberToRing>;
