import type * as Api from "../api";
import type { Tier } from "../contract";
import type { Sent } from "../sent";

export type { PlatformView, StaffView } from "../groups/contract";
export type Invited = Sent<Api.Invited>;
export type Held = Omit<Api.Held, "steps"> & { steps: (Omit<Api.HeldStep, "tier"> & { tier: Tier })[] };
export type Licence = Api.LicenceView;
