import type * as Api from "../api";
import type { Sent } from "../sent";

export type ClientWords = Sent<Api.ClientWords>;
export type WordLine = ClientWords["words"][number];
export type ContactKnows = ClientWords["contacts"][number];
export type MeetingWords = Sent<Api.MeetingWords>;
export type ShownWords = Sent<Api.ShownWords>;
export type ShownWord = ShownWords["clients"][number]["words"][number];
export type IncidentWords = Sent<Api.IncidentWords>;
export type DueLine = Sent<Api.DueLine>;
export type Kind = WordLine["kind"];
export type Form = WordLine["form"];
export const KINDS: readonly Kind[] = ["danger", "pause", "all_clear"];
