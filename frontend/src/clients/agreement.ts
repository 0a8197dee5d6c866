import type * as Api from "../api";
import type { Sent } from "../sent";

export type AgreementAnswer = Sent<Omit<Api.AgreementAnswer, "agreement">> & { agreement: Agreement | null };
export type Agreement = Sent<Api.AgreementView>;
export const TIERS = ["low", "moderate", "high", "imminent"] as const;
