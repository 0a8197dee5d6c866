import type * as Api from "../api";
import type { Tier } from "../contract";

export type LogRow = Omit<Api.LogRow, "tier" | "state"> & { tier: Tier; state: "open" | "closed" };
export type LogPage = Omit<Api.LogPage, "rows"> & { rows: LogRow[] };
