/** How an incident ended, as a person chose it or as the rules did. What a newer server may say is shown as it is. */
export const CLOSING = [
  "rejoined",
  "stabilized",
  "stepped_up_care",
  "ed_voluntary",
  "ed_involuntary",
  "responders_no_transport",
  "stood_down",
  "false_alarm",
  "handed_over",
  "nothing_needed",
  "other",
] as const;
export type Closing = (typeof CLOSING)[number];

const outcomes: Record<string, string> = {
  rejoined: "Came back to the group",
  stabilized: "Reached, and steady",
  stepped_up_care: "More care agreed",
  ed_voluntary: "Went to a hospital",
  ed_involuntary: "Taken to a hospital",
  responders_no_transport: "Responders saw them, stayed home",
  stood_down: "Stood down",
  false_alarm: "It was not a drop",
  handed_over: "Handed over",
  nothing_needed: "Nothing more was needed",
  died: "They have died",
  other: "Something else, see the note",
  brief_drop: "Brief drop, seen again",
  verified: "Recognised live",
  wrong_client: "It was about somebody else",
  mispress: "Pressed by mistake",
};

export const outcomeWord = (outcome: string): string =>
  outcomes[outcome] ?? sentenceCase(outcome.replaceAll("_", " "));

export const sentenceCase = (text: string): string => (text[0]?.toUpperCase() ?? "") + text.slice(1);

/** Why the incident opened. */
const reasons: Record<string, string> = {
  staff_lost: "Staff lost sight of them",
  not_responding: "Not responding",
  left: "Left early",
  left_early: "Left early",
  past_time: "Not back in time",
  distress: "Distress",
  urges: "Urges reported",
  conflict: "Conflict",
  medical: "Something medical",
  observed: "Something seen or said",
  threat: "A threat to somebody else",
  emergency: "Emergency",
  medical_emergency: "Medical emergency",
};
export const whatWord = (reason: string): string => reasons[reason] ?? "Connection lost";

/** What people wrote, made to end like a sentence. */
export const stop = (text: string): string => (text === "" || /[.!?]$/.test(text) ? text : `${text}.`);
