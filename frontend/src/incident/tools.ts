import type { IncidentPage, StepLine } from "./contract";
import type { Panel } from "./state.svelte";

/**
 * What helps with a step, by its action: a panel of this page, or a screen of its own. One line per tool: whoever builds a
 * tool adds it here, and every protocol's step of that action has its button. Without a line the answers alone stand.
 */
export interface Tool {
  word: string;
  panel?: Panel;
  href?: (page: IncidentPage, step: StepLine) => string;
}

export const tools: Record<string, Tool | undefined> = {
  "person.dispatch": { word: "Open the dispatch card", href: (page) => `/incidents/${page.id}/dispatch` },
  "person.decide": { word: "Decide about responders", panel: { is: "decide" } },
  "person.verify": { word: "I recognised them, live", panel: { is: "recognised" } },
  "person.tier": { word: "Choose the tier", panel: { is: "tier" } },
  "person.safety_check": { word: "Open the safety check", panel: { is: "check" } },
  "person.ground": { word: "Open grounding", panel: { is: "grounding" } },
  "person.handoff": { word: "Hand over", panel: { is: "handoff" } },
  "person.agree": { word: "Make the agreement", panel: { is: "agreement" } },
  "person.plan": { word: "Open the safety plan", href: (page) => `/clients/${page.person.client_id}/plan` },
};
