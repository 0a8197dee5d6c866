import type * as Api from "../api";
import type { Tier } from "../contract";
import type { Sent } from "../sent";

/** Generated shapes; what the description leaves open is named here, as app/triage has it. */

export type Input =
  | "ideation"
  | "intent"
  | "means"
  | "timeframe"
  | "plan"
  | "behaviour"
  | "selfharm_urge"
  | "distress"
  | "protective"
  | "collaborates"
  | "intoxication"
  | "medical"
  | "psychosis"
  | "others"
  | "danger"
  | "signal"
  | "screener";
export type Answers = Partial<Record<Input, string>>;
export type Trigger = "danger_now" | "medical" | "intoxication" | "psychosis";

export interface Rule {
  id: string;
  tier: Tier;
  when: Partial<Record<Input, string[]>>;
  say: string;
}

/** The file of rules as the server has it. */
export interface TierRules {
  version: string;
  inputs: Record<Input, string[]>;
  must_ask: Input;
  unknown_policy: { when: Partial<Record<Input, string[]>>; reads: Answers };
  rules: Rule[];
  emergency: Record<Trigger, Answers>;
  observed: Record<"body" | "voice" | "stance", string[]>;
  /** Which level of intervention fits each tier (M3). */
  help?: Record<Tier, Help>;
}

export type Help = "words" | "colleague" | "outside";

export interface Given {
  answers: Answers;
  observed: string[];
  factor: "yes" | "no" | "unknown" | null;
  help: Help | null;
  screener: Record<string, "yes" | "no">;
  words: string | null;
  formulation: string | null;
  next_contact_at: string | null;
}

/** One or more taps. Absent stays; null goes back to "not asked". */
export interface Save {
  answers?: Partial<Record<Input, string | null>>;
  observed?: string[];
  factor?: Given["factor"];
  help?: Given["help"];
  screener?: Record<string, "yes" | "no" | null>;
  words?: string | null;
  formulation?: string | null;
  next_contact_at?: string | null;
}

export type Match = Api.MatchView;
export type Result = Sent<Api.ResultView>;
export type CareLine = Sent<Api.CareLine>;
export type Screener = Sent<Api.ScreenerView>;
export type CheckView = Omit<Sent<Api.CheckView>, "given" | "result" | "screener"> & {
  given: Given;
  result: Result;
  screener: Screener | null;
};
export type CheckLine = Sent<Api.CheckOfRecord>;
export type OpenedCheck = Omit<Sent<Api.OpenedCheck>, "given"> & { given: Given };
