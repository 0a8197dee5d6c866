import type * as Api from "../api";
import type { PresenceWord, Tier } from "../contract";
import type { Sent } from "../sent";

/** Generated shapes; words that the description leaves open are named here, as app/incidents/page.py writes them. */

export type PlaceToday = Api.PlaceToday;
export type PhoneLine = Api.PhoneLine;
export type ContactLine = Sent<Api.ContactLine>;
export type StepLine = Sent<Api.StepLine>;
export type TimelineLine = Sent<Api.Line>;
export type CallLine = Omit<Api.CallLine, "channel" | "state" | "who"> & {
  channel: "call" | "text";
  state: "planned" | "dialing" | "ringing" | "answered" | "ended" | "failed" | "unknown" | "cancelled";
  who: "client" | "staff" | "supervisor" | "backup" | "on_call" | "contact";
};
export type Person = Omit<Sent<Api.Person>, "first_outreach"> & {
  first_outreach: "ring" | "text_first" | "relay" | "do_not_ring";
};
export type IncidentPage = Omit<
  Sent<Api.IncidentPage>,
  "calls" | "lines" | "person" | "practice" | "presence" | "state" | "tier"
> & {
  calls: CallLine[];
  lines: "outside" | "simulated";
  person: Person;
  practice: "demo" | "drill" | "selftest" | null;
  presence: PresenceWord;
  state: "open" | "closed";
  tier: Tier;
};
