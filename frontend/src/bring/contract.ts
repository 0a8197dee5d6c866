import type * as Api from "../api";
import type { Sent } from "../sent";

export type BroughtView = Sent<Api.BroughtView>;
export type LineView = BroughtView["lines"][number];
export type Of = "clients" | "contacts" | "staff" | "groups";
