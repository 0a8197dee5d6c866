export interface CastMember {
  client_id: string;
  name: string;
  group: string;
  tier: "none" | "low" | "moderate" | "high" | "imminent";
  word: string;
  in_call: boolean;
  next: "drop" | "come-back" | "come-in";
  page: "visible" | "hidden" | "silent";
}
export type AnswerAs = "themselves" | "voicemail" | "room_mate" | "silent";
export interface DeskPhone {
  attempt_id: string;
  who: string;
  number_label: string;
  kind: "client" | "contact" | "staff";
  state: "ringing" | "on_the_line" | "menu" | "speaking" | "ended";
  since: string;
  shows: string;
  hears: string | null;
  answered_as: string | null;
  with_somebody: boolean;
  answers: string[];
  keys: boolean;
}
export interface Waiting {
  attempt_id: string;
  who: string;
  number_label: string;
  at: string;
  channel: string;
}
export interface TextMessage {
  attempt_id: string;
  to: string;
  number_label: string;
  words: string;
  at: string;
  delivered: boolean;
  may_reply: boolean;
}
export interface Happened {
  incident_id: string;
  about: string;
  seq: number;
  at: string;
  after_s: number;
  by: string;
  text: string;
  late_s: number;
}
export interface DeskView {
  now: string;
  time_zone: string;
  cast: CastMember[];
  phones: DeskPhone[];
  waiting: Waiting[];
  texts: TextMessage[];
  happened: Happened[];
  line_broken: boolean;
}
