import type * as Api from "../api";
import type { Sent } from "../sent";

export type Copies = Sent<Api.Copies>;
export type CopyView = Copies["copies"][number];
export type MayShare = Copies["contacts"][number];
export type ProposalView = Copies["proposals"][number];
export type Made = Sent<Api.Made>;
export type CopyOpened = Sent<Api.CopyOpened>;
