import type * as Api from "../api";
import type { Sent } from "../sent";

/** Generated shapes of the screen of an emergency, as app/emergency/views.py writes them. */

export type DispatchCard = Sent<Api.DispatchCard>;
export type EmergencyNow = Sent<Api.EmergencyNow>;
export type LineToDial = Api.LineToDial;
export type WrittenFor = Api.GiveCard["to"];
export type ReadLine = Api.ReadLine;
export type CallMade = Sent<Api.CallMade>;
export type Mark = Sent<Api.Marked>;
export type DutyCard = Sent<Api.DutyCard>;
export type DeathView = Api.DeathView;
export type Outcome = NonNullable<CallMade["outcome"]>;
export type Urgency = DispatchCard["urgency"];
export type Weapons = DispatchCard["weapons"];
export type Ask = DispatchCard["asks"][number];
